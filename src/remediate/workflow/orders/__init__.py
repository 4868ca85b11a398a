"""Work orders: all that somebody needs to know to fix a finding that no codemod fixes."""
