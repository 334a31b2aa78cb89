"""The pages about a child: looking, adding, the record, changing it."""
