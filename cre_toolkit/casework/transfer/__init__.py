"""A child who changes hands: another authority, another worker, and the receipt."""
