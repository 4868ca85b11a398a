"""From a file's items and tokens to parts and links."""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Sequence

from remediate.codemods.split_file.cohesion.mentions import mentions
from remediate.codemods.split_file.cohesion.model import Limits, Link, Part
from remediate.codemods.split_file.cohesion.pieces import Piece, pieces, type_names
from remediate.codemods.split_file.cohesion.symbols import Symbols, symbols
from remediate.codemods.split_file.cohesion.words import name_stems, stems
from remediate.rust.items import children, items
from remediate.rust.lexer import TokenKind
from remediate.rust.syntax import Source
from remediate.rust.use_tree import leaves, use_tree

_DEFAULT = Limits()
_PATH = re.compile(r"\w+\s*::\s*")
_FIXED = {"mod", "macro_rules", "macro", "error"}


def parts_and_links(
    source: Source, limits: Limits = _DEFAULT, cut: Collection[int] | None = None
) -> tuple[tuple[Part, ...], tuple[Link, ...]]:
    """Read a file's parts and how they refer to one another.

    Every top-level item but ``use``, ``extern crate`` and ``mod x;`` becomes a part; an inherent impl in
    ``cut`` (indexes of items; None: those too large for one file) becomes one part per member. Inline
    modules, macros and their calls are not movable.
    """
    found = pieces(source, limits, cut)
    table = symbols(found)
    keys = _keys(found)
    imports = _imports(source)
    parts = tuple(_part(found, table, keys, imports, at) for at in range(len(found)))
    return parts, _links(found, table, keys)


def _keys(found: Sequence[Piece]) -> list[str]:
    seen: Counter[str] = Counter()
    keys = []
    for piece in found:
        title = _title(piece)
        seen[title] += 1
        keys.append(title if seen[title] == 1 else f"{title} #{seen[title]}")
    return keys


def _title(piece: Piece) -> str:
    item = piece.item
    if item.kind != "impl":
        return f"{item.kind} {item.name or ''}".strip()
    title = f"impl {item.trait} for {item.self_type}" if item.trait else f"impl {item.self_type}"
    title = " ".join(title.split())
    return f"{title}::{piece.member.name or piece.member.kind}" if piece.member else title


def _part(found: Sequence[Piece], table: Symbols, keys: list[str], imports: dict[str, int], at: int) -> Part:
    piece = found[at]
    item, own = piece.item, piece.own
    is_mod = item.kind == "mod"
    return Part(
        key=keys[at],
        lines=2 if is_mod else piece.lines,
        kind="member" if piece.member else item.kind,
        name=own.name,
        position=at,
        item=piece.index,
        member=piece.number,
        frame=_frame(piece) if piece.member else 0,
        defines=frozenset({own.name} if own.name else ()),
        self_type=table.self_types[at],
        foreign_type=_foreign(item.self_type) if not table.self_types[at] else "",
        trait=_head(item.trait),
        banner=piece.banner,
        words=() if is_mod else _words(piece),
        vocabulary=frozenset() if is_mod else _vocabulary(piece),
        imports=frozenset(
            imports[name]
            for t in piece.code
            if t.kind is TokenKind.IDENT and (name := t.text.decode()) in imports
        ),
        movable=item.kind not in _FIXED,
        bond=f"twice {item.name}" if item.name and len(table.items.get(item.name, ())) > 1 else "",
    )


def _frame(piece: Piece) -> int:
    """Return the lines of an impl block around its members."""
    body = piece.item.body or (piece.item.start, piece.item.end)
    return piece.source.text.count(b"\n", piece.item.lead, body[0]) + 3


def _foreign(self_type: str) -> str:
    """Return the name of a written type, its path left out; "" for a generic parameter and for no path."""
    names = type_names(_PATH.sub("", self_type))
    return names[0] if names and len(names[0]) > 1 else ""


def _head(trait: str) -> str:
    return trait.split("<", maxsplit=1)[0].rpartition("::")[2].strip()


def _words(piece: Piece) -> tuple[str, ...]:
    """Return name stems thrice, then those of the comments: what a thing is called says most about it."""
    own = name_stems(piece.own.name or "") * 3
    inside = children(piece.source, piece.item) if piece.member is None else ()
    members = [s for member in inside for s in name_stems(member.name or "")]
    return (*own, *members, *stems(piece.comments))


def _vocabulary(piece: Piece) -> frozenset[str]:
    names = {t.text.decode(errors="replace") for t in piece.code if t.kind is TokenKind.IDENT}
    return frozenset(s for name in names for s in name_stems(name))


def _imports(source: Source) -> dict[str, int]:
    """Return which ``use`` item binds each name."""
    return {
        leaf.name: index
        for index, item in enumerate(items(source))
        if item.kind == "use"
        for leaf in leaves(use_tree(source.text, item.start, item.end))
    }


def _links(found: Sequence[Piece], table: Symbols, keys: list[str]) -> tuple[Link, ...]:
    links = []
    for at, piece in enumerate(found):
        weights: dict[int, float] = defaultdict(float)
        edits: dict[int, set[str]] = defaultdict(set)
        via: dict[int, set[str]] = defaultdict(set)
        for mention in mentions(piece, at, table):
            target = mention.symbol.piece
            weights[target] += 0.0 if piece.item.kind == "mod" else mention.weight
            via[target].add(mention.symbol.owner or mention.symbol.name)
            if mention.symbol.private:
                edits[target].add(mention.symbol.label)
        links += [
            Link(keys[at], keys[to], weights[to], frozenset(edits[to]), frozenset(via[to]))
            for to in sorted(weights)
            if to != at
        ]
    return tuple(links)
