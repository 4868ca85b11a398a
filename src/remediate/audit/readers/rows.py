"""Markdown as rows: one logical line each, with its number, nesting and kind. The only user of markdown-it.

Only the block structure is parsed. Emphasis and code spans stay in the text, where the readers of a row look
for what they need; so nothing of a row is lost, and a hostile inline nest costs nothing.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.token import Token

_CHECKBOX = re.compile(r"\[([ xX✓✔])\]\s+")
_MAX_NESTING = 60
_PART = 1 << 16  # characters
_LARGEST_PART = 8 << 20  # of text without a place to cut
_START = re.compile(r"[^\s]")
_SIGNS = {
    "table": re.compile(r"\|"),
    "blockquote": re.compile(r">"),
    "heading": re.compile(r"#"),
    "fence": re.compile(r"```|~~~"),
    "hr": re.compile(r"(?:[-*_][ \t]*){3}"),
    "lheading": re.compile(r"^[ \t>]*(?:=+|-+)[ \t]*$", re.MULTILINE),
}
_FENCE = re.compile(r"\s*(?:[-*+]\s+|\d+[.)]\s+)*(`{3,}|~{3,})(.*)")


@dataclass(frozen=True, slots=True)
class Row:
    """One logical line.

    Attributes:
        kind: "heading", "bullet", "ordered" (a list entry's first line), "text" (any other prose), "cells" (a
            table row), "code" (a whole block) or "lost" (what no block took: nested too deep, a rule).
        line: Line in the document, from 1; of "code" the line of its first line of code.
        text: The line without its list marker and check box; of "cells" the cells joined by " | ".
        depth: The heading's level, or how many lists the row is in.
        ordinal: The number of an "ordered" row.
        checked: The state of the entry's check box, None without one.
        info: The language of "code".
        cells: Header and text of each cell of a table row.
    """

    kind: str
    line: int
    text: str
    depth: int = 0
    ordinal: str = ""
    checked: bool | None = None
    info: str = ""
    cells: tuple[tuple[str, str], ...] = ()


def rows(text: str) -> Iterator[Row]:
    """Yield the rows of a Markdown document in order."""
    lines = re.split("\r\n|\r|\n", text)
    for start, end in _parts(lines):
        yield from _part_rows(lines[start:end], start)


def _parts(lines: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Yield pieces that can be parsed apart, so that memory stays bounded.

    Each starts at the margin behind a blank line, outside of code: nothing before it goes on there, but for a
    list, whose entries hold their own numbers.
    """
    start, size, fence, blank = 0, 0, "", False
    for index, line in enumerate(lines):
        mark = _FENCE.match(line)
        if mark and (not fence or (line.strip().startswith(fence) and not mark.group(2).strip())):
            fence = "" if fence else mark.group(1)
        if size > _PART and (size > _LARGEST_PART or (blank and not fence and _START.match(line))):
            yield start, index
            start, size, fence = index, 0, ""
        size, blank = size + len(line) + 1, not line.strip()
    yield start, len(lines)


def _part_rows(lines: Sequence[str], offset: int) -> Iterator[Row]:
    seen: set[int] = set()
    text = "\n".join(lines)
    needless = frozenset(rule for rule, sign in _SIGNS.items() if not sign.search(text))
    found = list(_Walk(offset).rows(_parser(needless).parse(text)))
    for row in found:
        last = row.line + row.text.count("\n") if row.kind == "code" else row.line
        seen.update(range(row.line, last + 1))
    lost = [
        Row("lost", offset + number, line.strip())
        for number, line in enumerate(lines, 1)
        if offset + number not in seen and line.strip()
    ]
    yield from sorted([*found, *lost], key=lambda row: row.line) if lost else found


@cache
def _parser(needless: frozenset[str]) -> MarkdownIt:
    """Parse blocks only. Off: what would hide text (HTML, link definitions) or take indentation for code.

    ``needless`` rules cannot match: each would be tried on every line.
    """
    parser = MarkdownIt("commonmark", {"maxNesting": _MAX_NESTING}).enable("table")
    return parser.disable(["html_block", "reference", "code", "inline", "text_join", *sorted(needless)])


class _Walk:
    """One walk over the token stream of a part."""

    def __init__(self, offset: int) -> None:
        self.offset = offset
        self.heading = 0
        self.lists: list[bool] = []
        self.ordinal: str | None = None  # of a list entry whose first line has not come yet
        self.header: list[str] = []
        self.cells: list[str] | None = None
        self.line = 0

    def rows(self, tokens: Sequence[Token]) -> Iterator[Row]:
        for token in tokens:
            if token.type == "inline" and self.cells is not None:
                self.cells.append(token.content)
            elif token.type == "inline":
                yield from self._prose(token)
            elif token.type == "fence":
                yield self._code(token)
            elif token.type == "tr_close":
                yield self._table_row()
            else:
                self._enter(token)

    def _enter(self, token: Token) -> None:
        if token.type in ("bullet_list_open", "ordered_list_open"):
            self.lists.append(token.type.startswith("ordered"))
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            self.lists.pop()
        elif token.type == "list_item_open":
            self.ordinal = token.info if self.lists[-1] else ""
        elif token.type in ("heading_open", "heading_close"):
            self.heading = int(token.tag[1]) if token.type == "heading_open" else 0
        elif token.type == "table_open":
            self.header = []
        elif token.type == "tr_open":
            self.cells, self.line = [], _first(token)

    def _prose(self, token: Token) -> Iterator[Row]:
        first = self.offset + _first(token)
        for number, text in enumerate(token.content.split("\n")):
            if self.heading:
                yield Row("heading", first + number, text.strip(), self.heading)
                continue
            kind = self._entry_kind()
            box = _CHECKBOX.match(text) if kind != "text" else None
            content = text[box.end() :] if box else text
            checked = box.group(1) != " " if box else None
            yield Row(kind, first + number, content.strip(), len(self.lists), self.ordinal or "", checked)
            self.ordinal = None

    def _entry_kind(self) -> str:
        if self.ordinal is None:
            return "text"
        return "ordered" if self.ordinal else "bullet"

    def _code(self, token: Token) -> Row:
        text = token.content.removesuffix("\n")
        first = self.offset + _first(token) + 1
        return Row("code", first, text, len(self.lists), info=token.info.strip().lower())

    def _table_row(self) -> Row:
        cells, self.cells = self.cells or [], None
        header = self.header or cells
        self.header = header
        named = tuple(zip([*header, *[""] * len(cells)], cells, strict=False))
        return Row("cells", self.offset + self.line, " | ".join(cells), len(self.lists), cells=named)


def _first(token: Token) -> int:
    return token.map[0] + 1 if token.map else 1
