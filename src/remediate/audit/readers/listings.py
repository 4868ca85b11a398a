"""Lists of files in blocks of code, one file a line, as `wc -l`, `grep -n` and people print them."""

import re
from dataclasses import dataclass

from remediate.audit.readers.mentions import names_path

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
