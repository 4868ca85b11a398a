"""nextest's configuration: a first ``.config/nextest.toml``, and the repair of one that is there.

The first one has a profile for CI, and the tests that must not run at the same time: nothing that only says
what nextest does anyway, and nothing that ends a test which runs long, for ``default`` is what everybody
runs.

Keys that nextest does not know become comments, which changes no run: nextest has ignored them, so nothing is
lost, and a reader sees what was never in force. A profile ``ci`` with a JUnit report is added where there is
none: it changes no run that does not name it.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError

from remediate.codemods.extract_tests.discovery import attribute_names
from remediate.codemods.extract_tests.options import ExtractOptions
from remediate.edits import Change, Edit
from remediate.model import Finding, Skip
from remediate.rust.modules.manifest import with_line_ends_of
from remediate.rust.modules.module import Module, items_of
from remediate.rust.modules.module_tree import module_tree
from remediate.rust.package import Package
from remediate.rust.syntax.items import Item

PATH = ".config/nextest.toml"
NOTE = "it has a profile ci, and nothing runs with nextest until you do (--no-nextest leaves it out)"
_TEXT = """\
# How cargo-nextest runs the tests. Doctests are not its business: `cargo test --doc` stays a step of its own.
nextest-version = "0.9.50"

[profile.default]
# A test that takes longer is reported as slow; it is not stopped.
slow-timeout = "30s"

"""
CI = """\
[profile.ci]
# Run everything, and show what failed once more at the end.
fail-fast = false
failure-output = "immediate-final"

[profile.ci.junit]
# Below target/nextest/ci/.
path = "junit.xml"
"""


_NOT_A_NAME = re.compile(r"[^A-Za-z0-9]+")
_HEADER = re.compile(r"^\s*(\[\[?)\s*(.+?)\s*\]\]?\s*(?:#.*)?$")


@dataclass(frozen=True, slots=True)
class Group:
    """Tests, by their names in the harness, of which one may run at a time."""

    name: str
    tests: tuple[str, ...]


def bootstrap(package: Package) -> dict[str, bytes]:
    """Return the file to create, by path: none when the workspace has a configuration already."""
    if package.exists(PATH):
        return {}
    return {PATH: (_TEXT + CI + _groups(package)).encode()}


def _groups(package: Package) -> str:
    """Return the groups of the whole workspace: every package's branch then holds the same file."""
    members = sorted((package, *package.others), key=lambda p: p.root)
    found = [(member.name, group) for member in members for group in serial_groups(member)]
    if not found:
        return ""
    header = (
        "\n# Tests that must not run at the same time; nextest runs each in a process of its own,"
        "\n# where a lock inside the process keeps no other one out."
        "\n[test-groups]\n"
    )
    names = sorted({group.name for _, group in found})
    table = "".join(f"{name} = {{ max-threads = 1 }}\n" for name in names)
    overrides = ""
    for package_name, group in found:
        tests = " | ".join(f"test(={name})" for name in group.tests)
        override = tomlkit.document()
        override.add("filter", tomlkit.string(f"package(={package_name}) & ({tests})", literal=True))
        override.add("test-group", group.name)
        overrides += f"\n[[profile.default.overrides]]\n{tomlkit.dumps(override)}"
    return header + table + overrides


def serial_groups(package: Package) -> tuple[Group, ...]:
    """Return the groups of a package's serial tests, sorted by name."""
    found: dict[str, set[str]] = {}
    for module in module_tree(package).modules:
        if b"serial" in package.files.get(module.file, b""):
            for key, name in _in_module(package, module):
                words = _NOT_A_NAME.sub("-", key).strip("-").lower()
                found.setdefault(f"serial-{words}".rstrip("-"), set()).add(name)
    return tuple(Group(name, tuple(sorted(tests))) for name, tests in sorted(found.items()))


def _in_module(package: Package, module: Module) -> Iterator[tuple[str, str]]:
    """Yield key and name of each serial test that stands directly in a module."""
    source = package.source(module.file)
    around = _keys(module.item) if module.item is not None else []
    for item in items_of(source, module):
        if item.kind == "fn" and item.name and attribute_names(item) & {"test", "rstest"}:
            name = "::".join([*module.path[1:], item.name])
            yield from ((key, name) for key in (_keys(item) or around))


def _keys(item: Item) -> list[str]:
    return [a.text.split(",")[0] for a in item.attributes if a.path.rpartition("::")[2] == "serial"]


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
        notes=tuple(_repair_notes(unknown, added)),
    )


def _repair_notes(unknown: Sequence[str], added: str) -> list[str]:
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
