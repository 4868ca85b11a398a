"""Tests that must not run at the same time: those marked with serial_test's ``#[serial]``.

Its lock is inside one process. ``#[file_serial]`` works across processes and needs nothing.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from remediate.rust.modules.module import Module
from remediate.rust.modules.module_tree import module_tree
from remediate.rust.package import Package
from remediate.rust.syntax.attributes import Attribute
from remediate.rust.syntax.cfg import resolved
from remediate.rust.syntax.items import Item, children, items

_NOT_A_NAME = re.compile(r"[^A-Za-z0-9]+")


@dataclass(frozen=True, slots=True)
class Group:
    """Tests, by their names in the harness, of which one may run at a time."""

    name: str
    tests: tuple[str, ...]


def serial_groups(package: Package) -> tuple[Group, ...]:
    """Return the groups of a package's serial tests, sorted by name."""
    found: dict[str, set[str]] = {}
    for module in module_tree(package).modules:
        if b"serial" in package.files.get(module.file, b""):
            for key, name in _in_module(package, module):
                found.setdefault(_group_name(key), set()).add(name)
    return tuple(Group(name, tuple(sorted(tests))) for name, tests in sorted(found.items()))


def _in_module(package: Package, module: Module) -> Iterator[tuple[str, str]]:
    """Yield key and name of each serial test that stands directly in a module."""
    source = package.source(module.file)
    if module.span is None:
        declared = items(source)
    else:
        declared = children(source, module.item) if module.item is not None else ()
    around = _keys(module.item) if module.item is not None else []
    for item in declared:
        if item.kind == "fn" and item.name and _is_test(item):
            name = "::".join([*module.path[1:], item.name])
            yield from ((key, name) for key in (_keys(item) or around))


def _is_test(item: Item) -> bool:
    return any(c.path.rpartition("::")[2] in {"test", "rstest"} for a in item.attributes for c in resolved(a))


def _keys(item: Item) -> list[str]:
    return [_key(a) for a in item.attributes if a.path.rpartition("::")[2] == "serial"]


def _key(attribute: Attribute) -> str:
    return attribute.text.split(",")[0]


def _group_name(key: str) -> str:
    return "-".join(["serial", *filter(None, [_NOT_A_NAME.sub("-", key).strip("-").lower()])])
