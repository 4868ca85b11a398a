"""What a rewrite declares: the functions that do something else, and the public paths that it redefines."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from remediate.codemods.replace_block_on.known import Known
from remediate.edits import Edit
from remediate.rust.modules.module import Module
from remediate.rust.modules.module_tree import module_tree
from remediate.rust.package import LIBRARIES, Package
from remediate.rust.resolution.public_paths import PublicPaths
from remediate.rust.resolution.resolver import Path, resolver
from remediate.rust.syntax.bodies import Function
from remediate.rust.syntax.items import Item, children, items


@dataclass(frozen=True, slots=True)
class Declared:
    """Paths as ``edits.Change`` wants them, from the crate's name on: of functions, and public ones."""

    functions: frozenset[str]
    api: frozenset[str]


def declared(known: Known, edits: Mapping[str, tuple[Edit, ...]]) -> Declared:
    """Return the functions around all edits, and of those whose signature is edited the public paths.

    Statics count as functions: their initialiser is one to the compiler. What mentions an edited static is
    declared with it, because it calls another type's methods then.
    """
    changed, public = set[str](), set[str]()
    for path, some in sorted(edits.items()):
        for edit in some:
            around = _around(known, path, edit.start)
            changed.update(_paths(known, path, edit.start, around))
            if around and (around[-1].body is None or edit.start < around[-1].body[0]):
                public.update(_public(known, path, around[-1]))
            static = None if around else _static(known, path, edit.start)
            if static is not None:
                changed.update(_in_crates(_modules(known, path, edit.start), (static,)))
                changed.update(_mentioning(known, known.codebase.home(path), static))
    return Declared(frozenset(changed), frozenset(public))


def _around(known: Known, path: str, offset: int) -> list[Function]:
    """Return the functions around a byte, the outermost first."""
    return [f for f in known.functions(path) if f.span[0] <= offset < f.span[1]]


def _modules(known: Known, path: str, offset: int) -> tuple[Module, ...]:
    return module_tree(known.codebase.home(path)).at(path, offset)


def _paths(known: Known, path: str, offset: int, around: Iterable[Function]) -> Iterator[str]:
    """Yield the path of the innermost function, in each crate that the file is a part of."""
    owned = ((f.type_name or f.trait_name, f.name) for f in around)
    names = [name for pair in owned for name in (pair[0].removeprefix("r#"), pair[1]) if name]
    if names:
        yield from _in_crates(_modules(known, path, offset), names)


def _in_crates(modules: Iterable[Module], names: Iterable[str]) -> Iterator[str]:
    """Yield the path of a name in modules, in each crate that they are a part of."""
    for module in modules:
        for crate in dict.fromkeys(target.name.replace("-", "_") for target in module.targets):
            yield "::".join((crate, *module.path[1:], *names))


def _plain(written: str) -> str:
    """Return a path as written without its parameters."""
    found: str = re.split(r"[<\s]", written, maxsplit=1)[0]
    return found


def _public(known: Known, path: str, function: Function) -> Iterator[str]:
    """Yield each public path of a function, from the name of its crate on; none for what is not public.

    A trait's method is a part of the trait, and of each type that implements it.
    """
    of_trait = function.owner in {"trait", "trait impl"}
    if function.nested or not (of_trait or function.visibility == "pub"):
        return
    package = known.codebase.home(path)
    for module in _modules(known, path, function.keyword):
        libraries = [target for target in module.targets if LIBRARIES & set(target.kinds)]
        if not libraries:
            continue
        names = resolver(package, module)
        definition: Path = (*module.path[1:], function.name)
        owner = _plain(function.self_type or function.trait)
        if owner:
            definition = names.of_path(module, tuple(owner.split("::"))).path
        below = f"::{function.name}" if owner and not of_trait else ""
        found = PublicPaths(names).found
        if of_trait:
            trait = names.of_path(module, tuple(_plain(function.trait).split("::"))).path
            found = found if any(target == trait for _, target in found.values()) else {}
        for public, (_, target) in sorted(found.items()):
            if target == definition:
                yield "::".join((libraries[0].name.replace("-", "_"), *public)) + below


def _static(known: Known, path: str, offset: int) -> str | None:
    """Return the name of the static around a byte."""
    source = known.source(path)
    found: tuple[Item, ...] = items(source)
    while found:
        item = next((i for i in found if i.start <= offset < i.end), None)
        if item is None or item.kind == "static":
            return item.name if item is not None else None
        found = children(source, item)
    return None


def _mentioning(known: Known, package: Package, name: str) -> Iterator[str]:
    """Yield the functions of a package that mention a name."""
    word = re.compile(rb"\b" + re.escape(name.encode()) + rb"\b")
    for path in package.rust_files:
        if name.encode() in known.codebase.files[path]:
            for match in word.finditer(known.outline(path).code):
                yield from _paths(known, path, match.start(), _around(known, path, match.start()))
