"""How long a file will be, and how much a length displeases."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from remediate.codemods.split_file.cohesion.families import Family
from remediate.codemods.split_file.cohesion.model import Limits

OVERHEAD = 4
"""Lines of a child that are neither items nor its parent's imports: imports of siblings and blank lines."""
PER_GROUP = 3
"""Lines of the facade for each child: ``mod``, its re-exports."""
_SMALL = 4.0
_COMFORT = 1.6
_LARGE = 40.0


@dataclass
class Size:
    """The lines of one group: its parts, the frames of cut impls and the imports once each."""

    lines: int = OVERHEAD
    frames: dict[int, int] = field(default_factory=dict)
    imports: dict[int, int] = field(default_factory=dict)

    def with_(self, family: Family) -> int:
        """Return the lines with a family more."""
        return self.lines + self._change(family, 0)

    def without(self, family: Family) -> int:
        """Return the lines with one of its families less."""
        return self.lines - self._change(family, 1)

    def add(self, family: Family, sign: int = 1) -> None:
        """Take a family in, or (-1) out."""
        self.lines = self.with_(family) if sign > 0 else self.without(family)
        for item, (count, _) in family.frames.items():
            self.frames[item] = self.frames.get(item, 0) + sign * count
        for number, count in family.imports.items():
            self.imports[number] = self.imports.get(number, 0) + sign * count

    def _change(self, family: Family, present: int) -> int:
        """Return what a family adds to what is used by nothing else; ``present`` is 1 if it is in already."""
        lines = family.lines
        for item, (count, frame) in family.frames.items():
            if self.frames.get(item, 0) == count * present:
                lines += frame
        for number, count in family.imports.items():
            if self.imports.get(number, 0) == count * present:
                lines += 1
        return lines


def size_of(families: Iterable[Family], start: int = OVERHEAD) -> Size:
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
