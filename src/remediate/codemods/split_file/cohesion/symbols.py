"""What the pieces of a file define: items by name, methods and fields by name and type."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from remediate.codemods.split_file.cohesion.pieces import Piece, type_names
from remediate.rust.fields import fields
from remediate.rust.items import Item, children
from remediate.rust.syntax import Source
from remediate.rust.visibility import visibility

_NAMED = {"fn", "struct", "enum", "union", "trait", "const", "static", "type", "macro_rules", "mod"}
_TYPES = {"struct", "enum", "union", "trait", "type"}


@dataclass(frozen=True, slots=True)
class Symbol:
    """A name that a piece defines.

    Attributes:
        piece: Index of the piece.
        owner: For a method or field the name of its type; "" for an item.
        private: Whether only M and its descendants see it.
    """

    piece: int
    name: str
    owner: str
    private: bool

    @property
    def label(self) -> str:
        """How an edit of its visibility is named."""
        return f"{self.owner}.{self.name}" if self.owner else self.name


@dataclass(frozen=True)
class Symbols:
    """All symbols of a file by name, and the type that each piece belongs to ("" for none of this file)."""

    items: dict[str, list[Symbol]] = field(default_factory=lambda: defaultdict(list))
    methods: dict[str, list[Symbol]] = field(default_factory=lambda: defaultdict(list))
    fields: dict[str, list[Symbol]] = field(default_factory=lambda: defaultdict(list))
    tuple_fields: dict[str, list[Symbol]] = field(default_factory=lambda: defaultdict(list))
    self_types: list[str] = field(default_factory=list)


def symbols(pieces: Sequence[Piece]) -> Symbols:
    """Return what a file's pieces define."""
    found = Symbols()
    types = {p.item.name for p in pieces if p.item.kind in _TYPES}
    for index, piece in enumerate(pieces):
        owner = _self_type(piece, types)
        found.self_types.append(owner)
        if piece.item.kind in _NAMED and piece.item.name:
            private = _is_private(piece.source, piece.item)
            found.items[piece.item.name].append(Symbol(index, piece.item.name, "", private))
        for member in _methods(piece):
            private = piece.item.kind == "impl" and _is_private(piece.source, member)
            found.methods[member.name or ""].append(Symbol(index, member.name or "", owner, private))
        if piece.item.kind in ("struct", "union"):
            for part in fields(piece.source, piece.item):
                table = found.tuple_fields if part.name.isdigit() else found.fields
                table[owner if part.name.isdigit() else part.name].append(
                    Symbol(index, part.name, owner, part.visibility.private)
                )
    return found


def _self_type(piece: Piece, types: set[str | None]) -> str:
    """Return the type of this file that a piece belongs to: of ``impl From<A> for Vec<B>`` B before A."""
    item = piece.item
    if item.kind in _TYPES:
        return item.name or ""
    if item.kind != "impl":
        return ""
    return next((n for n in type_names(item.self_type) if n in types), "")


def _methods(piece: Piece) -> Iterator[Item]:
    if piece.member is not None:
        yield piece.member
    elif piece.item.kind == "trait" or (piece.item.kind == "impl" and not piece.item.trait):
        yield from (m for m in children(piece.source, piece.item) if m.name and m.kind != "macro")


def _is_private(source: Source, item: Item) -> bool:
    return visibility(source.text[slice(*item.visibility)] if item.visibility else b"").private
