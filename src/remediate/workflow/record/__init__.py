"""What became of findings, kept in git references."""
