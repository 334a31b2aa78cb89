"""The tests. TESTING.md says what goes in which folder."""
