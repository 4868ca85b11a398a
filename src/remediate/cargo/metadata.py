"""What ``cargo metadata`` says of the workspace's own packages, and what the manifests say by themselves.

Targets without a file, and a workspace that cargo cannot read.
"""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from remediate.errors import BaselineError


class Dependency(msgspec.Struct, frozen=True):
    """A dependency as the manifest states it; ``path`` is absolute, None for one from a registry."""

    name: str
    kind: str | None = None
    path: str | None = None
    optional: bool = False


class Target(msgspec.Struct, frozen=True, rename={"required_features": "required-features"}):
    """A cargo target; ``src_path`` is absolute. cargo does not tell whether it has a harness."""

    name: str
    kind: list[str]
    crate_types: list[str]
    src_path: str
    edition: str = "2015"
    test: bool = True
    doctest: bool = True
    doc: bool = True
    required_features: list[str] = []


class Package(msgspec.Struct, frozen=True):
    """One workspace member; ``manifest_path`` is absolute."""

    name: str
    version: str
    id: str
    manifest_path: str
    targets: list[Target]
    edition: str = "2015"
    features: dict[str, list[str]] = {}
    dependencies: list[Dependency] = []
    authors: list[str] = []
    description: str | None = None
    homepage: str | None = None
    repository: str | None = None
    license: str | None = None
    license_file: str | None = None
    readme: str | None = None
    rust_version: str | None = None

    @property
    def folder(self) -> str:
        """The absolute folder of its manifest."""
        return self.manifest_path.replace("\\", "/").rpartition("/")[0]


class Metadata(msgspec.Struct, frozen=True):
    """The workspace: its root (absolute), its members in cargo's order, the members a bare command takes."""

    packages: list[Package]
    workspace_root: str
    target_directory: str
    workspace_members: list[str] = []
    workspace_default_members: list[str] = []

    def package(self, name: str) -> Package:
        """Return a member by name.

        Raises:
            KeyError: There is none.
        """
        for package in self.packages:
            if package.name == name:
                return package
        raise KeyError(name)


def dependents(metadata: Metadata, name: str) -> tuple[str, ...]:
    """Return the names of a member and of all members that depend on it, directly or not, sorted."""
    found = {name}
    waiting = [name]
    while waiting:
        folder = metadata.package(waiting.pop()).folder
        users = {
            package.name
            for package in metadata.packages
            for one in package.dependencies
            if one.path is not None and one.path.replace("\\", "/").rstrip("/") == folder
        } - found
        found |= users
        waiting += users
    return tuple(sorted(found))


_FOLDERS = {"bin": "src/bin", "example": "examples", "test": "tests", "bench": "benches"}
_DEPENDENCIES = ("dependencies", "dev-dependencies", "build-dependencies")


@dataclass(frozen=True, slots=True)
class MissingTarget:
    """A target that the manifest of a package declares and that has no file; ``path`` is absolute."""

    package: str
    kind: str
    name: str
    path: str


def missing_targets(metadata: Metadata) -> tuple[MissingTarget, ...]:
    """Return the examples, tests, benches and binaries without a file, as a published crate has them."""
    return tuple(found for package in metadata.packages for found in _missing(package))


def _missing(package: Package) -> Iterator[MissingTarget]:
    folder = Path(package.folder)
    manifest = _read(folder / "Cargo.toml") or {}
    for kind in _FOLDERS:
        for name, path in _declared(manifest, kind, folder):
            if not path.is_file():
                yield MissingTarget(package.name, kind, name, str(path))


def described(folder: Path, refused: BaselineError) -> Metadata:
    """Return the workspace around a package's folder as its manifests have it, where cargo refuses to.

    Features of dependencies, versions and everything that needs other packages stay unknown.

    Raises:
        BaselineError: ``refused``, if not even the manifests can be read.
    """
    root = _root(folder)
    table = _read(root / "Cargo.toml")
    if table is None:
        raise refused
    folders = [root] if "package" in table else []
    folders += _members(root, table)
    inherited = _table(_table(table, "workspace"), "package")
    read = ((one, _read(one / "Cargo.toml")) for one in dict.fromkeys((*folders, folder)))
    packages = [_package(one, found, inherited) for one, found in read if found and "package" in found]
    if not packages:
        raise refused
    return Metadata(packages, str(root), str(root / "target"), [p.id for p in packages])


