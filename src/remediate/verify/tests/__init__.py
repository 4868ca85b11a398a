"""The same tests, with the same results, before a change and after it."""
