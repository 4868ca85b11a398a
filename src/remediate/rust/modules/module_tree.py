"""Which file is which module of a package, for every target, and which files are none.

The tree is of syntax: every cfg'd alternative is in it, with its condition. A file that two targets
declare, or one target twice, is several modules. Modules that only macros declare are in it too, marked not
certain: ``cfg_if! { if #[cfg(unix)] { mod unix; } }`` declares a module as surely as plain text does, but
under which condition only the macro knows.
"""

import posixpath
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TypeVar

from remediate.rust.modules.module import (
    Module,
    ModuleLocation,
    candidates,
    inside,
    located,
    member_of,
    owner_of,
)
from remediate.rust.modules.relative_paths import identifiers, inclusions
from remediate.rust.package import Package
from remediate.rust.syntax.cfg import Conditional, Predicate, predicates, resolved
from remediate.rust.syntax.items import Item, children, inner_attributes, items
from remediate.rust.syntax.lexer import Token, TokenKind, code, string_value
from remediate.rust.syntax.source import Source

_Key = TypeVar("_Key", str, int)


@dataclass(frozen=True)
class ModuleTree:
    """All modules of a package.

    Attributes:
        modules: Every module, each before its children; roots in the order of the targets.
        included: Each file that an ``include!`` of Rust code names, with the files that include it.
        cycles: Files that declare themselves again, directly or through others.
        orphans: ``.rs`` files of the package that no target reaches, sorted. Test data and templates are
            among them; what a build script or another build system does with them is not known.
    """

    modules: tuple[Module, ...]
    included: dict[str, tuple[str, ...]]
    cycles: tuple[str, ...]
    orphans: tuple[str, ...]

    def of_file(self, path: str) -> tuple[Module, ...]:
        """Return the modules whose whole text is that file: none for an orphan, several for a shared one."""
        return self._by_file.get(path, ())

    def at(self, path: str, offset: int) -> tuple[Module, ...]:
        """Return the innermost modules around an offset of a file, one for each that the file is."""
        return tuple(self._innermost(outer, offset) for outer in self.of_file(path))

    def children(self, module: Module) -> tuple[Module, ...]:
        """Return the modules declared directly in a module."""
        return self._children.get(id(module), ())

    def _innermost(self, module: Module, offset: int) -> Module:
        for child in self.children(module):
            if child.span is not None and child.span[0] <= offset <= child.span[1]:
                return self._innermost(child, offset)
        return module

    @cached_property
    def _by_file(self) -> dict[str, tuple[Module, ...]]:
        return _grouped((m.file, m) for m in self.modules if m.span is None)

    @cached_property
    def _children(self) -> dict[int, tuple[Module, ...]]:
        return _grouped((id(m.parent), m) for m in self.modules if m.parent is not None)


def module_tree(package: Package) -> ModuleTree:
    """Return the modules of a package; the same object every time."""
    return package.derived(_module_tree)


def _module_tree(package: Package) -> ModuleTree:
    found = walk(package)
    reached = {m.file for m in found.modules} | set(found.included)
    return ModuleTree(
        modules=tuple(found.modules),
        included={path: tuple(sorted(by)) for path, by in sorted(found.included.items())},
        cycles=tuple(sorted(found.cycles)),
        orphans=tuple(p for p in own_files(package) if p not in reached),
    )


def _grouped(pairs: Iterable[tuple[_Key, Module]]) -> dict[_Key, tuple[Module, ...]]:
    found: dict[_Key, list[Module]] = {}
    for key, module in pairs:
        found.setdefault(key, []).append(module)
    return {key: tuple(modules) for key, modules in found.items()}


# A macro call at the start of a line may declare modules too; one inside a function hardly ever does.
_DECLARES = re.compile(rb"\bmod\b|\binclude\s*!|^\w[\w:]*\s*!", re.MULTILINE)
_OWN_CFG = re.compile(rb"#\s*!\s*\[\s*cfg")
_STRING = re.compile(r'r?#*"(?P<text>[^"]*)"#*\Z')
_Chain = tuple[str, ...]


@dataclass
class Walk:
    """What the walk has found so far."""

    package: Package
    modules: list[Module] = field(default_factory=list)
    included: dict[str, set[str]] = field(default_factory=dict)
    cycles: set[str] = field(default_factory=set)
    macros: list[tuple[Module, Item]] = field(default_factory=list)


