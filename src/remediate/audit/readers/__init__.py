"""Read audits of every format into claims; their text is never trusted."""
