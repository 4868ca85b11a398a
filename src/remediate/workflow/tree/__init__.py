"""Checkouts that may be written to, and how they are restored."""
