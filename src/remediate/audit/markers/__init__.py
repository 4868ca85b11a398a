"""Markers of unfinished code: their words, where they stand, and what the code beside them does."""
