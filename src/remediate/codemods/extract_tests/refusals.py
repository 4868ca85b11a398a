"""Why a whole file, or a whole package, is none of this codemod's business."""

from collections.abc import Iterator

from remediate.codemods.extract_tests.layout import home
from remediate.model import Skip
from remediate.rust.modules.module_tree import module_tree
from remediate.rust.package import Package
from remediate.rust.syntax.generated import is_generated

_TEST_KINDS = {"test", "bench"}


def refusal(package: Package, path: str) -> Skip | None:
    """Return the first reason why no test of the file is moved, or None."""
    return next(_refusals(package, path), None)


def folder_taken(package: Package) -> Skip | None:
    """Return the reason why ``tests/unit`` cannot be used, or None.

    ``cargo package`` leaves out folders with a Cargo.toml, and links lead out of the package.
    """
    unit = home(package)
    for folder in (unit.removesuffix("/unit"), unit):
        if folder in package.members or package.exists(f"{folder}/Cargo.toml") or package.exists(folder):
            return Skip("tests-folder-taken", f"{folder} is a package or a link of its own")
    return None


def _refusals(package: Package, path: str) -> Iterator[Skip]:
    if path not in package.files or not path.endswith(".rs"):
        yield Skip("unknown-file", f"{path or 'the package'} is no readable Rust file of {package.name}")
        return
    tree = module_tree(package)
    modules = tree.of_file(path)
    if not modules:
        yield Skip("orphan-file", f"no target of {package.name} reaches {path}, so its tests never run")
    if is_generated(package.files[path]):
        yield Skip("generated-file", f"{path} says that a program wrote it")
    if path in tree.included:
        yield Skip("included-file", f"{path} is included by {tree.included[path][0]}")
    kinds = {kind for m in modules for target in m.targets for kind in target.kinds}
    if kinds == {"custom-build"}:
        yield Skip("build-script", f"{path} belongs to a build script; its tests are never compiled")
    if kinds and kinds <= _TEST_KINDS:
        yield Skip("test-target", f"{path} belongs to an integration test or a benchmark")
