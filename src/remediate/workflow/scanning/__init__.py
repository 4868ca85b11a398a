"""Scan a workspace for findings, or remember the last scan."""
