"""What is asked when a paper form is entered: what stands on it, and nothing that it does not ask."""
