"""Inline modules, ``mod tests { .. }`` first of all, as files of their own: same module, same test ids."""

import posixpath
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from remediate.codemods.split_file.analyze.relative_files import moved_modules
from remediate.codemods.split_file.analyze.units import Unit
from remediate.codemods.split_file.analyze.uses import Needs
from remediate.codemods.split_file.draft import FACADE, Draft, Key
from remediate.codemods.split_file.imports.import_planner import cfg_of
from remediate.codemods.split_file.imports.import_text import declarations
from remediate.codemods.split_file.imports.imported import ModuleImports, Wiring
from remediate.codemods.split_file.imports.reachable import is_passed_on, named_elsewhere
from remediate.codemods.split_file.rewrite.child_text import line_end
from remediate.edits import Edit, apply
from remediate.model import Skip
from remediate.rust.modules.module import Module, ModuleLocation, inside, member_of
from remediate.rust.modules.relative_paths import anchored, including_macros
from remediate.rust.resolution.names import Import, ModuleScope
from remediate.rust.syntax.cfg import Cfg, disjoint, needed, negation, resolved, without
from remediate.rust.syntax.items import Item, children, items
from remediate.rust.syntax.source import Source

_HELD = re.compile(rb"\b(?:include_dir|file|line|column|assert\w*_snapshot)\s*!|\binsta::")
"""What asks for its place in a file."""


@dataclass(frozen=True)
class Outlined:
    """An inline module that becomes a file: the edit where it stood, its file, and those of modules in it.

    Attributes:
        literals: File names that were rewritten, old and new spelling.
    """

    edit: Edit
    files: tuple[tuple[str, bytes], ...]
    literals: tuple[tuple[bytes, bytes], ...]


@dataclass(frozen=True)
class _Spot:
    """A file with inline modules, and where modules below its top level are looked for."""

    source: Source
    place: ModuleLocation


def outlined(draft: Draft, wiring: Wiring) -> Iterator[Outlined]:
    """Yield every inline module of at least ``min_lines`` that can be a file of its own."""
    survey, spot = draft.survey, _here(draft)
    for item in survey.ground.items:
        if item.kind == "mod" and item.body is not None and _moves(draft, item):
            place = wiring.below.get((*survey.ground.module.path, item.name or ""))
            path = survey.ground.child_path(item.name or "")
            imports = _import_edit(draft, item, place, wiring) if place is not None else ()
            literals: list[tuple[bytes, bytes]] = []
            text = _body(spot, item, path, imports, literals)
            files = tuple(_files(draft, path, text, literals))
            yield Outlined(_cut(survey.ground.source.text, item), files, tuple(literals))


def _files(
    draft: Draft, path: str, text: bytes, literals: list[tuple[bytes, bytes]]
) -> Iterator[tuple[str, bytes]]:
    """Yield a module's file, and where it is too long the files of the inline modules in it."""
    edits: list[Edit] = []
    if text.count(b"\n") > draft.survey.options.max_lines:
        spot = _Spot(Source(path, text), member_of(path, posixpath.basename(path).removesuffix(".rs")))
        for item in items(spot.source):
            inner = f"{path.removesuffix('.rs')}/{item.name}.rs"
            if item.kind == "mod" and item.body is not None and _is_outlinable(draft, spot, item, inner):
                edits.append(_cut(text, item))
                yield from _files(draft, inner, _body(spot, item, inner, (), literals), literals)
    yield path, apply(text, edits)


def _here(draft: Draft) -> _Spot:
    ground = draft.survey.ground
    return _Spot(ground.source, ground.place)


def _cut(text: bytes, item: Item) -> Edit:
    """Return the edit that makes ``mod x { .. }`` the declaration ``mod x;``."""
    assert item.body is not None  # noqa: S101 - asked for inline modules only
    return Edit(len(text[: item.body[0] - 1].rstrip()), item.body[1] + 1, b";")


def kept_imports(draft: Draft, wiring: Wiring) -> Iterator[Edit]:
    """Yield the imports that test modules which stay inline need beside ``use super::*``."""
    for item in draft.survey.ground.items:
        place = wiring.below.get((*draft.survey.ground.module.path, item.name or ""))
        if item.kind == "mod" and item.body is not None and place is not None and not _moves(draft, item):
            yield from _import_edit(draft, item, place, wiring)


