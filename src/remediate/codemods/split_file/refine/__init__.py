"""Turn what the compiler says of a split into a better one."""
