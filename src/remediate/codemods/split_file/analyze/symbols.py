"""What has a visibility of its own in the file: items, inherent members, fields; and who may mean which."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from remediate.codemods.split_file.analyze.preconditions import Ground
from remediate.codemods.split_file.analyze.units import Unit
from remediate.rust.mentions.heuristic_types import name_of, step
from remediate.rust.mentions.references import Member
from remediate.rust.resolution.names import (
    Field,
    fields,
    has_constructor,
    returned,
    signature_end,
    visibility_of,
)
from remediate.rust.syntax.items import Item, children
from remediate.rust.syntax.relative import Visibility

_K = TypeVar("_K", str, tuple[bool, str])
_HAVE_MEMBERS = {"struct", "enum", "union"}


@dataclass(frozen=True, slots=True)
class Symbol:
    """Something a visibility can be put on.

    Attributes:
        key: "Foo", "Foo::new()", "Foo.field": unique but for cfg'd duplicates.
        kind: "item", "method" (any associated item) or "field".
        unit: The index of the unit it stands in.
        insert: Where a visibility is, or would be, written; -1 where only a macro's rules could say it.
        signature: The span others see of it: what must not name anything more private.
    """

    key: str
    kind: str
    name: str
    type_name: str
    unit: int
    insert: int
    visibility: Visibility
    signature: tuple[int, int]


@dataclass(frozen=True)
class Symbols:
    """All symbols of the file, and the types that syntax tells."""

    all: tuple[Symbol, ...]
    field_types: dict[tuple[str, str], str]
    returns: dict[tuple[str, str], str]
    types: frozenset[str]
    dereferencing: frozenset[str]

    @cached_property
    def items(self) -> dict[str, tuple[Symbol, ...]]:
        """Free items by name."""
        return _grouped((s.name, s) for s in self.all if s.kind == "item")

    @cached_property
    def members(self) -> dict[tuple[bool, str], tuple[Symbol, ...]]:
        """Members by (is a field, name)."""
        return _grouped(((s.kind == "field", s.name), s) for s in self.all if s.kind != "item")

    @cached_property
    def of_type(self) -> dict[str, tuple[Symbol, ...]]:
        """Members by the name of their type."""
        return _grouped((s.type_name, s) for s in self.all if s.kind != "item")

    def meant(self, member: Member) -> tuple[Symbol, ...]:
        """Return the symbols that a member access may mean; certain ones if its receiver's type is known."""
        if member.name == "*":
            return tuple(s for s in self.of_type.get(_last(member.receiver), ()) if s.kind == "field")
        candidates = self.members.get((member.form in ("field", "literal"), member.name), ())
        if not candidates:
            return ()
        known = self.type_of(member.receiver)
        if member.form == "path" and known is None:
            known = _last(member.receiver) or None
        if known is not None:
            exact = tuple(s for s in candidates if s.type_name == known)
            return exact or (candidates if known in self.dereferencing else ())
        owners = {s.type_name for s in candidates}
        return candidates if len(owners) == 1 or owners & self.dereferencing else ()

    def is_inherent(self, member: Member) -> bool:
        """Whether a member is certainly one of a type's own, so that no trait has to be in scope for it."""
        if member.form in ("field", "literal"):
            return True
        known = self.type_of(member.receiver)
        return any(s.type_name == known for s in self.members.get((False, member.name), ()))

    def type_of(self, chain: tuple[str, ...]) -> str | None:
        """Return the name of the type a receiver chain ends in, None if that cannot be told."""
        if not chain:
            return None
        first = chain[0]
        known = self.returns.get(("", first.removesuffix("()"))) if first.endswith("()") else first
        for link in chain[1:]:
            known = self._followed(known, link) if known else None
        return name_of(known) if known and known != "_" else None

    def _followed(self, known: str, link: str) -> str | None:
        name, owner = link.removeprefix("::"), name_of(known)
        if not name.endswith("()"):
            return self.field_types.get((owner, name)) or step(known, name)
        name = name[:-2]
        found = self.returns.get((owner, name)) or (owner if name == "new" else None)
        return found or step(known, name)


