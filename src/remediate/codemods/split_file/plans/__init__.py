"""A split as a file and a picture: for a person to look at, to change, and to use."""
