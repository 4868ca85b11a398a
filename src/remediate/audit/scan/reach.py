"""Which files of a package its targets reach, told by facts alone; ``rust.module_tree`` is exact."""

import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from remediate.audit.scan.facts import Declaration, Facts
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
