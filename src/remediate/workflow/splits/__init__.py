"""Plans and pictures of splits, for people."""
