"""Which files the targets of a package reach, and the tests in no target; ``rust.modules`` is exact."""

import posixpath
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import msgspec

from remediate.audit.scan.facts import Declaration, Facts, Place
from remediate.rust.modules.module import (
    ModuleLocation,
    candidates,
    inside,
    located,
    member_of,
    normalised,
    owner_of,
)
from remediate.rust.package import Package, Target

# Folders that hold sources as data: what trybuild compiles, what a code generator is compared with.
_DATA = {
    "cases", "compile-fail", "compile_fail", "data", "expand", "fail", "fixtures", "inputs", "pass",
    "projects", "snapshots", "templates", "test_data", "testdata", "trybuild", "ui",
}  # fmt: skip


@dataclass
class Reach:
    """What the targets of one package reach.

    Attributes:
        reached: File to whether only test builds hold it.
        tested: Files that a target whose tests run reaches.
    """

    package: Package
    facts: Mapping[str, Facts]
    reached: dict[str, bool] = field(default_factory=dict)
    tested: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        """Walk from every target."""
        for target in self.package.targets:
            self._visit(target.root, owner_of(target.root), target, frozenset(), test=False)
        while self._named_by_macros():
            pass

    def own(self) -> Iterator[str]:
        """Yield the package's own ``.rs`` files that were scanned."""
        inner = tuple(f"{m}/" for m in self.package.members if m and m != self.package.root)
        mine = [m for m in inner if m.startswith(f"{self.package.root}/" if self.package.root else "")]
        return (p for p in self.package.rust_files if p in self.facts and not p.startswith(tuple(mine)))

    def _visit(
        self, file: str, place: ModuleLocation, target: Target, above: frozenset[str], *, test: bool
    ) -> None:
        facts = self.facts.get(file)
        if facts is None or file in above:
            return
        test = test or facts.test_only
        known = self.reached.get(file)
        # A benchmark's tests are run by `cargo bench`.
        runs = (target.test and target.harness) or "bench" in target.kinds
        if known is not None and (known <= test) and (file in self.tested or not runs):
            return
        self.reached[file] = test if known is None else known and test
        if runs:
            self.tested.add(file)
        for declaration in facts.declarations:
            for child, where in self._children(place, declaration):
                self._visit(child, where, target, above | {file}, test=test or declaration.test)
        for name in facts.included:
            path = normalised(posixpath.join(posixpath.dirname(file), name))
            self._visit(path, owner_of(path), target, above | {file}, test=test)

    def _children(
        self, place: ModuleLocation, declaration: Declaration
    ) -> Iterator[tuple[str, ModuleLocation]]:
        for name, path in declaration.inside:
            place = inside(place, name, path)
        for path in declaration.paths:
            file = located(self.package, posixpath.join(place.base, path))
            if file is not None:
                yield file, owner_of(file)
        for path in candidates(place, declaration.name) if declaration.plain else ():
            file = located(self.package, path)
            if file is not None:
                yield file, member_of(file, declaration.name)
                return

    def _named_by_macros(self) -> bool:
        """Add the files beside a reached one that a macro call in it names: ``modules!(a, b);``."""
        found = False
        if not self.package.targets:
            return False
        named = [
            (file, set(self.facts[file].macro_names)) for file in self.reached if self.facts[file].macro_names
        ]
        for path in self.own():
            folder, base = posixpath.split(path)
            stem = base.removesuffix(".rs")
            if stem == "mod":
                folder, stem = posixpath.split(folder)
            for file, names in named:
                if path not in self.reached and stem in names and folder in _folders(file):
                    any_target = self.package.targets[0]
                    self._visit(path, member_of(path, stem), any_target, frozenset(), test=self.reached[file])
                    found = True
        return found


def _folders(file: str) -> tuple[str, str]:
    return posixpath.dirname(file), file.removesuffix(".rs")


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
