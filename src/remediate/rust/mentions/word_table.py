"""Tables of words, written as text so that a person can read them."""


def table(text: str) -> frozenset[str]:
    """Return the words of a text."""
    return frozenset(text.split())
