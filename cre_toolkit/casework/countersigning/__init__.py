"""The manager's answer to an assessment, whose it is, and what waits for whom."""
