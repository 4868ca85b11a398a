"""A partition while it is being improved, and what a change of it would be worth."""

from collections import defaultdict
from collections.abc import Sequence

from remediate.codemods.split_file.cohesion.affinity import Matrix
from remediate.codemods.split_file.cohesion.exposure import FACADE, Use
from remediate.codemods.split_file.cohesion.families import Family
from remediate.codemods.split_file.cohesion.model import Limits
from remediate.codemods.split_file.cohesion.planning import Fits
from remediate.codemods.split_file.cohesion.sizes import PER_GROUP, displeasure, size_of

EDIT = 1.0
"""What one ``pub(super)`` costs, in units of affinity."""
FLOOR = -0.3
"""Strangers may meet in the facade: no pair there weighs less."""
STAY = 0.6
"""What it costs to leave a family in the facade: a split is meant to move things."""
SUITS = 1.0
"""How well at least one family must fit a planned module for it to be made."""
UNPLANNED = 6.0
"""What a module costs that the audit did not ask for, where it asked for some."""


def planned(index: int) -> int:
    """Return the group of a planned module, by its place in the plan."""
    return FACADE - 1 - index


class State:
    """Groups of families, named by the number of a family, by ``planned(..)``, or FACADE for what stays."""

    def __init__(
        self, families: Sequence[Family], matrix: Matrix, uses: Sequence[Use], limits: Limits, fits: Fits
    ) -> None:
        """Begin with every movable family on its own, and with an empty group for each planned module."""
        self.pull = {planned(index): row for index, row in enumerate(fits)}
        self.families, self.matrix, self.limits = families, matrix, limits
        self._floored = [[max(FLOOR, value) for value in row] for row in matrix]
        self.group_of = [f.number if f.movable else FACADE for f in families]
        self.groups: dict[int, list[int]] = {FACADE: []}
        for family in families:
            self.groups.setdefault(self.group_of[family.number], []).append(family.number)
        self.groups.update({group: [] for group in self.pull})
        self.sizes = {g: size_of(families[n] for n in members) for g, members in self.groups.items()}
        self.sizes[FACADE] = size_of((families[n] for n in self.groups[FACADE]), limits.facade_lines)
        self._uses: dict[int, list[Use]] = defaultdict(list)
        for use in uses:
            for number in {use.owner, *use.users}:
                self._uses[number].append(use)

    def gain(self, moved: Sequence[int], to: int) -> float:
        """Return what moving families of one group into another is worth."""
        group = self.group_of[moved[0]]
        value = self._tied(moved, to) - self._tied(moved, group) + EDIT * self._edits_saved(moved, to)
        return value + self._spared(moved, group) - self._size_cost(moved, group, to)

    def promises(self, moved: Sequence[int]) -> list[tuple[float, int]]:
        """Return for each other group a bound on the gain of moving there, cheap to compute, best first."""
        group = self.group_of[moved[0]]
        exposed = sum(use.count for use in self._affected(moved) if use.exposed(self.group_of.__getitem__))
        most = EDIT * exposed + self._spared(moved, group) + self._displeasure(self.sizes[group].lines, group)
        most -= self._tied(moved, group)
        found = [
            (self._tied(moved, to) + most + self._displeasure(self.sizes[to].lines, to), -to)
            for to in self.groups
            if to != group
        ]
        return [(bound, -to) for bound, to in sorted(found, reverse=True)]

    def move(self, moved: Sequence[int], to: int) -> None:
        """Move families of one group into another; a group left empty is gone."""
        group = self.group_of[moved[0]]
        for number in moved:
            self.groups[group].remove(number)
            self.groups[to].append(number)
            self.group_of[number] = to
            self.sizes[group].add(self.families[number], -1)
            self.sizes[to].add(self.families[number])
        if not self.groups[group] and group > FACADE:
            del self.groups[group], self.sizes[group]

    def fits(self, moved: Sequence[int], to: int) -> bool:
        """Whether a group keeps within the limit with these families, and a planned one gets what suits."""
        if to < FACADE and not self.suits([*self.groups[to], *moved], to):
            return False
        lines = self._lines_with(moved, to)
        return lines + (PER_GROUP * len(self.groups) if to == FACADE else 0) <= self.limits.max_lines

    def suits(self, members: Sequence[int], group: int) -> bool:
        """Whether any of these families is what a planned module was planned for."""
        return any(self.pull[group][number] >= SUITS for number in members)

    def children(self) -> list[int]:
        """Return the groups other than the facade, planned ones first, empty or not."""
        return sorted(g for g in self.groups if g != FACADE)

    def _tied(self, moved: Sequence[int], group: int) -> float:
        """Return the ties of families to what else is, or would be, in a group."""
        others = self.groups[group]
        if group == self.group_of[moved[0]]:
            others = [n for n in others if n not in moved]
        if group == FACADE:
            others = [n for n in others if self.families[n].movable]
            return sum(sum(map(self._floored[n].__getitem__, others)) - STAY for n in moved)
        value = sum(sum(map(self.matrix[n].__getitem__, others)) for n in moved)
        return value + sum(self.pull[group][n] for n in moved) if group < FACADE else value

    def _spared(self, moved: Sequence[int], group: int) -> float:
        """Return what it is worth that a group is gone, if moving these empties it."""
        return UNPLANNED if self.pull and group > FACADE and len(moved) == len(self.groups[group]) else 0.0

    def _affected(self, moved: Sequence[int]) -> dict[Use, None]:
        return {use: None for number in moved for use in self._uses[number]}

    def _edits_saved(self, moved: Sequence[int], to: int) -> int:
        affected = self._affected(moved)
        saved = sum(use.count for use in affected if use.exposed(self.group_of.__getitem__))
        inside = set(moved)
        return saved - sum(
            use.count for use in affected if use.exposed(lambda n: to if n in inside else self.group_of[n])
        )

    def _size_cost(self, moved: Sequence[int], group: int, to: int) -> float:
        left = self._lines_without(moved, group)
        cost = self._displeasure(self._lines_with(moved, to), to) - self._displeasure(
            self.sizes[to].lines, to
        )
        return cost + self._displeasure(left, group) - self._displeasure(self.sizes[group].lines, group)

    def _displeasure(self, lines: int, group: int) -> float:
        if group == FACADE:
            return displeasure(
                max(lines + PER_GROUP * len(self.groups), 2 * self.limits.min_lines), self.limits
            )
        return displeasure(lines, self.limits)

    def _lines_with(self, moved: Sequence[int], group: int) -> int:
        size = self.sizes[group]
        if len(moved) == 1:
            return size.with_(self.families[moved[0]])
        return size_of((self.families[n] for n in [*self.groups[group], *moved]), self._start(group)).lines

    def _lines_without(self, moved: Sequence[int], group: int) -> int:
        if len(moved) == 1:
            return self.sizes[group].without(self.families[moved[0]])
        staying = [self.families[n] for n in self.groups[group] if n not in moved]
        return size_of(staying, self._start(group)).lines

    def _start(self, group: int) -> int:
        return self.limits.facade_lines if group == FACADE else size_of(()).lines