def symbols(ground: Ground, units: tuple[Unit, ...]) -> Symbols:
    """Return the symbols of the file's units."""
    found: list[Symbol] = []
    field_types: dict[tuple[str, str], str] = {}
    returns: dict[tuple[str, str], str] = {}
    for unit in units:
        found += _symbols(ground, unit)
        for field in fields(ground.source, unit.item) if unit.member is None else ():
            owner = unit.item.name or ""
            field_types[(owner, field.name)] = re.sub(r"\bSelf\b", owner, field.type_text)
        for owner, function in _functions(ground, unit):
            result = returned(ground.source, function)
            returns[(owner, function.name or "")] = re.sub(r"\bSelf\b", owner, result)
    types = frozenset(u.item.name for u in units if u.item.kind in _HAVE_MEMBERS and u.item.name)
    return Symbols(tuple(found), field_types, returns, types, _dereferencing(ground, units))


def _symbols(ground: Ground, unit: Unit) -> Iterator[Symbol]:
    item, source = unit.item, ground.source
    if unit.member is not None:
        if unit.member.kind != "macro":
            yield _method(ground, unit, unit.member)
    elif item.kind == "impl":
        for member in children(source, item) if not item.trait else ():
            if member.kind in ("fn", "const", "type"):
                yield _method(ground, unit, member)
    elif unit.made:
        for made in unit.made:
            span = (item.start, item.end)
            yield Symbol(made.name, "item", made.name, "", unit.index, made.insert, made.visibility, span)
    elif unit.names and item.kind not in ("extern", "extern crate", "macro_rules"):
        name = unit.names[0][0]
        span = (item.start, signature_end(item))
        if item.kind in ("struct", "union"):
            yield Symbol(name, "item", name, "", unit.index, item.start, unit.visibility, _generics(item))
            yield from (_field(unit, name, f) for f in fields(source, item))
        else:
            yield Symbol(name, "item", name, "", unit.index, item.start, unit.visibility, span)


def _method(ground: Ground, unit: Unit, member: Item) -> Symbol:
    return Symbol(
        key=f"{unit.type_name}::{member.name}",
        kind="method",
        name=member.name or "",
        type_name=unit.type_name,
        unit=unit.index,
        insert=member.start,
        visibility=visibility_of(ground.source, member),
        signature=(member.start, signature_end(member)),
    )


def _field(unit: Unit, owner: str, field: Field) -> Symbol:
    span = (field.start, field.end)
    return Symbol(
        f"{owner}.{field.name}", "field", field.name, owner, unit.index, field.start, field.visibility, span
    )


def _generics(item: Item) -> tuple[int, int]:
    """Return the span of a struct without its fields, which have symbols of their own."""
    if item.body is not None and not has_constructor(item):
        return (item.start, item.body[0])
    body = item.node.child_by_field_name("body")
    return (item.start, body.start_byte if body is not None else item.end)


def _functions(ground: Ground, unit: Unit) -> Iterator[tuple[str, Item]]:
    if unit.member is not None:
        members: Iterable[Item] = (unit.member,)
    elif unit.item.kind == "impl":
        members = children(ground.source, unit.item)
    else:
        members = (unit.item,)
    for member in members:
        if member.kind == "fn":
            yield unit.type_name, member


def _dereferencing(ground: Ground, units: tuple[Unit, ...]) -> frozenset[str]:
    """Return the types of the file through which a private name can silently give way to another one's."""
    del ground
    return frozenset(
        u.type_name for u in units if u.item.trait.split("::")[-1].split("<")[0] in ("Deref", "DerefMut")
    )


def _last(receiver: tuple[str, ...]) -> str:
    return receiver[-1] if receiver else ""


def _grouped(pairs: Iterable[tuple[_K, Symbol]]) -> dict[_K, tuple[Symbol, ...]]:
    found: dict[_K, list[Symbol]] = {}
    for key, symbol in pairs:
        found.setdefault(key, []).append(symbol)
    return {key: tuple(many) for key, many in found.items()}
