"""Which symbols of a file a piece mentions, by its tokens alone.

An over-approximation is fine here: a wrong mention costs a little cohesion, never meaning. What the split
imports and what it makes visible is decided elsewhere, with scopes.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from remediate.codemods.split_file.cohesion.pieces import Piece
from remediate.codemods.split_file.cohesion.symbols import Symbol, Symbols
from remediate.codemods.split_file.cohesion.vocabulary import EVERYWHERE
from remediate.rust.lexer import Token, TokenKind

_BINDS = {b"let", b"mut", b"ref", b"for", b"fn", b"const", b"static"}
_MOST_OWNERS = 3
_OUTER = {b"self", b"crate"}


@dataclass(frozen=True, slots=True)
class Mention:
    """A symbol and how much one mention of it says: the less, the more others it may be."""

    symbol: Symbol
    weight: float


def mentions(piece: Piece, index: int, table: Symbols) -> Iterator[Mention]:
    """Yield every symbol of the file that a piece mentions, as often as it does."""
    code = piece.code
    owner = table.self_types[index]
    bound = _bound(code)
    labels: set[str] = set()
    literals: set[str] = set()
    for at, token in enumerate(code):
        if token.kind is TokenKind.LITERAL:
            if at > 1 and code[at - 1].text == b"." and code[at - 2].text == b"self":
                yield from _numbered(table, owner, token.text.decode(errors="replace"))
            continue
        if token.kind is not TokenKind.IDENT:
            continue
        name = token.text.decode(errors="replace").removeprefix("r#")
        before = code[at - 1].text if at else b""
        after = code[at + 1].text if at + 1 < len(code) else b""
        if before == b"." and at > 1 and code[at - 2].text != b".":
            called = after == b"(" or (after == b":" and _doubled(code, at + 1))
            on_self = code[at - 2].text == b"self" and (at < 3 or code[at - 3].text != b".")
            yield from _members(table, name, owner if on_self else "", called=called)
        elif before == b":" and at > 2 and _doubled(code, at - 2):
            yield from _path(table, piece, name, owner, code[at - 3])
        else:
            if after in (b":", b",", b"}") and before in (b"{", b","):
                labels.add(name)
            if after in (b"{", b"("):
                literals.add(owner if name == "Self" else name)
            if _is_item(name, bound, after, before, doubled=_doubled(code, at + 1)):
                yield from (Mention(s, 1.0) for s in table.items.get(name, ()))
    yield from _literal_fields(table, literals, labels)


def _members(table: Symbols, name: str, owner: str, *, called: bool) -> Iterator[Mention]:
    """Yield the methods or fields of a name; of those that std has too only what is called on ``self``."""
    found = (table.methods if called else table.fields).get(name, [])
    own = [s for s in found if s.owner == owner] if owner else []
    if not own and called and name in EVERYWHERE:
        return
    found = own or found
    if len({s.owner for s in found}) <= _MOST_OWNERS:
        yield from (Mention(s, 1.0 if own else 0.5 / len(found)) for s in found)


def _path(table: Symbols, piece: Piece, name: str, owner: str, qualifier: Token) -> Iterator[Mention]:
    head = qualifier.text.decode(errors="replace")
    head = owner if head == "Self" else head
    if qualifier.text in _OUTER or (qualifier.text == b"super" and piece.item.kind == "mod"):
        yield from (Mention(s, 1.0) for s in table.items.get(name, ()))
    elif head in table.items:
        yield from (Mention(s, 1.0) for s in table.methods.get(name, ()) if s.owner == head)


def _numbered(table: Symbols, owner: str, text: str) -> Iterator[Mention]:
    number = text.partition(".")[0]
    yield from (Mention(s, 1.0) for s in table.tuple_fields.get(owner, ()) if s.name == number)


def _literal_fields(table: Symbols, types: set[str], labels: set[str]) -> Iterator[Mention]:
    """Yield the fields that the literals and patterns of the given types name."""
    for name in sorted(labels):
        yield from (Mention(s, 0.5) for s in table.fields.get(name, ()) if s.owner in types)
    for owner in sorted(types & table.tuple_fields.keys()):
        yield from (Mention(s, 0.5) for s in table.tuple_fields[owner])


def _is_item(name: str, bound: set[str], after: bytes, before: bytes, *, doubled: bool) -> bool:
    """Whether a bare name is likely an item's and not a binding's, a field's or a parameter's."""
    if before in _BINDS and name[:1].islower():
        return False
    if after == b":" and not doubled:
        return False
    return name not in bound or after in (b"(", b"!")


def _bound(code: Sequence[Token]) -> set[str]:
    """Return the lower-case names that are bound somewhere in the piece."""
    found = set()
    for at, token in enumerate(code):
        if token.kind is TokenKind.IDENT and at and token.text[:1].islower():
            before = code[at - 1].text
            after = code[at + 1].text if at + 1 < len(code) else b""
            if before in (b"let", b"mut", b"ref", b"|", b"for") or (
                after == b":" and before in (b"(", b",") and not _doubled(code, at + 1)
            ):
                found.add(token.text.decode(errors="replace"))
    return found


def _doubled(code: Sequence[Token], at: int) -> bool:
    """Whether the tokens at ``at`` are ``::``."""
    return (
        at >= 0
        and at + 1 < len(code)
        and code[at].text == b":"
        and code[at + 1].text == b":"
        and code[at].end == code[at + 1].start
    )
