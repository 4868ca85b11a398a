"""Families: what is parted for size only - a type and its impls, a trait and its impls for foreign types."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from remediate.codemods.split_file.cohesion.model import Limits, Part

FULL = 0.8
"""A family may fill this share of the largest file; of a larger one only the core stays together."""
CORE = 0.4


@dataclass(frozen=True)
class Family:
    """Parts that move together, in file order. ``number`` is its place among the families."""

    number: int
    parts: tuple[Part, ...]

    @cached_property
    def movable(self) -> bool:
        """Whether none of it has to stay."""
        return all(part.movable for part in self.parts)

    @cached_property
    def home(self) -> str:
        """The type or trait it is about; "" for functions, constants and the like."""
        return next((h for part in self.parts if (h := _home(part))), "")

    @cached_property
    def lines(self) -> int:
        """Lines of its parts, without frames and imports."""
        return sum(part.lines for part in self.parts)

    @cached_property
    def frames(self) -> dict[int, tuple[int, int]]:
        """By cut impl: how many of its members are here, and the lines of its frame."""
        counts = Counter(part.item for part in self.parts if part.frame)
        return {part.item: (counts[part.item], part.frame) for part in self.parts if part.frame}

    @cached_property
    def imports(self) -> dict[int, int]:
        """How many of its parts use each import."""
        return Counter(number for part in self.parts for number in sorted(part.imports))


def families(parts: Sequence[Part], limits: Limits) -> tuple[Family, ...]:
    """Return the families of parts that are given in file order."""
    leaders = _Leaders(len(parts))
    bonds, homes = defaultdict(list), defaultdict(list)
    traits = {part.name for part in parts if part.kind == "trait"}
    for index, part in enumerate(parts):
        bonds[part.bond or f"{index}"].append(index)
        home = _home(part) or (part.trait if part.trait in traits else "")
        if part.movable and home:
            homes[home].append(index)
    for alike in bonds.values():
        leaders.join(alike)
    for kin in homes.values():
        leaders.join(_core(kin, parts, limits))
    return tuple(
        Family(number, tuple(parts[i] for i in members)) for number, members in enumerate(leaders.groups())
    )


def lines_of(parts: Iterable[Part]) -> int:
    """Return the lines of parts in one file; the frame of a cut impl counts once."""
    parts = tuple(parts)
    frames = {part.item: part.frame for part in parts}
    return sum(part.lines for part in parts) + sum(frames.values())


def _home(part: Part) -> str:
    return part.self_type


def _core(kin: list[int], parts: Sequence[Part], limits: Limits) -> list[int]:
    """Return what of a type stays together: all of it, or the definition and what is small."""
    if lines_of(parts[i] for i in kin) <= FULL * limits.max_lines:
        return kin
    core: list[int] = []
    definition_first = sorted(kin, key=lambda i: (parts[i].kind == "impl", i))
    for index in definition_first:
        fits = lines_of(parts[i] for i in [*core, index]) <= CORE * limits.max_lines
        if fits and parts[index].kind != "member":
            core.append(index)
    return core


class _Leaders:
    """Disjoint sets of indexes; each is led by its smallest."""

    def __init__(self, count: int) -> None:
        self._leader = list(range(count))

    def of(self, index: int) -> int:
        while self._leader[index] != index:
            index = self._leader[index]
        return index

    def join(self, members: Sequence[int]) -> None:
        leaders = sorted({self.of(m) for m in members})
        for other in leaders[1:]:
            self._leader[other] = leaders[0]

    def groups(self) -> list[list[int]]:
        found = defaultdict(list)
        for index in range(len(self._leader)):
            found[self.of(index)].append(index)
        return list(found.values())
