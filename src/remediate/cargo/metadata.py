"""What ``cargo metadata`` says of the workspace's own packages."""

from collections.abc import Sequence

import msgspec


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
        users = {p.name for p in metadata.packages if _uses(p.dependencies, folder)} - found
        found |= users
        waiting += users
    return tuple(sorted(found))


def _uses(dependencies: Sequence[Dependency], folder: str) -> bool:
    return any(d.path is not None and d.path.replace("\\", "/").rstrip("/") == folder for d in dependencies)
