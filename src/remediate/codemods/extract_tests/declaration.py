"""The edits of ``mod tests``: its ``#[path]``, and ``;`` in place of a body."""

from collections.abc import Iterator

from remediate.codemods.extract_tests.destination import Destination
from remediate.codemods.extract_tests.discovery import Embedded
from remediate.edits import Edit
from remediate.rust.package import Package
from remediate.rust.syntax.indent import indentation_at, line_end
from remediate.rust.syntax.items import Item


def declaration_edits(package: Package, module: Embedded, where: Destination) -> tuple[Edit, ...]:
    """Return the edits of the declaring file that make the module's text come from ``where``."""
    text = package.files[module.declared_in]
    return tuple(_edits(text, module, where))


def _edits(text: bytes, module: Embedded, where: Destination) -> Iterator[Edit]:
    own = next((a for a in module.item.attributes if a.path == "path"), None)
    literal = f'"{where.path}"'.encode()
    if own is not None:
        yield Edit(own.arguments[0].start, own.arguments[0].end, literal)
    elif where.path is not None:
        yield _path_attribute(text, module.item.start, literal, follows=bool(module.item.attributes))
    for start, follows in where.anchored:
        yield _path_attribute(text, start, b'"."', follows=follows)
    if module.inline:
        yield _without_body(text, module.item)


def _path_attribute(text: bytes, start: int, literal: bytes, *, follows: bool) -> Edit:
    """Return ``#[path]`` before the item at ``start``; if it ``follows`` others, parted as the item was."""
    gap = line_end(text) + indentation_at(text, start)
    if follows:
        gap = text[len(text[:start].rstrip()) : start]
    return Edit(start, start, b"#[path = " + literal + b"]" + gap)


def _without_body(text: bytes, item: Item) -> Edit:
    """Return ``;`` in place of the braces; a comment between the name and the brace stays."""
    assert item.body is not None  # noqa: S101 - only inline modules come here
    assert item.name_span is not None  # noqa: S101 - modules have names
    brace, name_end = item.body[0] - 1, item.name_span[1]
    start = name_end if not text[name_end:brace].strip() else brace
    return Edit(start, item.end, b";")
