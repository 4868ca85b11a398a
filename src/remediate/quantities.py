"""A number with its noun, and a list of names, as people write it."""

from collections.abc import Sequence


def quantity(number: int, noun: str, ending: str = "s") -> str:
    """Return "1 finding", "2 findings"."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}{ending}"


def some(names: Sequence[str], most: int = 5) -> str:
    """Return names in backticks, of many only the first and how many more there are."""
    shown = ", ".join(f"`{name}`" for name in dict.fromkeys(names[:most]))
    return shown if len(names) <= most else f"{shown} and {len(names) - most} more"
