"""Which units of a large file belong together, and what their modules are called.

    Grouper(survey).grouped(planned, longer) -> Grouping

A type's family (``families``) has a module of its own; one that is too long for a file is cut by what its
methods are about (``division``); what is too small goes where it is used (``assembly``). An audit's plan is
filled first (``plan_fit``). The answer depends on the file and the plan only.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from remediate.codemods.split_file.draft import Group, Survey
from remediate.codemods.split_file.grouping.assembly import assembled
from remediate.codemods.split_file.grouping.families import Family, families
from remediate.codemods.split_file.grouping.graph import Graph
from remediate.codemods.split_file.grouping.modules import Module
from remediate.codemods.split_file.grouping.naming import Name, Namer, is_free, type_names
from remediate.codemods.split_file.grouping.parts import Part, links, parts
from remediate.codemods.split_file.grouping.plan_fit import planned as filled
from remediate.codemods.split_file.grouping.plan_words import Wanted
from remediate.codemods.split_file.grouping.sizes import Limits
from remediate.codemods.split_file.taken_names import leaving_imports, taken_names
from remediate.model import PlannedModule
from remediate.rust.resolution.names import snake

__all__ = ["Grouper", "Grouping"]


_MANY = 3
"""A planned module of so many types is not called after one of them, where its own name is taken."""
_LITTLE = 0.35
"""Code of up to this share of a file is left where it is, if inline modules were what made it long."""


@dataclass(frozen=True)
class Grouping:
    """The new modules, and what a plan asked for that could not be done, as sentences."""

    groups: tuple[Group, ...]
    unanswered: tuple[str, ...] = ()
    kept: tuple[int, ...] = ()
    """The units of the type that the file is called after, which stay."""


class Grouper:
    """Groups the units of a file, again and again: what speaks for it is gathered once."""

    def __init__(self, survey: Survey) -> None:
        self._survey = survey
        self._parts, self._links = parts(survey), links(survey)
        self._module = _own_name(survey)

    def grouped(
        self, planned: Sequence[PlannedModule] = (), longer: Mapping[int, int] | None = None
    ) -> Grouping:
        """Return the new modules; what is in none of them stays.

        ``longer`` says by how many lines units are longer in a file than they seemed, by index.
        """
        options = self._survey.options
        known = [replace(p, lines=p.lines + (longer or {}).get(p.index, 0)) for p in self._parts]
        limits = Limits.of(options)
        graph = Graph(known, self._links)
        if not planned and _is_small_without_modules(known, limits):
            return Grouping(())
        facade = PurePosixPath(self._survey.ground.facade).stem
        wanted = [p for p in planned if p.name and p.name != facade]
        plan = filled(wanted, families(graph, limits), limits, self._module)
        own = {p.name for p in known if p.kind not in ("member", "fn") and p.name}
        above = "" if self._survey.ground.is_root else self._module
        modules = [*assembled(plan.left, limits, self._module), *plan.further]

        def named(taken: frozenset[str]) -> Grouping:
            namer = Namer({*taken, *own}, above)
            missing = _missing_exports(self._survey, [p for p in planned if p.name])
            asked, renamed = _as_planned(wanted, plan.filled, namer, self._module)
            free, kept = _named(modules, namer)
            groups = sorted((*asked, *free), key=lambda g: g.units)
            return Grouping(tuple(groups), (*missing, *renamed, *plan.answers), tuple(kept))

        taken = taken_names(self._survey)
        first = named(taken)
        moved = {index for group in first.groups for index in group.units}
        staying = [unit.index for unit in self._survey.units if unit.index not in moved]
        # Only now it is known which imports go, and with them what keeps a module from its best name.
        left = leaving_imports(self._survey, staying)
        return named(taken - left) if left else first


def _is_small_without_modules(parts: Sequence[Part], limits: Limits) -> bool:
    """Whether little is left of a file without its inline modules, which become files of their own."""
    inline = [part for part in parts if part.kind == "mod"]
    left = sum(part.code_lines for part in parts if part.kind != "mod")
    return bool(inline) and left <= _LITTLE * limits.max_lines


def _units(family: Family) -> tuple[int, ...]:
    return tuple(part.index for part in family.parts)


def _as_planned(
    wanted: Sequence[PlannedModule], made: Mapping[int, Family], namer: Namer, module: str
) -> tuple[list[Group], list[str]]:
    """Return the planned modules that have something to hold, and which have another name."""
    groups: list[Group] = []
    renamed: list[str] = []
    for index in sorted(made):
        plan = wanted[index]
        last = plan.name.rpartition("/")[2]
        if is_free(last, namer.taken):
            namer.take(last)
            name = last
        else:
            alike = Wanted(plan).says(made[index].home) and len(made[index].types) < _MANY
            choices = iter((*(type_names(made[index]) if alike else ()), Name(f"{module}_{last}", "")))
            name = (namer.found(choices) or namer.last_resort(made[index])).name
            renamed.append(f"the planned module `{plan.name}` is called `{name}`: that name is taken")
        reason = f"planned: {plan.description}" if plan.description else "planned"
        groups.append(Group(name, _units(made[index]), reason, plan.public, plan.description))
    return groups, renamed


def _named(modules: Sequence[Module], namer: Namer) -> tuple[list[Group], list[int]]:
    """Return modules with their names, those of types first, and the units of a type that stays.

    What has no good name goes back to its type, or stays in the facade if that is allowed.
    """
    found: list[tuple[Name, Family]] = []
    nameless: list[Module] = []
    namer.homes = frozenset(snake(module.family.home) for module in modules)
    pieces = [{p.trait for p in m.family.parts if p.trait} for m in modules if m.host is not None]
    namer.traits = frozenset(snake(one.pop()) for one in pieces if len(one) == 1) - namer.homes
    for module in sorted(modules, key=lambda m: (not m.family.types, -m.family.lines, m.family.numbers)):
        name = namer.found(iter(module.names))
        if name is None and (module.host is not None or module.may_stay):
            nameless.append(module)
        else:
            found.append((name or namer.last_resort(module.family), module.family))
    kept = [family for module in nameless if (family := module.family).home and module.may_stay]
    for module in nameless:
        for at, (name, family) in enumerate(found):
            if module.host in family.numbers:
                found[at] = name, family.joined(module.family)
        for at, family in enumerate(kept):
            if module.host in family.numbers:
                kept[at] = family.joined(module.family)
    groups = [Group(name.name, _units(family), name.reason) for name, family in found]
    return groups, [index for family in kept for index in _units(family)]


def _missing_exports(survey: Survey, wanted: Sequence[PlannedModule]) -> Iterator[str]:
    """Yield what is to be said of names that a plan re-exports and that the file does not have."""
    known = {name for unit in survey.units for name, _ in unit.names} | set(survey.ground.scope.imported)
    for plan in wanted:
        for name in plan.exports:
            if name not in known:
                yield f"the plan re-exports `{name}` from `{plan.name}`, which the file does not define"


def _own_name(survey: Survey) -> str:
    """Return the name of the module to split: of a library's root the library's."""
    ground = survey.ground
    return ground.module.name if ground.module.parent else ground.package.name.replace("-", "_")
