"""Rows of tables: what their bare numbers are, by the headers of their columns."""

import re
from collections.abc import Sequence
from dataclasses import replace

from remediate.audit.readers.mentions import Found, mentions
from remediate.audit.readers.rows import Row

_SIZE_HEADER = re.compile(
    r"\b(?:size|s?loc|length|lines? of code|line count|lines total"
    r"|(?:total|physical|code|file|#|no\.? of|number of) lines)\b",
    re.IGNORECASE,
)
_LINES_HEADER = re.compile(r"\W*lines\W*(?:\((?:now|today|current)\)\W*)?", re.IGNORECASE)
_TOO_LARGE = re.compile(r"\b(?:too|very) (?:large|long|big)\b|\boversized?\b", re.IGNORECASE)
_ONE_NUMBER = re.compile(r"~?(?:\d{1,3}(?:,\d{3})+|\d+)\+?")
_TELLS_A_PLACE = re.compile(
    r"\b(?:issues?|problems?|findings?|violations?|code|snippets?|descriptions?|details?|what|rules?|severity|fix"
    r"|markers?|quotes?|texts?|comments?|calls?|patterns?|kind|type|function|fn|method|symbol|item)\b",
    re.IGNORECASE,
)
_OF_ITEMS = re.compile(
    r"^\W*(?:functions?|fns?|methods?|symbols?|items?|types?|structs?|impls?)\b", re.IGNORECASE
)


def read_cells(row: Row, *, big: bool) -> tuple[str, Sequence[Found]]:
    """Return a table row's text with its bare numbers named, and the mentions in it.

    ``big``: whether the item is about sizes. A size in a table of functions is none of a file.
    """
    headers = [header for header, _ in row.cells]
    sizes = (
        big
        or not any(_TELLS_A_PLACE.search(header) for header in headers)
        or any(_TOO_LARGE.search(cell) for _, cell in row.cells)
    )
    joined = " | ".join(_named_cell(header, cell, sizes=sizes) for header, cell in row.cells)
    found = mentions(joined)
    if any(_OF_ITEMS.search(header) for header in headers):
        found = tuple(replace(m, kind="extent") if m.kind == "size" else m for m in found)
    return joined, found


def _named_cell(header: str, cell: str, *, sizes: bool) -> str:
    """Return a cell with the word that its header gives it; ``sizes``: "Lines" are how many, not which."""
    bare = re.fullmatch(r"[\s`*]*~?[\d,;\s\u2013-]+\+?[\s`*]*", cell) and any(c.isdigit() for c in cell)
    number = cell.strip(" `*")
    if not bare:
        return cell
    if _SIZE_HEADER.search(header) or (
        _LINES_HEADER.fullmatch(header) and sizes and _ONE_NUMBER.fullmatch(number)
    ):
        return f"{number} lines"
    if re.search(r"\blines?\b", header, re.IGNORECASE):
        return f"lines {number.replace(';', ',')}"
    return cell


def sizes_a_file(row: Row) -> bool:
    """Whether a table row says how long a file is."""
    kinds = [m.kind for m in read_cells(row, big=True)[1]]
    return kinds.count("path") == 1 and "size" in kinds
