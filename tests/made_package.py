"""Packages made of a few lines of text."""

from remediate.rust.modules.module import Module
from remediate.rust.modules.module_tree import ModuleTree, module_tree
from remediate.rust.package import Package, Target


def package(root: str, targets: tuple[Target, ...], **files: str) -> Package:
    """Return a package of the given files; ``src__a_rs`` stands for src/a.rs."""
    texts = {_path(root, name): text.encode() for name, text in files.items()}
    return Package("p", "", root, "2021", targets or (target(root, "src/lib.rs", "lib"),), texts)


def _path(root: str, name: str) -> str:
    path = name.replace("__", "/").removesuffix("_rs") + ".rs"
    return f"{root}/{path}" if root else path


def target(root: str, path: str, kind: str) -> Target:
    return Target(path, (kind,), f"{root}/{path}" if root else path)


def tree(**files: str) -> ModuleTree:
    return module_tree(package("", (), **files))


def files(found: ModuleTree) -> dict[str, str]:
    """Return file by module path, inline modules left out."""
    return {"::".join(m.path): m.file for m in found.modules if m.span is None}


def one(found: ModuleTree, path: str) -> Module:
    (module,) = (m for m in found.modules if "::".join(m.path) == path)
    return module
