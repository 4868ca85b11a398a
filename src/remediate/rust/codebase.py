"""What a codemod is given: the packages of one workspace as text and data, no disk and no process."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from types import MappingProxyType
from typing import Protocol

from remediate.edits import Change
from remediate.model import Files
from remediate.rust.package import Package, Target

CONFIGURATION = frozenset(
    {"Cargo.toml", "nextest.toml", "rustfmt.toml", ".rustfmt.toml", "clippy.toml", ".clippy.toml"}
)
"""Names of the configuration files that are read beside Rust files."""

SHARED = CONFIGURATION | {".config/nextest.toml"}
"""Paths at the workspace's root that speak for every member."""


class Renderer(Protocol):
    """Renders a template by its name; raises ``TemplateError`` where a value is missing."""

    def __call__(self, name: str, /, **values: object) -> str:
        """Return the text of the template ``name`` filled with ``values``."""


def no_templates(name: str, /, **_: object) -> str:
    """Refuse every template: the renderer of a codebase that was handed none.

    Raises:
        LookupError: Always.
    """
    raise LookupError(f"no templates were handed in, so {name} cannot be rendered")


@dataclass(frozen=True)
class Codebase:
    """One workspace.

    Attributes:
        packages: Its members, sorted by root.
        files: Every text of the workspace that may be looked at, in a package or not, by workspace-relative
            path. Those of a package are its ``files`` too.
        paths: Every other existing path.
        render: Renders a template of the project or of the codemod's distribution.
        verdicts: What the contract's probe found wrong with a stream backend, by its name: "" for nothing.
            Only those that a codemod asked for are in it.
    """

    packages: tuple[Package, ...]
    files: Files = field(default_factory=lambda: MappingProxyType({}))
    paths: frozenset[str] = frozenset()
    render: Renderer = field(default=no_templates, compare=False, repr=False)
    verdicts: Mapping[str, str] = field(default_factory=dict, compare=False, repr=False)

    @classmethod
    def of(cls, *packages: Package, render: Renderer = no_templates) -> "Codebase":
        """Return the codebase of packages alone, without anything beside them."""
        files = {path: text for package in packages for path, text in package.files.items()}
        paths = frozenset(path for package in packages for path in package.paths)
        return cls(tuple(sorted(packages, key=lambda p: p.root)), files, paths, render)

    def package_of(self, path: str) -> Package | None:
        """Return the member a path belongs to: the one with the deepest root above it.

        For a configuration file that speaks for all members: the root package, or else the first.
        """
        owners = [p for p in self.packages if is_below(path, p.root)]
        if not owners and path in SHARED:
            return self.packages[0] if self.packages else None
        return max(owners, key=lambda p: len(p.root), default=None)

    def home(self, path: str) -> Package:
        """Return the member a finding's path belongs to; the workflow asks codemods about no other paths.

        Raises:
            LookupError: No member holds it.
        """
        package = self.package_of(path)
        if package is None:
            raise LookupError(f"{path} belongs to no package of the workspace")
        return package

    def with_package(self, package: Package) -> "Codebase":
        """Return the codebase with another value of one of its packages."""
        return replace(self, packages=tuple(package if p.name == package.name else p for p in self.packages))

    def parts(self, change: Change, home: Package) -> tuple[tuple[Package, Change], ...]:
        """Return a change package by package, that of ``home`` first: each package with its part.

        What lies in no package (a virtual workspace's Cargo.toml, Cargo.lock) is part of ``home``'s, whose
        files then hold it.
        """
        touched = {*change.originals(), *change.creations}
        owners = {path: (self.package_of(path) or home).name for path in touched}
        if set(owners.values()) <= {home.name}:
            return ((self._with(home, change), change),)
        packages = (home, *(p for p in self.packages if p.name != home.name))
        found = []
        for package in packages:
            part = _part(change, {path for path, owner in owners.items() if owner == package.name})
            if part.originals() or part.creations:
                found.append((self._with(package, part), part))
        return tuple(found)

    def _with(self, package: Package, change: Change) -> Package:
        beside = {p: self.files[p] for p in change.originals() if p not in package.files and p in self.files}
        return replace(package, files={**package.files, **beside}) if beside else package

    @cached_property
    def by_name(self) -> Mapping[str, Package]:
        """The members by name."""
        return {package.name: package for package in self.packages}


def is_below(path: str, folder: str) -> bool:
    """Whether a workspace-relative path is a folder or lies below it; "" is the workspace's root."""
    return not folder or path == folder or path.startswith(f"{folder}/")


def _part(change: Change, mine: Collection[str]) -> Change:
    """Return the part of a change that is about some paths; a move belongs to where the file was."""
    return replace(
        change,
        edits={p: e for p, e in change.edits.items() if p in mine},
        creations={p: t for p, t in change.creations.items() if p in mine},
        moves={old: new for old, new in change.moves.items() if old in mine},
        deletions=change.deletions & set(mine),
        format={new: old for new, old in change.format.items() if old in mine},
        rewrites={p: e for p, e in change.rewrites.items() if p in mine},
        adds={p: some for p, some in change.adds.items() if p in mine},
        comments={p: c for p, c in change.comments.items() if p in mine},
        generated=change.generated & set(mine),
    )


def changed_codebase(codebase: Codebase, change: Change, home: Package) -> Codebase:
    """Return the workspace as it is after a change; ``home`` is the package of its finding."""
    after = change.result(codebase.files)
    files = {p: t for p, t in {**codebase.files, **after}.items() if t is not None}
    parts = {package.name: changed(package, part) for package, part in codebase.parts(change, home)}
    packages = tuple(parts.get(package.name, package) for package in codebase.packages)
    return replace(codebase, packages=packages, files=files)


def changed(package: Package, change: Change) -> Package:
    """Return the package as it is after a change."""
    after = change.result(package.files)
    files = {p: t for p, t in {**package.files, **after}.items() if t is not None}
    targets = [replace(t, root=change.moves.get(t.root, t.root)) for t in package.targets]
    made = {m.root: m.target for m in change.moved_tests if m.root in change.creations}
    for root, label in sorted(made.items()):
        targets.append(Target(label.partition('"')[2].rstrip('"'), ("test",), root, package.edition))
    return replace(package, files=files, targets=tuple(targets))
