"""What administrators are asked about people, agencies and teams."""
