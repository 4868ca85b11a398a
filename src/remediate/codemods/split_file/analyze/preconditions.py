"""Whether a file can be split at all, and where its parts will stand."""

import posixpath
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial

from remediate.codemods.split_file.analyze.relative_files import beside, declaration, moved_modules
from remediate.codemods.split_file.options import SplitOptions
from remediate.edits import Edit
from remediate.model import Finding, Skip
from remediate.rust.modules.module import Module, ModuleLocation, owner_of
from remediate.rust.modules.module_tree import module_tree
from remediate.rust.modules.relative_paths import anchored, including_macros, readers
from remediate.rust.package import Package
from remediate.rust.resolution.names import ModuleScope
from remediate.rust.resolution.resolver import Resolver, resolver
from remediate.rust.syntax.generated import has_generated_part, is_generated
from remediate.rust.syntax.items import Item, items
from remediate.rust.syntax.source import Source

_OWN_FILE = re.compile(rb"\b(?:include_dir|file|assert\w*_snapshot)\s*!|\binsta::")
"""What asks for the name of the file itself."""
_CONFLICT = re.compile(rb"^(?:<{7} |={7}$|>{7} )", re.MULTILINE)


@dataclass(frozen=True)
class Ground:
    """The file to split, the module M it is, and where M and its children will stand.

    Attributes:
        facade: The path of M after the split.
        directory: The folder of the new files; "" is the workspace root.
        manifest: What has to change in Cargo.toml: the target's old and new path; None for nothing.
        declaration: The file whose ``#[path]`` leads to M, and that path written anew; None for nothing.
    """

    package: Package
    source: Source
    module: Module
    scope: ModuleScope
    facade: str
    directory: str
    manifest: tuple[str, str] | None = None
    declaration: tuple[str, Edit] | None = None
    items: tuple[Item, ...] = field(repr=False, default=())

    @property
    def path(self) -> str:
        """The path of M before the split."""
        return self.source.path

    @property
    def is_root(self) -> bool:
        """Whether M is the root of a crate, where private means visible everywhere in it."""
        return self.module.parent is None

    def is_everywhere(self, item: Item) -> bool:
        """Whether every module sees an item by its name: a root's ``extern crate``, since edition 2018."""
        return item.kind == "extern crate" and self.is_root and self.package.edition != "2015"

    @property
    def elsewhere(self) -> dict[str, tuple[Edit, ...]]:
        """The edit of the ``#[path]`` that leads to M, by its file."""
        return {} if self.declaration is None else {self.declaration[0]: (self.declaration[1],)}

    @property
    def place(self) -> ModuleLocation:
        """Where M's own ``mod x;`` lead after the split."""
        return self.module.location if self.declaration is None else owner_of(self.facade)

    @property
    def resolver(self) -> Resolver:
        """Follows paths in M's crate."""
        return resolver(self.package, self.module)

    def child_path(self, name: str) -> str:
        """Return the file of a new child module."""
        return posixpath.join(self.directory, f"{name}.rs")


def ground(package: Package, finding: Finding, options: SplitOptions) -> Ground | Skip:
    """Return where to split, or why not."""
    path = finding.path
    if path not in package.files or not path.endswith(".rs"):
        return Skip("no-such-file", f"{path or finding.claimed_path} is no Rust file of this package.")
    source = package.source(path)
    if source.line_count <= options.max_lines:
        return Skip("not-large", f"{path} has {source.line_count} lines, {options.max_lines} are allowed.")
    unfit = _generated(source) or _unreadable(source)
    if unfit is not None:
        return unfit
    module = _module(package, path)
    return module if isinstance(module, Skip) else _placed(package, source, module, options)


def _generated(source: Source) -> Skip | None:
    path = source.path
    if is_generated(source.text):
        return Skip(
            "generated", f"{path} says that it is generated; its generator should write smaller files."
        )
    if has_generated_part(source.text):
        return Skip(
            "generated", f"a part of {path} says that it is generated; its generator looks for it there."
        )
    return None


def _unreadable(source: Source) -> Skip | None:
    marker = _CONFLICT.search(source.text)
    if marker and source.errors:
        line = source.line_of(marker.start())
        return Skip("parse-error", f"{source.path}:{line} is a merge conflict marker: resolve it first.")
    if any(i.kind == "error" for i in items(source)):
        return Skip("parse-error", f"{source.path} has a top-level item that cannot be read.")
    return None


