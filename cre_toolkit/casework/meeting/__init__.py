"""Meetings about a child: planned, held, written down, and what was agreed in them."""
