"""A whole caseload of invented children: planned from a seed, then lived through the service's own acts."""
