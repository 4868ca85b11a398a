"""A split as a value: which unit goes where, and what the compiler has said about it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from types import MappingProxyType

from remediate.codemods.split_file.analyze.below import Below
from remediate.codemods.split_file.analyze.macros import Macros
from remediate.codemods.split_file.analyze.preconditions import Ground
from remediate.codemods.split_file.analyze.symbols import Symbols
from remediate.codemods.split_file.analyze.units import Unit
from remediate.codemods.split_file.analyze.uses import Needs
from remediate.codemods.split_file.options import SplitOptions
from remediate.rust.syntax.cfg import Cfg, needed, requires_test

FACADE = ""
"""The place of what stays in M."""
AS_PLANNED = "as planned"
"""The reason of the groups that a person's plan asks for."""


@dataclass(frozen=True)
class Group:
    """A new module: its name, the indices of its units in order, why it is one, and its documentation."""

    name: str
    units: tuple[int, ...]
    reason: str = ""
    public: bool = False
    description: str = ""

    @property
    def heading(self) -> str:
        """The line of documentation that the module begins with, "" for none."""
        said = " ".join("".join(c if c.isprintable() else " " for c in self.description).split())
        ended = said if said.endswith((".", "!", "?")) else f"{said}."
        return f"//! {ended[:1].upper()}{ended[1:]}\n" if said else ""


@dataclass(frozen=True)
class Survey:
    """What is known of the file before anything is decided.

    Attributes:
        pins: Why units stay, by index: a reason code.
        company: The units that some units go along with, or else stay: macros with their callers, by index.
    """

    ground: Ground
    options: SplitOptions
    units: tuple[Unit, ...]
    needs: tuple[Needs, ...]
    symbols: Symbols
    macros: Macros
    company: Mapping[int, frozenset[int]]
    below: tuple[Below, ...]
    pins: Mapping[int, str]

    @cached_property
    def unit_of_item(self) -> dict[int, int]:
        """The unit of each top-level item by the item's start; of a cut impl the first member's."""
        return {u.item.start: u.index for u in reversed(self.units)}


Key = tuple[str, str]
"""Something imported at a place: (place, "use:" + offset of M's leaf, or the item's name)."""


@dataclass(frozen=True)
class Revision:
    """What the compiler said about earlier attempts.

    Attributes:
        unused: Imports nothing uses, by place and key.
        conditional: Imports that only some configurations use, with the cfg they need.
        contested: Imports that were taken for unused once, and turned out to be needed.
        missing: Imports that are missing, by place and key.
        exposed: Keys of symbols that have to be visible outside their module.
        returned: Names of groups that are kept in the facade after all, with the message that made them.
        globs: Names of groups that the facade passes on by a glob: rustc called one of their names unused.
        staying: Units that stay in the facade by index, each with the reason.
        undocumented: Names of groups that the crate's lints do not let be public.
        rounds: How many attempts there have been.
    """

    unused: frozenset[Key] = frozenset()
    conditional: Mapping[Key, Cfg] = field(default_factory=lambda: MappingProxyType({}))
    contested: frozenset[Key] = frozenset()
    missing: frozenset[Key] = frozenset()
    exposed: frozenset[str] = frozenset()
    returned: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    globs: frozenset[str] = frozenset()
    staying: Mapping[int, str] = field(default_factory=lambda: MappingProxyType({}))
    undocumented: frozenset[str] = frozenset()
    rounds: int = 0


@dataclass(frozen=True)
class Draft:
    """A survey, the groups decided on, and the revision so far.

    Attributes:
        held: Why units that a plan wanted moved stay, by index.
        unanswered: What a plan asked for that could not be done, as sentences without a full stop.
        kept: The units of the type that the file is called after, which stays.
    """

    survey: Survey
    groups: tuple[Group, ...]
    revision: Revision = Revision()
    held: Mapping[int, str] = field(default_factory=lambda: MappingProxyType({}))
    unanswered: tuple[str, ...] = ()
    kept: tuple[int, ...] = ()

    @property
    def by_plan(self) -> bool:
        """Whether a person's plan says what goes where."""
        return any(g.reason == AS_PLANNED for g in self.groups)

    @cached_property
    def alive(self) -> tuple[Group, ...]:
        """The groups that are not rolled back, without units that stay; what is then too short goes too."""
        kept = (g for g in self.groups if g.name not in self.revision.returned)
        alive = [g for group in kept if (g := self._without_staying(group)).units]
        return self._in_company(alive)

    def _in_company(self, groups: Sequence[Group]) -> tuple[Group, ...]:
        """Return groups with what has to be with their units, if it fits and no person's plan keeps it.

        What is in a group without those that it has to be with leaves it.
        """
        planned = {index for group in self.groups for index in group.units}
        company = {
            index: others
            for index, others in self.survey.company.items()
            if (index in planned or not self.by_plan) and index not in self.revision.staying
        }
        found = [set(group.units) - company.keys() for group in groups]
        changed = True
        while changed:
            changed = False
            for index, others in company.items():
                for group, home in zip(groups, found, strict=True):
                    room = index in group.units or self._fits(index, home)
                    if others <= home and index not in home and room:
                        home.add(index)
                        changed = True
        alive = ((g, u) for g, u in zip(groups, found, strict=True) if u)
        return tuple(replace(group, units=tuple(sorted(units))) for group, units in alive)

    def _without_staying(self, group: Group) -> Group:
        left = tuple(i for i in group.units if i not in self.revision.staying)
        if left == group.units:
            return group
        lines = sum(self.survey.units[i].lines for i in left)
        return replace(group, units=left if lines >= self.survey.options.min_lines else ())

    def _fits(self, index: int, units: Collection[int]) -> bool:
        """Whether a file has room for a unit more, or one of both is too long without the other too."""
        lines, more = sum(self.survey.units[i].lines for i in units), self.survey.units[index].lines
        return self.by_plan or not lines + more > self.survey.options.max_lines >= max(lines, more)

    @cached_property
    def place(self) -> dict[int, str]:
        """The place of every unit by index."""
        placed = dict.fromkeys((u.index for u in self.survey.units), FACADE)
        for group in self.alive:
            placed.update(dict.fromkeys(group.units, group.name))
        return placed

    @cached_property
    def conditions(self) -> dict[str, Cfg]:
        """What all units of a group require, by the group's name: its module requires it instead."""
        found: dict[str, Cfg] = {}
        for group in self.alive:
            first, *others = (self.survey.units[index].cfg for index in group.units)
            above = self.survey.ground.module.cfg
            shared = (p for p in first if p not in above and all(p in other for other in others))
            found[group.name] = needed([tuple(dict.fromkeys(shared))])
        return found

    @cached_property
    def test_modules(self) -> frozenset[str]:
        """The places of modules below M that only test builds have."""
        below = (b.module for b in self.survey.below if requires_test(b.module.cfg))
        return frozenset(f"mod {module.name}" for module in below)

    def place_of_item(self, start: int) -> str:
        """Return where the top-level item that begins at an offset goes."""
        index = self.survey.unit_of_item.get(start)
        return FACADE if index is None else self.place[index]
