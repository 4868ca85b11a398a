"""Audits: readers, scanner, anchoring, writers."""
