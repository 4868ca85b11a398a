"""What a name leads to, as far as syntax can tell."""
