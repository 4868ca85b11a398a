"""The pieces a file can be cut into: items, and the members of inherent impls too long for one file."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from remediate.codemods.split_file.analyze.made_items import Made, MadeItem, declared_in
from remediate.codemods.split_file.analyze.preconditions import Ground
from remediate.rust.mentions.references import Space
from remediate.rust.modules.relative_paths import MAYBE
from remediate.rust.resolution.names import defined, visibility_of
from remediate.rust.syntax.attributes import Attribute
from remediate.rust.syntax.cfg import Predicate, predicates, resolved
from remediate.rust.syntax.items import Item, children, inner_attributes
from remediate.rust.syntax.known_names import BUILTIN_ATTRIBUTES
from remediate.rust.syntax.relative import Visibility

CUT_IMPLS = 0.5
"""Inherent impls of a type that are longer than this share of the limit are cut into their members."""


@dataclass(frozen=True)
class Unit:
    """What moves as a whole: text of the file, and what it defines.

    Two classes are made of it, for readers that must not know of each other. ``grouping.parts.Part`` is a
    unit with what is read from its words and neighbours for grouping alone. ``plans.arrangement.Piece`` is
    what a person sees of a unit once it has a module: a row of a plan, without tokens or syntax.

    Attributes:
        index: Its place in the file's order, from 0.
        item: The top-level item.
        member: For a member of a cut impl, that member.
        start: Where its blank lines and free comments begin.
        end: Its last byte plus one, a comment on the same line included.
        lines: How many lines it takes.
        names: What it defines in the module.
        type_name: For impls and their members, the name of the type; for traits impls too.
        cfg: What its own attributes require, those of a cut impl included.
        visibility: As written; of a macro's call the widest of what it makes.
        made: What a macro's call is known to define, or a block of foreign items declares.
    """

    index: int
    item: Item = field(repr=False)
    member: Item | None = field(repr=False)
    start: int
    end: int
    lines: int
    names: tuple[tuple[str, Space], ...]
    type_name: str
    cfg: tuple[Predicate, ...]
    visibility: Visibility
    made: tuple[MadeItem, ...] = ()

    @property
    def own(self) -> Item:
        """The member, or else the item."""
        return self.member or self.item

    @property
    def kind(self) -> str:
        """The kind of what moves; of a macro's call that of the first type, or else item, that it defines."""
        if self.item.kind == "extern":
            return "extern"
        return self._main.kind if self._main is not None else self.own.kind

    @property
    def name(self) -> str:
        """The name of what moves, "" for an impl; of a macro's call that of what ``kind`` is about."""
        if self.item.kind == "extern":
            return ""
        return self._main.name if self._main is not None else self.own.name or ""

    @property
    def _main(self) -> MadeItem | None:
        types = (one for one in self.made if one.space & Space.TYPE)
        return next(types, next(iter(self.made), None))

    def visible(self, name: str) -> Visibility:
        """Return the visibility of one of its names."""
        return next((one.visibility for one in self.made if one.name == name), self.visibility)

    @property
    def title(self) -> str:
        """How a person would call it."""
        if self.member is not None:
            return f"{self.type_name}::{self.member.name or '_'}"
        if self.item.kind == "impl":
            return (
                f"impl {self.item.trait} for {self.item.self_type}"
                if self.item.trait
                else f"impl {self.type_name}"
            )
        return self.item.name or self.item.kind


def units(ground: Ground, made: Mapping[int, Made], limit: int) -> tuple[Unit, ...]:
    """Return the pieces of a file whose parts may have ``limit`` lines, in order.

    ``made`` is what its macro calls define, by their start.
    """
    found: list[Unit] = []
    lines: Counter[str] = Counter()
    for item in filter(_is_inherent, ground.items):
        lines[type_name(item.self_type)] += ground.source.text.count(b"\n", item.lead, item.tail)
    long = {name for name, count in lines.items() if count > CUT_IMPLS * limit}
    for item in ground.items:
        cut = _is_inherent(item) and type_name(item.self_type) in long and _is_plain(ground, item)
        members = _members(ground, item) if cut else ()
        if not members:
            calls = made.get(item.start, Made()).items
            foreign = declared_in(ground, item) if item.kind == "extern" else None
            found.append(_unit(ground, len(found), item, None, foreign or calls))
        for member in members:
            found.append(_unit(ground, len(found), item, member))
    return tuple(found)


def type_name(text: str) -> str:
    """Return the name of an impl's type: ``Foo`` of ``&mut m::Foo<'a, T>``."""
    text = text.split("<", maxsplit=1)[0] if not text.startswith("<") else ""
    return text.replace("&", " ").replace("mut ", " ").split("::")[-1].strip().split(" ")[-1]


def _is_inherent(item: Item) -> bool:
    return item.kind == "impl" and not item.trait and item.body is not None


def _is_plain(ground: Ground, item: Item) -> bool:
    """Whether an impl means the same in pieces: no macro around it, no comment in its header."""
    members = children(ground.source, item)
    text = ground.source.text
    head = text[item.start : item.body[0] if item.body else item.end]
    return (
        all(m.kind in ("fn", "const", "type", "macro") for m in members)
        and all(_is_builtin(a) for a in item.attributes)
        and not inner_attributes(ground.source, item)
        and not MAYBE.search(text, item.lead, item.start)
        and b"//" not in head
        and b"/*" not in head
        and not item.node.has_error
    )


def _is_builtin(attribute: Attribute) -> bool:
    return all(c.path.split("::")[0] in BUILTIN_ATTRIBUTES for c in resolved(attribute))


def _members(ground: Ground, item: Item) -> tuple[Item, ...]:
    return children(ground.source, item)


def _unit(
    ground: Ground, index: int, item: Item, member: Item | None, made: tuple[MadeItem, ...] = ()
) -> Unit:
    own = member or item
    text = ground.source.text
    names = tuple((one.name, one.space) for one in made) or defined(ground.source, item)
    scopes = (visibility_of(ground.source, own), *(one.visibility for one in made))
    return Unit(
        index=index,
        item=item,
        member=member,
        start=own.gap,
        end=own.tail,
        lines=text.count(b"\n", own.gap, own.tail) + (member is None),
        names=() if member is not None else names,
        type_name=type_name(item.self_type) if item.kind == "impl" else "",
        cfg=predicates(item.attributes) + (predicates(member.attributes) if member is not None else ()),
        visibility=max(scopes, key=lambda scope: (not scope.private, scope.kind == "pub")),
        made=made,
    )
