"""The command line: the only place that knows click and rich."""

from remediate.cli.app import cargo_main, main

__all__ = ["cargo_main", "main"]
