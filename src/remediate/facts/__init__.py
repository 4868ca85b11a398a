"""What the compiler knows of a package's code, as values; parsers for what it prints. Pure."""
