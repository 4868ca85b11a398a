"""Units that have to be with all of some others, or else stay in the facade, which every new module sees.

A macro goes where its callers are, if nobody else calls it. A call that makes something private which its
macro lets nobody declare visible goes where all are that use it.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from remediate.codemods.split_file.analyze.below import Below
from remediate.codemods.split_file.analyze.macros import Macros
from remediate.codemods.split_file.analyze.made_items import Made
from remediate.codemods.split_file.analyze.preconditions import Ground
from remediate.codemods.split_file.analyze.symbols import Symbols
from remediate.codemods.split_file.analyze.units import Unit
from remediate.codemods.split_file.analyze.uses import Lookup
from remediate.rust.mentions.index import mention_index
from remediate.rust.mentions.references import References, Space
from remediate.rust.syntax.cfg import resolved
from remediate.rust.syntax.lexer import TokenKind

BELOW = -1
"""The modules below M, as one that others have to be with: no new module is."""
_KEPT_WITH_MACROS = {"doc", "cfg", "allow", "expect", "warn", "deny", "rustfmt::skip"}
"""Attributes under which a macro is seen by its textual scope alone."""


def macro_callers(ground: Ground, units: Sequence[Unit], macros: Macros) -> dict[int, frozenset[int]]:
    """Return who calls each macro that may go where its callers are, by the units' indices.

    That is one that is defined once, is private to the file, and is called in it only.
    """
    called: dict[str, set[int]] = {}
    stream = [t for t in ground.source.tokens if t.kind is not TokenKind.COMMENT]
    starts = [unit.own.lead for unit in units]
    for token, after in pairwise(stream):
        if token.kind is TokenKind.IDENT and after.text == b"!":
            called.setdefault(token.name, set()).add(bisect_right(starts, token.start) - 1)
    words = mention_index(ground.package).words
    found: dict[int, frozenset[int]] = {}
    for unit in units:
        name = unit.own.name or ""
        private = all(c.path in _KEPT_WITH_MACROS for a in unit.own.attributes for c in resolved(a))
        if unit.own.kind != "macro_rules" or len(macros.bodies.get(name, ())) != 1 or not private:
            continue
        elsewhere = any(name in said for path, said in words.items() if path != ground.path)
        if not elsewhere and not any(name in i.leaf.path for i in ground.scope.imports):
            found[unit.index] = frozenset(called.get(name, set()) - {unit.index})
    return {index: callers for index, callers in found.items() if callers and min(callers) >= 0}


def users_of_hidden(
    lookup: Lookup, units: Sequence[Unit], made: Mapping[int, Made], below: Sequence[Below]
) -> dict[int, frozenset[int]]:
    """Return who uses what each call makes for its own module alone, by the units' indices."""
    found: dict[int, set[int]] = defaultdict(set)
    everywhere = tuple(_everywhere(lookup, units, below)) if made else ()
    for unit in units:
        what = made.get(unit.item.start, Made()) if unit.member is None else Made()
        names = {one.name for one in what.items if one.visibility.private and one.insert < 0}
        if names or what.private:
            for user, here in everywhere:
                if user != unit.index and _uses(here, unit, names, what.private, lookup.symbols):
                    found[unit.index].add(user)
    return {index: frozenset(users) for index, users in found.items()}


def _everywhere(
    lookup: Lookup, units: Sequence[Unit], below: Sequence[Below]
) -> Iterator[tuple[int, References]]:
    """Yield what each unit names, and what the modules below M do, by macros they call as well."""
    package = lookup.ground.package
    for unit in (u for u in units if u.item.kind != "macro_rules"):
        own = lookup.whole.within(unit.own.lead, unit.end)
        yield from ((unit.index, here) for here in (own, lookup.macros.named(own)))
    for module in (b.module for b in below):
        span = module.span or (0, len(package.files.get(module.file, b"")))
        own = mention_index(package).of(module.file).within(*span)
        yield from ((BELOW, here) for here in (own, lookup.macros.named(own)))


def _uses(here: References, unit: Unit, names: set[str], private: frozenset[str], symbols: Symbols) -> bool:
    """Whether code uses what a unit makes private: as far as syntax tells, so rather too often."""
    types = {one.name for one in unit.made if one.space & Space.TYPE}
    # The constructor of a tuple struct is as private as its fields.
    built = types if any(name.isdigit() for name in private) else set()
    for mention in here.mentions:
        if mention.name in names or (mention.path[-1] in built and mention.space & Space.VALUE):
            return True
    for member in here.members:
        if member.name in private:
            owner = member.receiver[-1] if member.form == "path" and member.receiver else None
            known = owner or symbols.type_of(member.receiver)
            if known is None or known in types:
                return True
    return False
