"""What a partition is worth: the one objective that the search raises.

    worth = sum over new modules of
              the affinity of every two of its families          (affinity.py)
            + how well its families fit what a plan asks it for   (plan_fit.py)
            - the displeasure of its length                       (sizes.py)
            - UNNAMED * (1 - the quality of its name)             (naming.py)
            - UNPLANNED where the audit planned others
          - what each family costs that stays in the facade

Nothing is paid for ``pub(super)``: on what was private in the file it is the very same scope.
"""

from collections.abc import Callable, Sequence

from remediate.codemods.split_file.grouping.affinity import Matrix
from remediate.codemods.split_file.grouping.families import Family
from remediate.codemods.split_file.grouping.plan_fit import Fits
from remediate.codemods.split_file.grouping.sizes import Limits, displeasure, size_of

FACADE = -1
"""The group that stays."""
STAY, STAY_LINE = 2.0, 0.2
"""What it costs to leave a family in the facade, for itself and each line."""
SHARED, SHARED_LINES = 1.5, 8
"""What it is worth instead, where so few lines are what everything shares."""
ENOUGH_USERS = 3
"""So many families must use what "everything shares"."""
SUITS = 2.0
"""How well at least one family must fit a planned module for it to be made."""
TIED = 0.5
"""How much a family that a plan says nothing of must on average be tied to those that are meant."""
UNPLANNED = 1.5
"""What a module costs that the audit did not ask for, where it asked for some."""
UNNAMED = 2.5
"""What a module costs that nobody could name: about as much as parting two families that belong together."""

Naming = Callable[[Sequence[Family]], float]
"""The quality of the best name for families, 0 to 1."""


def planned(index: int) -> int:
    """Return the group of a planned module, by its place in the plan."""
    return FACADE - 1 - index


class State:
    """Groups of families, named by the number of a family, by ``planned(..)``, or FACADE for what stays."""

    def __init__(
        self,
        families: Sequence[Family],
        matrix: Matrix,
        limits: Limits,
        fits: Fits,
        shared: frozenset[int] = frozenset(),
    ) -> None:
        """Begin with every movable family on its own, and with an empty group for each planned module.

        ``shared`` are the families that so many others use that the facade may keep them.
        """
        self.pull = {planned(index): row for index, row in enumerate(fits)}
        self.families, self.matrix, self.limits, self.shared = families, matrix, limits, shared
        self.group_of = [f.number if f.movable else FACADE for f in families]
        self.groups: dict[int, list[int]] = {FACADE: []}
        for family in families:
            self.groups.setdefault(self.group_of[family.number], []).append(family.number)
        self.groups.update({group: [] for group in self.pull})
        self.sizes = {g: size_of(families[n] for n in members) for g, members in self.groups.items()}

    def gain(self, moved: Sequence[int], to: int) -> float:
        """Return what moving families of one group into another is worth, names aside."""
        group = self.group_of[moved[0]]
        value = self._tied(moved, to) - self._tied(moved, group)
        return value + self._spared(moved, group) - self._size_cost(moved, group, to)

    def parting(self, moved: Sequence[int]) -> float:
        """Return what it is worth to give families of one group a module of their own."""
        group = self.group_of[moved[0]]
        own = self._displeasure(size_of(self.families[n] for n in moved).lines, group)
        left = self._displeasure(self._lines_without(moved, group), group)
        return self._displeasure(self.sizes[group].lines, group) - own - left - self._tied(moved, group)

    def promises(self, moved: Sequence[int]) -> list[tuple[float, int]]:
        """Return for each other group a bound on the gain of moving there, cheap to compute, best first."""
        group = self.group_of[moved[0]]
        most = self._spared(moved, group) + self._displeasure(self.sizes[group].lines, group)
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
        if to not in self.groups:
            self.groups[to], self.sizes[to] = [], size_of(())
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
        if to == FACADE:
            staying = [n for n in (*self.groups[to], *moved) if self.families[n].movable]
            return sum(self.families[n].lines for n in staying) <= self.limits.min_lines
        if to < FACADE and not self._is_meant(moved, to):
            return False
        return self._lines_with(moved, to) <= self.limits.max_lines

    def suits(self, members: Sequence[int], group: int) -> bool:
        """Whether any of these families is what a planned module was planned for."""
        return any(self.pull[group][number] >= SUITS for number in members)

    def _is_meant(self, moved: Sequence[int], group: int) -> bool:
        """Whether families belong in a planned module: by what the plan says, or by what is there already."""
        meant = [n for n in (*self.groups[group], *moved) if self.pull[group][n] >= SUITS]
        others = [n for n in moved if self.pull[group][n] < SUITS]
        return bool(meant) and all(sum(self.matrix[n][m] for m in meant) > TIED * len(meant) for n in others)

    def children(self) -> list[int]:
        """Return the groups other than the facade, planned ones first, empty or not."""
        return sorted(g for g in self.groups if g != FACADE)

    def members(self, group: int) -> list[Family]:
        """Return a group's families in file order."""
        return [self.families[n] for n in sorted(self.groups[group])]

    def _tied(self, moved: Sequence[int], group: int) -> float:
        """Return the ties of families to what else is, or would be, in a group."""
        if group == FACADE:
            return -sum(self._stay(n) for n in moved)
        others = self.groups[group]
        if group == self.group_of[moved[0]]:
            others = [n for n in others if n not in moved]
        value = sum(sum(map(self.matrix[n].__getitem__, others)) for n in moved)
        return value + sum(self.pull[group][n] for n in moved) if group < FACADE else value

    def _stay(self, number: int) -> float:
        family = self.families[number]
        return -SHARED if number in self.shared else STAY + STAY_LINE * family.lines

    def _spared(self, moved: Sequence[int], group: int) -> float:
        """Return what it is worth that a group is gone, if moving these empties it."""
        return UNPLANNED if self.pull and group > FACADE and len(moved) == len(self.groups[group]) else 0.0

    def _size_cost(self, moved: Sequence[int], group: int, to: int) -> float:
        left = self._lines_without(moved, group)
        cost = self._displeasure(self._lines_with(moved, to), to) - self._displeasure(
            self.sizes[to].lines, to
        )
        return cost + self._displeasure(left, group) - self._displeasure(self.sizes[group].lines, group)

    def _displeasure(self, lines: int, group: int) -> float:
        return 0.0 if group == FACADE else displeasure(lines, self.limits)

    def _lines_with(self, moved: Sequence[int], group: int) -> int:
        if len(moved) == 1:
            return self.sizes[group].with_(self.families[moved[0]])
        return size_of(self.families[n] for n in [*self.groups[group], *moved]).lines

    def _lines_without(self, moved: Sequence[int], group: int) -> int:
        if len(moved) == 1:
            return self.sizes[group].without(self.families[moved[0]])
        return size_of(self.families[n] for n in self.groups[group] if n not in moved).lines
