"""Who else in the library uses what a test module holds."""

import re
from collections.abc import Iterator

from remediate.codemods.extract_tests.discovery import Embedded
from remediate.codemods.extract_tests.integration.preconditions import Ground
from remediate.codemods.extract_tests.integration.test_build import all_files
from remediate.rust.mentions.index import mention_index
from remediate.rust.modules.module import Module
from remediate.rust.modules.module_tree import module_tree
from remediate.rust.package import Package
from remediate.rust.resolution.resolver import Meaning, Path, Resolver


def user(resolver: Resolver, module: Embedded) -> str | None:
    """Return a file of the library with a path that may lead through the module, None without any."""
    own = module.module.path[1:]
    outside = [m for m in resolver.modules.values() if m.path[1 : len(own) + 1] != own]
    for other in sorted(outside, key=lambda m: (m.file, m.path)):
        if module.name.encode() + b"::" in resolver.package.files.get(other.file, b""):
            for path, meaning in _paths_by(resolver, other, module.name):
                if not meaning.known or (meaning.path == own and not meaning.outside):
                    return f"{other.file} ({'::'.join(path)})"
    return None


def shared_macro(package: Package, ground: Ground, module: Embedded) -> str | None:
    """Return a macro that a ``#[macro_use]`` module leaves to the modules behind it, None without any."""
    if not any(a.path == "macro_use" for a in module.item.attributes):
        return None
    own = module.module
    inside = [m for m in module_tree(package).modules if m is own or own in m.ancestors()]
    text = b"".join(package.files.get(file, b"") for file in {m.file for m in inside})
    names = {found.decode() for found in re.findall(rb"\bmacro_rules!\s*(\w+)", text)}
    files = {m.file for m in all_files(package, ground)} - {m.file for m in inside if m.span is None}
    said = b"".join(package.files[file] for file in files)
    return next((n for n in sorted(names) if re.search(rf"\b{n}!".encode(), said)), None)


def _paths_by(resolver: Resolver, module: Module, name: str) -> Iterator[tuple[Path, Meaning]]:
    """Yield each path in a module that says a name before its end, up to the name, and what that leads to."""
    for imported in resolver.scope_of(module).imports:
        for path in _up_to(imported.leaf.path, name, whole=imported.leaf.glob):
            yield path, resolver.of_use(module, path)
    for path in _mentioned(resolver, module):
        for start in _up_to(path, name, whole=False):
            yield start, resolver.of_path(module, start)


def _mentioned(resolver: Resolver, module: Module) -> Iterator[Path]:
    """Yield the paths in a module's code, those of modules that are written inside it left out."""
    inside = module.path[len(_file_module(module).path) :]
    for mention in mention_index(resolver.package).of(module.file).mentions:
        if mention.module == inside and mention.origin != "doc":
            yield mention.path


def _file_module(module: Module) -> Module:
    while module.span is not None and module.parent is not None:
        module = module.parent
    return module


def _up_to(path: Path, name: str, *, whole: bool) -> Iterator[Path]:
    end = len(path) if whole else len(path) - 1
    yield from (path[: index + 1] for index in range(end) if path[index] == name)
