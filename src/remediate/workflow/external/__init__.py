"""External fixers: any command of the user's as a source of changes; the same gates decide on them."""
