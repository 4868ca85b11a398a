"""Under which condition several places, each with its own cfg, need something: as short as it can be said."""

from collections.abc import Iterable, Sequence

from remediate.rust.cfg import Predicate

Cfg = tuple[Predicate, ...]
"""Predicates that must all hold; () is always."""


def needed(places: Iterable[Cfg]) -> Cfg:
    """Return when at least one of the places is compiled."""
    sets = sorted(_distinct(places), key=str)
    if () in sets or not sets:
        return ()
    common = tuple(p for p in sets[0] if all(p in s for s in sets))
    rest = _distinct(tuple(p for p in s if p not in common) for s in sets)
    if () in rest or _cover(rest):
        return common
    return (*common, Predicate("any", of=tuple(_all(r) for r in sorted(rest, key=str))))


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


def _cover(sets: Sequence[Cfg]) -> bool:
    """Whether two of the conditions are opposites, so that one always holds."""
    lone = [s[0] for s in sets if len(s) == 1]
    return any(opposite(a, b) for a in lone for b in lone)


def _distinct(places: Iterable[Cfg]) -> list[Cfg]:
    found: dict[Cfg, None] = {}
    for place in places:
        found[tuple(dict.fromkeys(p for p in place if _is_readable(p)))] = None
    return list(found)


def _is_readable(predicate: Predicate) -> bool:
    """Whether a predicate can be written out again; what cannot be counts as always true."""
    return predicate.name != "?" and all(map(_is_readable, predicate.of))
