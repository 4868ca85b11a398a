"""Families: a type with its impls, its private helpers and the parts of it, which no split takes apart.

A family that fits a file is one. Of a larger one the definition, what makes a value of it and its small
accessors are the core; siblings (``get``, ``get_mut``) stay together, and the search does the rest.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from remediate.codemods.split_file.grouping.concepts import base, std_concept, topics
from remediate.codemods.split_file.grouping.parts import Link, Part
from remediate.codemods.split_file.grouping.sizes import OVERHEAD, Limits

_CORE = 0.75
"""The share of a file that the core of a divided family may fill before the search begins."""
_MAKES = {"new", "with", "from", "default", "empty"}
_LONG = 25
"""Lines of code of a constructor that may stand with the definition."""
_LABELLED = 1.5
"""A label counts from so many times the lines that a file should have."""
_SMALL = 10
"""Lines of code of a method that may stand with the definition."""
_HELPERS = {"fn", "const", "static", "type"}


@dataclass(frozen=True)
class Family:
    """Parts that move together, in file order. ``number`` is its place among the families.

    Attributes:
        divided: Whether it is a piece of a family that is too long for one file.
        core: Whether it is the piece of such a one that has the definition.
        label: What a piece is about, by its type's own words: pieces of one label belong together.
    """

    number: int
    parts: tuple[Part, ...] = field(repr=False)
    divided: bool = False
    core: bool = False
    label: str = ""

    @cached_property
    def movable(self) -> bool:
        """Whether none of it has to stay."""
        return all(part.movable for part in self.parts)

    @cached_property
    def home(self) -> str:
        """The type or trait it is about; "" for functions, constants and the like."""
        return next((part.home for part in self.parts if part.home), "")

    @cached_property
    def lines(self) -> int:
        """Lines of its parts, without frames and imports."""
        return sum(part.lines for part in self.parts)

    @cached_property
    def frames(self) -> dict[int, tuple[int, int]]:
        """By cut impl: how many of its members are here, and the lines of its frame."""
        counts = Counter(part.unit.item.start for part in self.parts if part.frame)
        return {p.unit.item.start: (counts[p.unit.item.start], p.frame) for p in self.parts if p.frame}

    @cached_property
    def imports(self) -> dict[int, int]:
        """How many of its parts use each import."""
        return Counter(number for part in self.parts for number in sorted(part.imports))


def families(parts: Sequence[Part], links: Sequence[Link], limits: Limits) -> tuple[Family, ...]:
    """Return the families of parts that are given in file order."""
    return _Families(parts, links, limits).found()


def length(parts: Iterable[Part]) -> int:
    """Return the lines of a file with these parts: imports and the frames of cut impls counted once."""
    parts = tuple(parts)
    frames = {part.unit.item.start: part.frame for part in parts}
    imports = {i for part in parts for i in part.imports}
    return OVERHEAD + sum(part.lines for part in parts) + sum(frames.values()) + len(imports)


class _Families:
    def __init__(self, parts: Sequence[Part], links: Sequence[Link], limits: Limits) -> None:
        self.parts, self.limits = parts, limits
        self.by_unit = {part.index: number for number, part in enumerate(parts)}
        self.users: dict[int, set[int]] = defaultdict(set)
        for link in links:
            if link.source in self.by_unit and link.target in self.by_unit:
                self.users[self.by_unit[link.target]].add(self.by_unit[link.source])
        self.sets = _Sets(len(parts))

    def found(self) -> tuple[Family, ...]:
        for alike in self._twins():
            self.sets.join(alike)
        homes = self._homes()
        whole = {home for home, kin in homes.items() if self._fits(kin)}
        for home in sorted(whole, key=lambda h: homes[h][0]):
            self.sets.join(homes[home])
        self._take_helpers([homes[home][0] for home in sorted(whole, key=lambda h: homes[h][0])])
        cores: set[int] = set()
        divided: set[int] = set()
        for home, kin in homes.items():
            if home not in whole:
                cores.add(self._divide(home, kin))
                divided.update(kin)
        core_sets = {self.sets.of(c) for c in cores}
        labels = {i: label for h, kin in homes.items() if h not in whole for i, label in self._labels(kin)}
        found = []
        for number, members in enumerate(self.sets.groups()):
            core = self.sets.of(members[0]) in core_sets
            lines: Counter[str] = Counter()
            for i in members:
                lines[labels.get(i, "")] += self.parts[i].lines
            label = "" if core else max(lines, key=lambda name: (lines[name], name))
            own = tuple(self.parts[i] for i in members)
            found.append(Family(number, own, any(i in divided for i in members), core, label))
        return tuple(found)

    def _labels(self, kin: Sequence[int]) -> Iterable[tuple[int, str]]:
        """Return what the parts of a divided family are about, where several of them are."""
        choices = {i: tuple(topics(self.parts[i])) for i in kin}
        bearers: dict[str, set[str]] = defaultdict(set)
        lines: Counter[str] = Counter()
        for i, found in choices.items():
            for label in dict.fromkeys(found):
                part = self.parts[i]
                bearers[label].update(
                    map(base, part.inside or (part.name,)) if not part.trait else {part.trait}
                )
                lines[label] += self.parts[i].lines
        for i, found in choices.items():
            good = (t for t in found if len(bearers[t]) > 1 and lines[t] >= _LABELLED * self.limits.min_lines)
            yield i, next(good, "")

    def _twins(self) -> Iterable[list[int]]:
        """Yield parts of one name, ``#[cfg]`` duplicates: one ``use`` must bring them all."""
        sharing: dict[object, list[int]] = defaultdict(list)
        for number, part in enumerate(self.parts):
            for name in part.unit.names:
                sharing[name].append(number)
        return sharing.values()

    def _homes(self) -> dict[str, list[int]]:
        homes: dict[str, list[int]] = defaultdict(list)
        for number, part in enumerate(self.parts):
            if part.home and part.movable:
                homes[part.home].append(number)
        return homes

    def _fits(self, members: Iterable[int]) -> bool:
        return length(self.parts[i] for i in members) <= self.limits.max_lines

    def _take_helpers(self, leaders: Sequence[int]) -> None:
        """Let each family that fits have the private items that nothing else uses, as long as it fits."""
        changed = True
        while changed:
            changed = False
            of_home = {self.sets.of(leader) for leader in leaders}
            for number, part in enumerate(self.parts):
                own = self.sets.of(number)
                if not (part.private and part.movable and part.kind in _HELPERS):
                    continue
                users = {self.sets.of(u) for m in self.sets.members(own) for u in self.users[m]} - {own}
                if len(users) == 1 and users <= of_home and self._may_join(own, min(users)):
                    self.sets.join([min(users), own])
                    changed = True

    def _may_join(self, helper: int, user: int) -> bool:
        both = [*self.sets.members(helper), *self.sets.members(user)]
        return all(self.parts[i].movable for i in both) and self._fits(both)

    def _divide(self, home: str, kin: Sequence[int]) -> int:
        """Join siblings of a family that is too long, and its core; return a part of the core."""
        self._join_siblings(kin)
        self._join_private(kin)
        definitions = [i for i in kin if self.parts[i].name == home and self.parts[i].defines_type]
        first = (definitions or [i for i in kin if self.parts[i].constructor] or list(kin))[0]
        self.sets.join(definitions)
        room = _CORE * self.limits.max_lines
        labels = dict(self._labels(kin))
        for rank in (self._makes, self._is_small):
            for atom in dict.fromkeys(self.sets.of(i) for i in kin):
                here, more = self.sets.members(first), self.sets.members(atom)
                joined = self.sets.of(atom) == self.sets.of(first)
                if (
                    not joined
                    and rank(more, labels)
                    and length(self.parts[i] for i in (*here, *more)) <= room
                ):
                    self.sets.join([first, atom])
        return first

    def _makes(self, members: Sequence[int], labels: Mapping[int, str]) -> bool:
        found = [self.parts[i] for i in members]
        del labels
        return all(p.trait == "Default" or (_is_constructor(p) and p.code_lines <= _LONG) for p in found)

    def _is_small(self, members: Sequence[int], labels: Mapping[int, str]) -> bool:
        found = [self.parts[i] for i in members]
        small = any(p.accessor for p in found) and all(p.code_lines <= _SMALL for p in found)
        return small and not any(labels.get(i) for i in members)

    def _join_siblings(self, kin: Sequence[int]) -> None:
        """Join methods that differ by a modifier only, as long as they fit a third of a file."""
        alike: dict[tuple[str, str], list[int]] = defaultdict(list)
        for i in kin:
            part = self.parts[i]
            if part.kind == "member" and part.name:
                named = "new" if part.name.startswith("new") else base(part.name)
                alike[part.home, named].append(i)
        for members in alike.values():
            if length(self.parts[i] for i in members) <= self.limits.max_lines / 2:
                self.sets.join(members)

    def _join_private(self, kin: Collection[int]) -> None:
        """Join private methods with the one method that calls them."""
        for i in sorted(kin, reverse=True):
            part = self.parts[i]
            own = self.sets.of(i)
            users = {self.sets.of(u) for m in self.sets.members(own) for u in self.users[m]} - {own}
            if part.kind == "member" and part.private and len(users) == 1:
                (user,) = users
                both = [*self.sets.members(own), *self.sets.members(user)]
                same = all(self.parts[m].home == part.home for m in both)
                if same and length(self.parts[m] for m in both) <= self.limits.max_lines / 2:
                    self.sets.join([user, own])


def _is_constructor(part: Part) -> bool:
    """Whether a method, or each of a small impl, makes a value of its type."""
    if part.inside:
        return all(name.partition("_")[0] in _MAKES for name in part.inside)
    return part.constructor and std_concept(part.name) != "capacity"


class _Sets:
    """Disjoint sets of indexes; each is led by its smallest."""

    def __init__(self, count: int) -> None:
        self._leader = list(range(count))
        self._members = {i: [i] for i in range(count)}

    def of(self, index: int) -> int:
        while self._leader[index] != index:
            index = self._leader[index]
        return index

    def members(self, index: int) -> list[int]:
        return self._members[self.of(index)]

    def join(self, members: Sequence[int]) -> None:
        leaders = sorted({self.of(m) for m in members})
        for other in leaders[1:]:
            self._leader[other] = leaders[0]
            self._members[leaders[0]] = sorted([*self._members[leaders[0]], *self._members.pop(other)])

    def groups(self) -> list[list[int]]:
        return [self._members[i] for i in sorted(self._members)]
