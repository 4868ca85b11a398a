"""Names that are kept for old callers: dropped where nothing in the workspace says them any more."""

import re
from collections.abc import Iterator

from remediate.codemods.resolve_markers.fix import Fix
from remediate.codemods.resolve_markers.options import MarkerOptions
from remediate.codemods.resolve_markers.places import Place
from remediate.codemods.resolve_markers.publication import public_names
from remediate.edits import Edit
from remediate.model import Skip
from remediate.rust.modules.manifest import is_published
from remediate.rust.modules.module_tree import module_tree
from remediate.rust.syntax.items import Item, children, items
from remediate.rust.syntax.lexer import TokenKind, tokens

_TYPE = re.compile(rb"type\s+(?:r#)?\w+\s*(?:<[^=]*>)?\s*=[^;]*;\s*\Z")
_USE = re.compile(rb"use\s+[\w:]+\s+as\s+(?:r#)?(\w+)\s*;\s*\Z")


def alias(place: Place, options: MarkerOptions) -> Fix | Skip | None:
    """Return the dropping of an alias that a marker keeps; None where it keeps no alias."""
    item = _below(place)
    name = _name(place, item) if item else ""
    if item is None or not name:
        return None
    users = list(_users(place, item, name))
    if users:
        return Skip("alias-has-users", f"{place.path}:{place.line}: `{name}` is still said in {users[0]}.")
    api = frozenset(_public(place, item, name))
    if api and not options.public_api and is_published(place.codebase.home(place.path)):
        return Skip("public-api", f"{place.path}:{place.line}: `{name}` is public as `{min(api)}`.")
    comments = (t.text for t in tokens(place.text[item.lead : item.tail]) if t.kind is TokenKind.COMMENT)
    start = place.text.rfind(b"\n", 0, item.lead) + 1
    stop = place.text.find(b"\n", item.tail)
    return Fix(
        (Edit(start, stop + 1 if stop >= 0 else len(place.text), b""),),
        f"drop the alias `{name}` that nothing uses",
        tuple(comments),
        f"`{name}` is gone: {place.said}",
        api=api,
    )


def _below(place: Place) -> Item | None:
    """Return the item that the marker's comment belongs to."""
    found: tuple[Item, ...] = items(place.source)
    while found:
        item = next((i for i in found if i.gap <= place.start < i.end), None)
        if item is None or place.start < item.start:
            return item
        found = children(place.source, item)
    return None


def _name(place: Place, item: Item) -> str:
    """Return the name that an item gives to something else, "" if it is no alias."""
    text = place.text[item.start : item.end]
    if item.kind == "type" and _TYPE.search(text):
        return item.name or ""
    found = _USE.search(text) if item.kind == "use" else None
    return found[1].decode() if found else ""


def _users(place: Place, item: Item, name: str) -> Iterator[str]:
    """Yield where a name is said, in code, comments and strings, but for the alias itself."""
    word = re.compile(rb"(?<!\w)" + re.escape(name.encode()) + rb"(?!\w)")
    for path, text in sorted(place.codebase.files.items()):
        for match in word.finditer(text) if path.endswith(".rs") else ():
            if path != place.path or not item.lead <= match.start() < item.tail:
                line = text.count(b"\n", 0, match.start()) + 1
                yield f"{path}:{line}"
                break


def _public(place: Place, item: Item, name: str) -> Iterator[str]:
    """Yield the public paths of a name that an item declares."""
    if item.visibility is None or place.text[slice(*item.visibility)] != b"pub":
        return
    package = place.codebase.home(place.path)
    for module in module_tree(package).at(place.path, item.start):
        yield from public_names(place, (*module.path[1:], name))
