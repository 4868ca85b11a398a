"""Resolved syntax (``-Zunpretty=hir-tree``): every item, made by macros or written, and what imports lead to.

Errors in bodies and unknown names in them do not stop it.
"""

import re
from collections.abc import Iterable, Iterator, Mapping

from remediate.facts.debug_text import UnreadableError, definition_path, location
from remediate.facts.model import Definition, Item, Origin, Reference, Span, TargetFacts
from remediate.facts.positions import Positions

_OWNER = " => OwnerNodes {"
_KIND = re.compile(r"^                kind: (\w+)", re.MULTILINE)
_NODE = re.compile(r"^        node: (\w+)\(", re.MULTILINE)
_ITEM_SPAN = re.compile(r"^                span: (.*),$", re.MULTILINE)
_USE = re.compile(
    r"^                kind: Use\(\n                    Path \{\n                        span: (.*),$",
    re.MULTILINE,
)
_LEADS_TO = re.compile(
    r"^                            (\w+)_ns: Some\(\n                                Def\(\n"
    r" {36}(\w+).*?^ {36}(DefId\([^\n]*\)),$",
    re.MULTILINE | re.DOTALL,
)
_SPACES = ("type", "value", "macro")
_BRINGS = re.compile(r"^                    (?:Single\(|Glob,)$", re.MULTILINE)
_LAST_NAME = re.compile(rb"(?:r#)?[\w\x80-\xff]+\Z")
_KINDS = {"TyAlias": "type", "ExternCrate": "extern crate", "TraitAlias": "trait", "Mod": "mod"}
_ASSOCIATED = {"TraitItem", "ImplItem"}


def read_hir(target: str, lines: Iterable[str], files: Mapping[str, bytes]) -> TargetFacts:
    """Return the items of one target, and where its imports lead. ``lines`` end with a line feed.

    Raises:
        UnreadableError: rustc printed something that this was not tried with.
    """
    positions = Positions(files)
    items: list[Item] = []
    references: list[Reference] = []
    for path, text in _nodes(lines):
        node = _NODE.search(text)
        if node is None:
            raise UnreadableError(f"no node: {path}")
        if "{use#" in path.rpartition("::")[2]:
            references.extend(_imported(text, positions, files))
        elif node[1] != "Crate":
            items.append(_item(path, text, node[1], positions))
    return TargetFacts(target, Origin.RESOLVED, items=tuple(items), references=tuple(references))


def _nodes(lines: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield the path of each definition that owns code, with its own part of the tree, bodies left out."""
    path, kept = "", list[str]()
    for line in lines:
        if line[0] == "D" and line.endswith(_OWNER + "\n"):
            path, kept = definition_path(line[: -len(_OWNER) - 1]), []
        elif path:
            if line.startswith("    parents: "):
                yield path, "".join(kept)
                path = ""
            else:
                kept.append(line)
    if path:
        raise UnreadableError(f"the node of {path} does not end")


def _item(path: str, text: str, node: str, positions: Positions) -> Item:
    kind, spans = _KIND.search(text), _ITEM_SPAN.findall(text)
    if kind is None or not spans:
        raise UnreadableError(f"no item: {path}")
    span, made = location(spans[-1], positions)
    word = "method" if node in _ASSOCIATED and kind[1] == "Fn" else _kind(kind[1])
    return Item(Definition(path, word, span), made, Origin.RESOLVED)


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
