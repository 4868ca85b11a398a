"""Files with numbers beside them: rows of tables, by their columns' headers, and lists in blocks of code."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from remediate.audit.readers.mentions import Found, mentions, names_path
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
_TEXT = {"", "text", "txt", "console", "sh", "bash", "shell", "plain", "plaintext", "log", "output"}
_NUMBER = r"(?P<{}>\d{{1,3}}(?:,\d{{3}})+|\d{{1,9}})"
_UNIT = r"(?:\s{1,3}(?:lines?|LOC|tests?|calls?|TODOs?|matches|occurrences))?"
_PATH = r"(?P<path>[\w./\\~@+-]{1,400}\.\w{1,8}|[\w./\\~@+-]{1,400}/)"
_LINE = re.compile(
    rf"\s*(?:[-*\u2022]\s+)?(?:{_NUMBER.format('before')}{_UNIT}[\s:|]\s*)?{_PATH}"
    rf"(?P<at>(?::\d+)+)?(?:\s*[:|=(\s]\s*{_NUMBER.format('after')}{_UNIT}\)?\s*$|(?P<rest>:.*)?\s*$)"
)
_LONGEST = 2000
_COUNTING = re.compile(r"^\s*[$>].*\s(?:-[a-zA-Z]*c[a-zA-Z]*|--count)\s", re.MULTILINE)  # `grep -c`
_ASIDE = re.compile(r"\s*(?:$|[$>#]|//|\.\.\.|\u2026|\d[\d,]*\s+total\b|total\b|-{3,}|={3,})", re.IGNORECASE)


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


@dataclass(frozen=True, slots=True)
class Listed:
    """A line of a listing: the path, the number beside it if there is one, where path and line number end."""

    path: str
    number: int | None
    end: int


def listing(code: str, info: str) -> tuple[Listed | None, ...]:
    """Return the lines of a block that lists files, () for other blocks; None is a prompt or a total."""
    if info.partition(" ")[0] not in _TEXT:
        return ()
    found: list[Listed | None] = []
    counts = bool(_COUNTING.search(code))
    for line in code.split("\n"):
        match = _LINE.match(line) if len(line) < _LONGEST else None
        if match and names_path(match.group("path")) and not _ASIDE.match(line):
            found.append(_listed(match, counts=counts))
        elif _ASIDE.match(line):
            found.append(None)
        else:
            return ()
    return tuple(found) if any(found) else ()


def _listed(match: re.Match[str], *, counts: bool) -> Listed:
    number = match.group("before") or match.group("after")
    if counts and match.group("at"):
        return Listed(match.group("path"), int(match.group("at").rpartition(":")[2]), match.end("path"))
    if match.group("at") and match.group("rest"):
        number = None  # `path:12:3: text`: what `grep -n` prints
    end = match.end("at") if match.group("at") else match.end("path")
    return Listed(match.group("path"), int(number.replace(",", "")) if number else None, end)
