"""A TOML file as its entries: each header, key and value with the lines it stands on, and its dotted path."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError

_HEADER = re.compile(r"^\s*(\[\[?)\s*(.+?)\s*\]\]?\s*(?:#.*)?$")


@dataclass(frozen=True, slots=True)
class Entry:
    """Some lines of the file.

    Attributes:
        text: The lines.
        key: The dotted path, with the index of an array's table; "" for blank lines and comments.
        own: The part of it that stands in these lines.
        is_header: Whether it is ``[table]`` or ``[[array]]``.
    """

    text: str
    key: str = ""
    own: str = ""
    is_header: bool = False


def entries(text: str) -> Iterator[Entry]:
    """Yield the entries, which together are the whole text."""
    table = ""
    seen: Counter[str] = Counter()
    lines = text.splitlines(keepends=True)
    while lines:
        line = lines.pop(0)
        if not line.strip() or line.lstrip().startswith("#"):
            yield Entry(line)
        elif (found := _HEADER.match(line.rstrip("\r\n"))) is not None:
            table = _table(found[2], is_array=found[1] == "[[", seen=seen)
            yield Entry(line, table, table, is_header=True)
        else:
            while (own := _key(line)) is None and lines:
                line += lines.pop(0)
            yield Entry(line, f"{table}.{own}" if table else own or "", own or "")


def _table(header: str, *, is_array: bool, seen: Counter[str]) -> str:
    """Return the path of a table; below an array it is that of the array's last table."""
    parts = _key(f"{header} = 0") or header
    for array in sorted(seen, key=len, reverse=True):
        if parts.startswith(f"{array}."):
            return f"{array}.{seen[array] - 1}{parts.removeprefix(array)}"
    if is_array:
        seen[parts] += 1
        return f"{parts}.{seen[parts] - 1}"
    return parts


def _key(line: str) -> str | None:
    """Return the dotted path of a key and value; None while the value is not complete."""
    try:
        value: Any = tomlkit.parse(line).unwrap()
    except TOMLKitError:
        return None
    dots = line.split("=", maxsplit=1)[0].count(".")
    names: list[str] = []
    while isinstance(value, dict) and len(value) == 1 and len(names) <= dots:
        (name,) = value
        names.append(str(name))
        value = value[name]
    return ".".join(names)
