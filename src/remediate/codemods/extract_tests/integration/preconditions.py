"""Whether a package can have its tests in a target of their own at all, and which target that is."""

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from remediate.model import Skip
from remediate.rust.modules.manifest import finds_new_tests, manifest_table
from remediate.rust.modules.module import Module
from remediate.rust.modules.module_tree import module_tree
from remediate.rust.package import Package, Target
from remediate.rust.syntax.items import inner_attributes

NAME = "it"
TARGET = f'test "{NAME}"'
"""The target of promoted tests, as cargo's messages call it."""
_LINKABLE = {"lib", "rlib", "dylib"}


@dataclass(frozen=True)
class TestTarget:
    """The library that promoted tests link, and the test target that they go to.

    Attributes:
        crate: The library's name in the test target.
        root: The library's root module.
        main: The path of the test target's root file, there or not.
        declared: Whether Cargo.toml has to declare the target, because cargo would not find it.
    """

    crate: str
    root: Module
    main: str
    declared: bool


def test_target(package: Package) -> TestTarget | Skip:
    """Return what promoted tests would stand on, or why the package has no place for them."""
    return package.derived(_test_target)


def _test_target(package: Package) -> TestTarget | Skip:
    library = next((t for t in package.targets if _LINKABLE & set(t.kinds)), None)
    if library is None:
        return Skip("no-library", f"{package.name} has no library that a test could link")
    if not (library.test and library.harness):
        return Skip("library-untested", f"the library of {package.name} has `test = false` or no harness")
    root = next(
        (m for m in module_tree(package).modules if m.root == library.root and m.parent is None), None
    )
    if root is None or root.targets != (library,):
        return Skip("no-library", f"{library.root} is the root of other targets too, or cannot be read")
    skip = next(_taken(package), None)
    if skip is not None:
        return skip
    crate = library.name.replace("-", "_")
    if crate in {m.name for m in module_tree(package).children(root)}:
        crate += "_lib"  # A module that mirrors the library's would hide it.
    return TestTarget(crate, root, main_of(package), _needs_declaration(package))


def main_of(package: Package) -> str:
    """Return where the root file of the test target is."""
    return posixpath.join(package.root, "tests", NAME, "main.rs")


def _taken(package: Package) -> Iterator[Skip]:
    main, folder = main_of(package), posixpath.join(package.root, "tests", NAME)
    mine = [t for t in package.targets if t.root == main]
    for path in (f"{folder}.rs", folder, posixpath.dirname(folder)):
        if package.exists(path) or path in package.members or package.exists(f"{path}/Cargo.toml"):
            yield Skip("it-target-taken", f"{path} is something else already")
    if any(t.name == NAME and t.root != main for t in package.targets):
        yield Skip("it-target-taken", f"a target of {package.name} that stands elsewhere is called {NAME}")
    if package.exists(main) and not _is_open(package, main, mine):
        yield Skip("it-target-taken", f"not all builds run the tests of {main}, or it has no harness")
    table = next((t for t in _tables(package) if t.get("name") == NAME), {})
    if table.get("required-features"):
        yield Skip("it-target-taken", f"the target {NAME} has required features, so its tests may not run")


def _is_open(package: Package, main: str, targets: list[Target]) -> bool:
    """Whether a module declared in an existing root file is compiled, and run, in every test build."""
    if main not in package.files or not targets or not all(t.test and t.harness for t in targets):
        return False
    inner = inner_attributes(package.source(main))
    return not any(a.path in ("cfg", "cfg_attr", "test_runner") for a in inner)


def _needs_declaration(package: Package) -> bool:
    """Whether cargo does not look for test targets, and does not know this one."""
    if any(t.root == main_of(package) for t in package.targets):
        return False
    return not finds_new_tests(package)


def _tables(package: Package) -> list[dict[str, Any]]:
    tables = manifest_table(package).get("test", [])
    return tables if isinstance(tables, list) else []
