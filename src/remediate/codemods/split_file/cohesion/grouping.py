"""From parts and links to groups."""

from collections.abc import Collection, Mapping, Sequence

from remediate.codemods.split_file.cohesion.affinity import Affinities
from remediate.codemods.split_file.cohesion.exposure import FACADE, exposed_names, uses
from remediate.codemods.split_file.cohesion.families import Family, families
from remediate.codemods.split_file.cohesion.model import Group, Grouping, Limits, Link, Part
from remediate.codemods.split_file.cohesion.naming import is_free, name_for
from remediate.codemods.split_file.cohesion.partition import partition
from remediate.codemods.split_file.cohesion.planning import fits
from remediate.codemods.split_file.cohesion.state import State
from remediate.codemods.split_file.cohesion.state import planned as planned_group
from remediate.codemods.split_file.cohesion.terms import lines_of
from remediate.codemods.split_file.cohesion.type_names import TYPES
from remediate.model import PlannedModule

Named = tuple[str, str]
"""A name and one sentence of why its parts are together."""


def group(  # noqa: PLR0913, PLR0917 - the last three are what the caller knows and the file does not
    parts: Sequence[Part],
    links: Sequence[Link],
    limits: Limits,
    planned: Sequence[PlannedModule] = (),
    taken_names: Collection[str] = (),
    module: str = "",
) -> Grouping:
    """Group parts into modules of at most ``limits.max_lines`` lines, the rest into the facade.

    The result depends on neither the order of ``parts`` and ``links`` nor the hash seed. No group takes one
    of ``taken_names`` (files, imports, modules and crates in scope), nor what an item of the file is called;
    ``module`` is the name of the file's own module.
    """
    return Sorter(parts, links, taken_names, module).group(limits, planned)


class Sorter:
    """Groups the same parts within several limits, as ``group`` does."""

    def __init__(
        self,
        parts: Sequence[Part],
        links: Sequence[Link],
        taken_names: Collection[str] = (),
        module: str = "",
    ) -> None:
        self._parts = sorted(parts, key=lambda part: part.position)
        self._links, self._taken, self._module = links, taken_names, module
        self._affinities = Affinities(links)

    def group(self, limits: Limits, planned: Sequence[PlannedModule] = ()) -> Grouping:
        """Return the grouping within these limits."""
        kin, links = families(self._parts, limits), self._links
        wanted = [p for p in planned if p.name]
        state = partition(kin, self._affinities.of(kin), uses(kin, links), limits, fits(wanted, kin))
        members = {g: _parts(state, kin, g) for g in state.groups}
        place = {part.key: g for g, found in members.items() for part in found}
        return Grouping(
            groups=_Namer(self._parts, self._taken, self._module).named(state, members, wanted),
            facade=tuple(part.key for part in members[FACADE]),
            edits=exposed_names(links, place.__getitem__),
            notes=_notes(members, wanted, limits),
        )

    def named_again(self, members: Mapping[str, Sequence[str]], kept: Collection[str]) -> dict[str, Named]:
        """Return new names and reasons for groups by their old names; ``members`` are keys of parts.

        ``kept`` are the names of the other groups.
        """
        namer = _Namer(self._parts, (*self._taken, *kept), self._module)
        namer.given.update(kept)
        found = {name: [p for p in self._parts if p.key in set(keys)] for name, keys in members.items()}
        largest_first = sorted(found, key=lambda name: (-lines_of(found[name]), name))
        return {name: namer.next(found[name]) for name in largest_first}


def _parts(state: State, kin: Sequence[Family], group: int) -> list[Part]:
    found = [part for number in state.groups[group] for part in kin[number].parts]
    return sorted(found, key=lambda part: part.position)


class _Namer:
    """Gives groups their names; a name given is taken."""

    def __init__(self, parts: Sequence[Part], taken: Collection[str], module: str) -> None:
        """A module may be called like a function, which is in another namespace, but like no other item."""
        own = {name for part in parts if part.kind not in ("member", "fn") for name in part.defines}
        self.parts, self.module = parts, module
        self.taken = {*taken, *own, module}
        self.given: set[str] = set()

    def named(
        self, state: State, members: dict[int, list[Part]], wanted: Sequence[PlannedModule]
    ) -> tuple[Group, ...]:
        """Return the groups in file order; planned ones get their names first, then the largest."""
        full = [g for g in members if g != FACADE and members[g]]
        found = []
        defines = {g: any(part.kind in TYPES for part in members[g]) for g in full}
        for number in sorted(full, key=lambda g: (g > FACADE, not defines[g], -state.sizes[g].lines, g)):
            plan = wanted[FACADE - 1 - number] if number < FACADE else None
            name, reason = self.next(members[number], plan)
            keys = tuple(part.key for part in members[number])
            public = plan is not None and plan.public
            found.append(Group(name, keys, reason, plan is not None, public, state.sizes[number].lines))
        place = {part.key: part.position for part in self.parts}
        return tuple(sorted(found, key=lambda g: place[g.members[0]]))

    def next(self, members: Sequence[Part], plan: PlannedModule | None = None) -> Named:
        """Return the name of one more group, and why it is one."""
        name, reason = self._name(plan, members)
        self.taken.add(name)
        self.given.add(name)
        return name, reason

    def _name(self, plan: PlannedModule | None, members: Sequence[Part]) -> Named:
        if plan is None:
            return name_for(members, self.parts, self.taken, self.module, self.given)
        reason = f"planned: {plan.description}" if plan.description else "planned"
        last = plan.name.rpartition("/")[2]
        wished = [last, plan.name.replace("/", "_"), f"{last}_{self.module}"]
        name = next((w for w in wished if is_free(w, self.taken)), None)
        return name or name_for(members, self.parts, self.taken, self.module, self.given)[0], reason


def _notes(
    members: dict[int, list[Part]], wanted: Sequence[PlannedModule], limits: Limits
) -> tuple[str, ...]:
    left_out = [
        f"The planned module `{module.name}` is left out: nothing in the file fits it."
        for index, module in enumerate(wanted)
        if not members[planned_group(index)]
    ]
    large = [
        f"`{part.key}` has {part.lines} lines and cannot be cut."
        for number in sorted(members)
        for part in members[number]
        if part.lines > limits.max_lines
    ]
    return (*left_out, *large)
