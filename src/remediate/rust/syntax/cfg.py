"""Conditional compilation: the predicates of ``#[cfg(..)]`` and ``#[cfg_attr(..)]``, parsed and evaluated.

Evaluation has three values: a predicate about something unknown is neither true nor false, so "needs test"
can be shown without knowing the platform or the features. The grammar is the Rust reference's chapter
"Conditional compilation".
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from remediate.rust.syntax.attributes import Attribute
from remediate.rust.syntax.lexer import Token, TokenKind, string_value

_CLOSING = {b")": -1, b"]": -1, b"}": -1, b"(": 1, b"[": 1, b"{": 1}


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


def parse(tokens: Sequence[Token]) -> Predicate:
    """Read one predicate from the tokens between the parentheses of ``cfg(..)``."""
    tokens = [t for t in tokens if t.kind != TokenKind.COMMENT]
    tokens = tokens[:-1] if tokens and tokens[-1].text == b"," else tokens
    if not tokens or tokens[0].kind != TokenKind.IDENT:
        return Predicate(name="?")
    name = tokens[0].text.decode(errors="replace").removeprefix("r#")
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


def forbids_test(required: Iterable[Predicate]) -> bool:
    """Whether these predicates, all required, cannot hold in a test build."""
    return any(evaluate(p, {"test": True}) is False for p in required)


def split(tokens: Sequence[Token]) -> list[list[Token]]:
    """Split tokens at the commas outside all brackets; a last comma adds no part."""
    parts: list[list[Token]] = [[]]
    depth = 0
    for token in tokens:
        depth += _CLOSING.get(token.text, 0)
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
        length = next(
            (i for i, t in enumerate(part) if t.kind != TokenKind.IDENT and t.text != b":"), len(part)
        )
        rest = part[length:]
        rest = rest[1:-1] if rest and rest[0].text in (b"(", b"[", b"{") else rest[1:]
        held_path = b"".join(t.text for t in part[:length]).decode()
        yield from _resolved((*when, parse(condition)), held_path, rest)