def walk(package: Package) -> Walk:
    """Return every module that the package's targets reach."""
    found = Walk(package)
    for root in dict.fromkeys(target.root for target in package.targets):
        if root in package.files:
            targets, cfg = tuple(t for t in package.targets if t.root == root), _file_cfg(package, root)
            _file(found, Module(("crate",), targets, root, None, cfg, owner_of(root), None, None, "root"), ())
    while any(_mentioned(found, path) for path in own_files(package)):
        pass  # a file found this way may declare or name others
    return found


def own_files(package: Package) -> Iterator[str]:
    """Yield the ``.rs`` files of a package that are not another member's and not build output."""
    own = posixpath.join(package.root, "")
    inner = tuple(f"{m}/" for m in package.members if m and m != package.root and m.startswith(own))
    built = posixpath.join(package.root, "target/")
    return (p for p in package.rust_files if not p.startswith((*inner, built)))


def path_attribute(item: Item) -> str | None:
    """Return the text of an item's unconditional ``#[path]``, or None."""
    return next((text for c in _paths(item) if not c.when and (text := _literal(c)) is not None), None)


def _file_cfg(package: Package, path: str) -> tuple[Predicate, ...]:
    if path not in package.files or not _OWN_CFG.search(package.files[path]):
        return ()
    return predicates(inner_attributes(package.source(path)))


def _file(found: Walk, module: Module, chain: _Chain) -> None:
    """Add a whole-file module and what it declares."""
    if module.file in chain:
        found.cycles.add(module.file)
        return
    found.modules.append(module)
    text = found.package.files.get(module.file)
    if text is not None and _DECLARES.search(text):
        source = found.package.source(module.file)
        _items(found, module, source, items(source), (*chain, module.file))


def _items(found: Walk, module: Module, source: Source, declared: Iterable[Item], chain: _Chain) -> None:
    for item in declared:
        if item.kind == "mod" and item.name is not None:
            if item.body:
                _inline(found, module, source, item, chain)
            else:
                _out_of_line(found, module, item, chain)
            continue
        if item.kind == "macro":
            found.macros.append((module, item))
        if _DECLARES.search(source.text, item.start, item.end):
            _inclusions(found, module, source, item, chain)
            _hidden(found, module, source, item, chain)


def _inline(found: Walk, module: Module, source: Source, item: Item, chain: _Chain) -> None:
    child = replace(
        module,
        path=(*module.path, _name(item)),
        span=item.body,
        cfg=(*module.cfg, *predicates([*item.attributes, *inner_attributes(source, item)])),
        location=inside(module.location, _name(item), path_attribute(item)),
        parent=module,
        item=item,
        loaded_by="inline",
    )
    found.modules.append(child)
    _items(found, child, source, children(source, item), chain)


def _out_of_line(found: Walk, module: Module, item: Item, chain: _Chain) -> None:
    name = _name(item)
    for when, paths, how in _alternatives(module, item):
        file = _first(found.package, paths)
        if file is None:
            continue
        child = replace(
            module,
            path=(*module.path, name),
            file=file,
            span=None,
            cfg=(*module.cfg, *predicates(item.attributes), *when, *_file_cfg(found.package, file)),
            location=member_of(file, name) if how == "name" else owner_of(file),
            parent=module,
            item=item,
            loaded_by=how,
        )
        _file(found, child, chain)


def _alternatives(module: Module, item: Item) -> Iterator[tuple[tuple[Predicate, ...], tuple[str, ...], str]]:
    """Yield where ``mod x;`` may lead: each ``#[path]`` with its condition, last the plain files."""
    otherwise: tuple[Predicate, ...] = ()
    for condition in _paths(item):
        text = _literal(condition)
        if text is not None:
            yield (*otherwise, *condition.when), (posixpath.join(module.location.base, text),), "path"
        if not condition.when:
            return
        otherwise = (*otherwise, Predicate("not", of=(Predicate("all", of=condition.when),)))
    yield otherwise, candidates(module.location, _name(item)), "name"


def _first(package: Package, paths: Iterable[str]) -> str | None:
    return next((file for path in paths if (file := located(package, path))), None)


def _inclusions(found: Walk, module: Module, source: Source, item: Item, chain: _Chain) -> None:
    for inclusion in inclusions(source.text, item.start, item.end):
        file = inclusion.target(found.package, source.path) if inclusion.macro == "include" else None
        if file is None or not found.package.exists(file):
            continue
        found.included.setdefault(file, set()).add(source.path)
        if file.endswith(".rs"):
            below = replace(module, cfg=(*module.cfg, *predicates(item.attributes)))
            _file(found, _unseen(below, file, owner_of(file), "include"), chain)


