"""How long a file will be, and how much a length displeases."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

OVERHEAD = 4
"""Lines of a child that are neither items nor its parent's imports: imports of siblings and blank lines."""
_SMALL = 4.0
_COMFORT = 1.2
_LARGE = 40.0


@dataclass(frozen=True, slots=True)
class Limits:
    """The most lines of a file that a split may leave, and the fewest that one should have."""

    max_lines: int = 300
    min_lines: int = 30


class Measured(Protocol):
    """What has a length: its own lines, the frames of cut impls, the imports it needs (offset: how often)."""

    @property
    def lines(self) -> int:
        """Its own lines."""

    @property
    def frames(self) -> Mapping[int, tuple[int, int]]:
        """By cut impl: how many of its members, and the lines of its frame."""

    @property
    def imports(self) -> Mapping[int, int]:
        """How many of its parts use each import."""


@dataclass
class Size:
    """The lines of one group: its parts, the frames of cut impls and the imports once each."""

    lines: int = OVERHEAD
    frames: dict[int, int] = field(default_factory=dict)
    imports: dict[int, int] = field(default_factory=dict)

    def with_(self, family: Measured) -> int:
        """Return the lines with a family more."""
        return self.lines + self._change(family, 0)

    def without(self, family: Measured) -> int:
        """Return the lines with one of its families less."""
        return self.lines - self._change(family, 1)

    def add(self, family: Measured, sign: int = 1) -> None:
        """Take a family in, or (-1) out."""
        self.lines = self.with_(family) if sign > 0 else self.without(family)
        for item, (count, _) in family.frames.items():
            self.frames[item] = self.frames.get(item, 0) + sign * count
        for number, count in family.imports.items():
            self.imports[number] = self.imports.get(number, 0) + sign * count

    def _change(self, family: Measured, present: int) -> int:
        """Return what a family adds to what is used by nothing else; ``present`` is 1 if it is in already."""
        lines = family.lines
        for item, (count, frame) in family.frames.items():
            if self.frames.get(item, 0) == count * present:
                lines += frame
        for number, count in family.imports.items():
            if self.imports.get(number, 0) == count * present:
                lines += 1
        return lines


def size_of(families: Iterable[Measured], start: int = OVERHEAD) -> Size:
    """Return the size of a group."""
    size = Size(start)
    for family in families:
        size.add(family)
    return size


def displeasure(lines: int, limits: Limits) -> float:
    """Return the cost of a child of so many lines: none in the comfortable band, high above the limit."""
    comfortable = _COMFORT * limits.min_lines
    if lines > limits.max_lines:
        return _LARGE * (1 + (lines - limits.max_lines) / limits.max_lines)
    return _SMALL * max(0.0, 1 - lines / comfortable) if lines > OVERHEAD else 0.0
