"""Where rustc looks for the file of ``mod x;``: pure arithmetic on paths, as the Rust reference's "Modules".

Two directories matter at any point of a crate: the one ``#[path]`` is relative to, and the one a plain
``mod x;`` is searched in. They differ in ``foo.rs`` (``src/`` and ``src/foo/``), are one in ``mod.rs``, in a
crate root and in a file that was itself loaded by ``#[path]``, and become one inside an inline module.
"""

import posixpath
from collections.abc import Iterable
from dataclasses import dataclass

from remediate.rust.package import Package


@dataclass(frozen=True, slots=True)
class Place:
    """A point in a crate, as far as ``mod`` is concerned.

    Attributes:
        base: The directory ``#[path]`` is relative to; may hold ``..`` and need not exist.
        relative: The folder below it for plain ``mod x;``; "" where there is none.
    """

    base: str
    relative: str = ""

    @property
    def directory(self) -> str:
        """Where plain ``mod x;`` is searched, normalised."""
        return normalised(posixpath.join(self.base, self.relative))


def owner_of(file: str) -> Place:
    """Return the place of a crate root, a ``mod.rs`` or a file loaded by ``#[path]``."""
    return Place(posixpath.dirname(file))


def member_of(file: str, name: str) -> Place:
    """Return the place of a file that a plain ``mod name;`` loaded."""
    owner = owner_of(file)
    return owner if posixpath.basename(file) == "mod.rs" else Place(owner.base, name)


def inside(place: Place, name: str, path: str | None = None) -> Place:
    """Return the place inside an inline module ``name``, which may itself carry ``#[path]``."""
    if path is not None:
        return Place(posixpath.join(place.base, path))
    return Place(posixpath.join(place.base, place.relative, name))


def candidates(place: Place, name: str) -> tuple[str, str]:
    """Return the two files, unnormalised, that a plain ``mod name;`` may mean."""
    directory = posixpath.join(place.base, place.relative)
    return posixpath.join(directory, f"{name}.rs"), posixpath.join(directory, name, "mod.rs")


def located(package: Package, path: str) -> str | None:
    """Return the existing file an unnormalised path leads to, or None.

    As on Unix, ``a/../b`` leads nowhere unless the folder ``a`` exists.
    """
    reached = ""
    for part in path.split("/"):
        if part == ".." and not _is_folder(package, reached):
            return None
        reached = normalised(posixpath.join(reached, part))
    return reached if package.exists(reached) else None


def folders_of(paths: Iterable[str]) -> frozenset[str]:
    """Return every folder above one of these files."""
    found = {""}
    for path in paths:
        while (path := posixpath.dirname(path)) not in found:
            found.add(path)
    return frozenset(found)


def normalised(path: str) -> str:
    """Return the path without ``.`` and ``a/..``; "" is the workspace root."""
    path = posixpath.normpath(path)
    return "" if path == "." else path


def relative(path: str, folder: str) -> str:
    """Return how ``folder`` writes ``path``; both are normalised and relative to the workspace root."""
    here, there = [p for p in folder.split("/") if p], path.split("/")
    same = 0
    while same < min(len(here), len(there) - 1) and here[same] == there[same]:
        same += 1
    return "/".join([*([".."] * (len(here) - same)), *there[same:]])


def _is_folder(package: Package, path: str) -> bool:
    return (
        path in package.derived(_folders)
        or path.startswith("..")
        or f"{package.root}/".startswith(f"{path}/")
    )


def _folders(package: Package) -> frozenset[str]:
    return folders_of((*package.files, *package.paths))
