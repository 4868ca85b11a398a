"""Who else in the library uses what a test module holds."""

from collections.abc import Iterator

from remediate.codemods.extract_tests.discovery import Embedded
from remediate.rust.meaning import Meaning, Meanings, Path
from remediate.rust.mention_index import mention_index
from remediate.rust.module import Module


def user(meanings: Meanings, module: Embedded) -> str | None:
    """Return a file of the library with a path that may lead through the module, None without any."""
    own = module.module.path[1:]
    outside = [m for m in meanings.modules.values() if m.path[1 : len(own) + 1] != own]
    for other in sorted(outside, key=lambda m: (m.file, m.path)):
        if module.name.encode() + b"::" in meanings.package.files.get(other.file, b""):
            for path, meaning in _paths_by(meanings, other, module.name):
                if not meaning.known or (meaning.path == own and not meaning.outside):
                    return f"{other.file} ({'::'.join(path)})"
    return None


def _paths_by(meanings: Meanings, module: Module, name: str) -> Iterator[tuple[Path, Meaning]]:
    """Yield each path in a module that says a name before its end, up to the name, and what that leads to."""
    for imported in meanings.scope_of(module).imports:
        for path in _up_to(imported.leaf.path, name, whole=imported.leaf.glob):
            yield path, meanings.of_use(module, path)
    for path in _mentioned(meanings, module):
        for start in _up_to(path, name, whole=False):
            yield start, meanings.of_path(module, start)


def _mentioned(meanings: Meanings, module: Module) -> Iterator[Path]:
    """Yield the paths in a module's code, those of modules that are written inside it left out."""
    inside = module.path[len(_file_module(module).path) :]
    for mention in mention_index(meanings.package).of(module.file).mentions:
        if mention.module == inside and mention.origin != "doc":
            yield mention.path


def _file_module(module: Module) -> Module:
    while module.span is not None and module.parent is not None:
        module = module.parent
    return module


def _up_to(path: Path, name: str, *, whole: bool) -> Iterator[Path]:
    end = len(path) if whole else len(path) - 1
    yield from (path[: index + 1] for index in range(end) if path[index] == name)
