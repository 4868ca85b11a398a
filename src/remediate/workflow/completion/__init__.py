"""Whether an audit is worked off: its goals judged by evidence, a rating, the boxes of its Markdown."""
