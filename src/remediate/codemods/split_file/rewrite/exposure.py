"""Which symbols need ``pub(super)``: those used outside their module, and what their signatures name."""

from collections.abc import Iterator

from remediate.codemods.split_file.analyze.symbols import Symbol
from remediate.codemods.split_file.draft import FACADE, Draft
from remediate.codemods.split_file.imports.imported import Wiring
from remediate.rust.mentions.index import mention_index


def exposed(draft: Draft, wiring: Wiring) -> frozenset[Symbol]:
    """Return the private symbols of new modules that code outside of them uses or has in a signature."""
    survey, place = draft.survey, draft.place
    found = {s for s in survey.symbols.all if s.key in draft.revision.exposed and s.visibility.private}
    found |= set(_imported(draft, wiring))
    for unit, needs in zip(survey.units, survey.needs, strict=True):
        here = place[unit.index]
        found |= {
            s for s in needs.symbols if s.kind != "item" and s.visibility.private and place[s.unit] != here
        }
    for below in survey.below:
        for needs in (below.by_glob, below.by_path):
            found |= {s for s in needs.symbols if s.kind != "item" and s.visibility.private}
    return frozenset(_closed(draft, {s for s in found if place[s.unit] != FACADE}))


def _imported(draft: Draft, wiring: Wiring) -> Iterator[Symbol]:
    """Yield the private items that another place imports and, as far as is known, uses."""
    places = {
        FACADE: wiring.facade,
        **wiring.children,
        **{f"mod {p[-1]}": w for p, w in wiring.below.items()},
    }
    for here, imports in places.items():
        for name, where in (*imports.names, *imports.docs):
            if (here, name) not in draft.revision.unused:
                for symbol in draft.survey.symbols.items.get(name, ()):
                    if symbol.visibility.private and draft.place[symbol.unit] == where:
                        yield symbol


def _closed(draft: Draft, found: set[Symbol]) -> set[Symbol]:
    """Add what the signatures of visible symbols name: it must not be more private than they are."""
    seen: set[Symbol] = set()
    todo = [*found, *_open_from_the_start(draft)]
    while todo:
        symbol = todo.pop()
        if symbol in seen:
            continue
        seen.add(symbol)
        for named in _named(draft, symbol):
            if named not in found and named.visibility.private:
                found.add(named)
                todo.append(named)
        if symbol.kind == "item":
            todo += _reached_through(draft, symbol, found)
    return found


def _open_from_the_start(draft: Draft) -> Iterator[Symbol]:
    """Yield the symbols of new modules that are not private and whose type, if any, is visible outside."""
    for symbol in draft.survey.symbols.all:
        if draft.place[symbol.unit] == FACADE or symbol.visibility.private:
            continue
        owners = draft.survey.symbols.items.get(symbol.type_name, ())
        same = [o for o in owners if draft.place[o.unit] == draft.place[symbol.unit] and o.visibility.private]
        if symbol.kind == "item" or not same:
            yield symbol


def _reached_through(draft: Draft, symbol: Symbol, found: set[Symbol]) -> Iterator[Symbol]:
    """Yield a type's own visible members."""
    for member in draft.survey.symbols.of_type.get(symbol.name, ()):
        if not member.visibility.private or member in found:
            yield member


def _named(draft: Draft, symbol: Symbol) -> Iterator[Symbol]:
    """Yield the free items of the same new module that a symbol's signature names."""
    ground, symbols = draft.survey.ground, draft.survey.symbols
    index = mention_index(ground.package).of(ground.path)
    for mention in index.within(*symbol.signature).mentions:
        if mention.origin != "doc":
            for named in symbols.items.get(mention.name if mention.name != "self" else mention.path[-1], ()):
                if draft.place[named.unit] == draft.place[symbol.unit]:
                    yield named