def _module(package: Package, path: str) -> Module | Skip:
    tree = module_tree(package)
    found = tree.of_file(path)
    if not found:
        return Skip(
            "orphan-file", f"No target of the package reaches {path}, so nothing could check its split."
        )
    if not _is_one(found) or path in tree.included or path in tree.cycles:
        return Skip("shared-file", f"{path} is more than one module, or included elsewhere.")
    reader = next((r for r in readers(package, path) if not r.startswith(_checked(package))), None)
    if reader is not None:
        return Skip("shared-file", f"{path} is data as well: {reader} includes its text.")
    module = found[0]
    # A plain declaration below a module that a macro's call declares is as good as any: rustc knows its path.
    if module.loaded_by in ("macro", "include") or (module.loaded_by == "path" and len(found) > 1):
        return _unusual(module)
    if module.parent is None and "custom-build" in module.targets[0].kinds:
        return Skip("build-script", f"{path} is a build script; its modules would lie in the package's root.")
    return module


def _checked(package: Package) -> tuple[str, ...]:
    """Return the folders of code that is only run to check something: there a test would tell."""
    return tuple(posixpath.join(package.root, folder) for folder in ("tests/", "benches/", "examples/"))


def _is_one(found: Sequence[Module]) -> bool:
    """Whether the modules are one under several cfgs: ``#[cfg(a)] pub mod x; #[cfg(not(a))] mod x;``."""
    return len({(m.path, m.root, m.location) for m in found}) == 1


def _placed(package: Package, source: Source, module: Module, options: SplitOptions) -> Ground | Skip:
    path = source.path
    if module.loaded_by == "path":
        return _by_path(package, source, module)
    scope = resolver(package, module).scope_of(module)
    facade, directory, manifest = path, module.directory, None
    if module.parent is None and _is_discovered(package, path):
        stem = path.removesuffix(".rs")
        facade, directory, manifest = f"{stem}/main.rs", stem, (path, f"{stem}/main.rs")
    elif (
        module.parent is not None
        and posixpath.basename(path) != "mod.rs"
        and _wants_mod(package, options)
        and _can_move(package, source, module, posixpath.join(directory, "mod.rs"))
    ):
        facade = posixpath.join(directory, "mod.rs")
    if facade != path and package.exists(facade):
        return Skip("path-taken", f"{facade} exists already.")
    return Ground(package, source, module, scope, facade, directory, manifest, items=scope.items)


def _by_path(package: Package, source: Source, module: Module) -> Ground | Skip:
    """Place a file that ``#[path]`` leads to: its children would be beside it, so it gets a folder."""
    scope = resolver(package, module).scope_of(module)
    place = partial(Ground, package, source, module, scope, items=scope.items)
    if posixpath.basename(source.path) == "mod.rs":
        return place(source.path, module.directory)
    facade = beside(source.path)
    declared = declaration(package, module, facade)
    if declared is None or not _can_move(package, source, module, facade):
        return _unusual(module)
    if package.exists(facade):
        return Skip("path-taken", f"{facade} exists already.")
    return place(facade, posixpath.dirname(facade), declaration=declared)


def _unusual(module: Module) -> Skip:
    return Skip("unusual-module", f"{module.file} is not found by a plain `mod {module.name};`.")


def _is_discovered(package: Package, path: str) -> bool:
    """Whether a root stands where cargo takes every file for a target of its own."""
    inside = path.removeprefix(f"{package.root}/") if package.root else path
    folder = posixpath.dirname(inside)
    return folder in ("src/bin", "tests", "examples", "benches") and posixpath.basename(path) != "main.rs"


def _wants_mod(package: Package, options: SplitOptions) -> bool:
    """Whether ``foo.rs`` shall become ``foo/mod.rs``."""
    if options.layout == "auto":
        return any(posixpath.basename(p) == "mod.rs" and "/src/" in f"/{p}" for p in package.rust_files)
    return options.layout == "mod"


def _can_move(package: Package, source: Source, module: Module, new: str) -> bool:
    """Whether M means the same in another file, its relative file names rewritten."""
    text, whole = source.text, (0, len(source.text))
    return (
        not _OWN_FILE.search(text)
        and not isinstance(anchored(text, whole, source.path, new), Skip)
        and not including_macros(package, text, whole)
        and moved_modules(text, whole, items(source), module.location.base, posixpath.dirname(new))
        is not None
    )