def _hidden(found: Walk, module: Module, source: Source, item: Item, chain: _Chain) -> None:
    for hidden in hidden_modules(source.text, item.start, item.end):
        location = module.location
        for name in hidden.inside:
            location = inside(location, name)
        plain = candidates(location, hidden.name)
        file = _first(
            found.package, plain if hidden.path is None else [posixpath.join(location.base, hidden.path)]
        )
        if file is not None:
            cfg = (*module.cfg, *predicates(item.attributes), *_file_cfg(found.package, file))
            below = replace(module, path=(*module.path, *hidden.inside, hidden.name), cfg=cfg)
            own = owner_of(file) if hidden.path is not None else member_of(file, hidden.name)
            in_call = item.kind == "macro" and hidden.path is None and not hidden.inside
            how = "call" if in_call else "macro"
            _file(found, replace(_unseen(below, file, own, how), parent=module), chain)


def _unseen(module: Module, file: str, location: ModuleLocation, loaded_by: str) -> Module:
    """Return ``module`` as the file that something other than a declaration in plain sight loads."""
    certain = module.certain and loaded_by == "include"
    own = replace(module, file=file, span=None, location=location, parent=module, item=None)
    return replace(own, loaded_by=loaded_by, certain=certain)


def _mentioned(found: Walk, path: str) -> bool:
    """Add a file that nothing declares but that an item macro beside it names: ``modules!(a, b);``."""
    if any(m.file == path for m in found.modules) or path in found.included:
        return False
    folder, base = posixpath.split(path)
    name = base.removesuffix(".rs")
    if name == "mod":
        folder, name = posixpath.split(folder)
    for module, item in found.macros:
        text = found.package.files[module.file]
        if module.directory == folder and name in identifiers(text, item.start, item.end):
            cfg = (*module.cfg, *_file_cfg(found.package, path))
            below = replace(module, path=(*module.path, name), cfg=cfg)
            child = _unseen(below, path, member_of(path, name), "macro")
            _file(found, replace(child, parent=module), ())
            return True
    return False


def _paths(item: Item) -> list[Conditional]:
    return [c for a in item.attributes for c in resolved(a) if c.path == "path"]


def _literal(path: Conditional) -> str | None:
    match = _STRING.match(path.arguments[0].text.decode(errors="replace")) if path.arguments else None
    return match["text"] if match else None


def _name(item: Item) -> str:
    return item.name or "_"


_MAYBE = re.compile(rb"\bmod\s+(?:r#)?\w+\s*;")
_OPEN, _CLOSE = {b"(", b"[", b"{"}, {b")", b"]", b"}"}


@dataclass(frozen=True, slots=True)
class HiddenModule:
    """A ``mod name;`` at bytes ``start:end``, in inline modules ``inside``; ``path`` is its ``#[path]``."""

    name: str
    start: int
    end: int
    inside: tuple[str, ...]
    path: str | None


def hidden_modules(text: bytes, start: int, end: int) -> Iterator[HiddenModule]:
    """Yield the ``mod x;`` among the tokens of ``text[start:end]``."""
    if not _MAYBE.search(text, start, end):
        return
    stream = code(text, start, end)
    scopes: list[str | None] = []
    path: str | None = None
    for index, token in enumerate(stream):
        after = [t.text for t in stream[index + 1 : index + 3]]
        if token.text == b"path" and after[:1] == [b"="] and _is_attribute(stream, index):
            path = string_value(stream[index + 2].text)
        elif token.text == b"mod" and after[1:] == [b";"] and stream[index + 1].kind == TokenKind.IDENT:
            inside = tuple(s for s in scopes if s is not None)
            yield HiddenModule(stream[index + 1].name, token.start, stream[index + 2].end, inside, path)
        elif token.text in _OPEN:
            scopes.append(_scope(stream, index))
        elif token.text in _CLOSE and scopes:
            scopes.pop()
        if token.text in (b";", b"{", b"}"):
            path = None


def _is_attribute(code: list[Token], index: int) -> bool:
    return (
        index >= 2 and code[index - 1].text == b"[" and code[index - 2].text == b"#" and index + 2 < len(code)
    )


def _scope(code: list[Token], index: int) -> str | None:
    """Return the module that the brace at ``index`` opens, or None for any other bracket."""
    is_module = index >= 2 and code[index].text == b"{" and code[index - 2].text == b"mod"
    return code[index - 1].name if is_module else None
