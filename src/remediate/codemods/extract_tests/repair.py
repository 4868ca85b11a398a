"""A nextest configuration with keys that nextest does not know: they become comments, which changes no run.

nextest has ignored them, so nothing is lost, and a reader sees what was never in force. A profile ``ci`` with
a JUnit report is added where there is none: it changes no run that does not name it.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError

from remediate.codemods.extract_tests.nextest import CI, NOTE, PATH, bootstrap
from remediate.codemods.extract_tests.options import ExtractOptions
from remediate.edits import Change, Edit
from remediate.model import Finding, Skip
from remediate.rust.modules.manifest import with_line_ends_of
from remediate.rust.package import Package

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


def repaired(package: Package, finding: Finding, options: ExtractOptions) -> Change | Skip:
    """Plan the repair; ``finding.related`` are the unknown keys, as nextest names them.

    Where there is no configuration the change is the first one, unless ``options`` want none.
    """
    text = package.files.get(PATH)
    if text is None:
        made = {} if options.no_nextest else bootstrap(package)
        if not made:
            return Skip("no-configuration", f"there is no {PATH}")
        return Change(summary=f"Add {PATH}", creations=made, notes=(NOTE,))
    try:
        old = tomlkit.parse(text.decode()).unwrap()
    except TOMLKitError as error:
        return Skip("not-toml", f"{PATH} is no TOML: {error}")
    unknown = [key for key in finding.related if _found(old, key)]
    new = "".join(_line(entry, unknown) for entry in entries(text.decode()))
    for key in unknown:
        _remove(old, key)
    if tomlkit.parse(new).unwrap() != old:
        return Skip("not-repairable", f"{', '.join(unknown)} cannot be taken out of {PATH} line by line")
    apart = "" if not new else "\n" if new.endswith("\n") else "\n\n"
    added = "" if "ci" in old.get("profile", {}) else apart + CI
    if not unknown and not added:
        return Skip("nothing-to-repair", f"nextest knows every key of {PATH}, and it has a profile ci")
    return Change(
        summary=f"Repair {PATH}",
        edits={PATH: (Edit(0, len(text), with_line_ends_of(text, (new + added).encode())),)},
        notes=tuple(_notes(unknown, added)),
    )


def _notes(unknown: Sequence[str], added: str) -> list[str]:
    notes = []
    if unknown:
        notes.append(f"nextest has never read these keys; they are comments now: {', '.join(unknown)}")
    if added:
        notes.append("the profile ci, with a JUnit report, is new")
    return notes


def _line(entry: Entry, unknown: Sequence[str]) -> str:
    """Return an entry's lines: as they are, as comments, or without what is unknown inside of it."""
    if any(entry.key == key or entry.key.startswith(f"{key}.") for key in unknown):
        return "".join(f"# {line}" if line.strip() else line for line in entry.text.splitlines(keepends=True))
    inside = [key for key in unknown if entry.own and key.startswith(f"{entry.key}.")]
    if not inside or entry.is_header:
        return entry.text
    document = tomlkit.parse(entry.text)
    for key in inside:
        _remove(document, entry.own + key.removeprefix(entry.key))
    was = "".join(f"# was: {line}\n" for line in entry.text.strip("\n").split("\n"))
    return was + tomlkit.dumps(document)


def _found(table: Any, key: str) -> tuple[Any, Any] | None:
    """Return the container and its key that a dotted path leads to; names may hold dots themselves."""
    names = (
        table.keys() if isinstance(table, Mapping) else range(len(table)) if isinstance(table, list) else ()
    )
    for name in names:
        if key == str(name):
            return table, name
        if key.startswith(f"{name}."):
            inner = _found(table[name], key.removeprefix(f"{name}."))
            if inner is not None:
                return inner
    return None


def _remove(table: Any, key: str) -> None:
    place = _found(table, key)
    if place is not None:
        del place[0][place[1]]


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
