"""Under which condition several places, each with its own cfg, need something: as short as it can be said."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import product

from remediate.rust.syntax.cfg import Predicate, evaluate

Cfg = tuple[Predicate, ...]
"""Predicates that must all hold; () is always."""


def needed(places: Iterable[Cfg]) -> Cfg:
    """Return when at least one of the places is compiled."""
    sets = sorted(_distinct(places), key=str)
    if () in sets or not sets:
        return ()
    common = tuple(p for p in sets[0] if all(p in s for s in sets))
    rest = _shortest(_distinct(tuple(p for p in s if p not in common) for s in sets))
    if () in rest:
        return common
    if len(rest) == 1:
        return (*common, *rest[0])
    return (*common, Predicate("any", of=tuple(_all(r) for r in rest)))


def without(cfg: Cfg, known: Sequence[Predicate]) -> Cfg:
    """Return what a cfg asks beyond what is known to hold."""
    return tuple(p for p in cfg if not implied(p, known))


def implied(predicate: Predicate, known: Sequence[Predicate]) -> bool:
    """Whether a predicate holds wherever what is known does."""
    if predicate in known:
        return True
    each = (implied(p, known) for p in predicate.of)
    return any(each) if predicate.operator == "any" else predicate.operator == "all" and all(each)


def attribute(cfg: Cfg) -> str:
    """Return ``#[cfg(..)]`` with a line end, "" for always."""
    return f"#[cfg({_all(cfg)})]\n" if cfg else ""


def opposite(one: Predicate, other: Predicate) -> bool:
    """Whether exactly one of the two holds, whatever the configuration."""
    return one == Predicate("not", of=(other,)) or other == Predicate("not", of=(one,))


def disjoint(one: Cfg, other: Cfg) -> bool:
    """Whether the two never hold together, as far as opposite predicates show it."""
    return any(opposite(a, b) for a in one for b in other)


def negation(cfg: Cfg) -> Predicate:
    """Return when a cfg, not the empty one, does not hold."""
    return Predicate("not", of=(_all(cfg),))


def _all(cfg: Cfg) -> Predicate:
    return cfg[0] if len(cfg) == 1 else Predicate("all", of=cfg)


_MOST_LEAVES = 10
"""A truth table of more is not made: 1,024 rows."""


def _shortest(sets: Sequence[Cfg]) -> list[Cfg]:
    """Return conditions of which one holds wherever one of these does, sorted; [()] for always.

    Left out is what the others say together; decided by a truth table, for leaves that know nothing of one
    another.
    """
    kept = sorted(sets, key=str)
    leaves = sorted({leaf for s in kept for p in s for leaf in _leaves(p)})
    if len(leaves) > _MOST_LEAVES:
        return kept
    rows = [dict(zip(leaves, row, strict=True)) for row in product((False, True), repeat=len(leaves))]
    holds = {s: frozenset(n for n, row in enumerate(rows) if all(evaluate(p, row) for p in s)) for s in kept}
    if len(frozenset[int]().union(*holds.values())) == len(rows):
        return [()]
    for one in sorted(kept, key=lambda s: (-len(str(s)), str(s))):
        others = frozenset[int]().union(*(holds[s] for s in kept if s != one))
        if holds[one] <= others:
            kept.remove(one)
    return kept


def _leaves(predicate: Predicate) -> Iterator[str]:
    if not predicate.operator:
        yield str(predicate)
    for part in predicate.of:
        yield from _leaves(part)


def _distinct(places: Iterable[Cfg]) -> list[Cfg]:
    found: dict[Cfg, None] = {}
    for place in places:
        found[tuple(dict.fromkeys(p for p in place if _is_readable(p)))] = None
    return list(found)


def _is_readable(predicate: Predicate) -> bool:
    """Whether a predicate can be written out again; what cannot be counts as always true."""
    return predicate.name != "?" and all(map(_is_readable, predicate.of))