def _root(folder: Path) -> Path:
    for above in (folder, *folder.parents):
        table = _read(above / "Cargo.toml")
        if table is not None and "workspace" in table:
            return above
    return folder


def _members(root: Path, table: dict[str, Any]) -> list[Path]:
    workspace = _table(table, "workspace")
    patterns = [p for p in workspace.get("members", []) if isinstance(p, str) and not p.startswith("/")]
    left_out = {root / p for p in workspace.get("exclude", []) if isinstance(p, str)}
    found = sorted(one for pattern in patterns for one in root.glob(pattern))
    return [one for one in found if one not in left_out and (one / "Cargo.toml").is_file()]


def _package(folder: Path, manifest: dict[str, Any], inherited: dict[str, Any]) -> Package:
    about = _table(manifest, "package")
    said = {key: inherited.get(key) if isinstance(about.get(key), dict) else about.get(key) for key in _SAID}
    name, version, edition = str(about.get("name", "")), str(said["version"] or "0.0.0"), said["edition"]
    features = _table(manifest, "features")
    return Package(
        name=name,
        version=version,
        id=f"path+file://{folder}#{name}@{version}",
        manifest_path=str(folder / "Cargo.toml"),
        targets=list(_targets(folder, manifest, name, str(edition or "2015"))),
        edition=str(edition or "2015"),
        features={key: [] for key in features},
        dependencies=[d for key in _DEPENDENCIES for d in _dependencies(folder, _table(manifest, key))],
    )


_SAID = ("version", "edition")


def _dependencies(folder: Path, table: dict[str, Any]) -> Iterator[Dependency]:
    for name, said in table.items():
        path = said.get("path") if isinstance(said, dict) else None
        yield Dependency(name, path=str((folder / path).resolve()) if isinstance(path, str) else None)


def _targets(folder: Path, manifest: dict[str, Any], name: str, edition: str) -> Iterator[Target]:
    library = _table(manifest, "lib")
    root = folder / str(library.get("path", "src/lib.rs"))
    if root.is_file():
        kind = "proc-macro" if library.get("proc-macro") else "lib"
        yield Target(str(library.get("name", name.replace("-", "_"))), [kind], [kind], str(root), edition)
    for kind in _FOLDERS:
        found = dict(_declared(manifest, kind, folder))
        known = set(found.values())
        found |= {key: path for key, path in _discovered(folder, kind, name) if path not in known}
        for key, path in sorted(found.items()):
            if path.is_file():
                yield Target(
                    key, [kind], ["bin"], str(path), edition, test=kind in ("bin", "test"), doctest=False
                )
    if (folder / "build.rs").is_file():
        yield Target(
            "build-script-build", ["custom-build"], ["bin"], str(folder / "build.rs"), edition, test=False
        )


def _declared(manifest: dict[str, Any], kind: str, folder: Path) -> Iterator[tuple[str, Path]]:
    """Yield the targets of a kind that the manifest names, with the file that each has or should have."""
    tables = manifest.get(kind, [])
    for table in tables if isinstance(tables, list) else []:
        name, said = str(table.get("name", "")), table.get("path")
        usual = folder / _FOLDERS[kind] / f"{name}.rs"
        others = [usual.with_suffix("") / "main.rs", *([folder / "src/main.rs"] if kind == "bin" else [])]
        path = folder / said if isinstance(said, str) else next((p for p in others if p.is_file()), usual)
        yield name, path


def _discovered(folder: Path, kind: str, name: str) -> Iterator[tuple[str, Path]]:
    if kind == "bin":
        yield name, folder / "src/main.rs"
    inside = folder / _FOLDERS[kind]
    yield from ((path.stem, path) for path in sorted(inside.glob("*.rs")))
    yield from ((path.parent.name, path) for path in sorted(inside.glob("*/main.rs")))


def _read(manifest: Path) -> dict[str, Any] | None:
    try:
        return tomllib.loads(manifest.read_text("utf-8"))
    except (OSError, UnicodeError, tomllib.TOMLDecodeError):
        return None


def _table(table: dict[str, Any], key: str) -> dict[str, Any]:
    found = table.get(key, {})
    return found if isinstance(found, dict) else {}
