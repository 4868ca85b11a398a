"""A nextest configuration with keys that nextest does not know: they become comments, which changes no run.

nextest has ignored them, so nothing is lost, and a reader sees what was never in force. A profile ``ci`` with
a JUnit report is added where there is none: it changes no run that does not name it.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError

from remediate.codemods.extract_tests.configuration_lines import Entry, entries
from remediate.codemods.extract_tests.nextest import CI, NOTE, PATH, bootstrap
from remediate.codemods.extract_tests.options import ExtractOptions
from remediate.edits import Change, Edit
from remediate.model import Finding, Skip
from remediate.rust.package import Package


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
    unknown = [key for key in finding.related if _holds(old, key)]
    new = "".join(_line(entry, unknown) for entry in entries(text.decode()))
    if tomlkit.parse(new).unwrap() != _without(old, unknown):
        return Skip("not-repairable", f"{', '.join(unknown)} cannot be taken out of {PATH} line by line")
    added = "" if "ci" in old.get("profile", {}) else _spaced(new) + CI
    if not unknown and not added:
        return Skip("nothing-to-repair", f"nextest knows every key of {PATH}, and it has a profile ci")
    return Change(
        summary=f"Repair {PATH}",
        edits={PATH: (Edit(0, len(text), _with_line_ends_of(text, new + added)),)},
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


def _holds(table: Any, key: str) -> bool:
    return _found(table, key) is not None


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


def _without(table: dict[str, Any], keys: Sequence[str]) -> dict[str, Any]:
    for key in keys:
        _remove(table, key)
    return table


def _spaced(text: str) -> str:
    return "" if not text else "\n" if text.endswith("\n") else "\n\n"


def _with_line_ends_of(old: bytes, new: str) -> bytes:
    plain = new.replace("\r\n", "\n")
    return (plain.replace("\n", "\r\n") if b"\r\n" in old else plain).encode()
