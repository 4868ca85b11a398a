"""What nobody would part: methods that are variants of one another, helpers with their only caller."""

from collections import Counter, defaultdict
from collections.abc import Sequence

from remediate.codemods.split_file.grouping.concepts import base, inverses
from remediate.codemods.split_file.grouping.families import Family
from remediate.codemods.split_file.grouping.graph import Graph, Sets
from remediate.codemods.split_file.grouping.parts import Part
from remediate.codemods.split_file.grouping.sizes import Limits
from remediate.rust.resolution.names import words

_BEGINNING, _SERIES = 2, 3
"""So many functions whose names of more words begin with so many equal ones belong together."""
_BEHAVING = {"member", "fn", "const", "static"}


def atoms(family: Family, limits: Limits) -> list[Family]:
    """Return a family as what nobody would part: its definition first, then methods with their siblings."""
    sets, core = Sets(family.numbers), definitions(family)
    join_siblings(sets, family, limits)
    found = {sets.of(n): sets.members(n) for n in family.numbers}
    first = [m for members in found.values() if not core.isdisjoint(members) for m in members]
    loose = [members for members in found.values() if core.isdisjoint(members)]
    return [Family(family.graph, tuple(sorted(members))) for members in ([first] if first else []) + loose]


def definitions(family: Family) -> set[int]:
    """Return the definitions of types, and all of the types beside the main one."""
    parts, own = family.graph.parts, (family.home, "")
    return {n for n in family.numbers if family.home and (parts[n].defines_type or parts[n].home not in own)}


def heads(graph: Graph, members: Sequence[int]) -> list[Part]:
    """Return what joined methods are called by: the public ones, or those that no other of them uses."""
    used = {n for m in members for n in graph.uses[m] if n != m}
    parts = graph.of(members)
    public = [p for p in parts if not p.private]
    return public or graph.of([n for n in members if n not in used]) or parts


def join_siblings(sets: Sets, family: Family, limits: Limits) -> None:
    """Join twins, methods that differ by a modifier only, and private methods with their only caller."""
    graph = family.graph
    alike: dict[object, list[int]] = defaultdict(list)
    for number in family.numbers:
        part = graph.parts[number]
        for name in part.unit.names:
            alike[name].append(number)
        if part.kind in ("member", "fn") and part.name and part.unit.own.kind == "fn":
            alike[part.home, base(part.name), part.banner if part.headed else None].append(number)
        if part.home not in (family.home, ""):
            alike[part.home, ""].append(number)
    private = {n: graph.parts[n].name for n in family.numbers if graph.parts[n].private}
    undone = inverses({n: name for n, name in private.items() if graph.parts[n].kind == "fn"})
    for members in (*alike.values(), *undone):
        sets.join(members)
    begins = Counter(_beginning(part) for part in family.parts)
    for number in sorted(family.numbers, reverse=True):
        part = graph.parts[number]
        atom = sets.members(number)
        users = {sets.of(u) for m in atom for u in graph.users[m] if u in family.numbers}
        users = {u for u in users - {sets.of(number)} if part.banner in (None, graph.parts[u].banner)}
        if part.private and part.kind in _BEHAVING and len(users) == 1:
            caller = graph.parts[min(users)]
            series = begins[_beginning(part)] >= _SERIES and caller.private
            if not series or _beginning(part) in ((), _beginning(caller)):
                _join_with_caller(sets, family, limits, (number, min(users)))


def _join_with_caller(sets: Sets, family: Family, limits: Limits, pair: tuple[int, int]) -> None:
    graph, (callee, caller) = family.graph, (sets.members(n) for n in pair)
    both = [*callee, *caller]
    behaves = all(graph.parts[m].kind in _BEHAVING for m in both)
    long = bool(family.home) and graph.length(caller) > limits.max_lines
    if (behaves or not family.home) and (long or graph.length(both) <= limits.max_lines / 2):
        sets.join(both)


def _beginning(part: Part) -> tuple[str, ...]:
    """Return how a function's name of more words begins."""
    said = words(part.name) if part.kind in ("member", "fn") else ()
    return said[:_BEGINNING] if len(said) > _BEGINNING else ()
