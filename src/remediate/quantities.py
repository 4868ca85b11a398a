"""A number with its noun, as people write it."""


def quantity(number: int, noun: str, ending: str = "s") -> str:
    """Return "1 finding", "2 findings"."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}{ending}"
