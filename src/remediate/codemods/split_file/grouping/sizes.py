"""How long the files of a split may be."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """The most lines of a file that a split may leave, and the fewest that one should have."""

    max_lines: int = 300
    min_lines: int = 30

    @property
    def about(self) -> int:
        """Lines up to which what belongs together is better left so: a quarter more than asked."""
        return self.max_lines * 5 // 4
