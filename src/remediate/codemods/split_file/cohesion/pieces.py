"""The pieces a file is cut into: items, and the members of an inherent impl too large for one file."""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cached_property

from remediate.codemods.split_file.cohesion.banners import attached_banner, banner
from remediate.codemods.split_file.cohesion.model import Limits
from remediate.rust.items import Item, children, inner_attributes, items
from remediate.rust.lexer import Token, TokenKind
from remediate.rust.syntax import Source

NOT_PARTS = {"use", "extern crate"}
CUT_SHARE = 0.5
"""An inherent impl longer than this share of the largest file is cut: its type and its kin need room too."""
_HARMLESS = {"cfg", "allow", "expect", "warn", "deny", "doc", "rustfmt::skip", "must_use", "deprecated"}
_IDENT = re.compile(r"[A-Za-z_]\w*")


@dataclass(frozen=True)
class Piece:
    """An item or a member of one, and where it stands.

    Attributes:
        item: The top-level item and its index.
        member: The member and its index, for a piece of a cut impl.
        banner: Title of the section it stands in.
    """

    source: Source
    index: int
    item: Item
    members: int = 0
    number: int | None = None
    member: Item | None = None
    banner: str | None = None

    @property
    def own(self) -> Item:
        """The member, or else the item."""
        return self.member or self.item

    @property
    def lines(self) -> int:
        """Lines it adds to a file."""
        return max(1, self.source.text.count(b"\n", self.own.gap, self.own.tail) + (self.member is None))

    @cached_property
    def code(self) -> tuple[Token, ...]:
        """Its tokens without comments."""
        return tuple(
            t for t in _tokens(self.source, self.own.lead, self.own.tail) if t.kind is not TokenKind.COMMENT
        )

    @cached_property
    def comments(self) -> str:
        """The text of its leading comments and of those inside."""
        found = (
            t.text for t in _tokens(self.source, self.own.lead, self.own.tail) if t.kind is TokenKind.COMMENT
        )
        return b"\n".join(found).decode(errors="replace")


def pieces(source: Source, limits: Limits, cut: Collection[int] | None = None) -> list[Piece]:
    """Return a file's pieces in order; ``cut`` are the items to cut into members, None to choose here."""
    found: list[Piece] = []
    section: str | None = None
    for index, item in enumerate(items(source)):
        section = _section(source, item) or section
        if item.kind in NOT_PARTS or (item.kind == "mod" and item.body is None):
            continue
        if index in cut if cut is not None else _is_cut(source, item, limits):
            found += _members(source, index, item, section)
        else:
            found.append(Piece(source, index, item, banner=section))
    return _with_real_sections(found)


def _section(source: Source, item: Item) -> str | None:
    free = source.text[item.gap : item.lead].decode(errors="replace")
    own = source.text[item.lead : item.start].decode(errors="replace")
    return attached_banner(own) or banner(free)


def _is_cut(source: Source, item: Item, limits: Limits) -> bool:
    if item.kind != "impl" or item.trait or item.body is None:
        return False
    lines = source.text.count(b"\n", item.lead, item.tail)
    members = children(source, item)
    return (
        lines > CUT_SHARE * limits.max_lines
        and len(members) > 1
        and all(m.kind in ("fn", "const", "type") for m in members)
        and all(a.path in _HARMLESS for a in item.attributes)
        and not inner_attributes(source, item)
    )


def _members(source: Source, index: int, item: Item, section: str | None) -> Iterator[Piece]:
    members = children(source, item)
    for number, member in enumerate(members):
        section = _section(source, member) or section
        yield Piece(source, index, item, len(members), number, member, section)


def _with_real_sections(found: list[Piece]) -> list[Piece]:
    """Forget section titles that only one piece has: a remark before an item is not a section."""
    counts = Counter(p.banner for p in found)
    return [
        p
        if p.banner is None or counts[p.banner] > 1
        else Piece(p.source, p.index, p.item, p.members, p.number, p.member)
        for p in found
    ]


def _tokens(source: Source, start: int, end: int) -> tuple[Token, ...]:
    all_ = source.tokens
    return all_[bisect_left(all_, start, key=_start) : bisect_left(all_, end, key=_start)]


def _start(token: Token) -> int:
    return token.start


def type_names(text: str) -> list[str]:
    """Return the names in a written type, in order: ["Vec", "Foo"] of ``Vec<Foo>``."""
    return [
        name for name in _IDENT.findall(text) if name not in ("mut", "dyn", "const", "crate", "self", "super")
    ]
