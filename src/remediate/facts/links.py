"""Pages of the source with links (rustdoc's ``--generate-link-to-definition``): what names lead to.

They are there, too, where some bodies have errors: the others are linked then.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from html.parser import HTMLParser
from urllib.parse import urlsplit

from remediate.facts.model import Definition, Item, Origin, Reference, Span, TargetFacts, UnreadableError

_SOURCE = re.compile(r"([^#]*\.rs\.html)?#(\d+)(?:-(\d+))?")
_ITEM = re.compile(r"(?:\.\./)*((?:[\w-]+/)+)(\w+)\.(\w+)\.html")
_MEMBER = re.compile(r"(?:ty)?method\.(\w+)|associatedconstant\.(\w+)")
_NAME = re.compile(r"(?:r#)?(\w+)!?\s*\Z")
_LINE, _NEWLINE = re.compile(rb"\n"), re.compile(r"\n")
_BOM = b"\xef\xbb\xbf"
_CHANNEL = re.compile(r"/[\d.]+(?:-\w+(?:\.\d+)?)?/|/\w+/[^/]+/")
"""What stands before the crate in an address: ``/1.95.0/``, ``/serde/latest/``."""


def read_links(
    target: str, pages: Mapping[str, str], files: Mapping[str, bytes], items: Iterable[Item]
) -> TargetFacts:
    """Return what the names in a target's files lead to.

    ``pages`` are rustdoc's pages by the file they show. They link an item of the crate by its lines only:
    which one that is the ``items`` say.

    Raises:
        UnreadableError: A page does not show the file as it is.
    """
    own = _by_lines(items, files)
    found: list[Reference] = []
    for file, page in sorted(pages.items()):
        shown = _Page()
        shown.feed(page)
        shown.close()
        text, source = "".join(shown.text), files[file].decode(errors="replace").removeprefix("\ufeff")
        if text.rstrip() != source.replace("\r\n", "\n").rstrip():
            raise UnreadableError(f"the page of {file} shows another text")
        places = _Bytes(text, files[file])
        for start, end, link in shown.links:
            there, name = _meant(link, text[start:end], file, own), _last_name(text, start, end)
            if there is not None and name is not None:
                span = Span(file, places.offset(name[0]), places.offset(name[1]))
                found.append(Reference(span, there, Origin.LINKS))
    return TargetFacts(target, Origin.LINKS, references=tuple(found))


class _Page(HTMLParser):
    """The source that a page shows, and the links in it by the characters they cover."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text: list[str] = []
        self.links: list[tuple[int, int, str]] = []
        self._length = 0
        self._inside = self._in_number = False
        self._open: tuple[int, str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "pre" and "rust" in (given.get("class") or ""):
            self._inside = True
        elif tag == "a" and self._inside:
            if "data-nosnippet" in given:
                self._in_number = True
            else:
                self._open = (self._length, given.get("href") or "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "pre":
            self._inside = False
        elif tag == "a" and self._in_number:
            self._in_number = False
        elif tag == "a" and self._open is not None:
            start, link = self._open
            self.links.append((start, self._length, link))
            self._open = None

    def handle_data(self, data: str) -> None:
        if self._inside and not self._in_number:
            self.text.append(data)
            self._length += len(data)


_Lines = dict[tuple[str, int, int, str], Definition]


def _by_lines(items: Iterable[Item], files: Mapping[str, bytes]) -> _Lines:
    """Return written items by file, first and last line, and name; methods say whether they are a trait's."""
    all_items = list(items)
    traits = {i.definition.path for i in all_items if i.definition.kind == "trait"}
    found: _Lines = {}
    for item in all_items:
        definition, span = item.definition, item.definition.span
        if item.made or span is None:
            continue
        first = 1 + len(_LINE.findall(files[span.file], 0, span.start))
        last = first + len(_LINE.findall(files[span.file], span.start, span.end))
        kind = definition.kind
        if kind == "method" and definition.parent in traits:
            kind = "trait method"
        found[span.file, first, last, definition.name] = Definition(definition.path, kind, span)
    return found


def _meant(link: str, text: str, file: str, own: _Lines) -> Definition | None:
    """Return what a link leads to; None for local names, fields, and what cannot be told."""
    name = _NAME.search(text)
    source = _SOURCE.fullmatch(link)
    if source is not None:
        there = _beside(file, source[1]) if source[1] else file
        first = int(source[2])
        return own.get((there, first, int(source[3] or first), name[1])) if name is not None else None
    parts = urlsplit(link)
    path = parts.path[_prefix(parts.path) :] if parts.netloc else parts.path
    item = _ITEM.fullmatch(path)
    if item is None:
        return None
    owner = "::".join((*item[1].strip("/").split("/"), item[3]))
    member = _MEMBER.fullmatch(parts.fragment)
    if member is None:
        return None if parts.fragment else Definition(owner, item[2])
    kind = "trait method" if item[2] in ("trait", "traitalias") else "method"
    return Definition(f"{owner}::{member[1] or member[2]}", kind if member[1] else "const")


def _prefix(path: str) -> int:
    found = _CHANNEL.match(path)
    return found.end() if found is not None else 0


def _beside(file: str, link: str) -> str:
    """Return the file that a relative link from the page of another one shows."""
    parts = file.split("/")[:-1]
    for step in link.removesuffix(".html").split("/"):
        if step == ".." and parts:
            parts.pop()
        elif step != "..":
            parts.append(step)
    return "/".join(parts)


def _last_name(text: str, start: int, end: int) -> tuple[int, int] | None:
    """Return the characters of the last name of a link's text: a link covers a whole path."""
    name = _NAME.search(text, start, end)
    return None if name is None else name.span(1)


class _Bytes:
    """Turns characters of a page into bytes of its file, whatever ends its lines."""

    def __init__(self, text: str, raw: bytes) -> None:
        self._text = text
        self._lines = [0, *(m.end() for m in _NEWLINE.finditer(text))]
        first = len(_BOM) if raw.startswith(_BOM) else 0
        self._starts = [first, *(m.end() for m in _LINE.finditer(raw))]

    def offset(self, character: int) -> int:
        line = bisect_right(self._lines, character) - 1
        return self._starts[line] + len(self._text[self._lines[line] : character].encode())
