"""What is asked about a meeting: when and who; what was said and agreed; what comes next."""
