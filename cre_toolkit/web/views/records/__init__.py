"""Pages of those who see to it that records are kept as long as they must be, and no longer."""
