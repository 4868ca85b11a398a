"""Resolved syntax (``-Zunpretty=hir-tree``): every item, made by macros or written, and what imports lead to.

Errors in bodies and unknown names in them do not stop it.
"""

import re
from collections.abc import Iterable, Iterator, Mapping

from remediate.facts.debug_text import columns, definition_path, location
from remediate.facts.model import Definition, Item, Origin, Reference, Span, TargetFacts, UnreadableError
from remediate.facts.positions import Positions

_OWNER = " => OwnerNodes {"
_KIND = re.compile(r"^                kind: (\w+)", re.MULTILINE)
_NODE = re.compile(r"^        node: (\w+)\(", re.MULTILINE)
_ITEM_SPAN = re.compile(r"^                span: (.*),$", re.MULTILINE)
_VISIBILITY = re.compile(r"^ {16}(?: {4})?vis_span: (.*),$", re.MULTILINE)
"""Of an item, or of a member of an inherent impl."""
_FIELD = re.compile(
    r"^ {28}FieldDef \{\n {32}span: (.*),\n {32}vis_span: (.*),\n {32}ident: (\w+)#\d+,$", re.MULTILINE
)
_USE = re.compile(
    r"^                kind: Use\(\n                    Path \{\n                        span: (.*),$",
    re.MULTILINE,
)
_LEADS_TO = re.compile(
    r"^                            (\w+)_ns: Some\(\n                                Def\(\n"
    r" {36}(\w+).*?^ {36}(DefId\([^\n]*\)),$",
    re.MULTILINE | re.DOTALL,
)
_NAMED = re.compile(r" +(DefId\(\S+ ~ \S+\)),$")
"""A path that leads to a definition; type parameters of ``impl Trait`` have a space in theirs."""
_SPACES = ("type", "value", "macro")
_BRINGS = re.compile(r"^                    (?:Single\(|Glob,)$", re.MULTILINE)
_LAST_NAME = re.compile(rb"(?:r#)?[\w\x80-\xff]+\Z")
_KINDS = {"TyAlias": "type", "ExternCrate": "extern crate", "TraitAlias": "trait", "Mod": "mod"}
_ASSOCIATED = {"TraitItem", "ImplItem"}
_NOWHERE = "no-location"
_SHORT = {0: "", len("pub"): "pub"}
"""The visibilities that their length tells."""


def read_hir(target: str, lines: Iterable[str], files: Mapping[str, bytes]) -> TargetFacts:
    """Return the items of one target, and where its imports lead. ``lines`` end with a line feed.

    Raises:
        UnreadableError: rustc printed something that this was not tried with.
    """
    positions = Positions(files)
    items: list[Item] = []
    references: list[Reference] = []
    named: dict[str, tuple[str, ...]] = {}
    for path, text, names in _nodes(lines):
        named[path] = names
        node = _NODE.search(text)
        if node is None:
            raise UnreadableError(f"no node: {path}")
        if "{use#" in path.rpartition("::")[2]:
            references.extend(_imported(text, positions, files))
            items.extend(_made_import(path, text, positions))
        elif node[1] != "Crate":
            items += _items(path, text, node[1], positions)
    return TargetFacts(target, Origin.RESOLVED, items=tuple(items), references=tuple(references), named=named)


def _nodes(lines: Iterable[str]) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Yield each definition that owns code: its path, its own part of the tree, what that and bodies name."""
    path, kept, names, complete = "", list[str](), set[str](), True
    for line in lines:
        if line[0] == "D" and line.endswith(_OWNER + "\n"):
            if not complete:
                raise UnreadableError(f"the node of {path} does not end")
            if path:
                yield path, "".join(kept), _meant(names)
            path, kept, names, complete = definition_path(line[: -len(_OWNER) - 1]), [], set(), False
            continue
        complete = complete or line.startswith("    parents: ")
        if not complete:
            kept.append(line)
        if line.endswith("),\n") and (named := _NAMED.match(line)):
            names.add(named[1])
    if not complete:
        raise UnreadableError(f"the node of {path} does not end")
    if path:
        yield path, "".join(kept), _meant(names)


def _meant(definitions: Iterable[str]) -> tuple[str, ...]:
    """Return the paths of what ``DefId(..)`` are, of a constructor that of its type or variant."""
    return tuple(sorted({definition_path(d).partition("::{constructor#")[0] for d in definitions}))


def _items(path: str, text: str, node: str, positions: Positions) -> Iterator[Item]:
    """Yield an item, and the fields of a struct that a macro made; what rustc itself adds stands nowhere."""
    kind, spans = _KIND.search(text), _ITEM_SPAN.findall(text)
    if kind is None or not spans:
        raise UnreadableError(f"no item: {path}")
    if spans[-1].startswith(_NOWHERE):
        return
    span, made = location(spans[-1], positions)
    word = "method" if node in _ASSOCIATED and kind[1] == "Fn" else _kind(kind[1])
    seen = _VISIBILITY.findall(text) if made else ()
    visibility = _written(seen[-1], positions) if seen else None
    yield Item(Definition(path, word, span), made, Origin.RESOLVED, visibility)
    for span, seen, name in _FIELD.findall(text) if made and word in ("struct", "union") else ():
        field = Definition(f"{path}::{name}", "field", location(span, positions)[0])
        yield Item(field, made, Origin.RESOLVED, _written(seen, positions))


def _made_import(path: str, text: str, positions: Positions) -> Iterator[Item]:
    """Yield an import that a macro made; rustc's own, of the prelude, stands nowhere."""
    *_, span = _ITEM_SPAN.findall(text) or (_NOWHERE,)
    if not span.startswith(_NOWHERE):
        place, made = location(span, positions)
        if made:
            yield Item(Definition(path, "use", place), made, Origin.RESOLVED)


def _written(span: str, positions: Positions) -> str | None:
    """Return the visibility at a place: "" where there is none; None if that is in another crate's text."""
    place, _ = location(span, positions)
    if place is not None:
        return positions.text(place)
    return _SHORT.get(columns(span))


def _imported(text: str, positions: Positions, files: Mapping[str, bytes]) -> Iterator[Reference]:
    """Yield what the last name of an import leads to; a name may lead to a type and a function both.

    Of a glob that is the name before the star.
    """
    written, found = _USE.search(text), {m[1]: m for m in _LEADS_TO.finditer(text)}
    if written is None:
        raise UnreadableError(f"no import: {text[:200]}")
    span, made = location(written[1], positions)
    target = next((found[space] for space in _SPACES if space in found), None)
    if span is None or made or target is None or not _BRINGS.search(text):
        return
    name = _LAST_NAME.search(files[span.file], span.start, span.end)
    if name is not None:
        # A name that is more than a module is not told to be one.
        kind = "" if target[2] == "Mod" and len(found) > 1 else _kind(target[2])
        there = Definition(definition_path(target[3]), kind)
        yield Reference(Span(span.file, name.start(), span.end), there, Origin.RESOLVED)


def _kind(word: str) -> str:
    return _KINDS.get(word, word.lower())
