"""What a named item promises: its path, its signature and its documentation, as the source writes them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from remediate.rust.syntax.items import Item, children, items
from remediate.rust.syntax.source import Source

_DOC = re.compile(rb"///(?!/)[^\n]*|/\*\*(?![*/]).*?\*/|#\s*\[\s*doc\s*=[^\n]*\]", re.DOTALL)
_BLANKS = re.compile(r"\s+")
_DEFINED_BY_BODY = {"struct", "enum", "union"}
_LISTED = {"trait", "impl"}


@dataclass(frozen=True, slots=True)
class Symbol:
    """A named item, or an impl block.

    Attributes:
        kind: As ``items.Item.kind``.
        name: Its own name; the type of an impl.
        path: The names of the items around it and its own: ``Engine::run``.
        span: All of it, with its documentation and attributes.
        line: The line on which the item proper begins.
        signature: A function's header; the whole definition of a type; the headers in a trait or an impl.
        documentation: Its doc comments and attributes as written.
        visibility: ``pub``, ``pub(crate)``, ..; "" for none.
        body: What its braces enclose, where it has any.
        trait: The trait of the impl that it stands in, as written.
    """

    kind: str
    name: str
    path: str
    span: tuple[int, int]
    line: int
    signature: str
    documentation: str
    visibility: str
    body: tuple[int, int] | None = None
    trait: str = ""


def symbol_at(source: Source, offset: int) -> Symbol | None:
    """Return the innermost item around an offset, its comments included; None between the items."""
    around = list(_around(source, items(source), offset))
    return _symbol(source, around) if around else None


def _around(source: Source, found: tuple[Item, ...], offset: int) -> Iterator[Item]:
    for item in found:
        if item.lead <= offset < max(item.tail, item.end):
            yield item
            yield from _around(source, children(source, item), offset)
            return


def _symbol(source: Source, around: list[Item]) -> Symbol:
    item = around[-1]
    names = [_name(one) for one in around]
    return Symbol(
        kind=item.kind,
        name=item.name or item.self_type,
        path="::".join(name for name in names if name),
        span=(item.lead, item.tail),
        line=source.line_of(item.start),
        signature=_signature(source, item),
        documentation="\n".join(
            _text(match.group()).strip() for match in _DOC.finditer(source.text, item.lead, item.start)
        ),
        visibility=_text(source.text[slice(*item.visibility)]) if item.visibility else "",
        body=item.body,
        trait=next((one.trait for one in reversed(around) if one.trait), ""),
    )


def _name(item: Item) -> str:
    return item.name or " for ".join(part for part in (item.trait, item.self_type) if part)


def _signature(source: Source, item: Item) -> str:
    """Return what a user of the item has to know: all of a type, the header of what has a body."""
    text = source.text
    if item.kind in _DEFINED_BY_BODY or item.body is None:
        return _text(text[item.start : item.end])
    header = _BLANKS.sub(" ", _text(text[item.start : item.body[0] - 1])).strip()
    if item.kind not in _LISTED:
        return header
    inner = [f"    {_BLANKS.sub(' ', _signature(source, one))};" for one in children(source, item)]
    return "\n".join([f"{header} {{", *(line.replace(";;", ";") for line in inner), "}"])


def _text(text: bytes) -> str:
    return text.decode(errors="replace")