def _moves(draft: Draft, item: Item) -> bool:
    if draft.survey.unit_of_item.get(item.start) in draft.revision.staying:
        return False
    return _is_outlinable(draft, _here(draft), item, draft.survey.ground.child_path(item.name or ""))


def _is_outlinable(draft: Draft, spot: _Spot, item: Item, path: str) -> bool:
    """Whether an inline module is long enough, can be held to its files, and its new path is free."""
    package, text = draft.survey.ground.package, spot.source.text
    return (
        item.body is not None
        and text.count(b"\n", *item.body) >= draft.survey.options.min_lines
        and not _HELD.search(text, item.lead, item.tail)
        and not any(c.path == "path" for a in item.attributes for c in resolved(a))
        and not including_macros(package, text, item.body)
        and _literals(spot, item, path) is not None
        and not item.node.has_error
        and _is_alone(items(spot.source), item)
        and not package.exists(path)
        and not package.exists(path.removesuffix(".rs") + "/mod.rs")
    )


def _is_alone(beside: Iterable[Item], item: Item) -> bool:
    """Whether no other cfg has a module of that name: both would be looked for in one file."""
    return sum(i.kind == "mod" and i.name == item.name for i in beside) == 1


def _literals(spot: _Spot, item: Item, path: str) -> tuple[Edit, ...] | None:
    """Return the edits of the file names in an inline module that becomes a file, None if one is unknown."""
    assert item.body is not None  # noqa: S101 - asked for inline modules only
    text = spot.source.text
    found = anchored(text, item.body, spot.source.path, path)
    base, folder = inside(spot.place, item.name or "").base, posixpath.dirname(path)
    modules = moved_modules(text, item.body, children(spot.source, item), base, folder)
    if isinstance(found, Skip) or modules is None:
        return None
    return tuple(e for e in (*found, *modules) if text[e.start : e.end] != e.new)


def _body(
    spot: _Spot, item: Item, path: str, imports: Iterable[Edit], literals: list[tuple[bytes, bytes]]
) -> bytes:
    """Return the text of an inline module's file; what was rewritten in it is added to ``literals``."""
    assert item.body is not None  # noqa: S101 - asked for inline modules only
    start, end = item.body
    text = spot.source.text
    names = _literals(spot, item, path) or ()
    literals += [(text[e.start : e.end], e.new) for e in names]
    edits = [Edit(e.start - start, e.end - start, e.new) for e in (*imports, *names)]
    whole = b"\r\n" if b"\r\n" in text else b"\n"
    return dedented(apply(text[start:end], edits)).strip(b"\r\n \t") + whole


def _import_edit(draft: Draft, item: Item, place: ModuleImports, wiring: Wiring) -> Iterator[Edit]:
    source = draft.survey.ground.source
    own = _own_scope(draft, item)
    known = {**own.defined, **own.imported} if own else {}
    uses = declarations(draft, f"mod {item.name}", _new(draft, place, wiring, own), known)
    if not uses:
        return
    assert item.body is not None  # noqa: S101 - asked for inline modules only
    at = item.body[0]
    for child in children(source, item):
        if child.kind == "use":
            at = child.tail
    lines = [f"    {line}" if line else "" for line in uses.rstrip("\n").split("\n")]
    yield Edit(at, at, ("\n" + "\n".join(lines)).encode().replace(b"\n", line_end(draft)))


def _new(draft: Draft, place: ModuleImports, wiring: Wiring, own: ModuleScope | None) -> ModuleImports:
    """Return what neither ``use super::*`` nor the module itself brings already."""
    units = {n: u for u in draft.survey.units for n, _ in u.names}
    by_start = {i.leaf.start: i for i in draft.survey.ground.scope.imports}
    open_leaves = _open_leaves(draft, wiring)
    leaves = {
        start: [(*cfg, *lacking) for cfg in cfgs]
        for start, cfgs in place.leaves.items()
        if start not in open_leaves and (lacking := _lacking(by_start[start], own)) is not None
    }
    names = {
        key: cfgs
        for key, cfgs in place.names.items()
        if not _is_open_name(draft, wiring, key)
        and not (key[0] in units and _is_open(draft, wiring, units[key[0]], key))
    }
    return ModuleImports(leaves, names, {})


