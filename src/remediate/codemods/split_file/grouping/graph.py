"""Who mentions whom among the parts of a file, and disjoint sets of parts that stay together."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cached_property

from remediate.codemods.split_file.grouping.parts import Link, Part

OVERHEAD = 4
"""Lines of a child that are neither items nor its parent's imports: imports of siblings and blank lines."""


class Graph:
    """The parts of a file by their place in it, and how often each mentions each other."""

    def __init__(self, parts: Sequence[Part], links: Sequence[Link]) -> None:
        self.parts = tuple(parts)
        number = {part.index: at for at, part in enumerate(parts)}
        self.uses: dict[int, dict[int, float]] = defaultdict(dict)
        self.users: dict[int, dict[int, float]] = defaultdict(dict)
        for link in links:
            source, target = number.get(link.source), number.get(link.target)
            inline = source is not None and self.parts[source].kind == "mod"  # tests name everything
            if source is None or target is None or source == target or inline:
                continue
            if link.weight:
                self.uses[source][target] = link.weight
                self.users[target][source] = link.weight

    @cached_property
    def lines(self) -> int:
        """Lines of everything that can move."""
        return sum(part.lines for part in self.parts if part.movable)

    def of(self, numbers: Iterable[int]) -> list[Part]:
        """Return parts in file order."""
        return [self.parts[n] for n in sorted(numbers)]

    def length(self, numbers: Iterable[int]) -> int:
        """Return the lines of a file with these parts: imports and frames of cut impls counted once."""
        parts = [self.parts[n] for n in numbers]
        frames = {part.unit.item.start: part.frame for part in parts}
        imports = {i for part in parts for i in part.imports}
        return OVERHEAD + sum(part.lines for part in parts) + sum(frames.values()) + len(imports)


class Sets:
    """Disjoint sets of numbers; each is led by its smallest."""

    def __init__(self, numbers: Iterable[int]) -> None:
        self._leader = {n: n for n in numbers}
        self._members = {n: [n] for n in self._leader}

    def of(self, number: int) -> int:
        """Return the leader of a number's set."""
        while self._leader[number] != number:
            number = self._leader[number]
        return number

    def members(self, number: int) -> list[int]:
        """Return the set of a number, in order."""
        return self._members[self.of(number)]

    def join(self, numbers: Iterable[int]) -> None:
        """Make one set of all sets of some numbers."""
        leaders = sorted({self.of(n) for n in numbers})
        for other in leaders[1:]:
            self._leader[other] = leaders[0]
            self._members[leaders[0]] = sorted([*self._members[leaders[0]], *self._members.pop(other)])

    def groups(self) -> list[list[int]]:
        """Return all sets, by their leaders."""
        return [self._members[n] for n in sorted(self._members)]
