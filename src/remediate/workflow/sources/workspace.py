"""A cargo workspace as values: what ``cargo metadata`` says, and the files the tool may look at."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from remediate.audit.tree import Tree
from remediate.cargo import metadata
from remediate.cargo.command import Cargo
from remediate.cargo.metadata import Metadata
from remediate.errors import BaselineError
from remediate.model import Files
from remediate.rust.codebase import SHARED, Codebase, is_below
from remediate.rust.package import Package, Target
from remediate.templates import render
from remediate.workflow.sources.reading import Problem, Reading, read
from remediate.workflow.sources.roots import manifest_folder


@dataclass(frozen=True)
class Workspace:
    """One workspace, read once.

    Attributes:
        root: Its absolute folder; all paths are relative to it.
        metadata: What cargo says of it.
        packages: Its members, sorted by root.
        files: The text of every file that was read, in a package or not.
        paths: Every other existing path.
        problems: What could not be read.
        origin: The folder of the user's that this is a checkout of; ``root`` itself where it is no copy.
    """

    root: Path
    metadata: Metadata
    packages: tuple[Package, ...]
    files: Files
    paths: frozenset[str]
    problems: tuple[Problem, ...]
    origin: Path

    def package_of(self, path: str) -> Package | None:
        """Return the member a path belongs to, as ``Codebase.package_of`` does."""
        return self.codebase.package_of(path)

    @cached_property
    def codebase(self) -> Codebase:
        """What codemods are given of the workspace."""
        return Codebase(self.packages, self.files, self.paths, render)

    @cached_property
    def tree(self) -> Tree:
        """What audits are held against."""
        return Tree(self.files, self.paths, {package.root: package.name for package in self.packages})

    def problem_with(self, path: str) -> Problem | None:
        """Return why a path was not read, None when it was or does not exist."""
        return self._problems.get(path)

    @cached_property
    def _problems(self) -> dict[str, Problem]:
        return {problem.path: problem for problem in self.problems}


def load(start: Path, manifest_path: Path | None = None, arguments: tuple[str, ...] = ()) -> Workspace:
    """Read the workspace around ``start`` as it stands on the disk.

    ``arguments`` go to cargo (``--offline``, ``--locked``).

    Raises:
        InputError: There is no Cargo.toml.
        BaselineError: Neither cargo nor this program can read it.
        ToolError: cargo is missing.
    """
    folder = manifest_folder(start, manifest_path)
    try:
        return built(Cargo(folder, arguments=arguments).metadata())
    except BaselineError as error:
        return built(metadata.described(folder, error))


def built(metadata: Metadata, origin: Path | None = None, found: Reading | None = None) -> Workspace:
    """Read the files of a workspace that cargo has described, unless they were ``found`` already.

    ``origin`` as in ``Workspace``.
    """
    root = Path(metadata.workspace_root).resolve()
    target = _relative(root, metadata.target_directory)
    found = found or read(root, frozenset({target} if target else ()))
    roots = {p.id: _relative(root, p.folder) for p in metadata.packages}
    members = tuple(sorted(r for r in roots.values() if r is not None))
    # A member outside of the workspace's folder is left out: nothing there is ours to edit.
    packages = (_package(root, p, members, found) for p in metadata.packages if roots[p.id] is not None)
    alone = tuple(sorted(packages, key=lambda p: p.root))
    by_root = tuple(replace(p, others=tuple(o for o in alone if o is not p)) for p in alone)
    return Workspace(root, metadata, by_root, found.files, found.paths, found.problems, origin or root)


def _package(root: Path, described: metadata.Package, members: tuple[str, ...], found: Reading) -> Package:
    mine = _relative(root, described.folder) or ""
    others = tuple(m for m in members if m != mine)
    return Package(
        name=described.name,
        id=described.id,
        root=mine,
        edition=described.edition,
        targets=tuple(_targets(root, described, found.files)),
        files={p: t for p, t in found.files.items() if p in SHARED or _is_of(p, mine, others)},
        paths=frozenset(p for p in found.paths if _is_of(p, mine, others)),
        features=tuple(sorted(described.features)),
        members=others,
    )


def _relative(root: Path, absolute: str) -> str | None:
    """Return a path below the root in the tool's own notation, None for one outside of it."""
    path = Path(absolute).resolve()
    if not path.is_relative_to(root):
        return None
    relative = path.relative_to(root).as_posix()
    return "" if relative == "." else relative


def _is_of(path: str, mine: str, others: tuple[str, ...]) -> bool:
    """Whether a path is below ``mine`` and not below a member that lies deeper."""
    return is_below(path, mine) and not any(
        len(other) > len(mine) and is_below(path, other) for other in others
    )


def _targets(root: Path, package: metadata.Package, files: Files) -> Iterator[Target]:
    unharnessed = _without_harness(root, package, files)
    for target in package.targets:
        table = target.kind[0] if target.kind[0] in _TABLES else "lib"
        where = _relative(root, target.src_path)
        if where is not None:
            yield Target(
                name=target.name,
                kinds=tuple(target.kind),
                root=where,
                edition=target.edition,
                test=target.test,
                doctest=target.doctest,
                harness=(table, target.name) not in unharnessed,
                required_features=tuple(target.required_features),
            )


_TABLES = ("bin", "test", "example", "bench")


def _without_harness(root: Path, package: metadata.Package, files: Files) -> frozenset[tuple[str, str]]:
    """Return the (table, name) of targets whose manifest says ``harness = false``: cargo does not tell."""
    path = _relative(root, package.manifest_path)
    text = files.get(path, b"") if path else b""
    try:
        manifest: dict[str, Any] = tomllib.loads(text.decode())
    except tomllib.TOMLDecodeError:
        return frozenset()  # cargo read it, so this cannot be; a Package without the detail is still right
    found = {(table, t.get("name", "")) for table in _TABLES for t in manifest.get(table, []) if _is_off(t)}
    library = manifest.get("lib", {})
    name = library.get("name", package.name.replace("-", "_"))
    return frozenset(found | ({("lib", name)} if _is_off(library) else set()))


def _is_off(table: dict[str, Any]) -> bool:
    return table.get("harness") is False
