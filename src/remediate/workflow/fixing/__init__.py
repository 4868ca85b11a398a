"""One finding from claim to outcome, and many of them in a run."""