def _lacking(one: Import, own: ModuleScope | None) -> Cfg | None:
    """Return when a module's own names leave room for an import of M's; None for never."""
    if own is None or one.name in ("*", "_"):
        return ()
    if one.name in own.defined:
        return None
    rivals = [i.cfg for i in own.imported.get(one.name, ()) if not disjoint(i.cfg, one.cfg)]
    if any(not without(cfg, one.cfg) for cfg in rivals):
        return None
    return tuple(negation(without(cfg, one.cfg)) for cfg in rivals)


def unneeded_globs(draft: Draft, wiring: Wiring) -> frozenset[Key]:
    """Return the `use super::*` of inline modules that would bring nothing, as all is imported beside them.

    Names that the facade keeps for such a module come through the glob, as they did.
    """
    found = set()
    for below in draft.survey.below:
        place, module = wiring.below.get(below.module.path), below.module
        inner = (b for b in draft.survey.below if module in b.module.ancestors() and b.module is not module)
        if place is None or any(b.by_glob.definitions or b.by_glob.imports for b in inner):
            continue
        new = _new(draft, place, wiring, _scope(draft, module))
        through = place.names.keys() - new.names.keys() or place.leaves.keys() & _open_leaves(draft, wiring)
        if (new.names or new.leaves) and not through and not _has(draft, wiring.facade, below.by_glob):
            found.add((f"mod {module.name}", "*"))
    return frozenset(found)


def _has(draft: Draft, facade: ModuleImports, needs: Needs) -> bool:
    """Whether the facade has something of its own that may be needed: defined, imported, or a trait's."""
    defined = (d for many in needs.definitions.values() for d, _ in many if d.item.kind != "macro_rules")
    return (
        any(draft.place_of_item(d.item.start) == FACADE for d in defined)
        or not needs.definitions.keys().isdisjoint(name for name, _ in facade.names)
        or not needs.imports.keys().isdisjoint(facade.leaves)
        or bool(facade.leaves and (needs.traits or needs.members))
    )


def _is_open(draft: Draft, wiring: Wiring, unit: Unit, key: tuple[str, str]) -> bool:
    """Whether the facade passes a name on whatever is compiled, so that a glob always brings it."""
    if unit.visible(key[0]).kind == "pub":
        return True
    asked = [*named_elsewhere(draft, key[0]), *wiring.facade.names.get(key, [])]
    return is_passed_on(draft, unit, key[0]) and not needed(asked)


def _open_leaves(draft: Draft, wiring: Wiring) -> set[int]:
    """Return the leaves that the facade imports whatever is compiled."""
    leaves = wiring.facade.leaves.items()
    return {start for start, cfgs in leaves if cfg_of(draft, FACADE, f"use:{start}", cfgs, ()) == ()}


def _is_open_name(draft: Draft, wiring: Wiring, key: tuple[str, str]) -> bool:
    """Whether the facade imports a name of M's own whatever is compiled."""
    cfgs = wiring.facade.names.get(key)
    return cfgs is not None and cfg_of(draft, FACADE, key[0], cfgs, ()) == ()


def _own_scope(draft: Draft, item: Item) -> ModuleScope | None:
    parent = draft.survey.ground.module
    modules = (below.module for below in draft.survey.below)
    return next((_scope(draft, m) for m in modules if m.parent is parent and m.item == item), None)


def _scope(draft: Draft, module: Module) -> ModuleScope:
    return draft.survey.ground.resolver.scope_of(module)


def dedented(text: bytes) -> bytes:
    """Return a module's body one level to the left: only blanks between tokens change, never a literal."""
    width = _indentation(text)
    pieces, end = [], 0
    for token in Source("", text).tokens:
        pieces += [_shifted(text[end : token.start], width), token.text]
        end = token.end
    return b"".join([*pieces, _shifted(text[end:], width)])


def _shifted(gap: bytes, width: int) -> bytes:
    first, *rest = gap.split(b"\n")
    return b"\n".join([first, *(line[min(width, len(line) - len(line.lstrip(b" "))) :] for line in rest)])


def _indentation(text: bytes) -> int:
    """Return how far the body's first token is indented."""
    lines = text.replace(b"\t", b"    ").split(b"\n")
    return next((len(line) - len(line.lstrip()) for line in lines[1:] if line.strip()), 0)
