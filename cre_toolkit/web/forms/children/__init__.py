"""What is asked about a child: whom to look for, and the parts of the record."""
