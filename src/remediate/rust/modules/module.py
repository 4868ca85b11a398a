"""One module of one crate, and where rustc looks for its file: arithmetic on paths.

As the Rust reference's "Modules": two directories matter at any point of a crate: the one ``#[path]`` is
relative to, and the one a plain ``mod x;`` is searched in. They differ in ``foo.rs`` (``src/`` and
``src/foo/``), are one in ``mod.rs``, in a crate root and in a file that was itself loaded by ``#[path]``,
and become one inside an inline module.
"""

import posixpath
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from remediate.rust.package import Package, Target
from remediate.rust.syntax.cfg import Predicate
from remediate.rust.syntax.items import Item, children, items
from remediate.rust.syntax.source import Source


@dataclass(frozen=True, slots=True)
class ModuleLocation:
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


def owner_of(file: str) -> ModuleLocation:
    """Return the location of a crate root, a ``mod.rs`` or a file loaded by ``#[path]``."""
    return ModuleLocation(posixpath.dirname(file))


def member_of(file: str, name: str) -> ModuleLocation:
    """Return the location of a file that a plain ``mod name;`` loaded."""
    owner = owner_of(file)
    return owner if posixpath.basename(file) == "mod.rs" else ModuleLocation(owner.base, name)


def inside(location: ModuleLocation, name: str, path: str | None = None) -> ModuleLocation:
    """Return the location inside an inline module ``name``, which may itself carry ``#[path]``."""
    if path is not None:
        return ModuleLocation(posixpath.join(location.base, path))
    return ModuleLocation(posixpath.join(location.base, location.relative, name))


def candidates(location: ModuleLocation, name: str) -> tuple[str, str]:
    """Return the two files, unnormalised, that a plain ``mod name;`` may mean."""
    directory = posixpath.join(location.base, location.relative)
    return posixpath.join(directory, f"{name}.rs"), posixpath.join(directory, name, "mod.rs")


def located(package: Package, path: str) -> str | None:
    """Return the existing file an unnormalised path leads to, or None.

    As on Unix, ``a/../b`` leads nowhere unless the folder ``a`` exists.
    """
    reached = ""
    for part in path.split("/"):
        outside = reached.startswith("..") or f"{package.root}/".startswith(f"{reached}/")
        if part == ".." and not outside and reached not in package.derived(_folders):
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


def _folders(package: Package) -> frozenset[str]:
    return folders_of((*package.files, *package.paths))


@dataclass(frozen=True)
class Module:
    """One module of one target root.

    Attributes:
        path: ("crate", "a", "b"), without ``r#``.
        targets: The cargo targets whose root file this tree begins in; several may share one root.
        file: The file its items stand in.
        span: Where in ``file`` an inline module's body is, between its braces; None for a whole file.
        cfg: All that must hold for it to be compiled, from the root down, its own ``#![cfg]`` included.
        location: Where its own ``mod x;`` and ``#[path]`` lead.
        parent: The enclosing module; None for a crate root.
        item: Its declaration in the parent's file; None for roots and for modules that macros declare.
        loaded_by: How its file was found: "root", "name", "path" (``#[path]``), "inline", "include",
            "call" (a plain ``mod x;`` in a macro's call), "macro" (otherwise by one).
        certain: Whether plain syntax declares it; False below a macro that may not do what it seems to.
    """

    path: tuple[str, ...]
    targets: tuple[Target, ...]
    file: str
    span: tuple[int, int] | None
    cfg: tuple[Predicate, ...]
    location: ModuleLocation
    parent: "Module | None"
    item: Item | None
    loaded_by: str
    certain: bool = True

    @property
    def root(self) -> str:
        """The root file of its targets."""
        return self.targets[0].root

    @property
    def directory(self) -> str:
        """Where its plain ``mod x;`` are searched."""
        return self.location.directory

    @property
    def name(self) -> str:
        """The last segment of its path."""
        return self.path[-1]

    def ancestors(self) -> Iterator["Module"]:
        """Yield the enclosing modules, innermost first."""
        module = self.parent
        while module is not None:
            yield module
            module = module.parent


def items_of(source: Source, module: Module) -> tuple[Item, ...]:
    """Return the items directly in a module, whose file is ``source``; () where a macro declares it."""
    if module.span is None:
        return items(source)
    return children(source, module.item) if module.item is not None else ()
