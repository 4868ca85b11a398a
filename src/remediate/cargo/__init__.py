"""The only place that starts cargo, rustc, rustfmt and nextest."""
