"""Which file is which module of which target."""
