"""Tests that no harness runs: nothing compiles their file, or nothing compiles it for testing."""

import posixpath
from collections.abc import Iterator, Mapping, Sequence

import msgspec

from remediate.audit.scan.facts import Facts, Place
from remediate.audit.scan.reach import Reach
from remediate.rust.package import Package

# Folders that hold sources as data: what trybuild compiles, what a code generator is compared with.
_DATA = {
    "cases", "compile-fail", "compile_fail", "data", "expand", "fail", "fixtures", "inputs", "pass",
    "projects", "snapshots", "templates", "test_data", "testdata", "trybuild", "ui",
}  # fmt: skip


def dead_files(packages: Sequence[Reach], facts: Mapping[str, Facts]) -> Iterator[tuple[str, Place]]:
    """Yield the files with tests that never run, each with the place to report."""
    owned: set[str] = set()
    for reach in packages:
        for path in reach.own():
            owned.add(path)
            if facts[path].tests:
                yield from _of_package(reach, path, facts[path])
    roots = [reach.package.root for reach in packages]
    for path in sorted(facts.keys() - owned):
        if facts[path].tests and not _is_data(path):
            yield path, _place(*_ownerless(path, roots), facts[path])


def _of_package(reach: Reach, path: str, facts: Facts) -> Iterator[tuple[str, Place]]:
    if path in reach.tested:
        return
    if path in reach.reached:
        target = _target(reach.package, path)
        note = (
            f"the target `{target}` is not tested (`test = false`, or no harness)"
            if target
            else "no target that is tested reaches it"
        )
        yield path, _place("untested-target", "note" if not target else "", note, facts)
    elif _is_data(path):
        yield (
            path,
            _place("orphan", "note", "no target reaches this file; it looks like test data", facts),
        )
    else:
        yield path, _place("orphan", "", "no target of the package reaches this file", facts)


def _ownerless(path: str, roots: Sequence[str]) -> tuple[str, str, str]:
    if path.startswith("tests/") and "" not in roots:
        return "virtual-root", "", "a virtual workspace has no targets: its `tests/` is never compiled"
    return "orphan", "note", "the file belongs to no package of the workspace"


def _target(package: Package, path: str) -> str:
    return next((t.name for t in package.targets if t.root == path and not (t.test and t.harness)), "")


def _is_data(path: str) -> bool:
    return any(part in _DATA for part in posixpath.dirname(path).split("/"))


def _place(kind: str, severity: str, note: str, facts: Facts) -> Place:
    count = f"{facts.tests} test{'s' if facts.tests != 1 else ''}"
    first = facts.first_test or Place("dead-tests", kind, 1, 1, 0, "", "", "")
    said = f"{count} that never run: {note}"
    return msgspec.structs.replace(first, kind=kind, severity=severity, note=said)
