"""A first ``.config/nextest.toml``: a profile for CI, and the tests that must not run at the same time.

Nothing that only says what nextest does anyway, and nothing that ends a test which runs long: the profile
``default`` is what everybody runs.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import tomlkit

from remediate.codemods.extract_tests.discovery import attribute_names
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
