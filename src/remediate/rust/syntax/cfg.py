"""Conditional compilation: predicates, what they require, and which code is compiled under sets of them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from remediate.rust.syntax.attributes import Attribute, path_and_arguments
from remediate.rust.syntax.known_names import ATTRIBUTE_TOOLS, BUILTIN_ATTRIBUTES
from remediate.rust.syntax.lexer import BRACKETS, Token, TokenKind, string_value


@dataclass(frozen=True, slots=True)
class Predicate:
    """A node of a cfg predicate.

    Attributes:
        operator: "all", "any", "not", or "" for a leaf.
        name: A leaf's name ("test", "feature", "true"); "?" for what could not be read.
        value: The text of ``name = "value"`` without quotes, or None for a bare name.
        of: An operator's operands.
    """

    operator: str = ""
    name: str = ""
    value: str | None = None
    of: tuple["Predicate", ...] = ()

    def __str__(self) -> str:
        if self.operator:
            return f"{self.operator}({', '.join(map(str, self.of))})"
        return self.name if self.value is None else f'{self.name} = "{self.value}"'


@dataclass(frozen=True, slots=True)
class Conditional:
    """An attribute as ``cfg_attr`` resolves to it: ``when`` it applies (empty: always), and itself."""

    when: tuple[Predicate, ...]
    path: str
    arguments: tuple[Token, ...]


def predicates(attributes: Iterable[Attribute]) -> tuple[Predicate, ...]:
    """Return what must all hold for an item with these attributes to be compiled."""
    return tuple(
        _implied(c.when, parse(c.arguments)) for a in attributes for c in resolved(a) if c.path == "cfg"
    )


def resolved(attribute: Attribute) -> tuple[Conditional, ...]:
    """Return the attribute itself, or those that a ``cfg_attr`` holds, nested ones included."""
    return tuple(_resolved((), attribute.path, attribute.arguments))


def attribute_macros(attributes: Iterable[Attribute]) -> tuple[str, ...]:
    """Return the paths of those attributes, ``cfg_attr`` resolved, that no compiler or tool knows.

    A macro sees, and may rewrite, all the item's tokens; it is not allowed on ``mod x;`` at all (E0658).
    """
    return tuple(c.path for a in attributes for c in resolved(a) if is_macro(c.path))


def is_macro(path: str) -> bool:
    """Whether an attribute's path is one that no compiler or tool knows; ``derive`` counts as one."""
    known = path in BUILTIN_ATTRIBUTES or path.split(":", maxsplit=1)[0] in ATTRIBUTE_TOOLS
    return bool(path) and not known


def parse(tokens: Sequence[Token]) -> Predicate:
    """Read one predicate from the tokens between the parentheses of ``cfg(..)``."""
    tokens = [t for t in tokens if t.kind != TokenKind.COMMENT]
    tokens = tokens[:-1] if tokens and tokens[-1].text == b"," else tokens
    if not tokens or tokens[0].kind != TokenKind.IDENT:
        return Predicate(name="?")
    name = tokens[0].name
    if len(tokens) == 1:
        return Predicate(name=name)
    if len(tokens) == 3 and tokens[1].text == b"=":
        return Predicate(name=name, value=string_value(tokens[2].text))
    if name in ("all", "any", "not") and tokens[1].text == b"(" and tokens[-1].text == b")":
        return Predicate(operator=name, of=tuple(parse(part) for part in split(tokens[2:-1])))
    return Predicate(name="?")


def evaluate(predicate: Predicate, known: Mapping[str, bool]) -> bool | None:
    """Return whether the predicate holds, or None where that depends on something not in ``known``.

    ``known`` maps the text of a leaf (``test``, ``feature = "std"``) to its value.
    """
    values = [evaluate(p, known) for p in predicate.of]
    match predicate.operator:
        case "all":
            return False if False in values else None if None in values else True
        case "any":
            return True if True in values else None if None in values else False
        case "not":
            return None if values not in ([True], [False]) else not values[0]
    if predicate.name in ("true", "false") and predicate.value is None:
        return predicate.name == "true"
    return known.get(str(predicate))


def requires_test(required: Iterable[Predicate]) -> bool:
    """Whether these predicates, all required, can only hold in a test build."""
    return any(evaluate(p, {"test": False}) is False for p in required)


def split(tokens: Sequence[Token]) -> list[list[Token]]:
    """Split tokens at the commas outside all brackets; a last comma adds no part."""
    parts: list[list[Token]] = [[]]
    depth = 0
    for token in tokens:
        depth += BRACKETS.get(token.text, 0)
        if token.text == b"," and not depth:
            parts.append([])
        else:
            parts[-1].append(token)
    return parts if parts[-1] else parts[:-1]


def _implied(when: tuple[Predicate, ...], required: Predicate) -> Predicate:
    """Return ``when`` implies ``required``, as a predicate."""
    if not when:
        return required
    return Predicate(operator="any", of=(*(Predicate("not", of=(p,)) for p in when), required))


def _resolved(when: tuple[Predicate, ...], path: str, arguments: Sequence[Token]) -> Iterable[Conditional]:
    if path != "cfg_attr":
        yield Conditional(when, path, tuple(arguments))
        return
    condition, *held = split(arguments) or [[]]
    for part in held:
        yield from _resolved((*when, parse(condition)), *path_and_arguments(part))


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
    return f"#[cfg({conjunction(cfg)})]\n" if cfg else ""


def conjunction(cfg: Cfg) -> str:
    """Return what a cfg asks as one predicate, "" for always."""
    return str(_all(cfg)) if cfg else ""


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
