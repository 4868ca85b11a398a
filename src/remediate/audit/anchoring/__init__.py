"""Hold claims against the tree of today, and against its history."""
