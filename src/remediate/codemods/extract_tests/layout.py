"""The names of the files that tests move to: where they lie, and what they may not be called."""

import posixpath
from collections.abc import Sequence

from remediate.rust.modules.module import Module, candidates, normalised
from remediate.rust.package import Package

_LIBRARIES = {"lib", "rlib", "dylib", "cdylib", "staticlib", "proc-macro"}


def home(package: Package) -> str:
    """Return the folder of the unit tier."""
    return posixpath.join(package.root, "tests/unit")


def mirrored(package: Package, file: str, names: Sequence[str], *, nested: bool = False) -> str:
    """Return the path under tests/unit of the module or function file ``names`` of a source file.

    ``nested`` asks for a folder of its own. cargo takes ``tests/*/main.rs`` for a target: none is called so.
    """
    folder, prefix = _mirror(package, file)
    parts = [prefix + names[0], *names[1:]]
    if parts[-1] == "main":
        parts[-1] = "main_mod"
    last = f"{parts[-1]}/mod.rs" if nested else f"{parts[-1]}.rs"
    return posixpath.join(home(package), folder, *parts[:-1], last)


def beside(package: Package, module: Module, stem: str) -> tuple[str, bool]:
    """Return the path beside a module's file, and whether it is the one plain ``mod stem;`` finds.

    It is not where that file could be another module's or target's, or be taken for a target itself.
    """
    base = posixpath.basename(module.file).removesuffix(".rs")
    prefix = ""
    if module.span is None and module.loaded_by == "root" and _is_shared_folder(package, module.file):
        prefix = "main_" if base == "main" else f"{base}/"
    elif module.span is None and module.loaded_by == "path" and base != "mod":
        prefix = f"{base}_"
    return normalised(candidates(module.place, f"{prefix}{stem}")[0]), not prefix


def _mirror(package: Package, file: str) -> tuple[str, str]:
    """Return the folder that mirrors a source file, and the prefix of names below it."""
    library = next((t.root for t in package.targets if _LIBRARIES & set(t.kinds)), None)
    if file == library:
        return "", ""
    sources = [posixpath.dirname(library)] if library else []
    for folder in (*sources, posixpath.join(package.root, "src"), package.root):
        if not folder or file.startswith(f"{folder}/"):
            inner = file.removeprefix(f"{folder}/")
            break
    else:
        inner = file
    stem, base = posixpath.dirname(inner), posixpath.basename(inner)
    if base == "mod.rs":
        return stem, ""
    return (stem, "main_") if base == "main.rs" else (posixpath.join(stem, base.removesuffix(".rs")), "")


def _is_shared_folder(package: Package, root: str) -> bool:
    """Whether a file beside this target root could be another target's, or be taken for a target."""
    library = any(_LIBRARIES & set(t.kinds) for t in package.targets if t.root == root)
    folder, base = posixpath.split(root)
    discovered = posixpath.basename(folder) in ("bin", "examples", "tests", "benches")
    others = {t.root for t in package.targets if posixpath.dirname(t.root) == folder and t.root != root}
    return not library and (bool(others) or (discovered and base != "main.rs"))
