"""A first ``.config/nextest.toml``: a profile for CI, and the tests that must not run at the same time.

Nothing that only says what nextest does anyway, and nothing that ends a test which runs long: the profile
``default`` is what everybody runs.
"""

import tomlkit

from remediate.codemods.extract_tests.serial import Group, serial_groups
from remediate.rust.package import Package

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
    return header + table + "".join(_override(name, group) for name, group in found)


def _override(package: str, group: Group) -> str:
    tests = " | ".join(f"test(={name})" for name in group.tests)
    table = tomlkit.document()
    table.add("filter", tomlkit.string(f"package(={package}) & ({tests})", literal=True))
    table.add("test-group", group.name)
    return f"\n[[profile.default.overrides]]\n{tomlkit.dumps(table)}"
