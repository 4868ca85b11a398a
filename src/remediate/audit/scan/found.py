"""What a rule family yields: a place in one file, before it has a line."""

from typing import NamedTuple


class Found(NamedTuple):
    """One place.

    Attributes:
        rule: The rule's id.
        kind: Its class within the rule; stable, kebab-case.
        start: Byte offset.
        end: Byte offset behind it.
        severity: Other than the rule's own, or "".
        note: One sentence of evidence, or "".
        test: Whether only a test build holds it.
    """

    rule: str
    kind: str
    start: int
    end: int
    severity: str = ""
    note: str = ""
    test: bool = False
