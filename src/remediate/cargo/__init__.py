"""The one door to cargo, rustc, rustfmt and nextest."""
