"""The ``use`` declarations of a place as a careful person writes them: by name, cfg and attributes kept."""

from collections.abc import Iterable, Mapping

from remediate.codemods.split_file.draft import FACADE, Draft
from remediate.codemods.split_file.imports.import_comments import comments_at
from remediate.codemods.split_file.imports.import_planner import TEST, cfg_of, local_head
from remediate.codemods.split_file.imports.imported import Place
from remediate.rust.mentions.known_names import KEYWORDS
from remediate.rust.resolution.names import Import
from remediate.rust.syntax.cfg import Cfg, attribute, implied, needed, predicates, resolved
from remediate.rust.syntax.items import Item
from remediate.rust.syntax.use_tree import UseTree, rebased, render

_NOT_CARRIED = {"doc", "macro_use", "cfg_attr"}


def declarations(draft: Draft, here: str, place: Place, already: Mapping[str, object] | None = None) -> str:
    """Return the imports of a new module (or of a test module below M) as text, "" if it needs none.

    ``here`` names the place; names in ``already`` are in scope by other means.
    """
    known = already or {}
    names = {k: c for k, c in place.names.items() if k[0] not in known}
    blocks = ["".join(_leaf_uses(draft, here, place)), "".join(_name_uses(draft, here, names))]
    return "\n".join(b for b in blocks if b)


def _leaf_uses(draft: Draft, here: str, place: Place) -> Iterable[str]:
    """Yield M's own declarations with only the leaves this place needs."""
    leaves = place.leaves
    by_item: dict[int, list[Import]] = {}
    for one in draft.survey.ground.scope.imports:
        if one.leaf.start in leaves:
            by_item.setdefault(one.item.start, []).append(one)
    before: Item | None = None
    for found in by_item.values():
        by_cfg: dict[Cfg, set[int]] = {}
        for one in found:
            key = f"use:{one.leaf.start}"
            cfg = cfg_of(draft, here, key, leaves[one.leaf.start], one.cfg)
            if cfg is not None:
                by_cfg.setdefault(cfg, set()).add(one.leaf.start)
        for cfg, starts in by_cfg.items():
            yield _blank_line(draft, before, found[0].item)
            use = leaf_use(draft, here, found[0], starts, cfg)
            first = before != found[0].item
            yield comments_at(draft, place, found[0].item).around(use) if first else use
            before = found[0].item


def leaf_use(draft: Draft, here: str, one: Import, starts: set[int], cfg: Cfg) -> str:
    """Return one of M's declarations with only some leaves, as it has to be written in a place."""
    tree = one.tree if here == FACADE else _rebased(draft, here, one)
    return f"{_attributes(draft, here, one.item, cfg)}{attribute(cfg)}{render(tree, starts)}\n"


def _rebased(draft: Draft, here: str, one: Import) -> UseTree:
    return rebased(one.tree, lambda segments: rebased_path(draft, here, segments))


def rebased_path(draft: Draft, here: str, segments: tuple[str, ...]) -> tuple[str, ...]:
    """Return the path of one of M's imports, or the beginning of it, as it has to be written in a place."""
    plain = tuple(s.removeprefix("r#") for s in segments)
    if here == FACADE:
        return segments
    if plain[:1] == ("super",):
        return ("super", *segments)
    rest = segments[1:] if plain[:1] == ("self",) else segments
    edition = draft.survey.ground.package.edition
    if plain[:1] != ("self",) and (edition == "2015" or not _is_local(draft, plain[0] if plain else "")):
        return segments
    name = rest[0].removeprefix("r#") if rest else ""
    return (*_toward(draft, here, name), *rest)


def _is_local(draft: Draft, name: str) -> bool:
    """Whether a path that begins with this name goes through M."""
    scope = draft.survey.ground.scope
    own = any(not draft.survey.ground.is_everywhere(d.item) for d in scope.defined.get(name, ()))
    return own or any(local_head("", i) != i.name for i in scope.imported.get(name, ()))


def _toward(draft: Draft, here: str, name: str) -> tuple[str, ...]:
    """Return the path from a place to the module where a name of M stands now."""
    for definition in draft.survey.ground.scope.defined.get(name, ()):
        where = draft.place_of_item(definition.item.start)
        if where == here:
            return ("self",)
        return ("super", where) if where != FACADE else ("super",)
    return ("super",)


def _name_uses(draft: Draft, here: str, names: Mapping[tuple[str, str], list[Cfg]]) -> Iterable[str]:
    """Yield imports of M's own items from where they stand now."""
    grouped: dict[tuple[str, Cfg], list[str]] = {}
    for (name, where), places in sorted(names.items()):
        own = defining_cfg(draft, name, where)
        cfg = cfg_of(draft, here, name, places, own)
        if cfg is not None:
            # What the facade passes on by a glob comes through it: so the glob is used.
            through = FACADE if where in draft.lessons.globs else where
            grouped.setdefault((through, (*own, *cfg)), []).append(written(name))
    for (where, cfg), found in sorted(grouped.items(), key=lambda g: (g[0][0], str(g[0][1:]))):
        yield attribute(cfg) + use_line("super" if where == FACADE else f"super::{where}", found)


def use_line(path: str, names: list[str], visibility: str = "") -> str:
    """Return ``use path::{names};`` with a line end, broken like rustfmt where it is too long."""
    if len(names) == 1:
        return f"{visibility}use {path}::{names[0]};\n"
    leaves = tuple(UseTree((n,), "", (), i, i) for i, n in enumerate(sorted(names, key=_version_key)))
    tree = UseTree(tuple(path.split("::")), "{", leaves, -1, -1)
    return render(tree, range(len(names)), prefix=visibility) + "\n"


def defining_cfg(draft: Draft, name: str, where: str) -> Cfg:
    """Return the cfg under which M defines a name in a place."""
    found = draft.survey.ground.scope.defined.get(name, ())
    here = [d.cfg for d in found if draft.place_of_item(d.item.start) == where]
    return needed(here) if here else ()


def written(name: str) -> str:
    """Return a name as source text, raw if it is a keyword."""
    return f"r#{name}" if name in KEYWORDS and name not in ("self", "super", "crate", "Self") else name


def _attributes(draft: Draft, here: str, item: Item, cfg: Cfg) -> str:
    """Return the attributes that go along; only test modules have imports of their own below M."""
    text = draft.survey.ground.source.text
    known = (*cfg, *TEST) if here.startswith("mod ") else cfg
    kept = [
        a
        for a in item.attributes
        if (not _NOT_CARRIED & {a.path, *(c.path for c in resolved(a))} or a.path == "cfg")
        and (a.path != "cfg" or not all(implied(p, known) for p in predicates((a,))))
    ]
    return "".join(text[a.start : a.end].decode() + "\n" for a in kept)


def _blank_line(draft: Draft, before: Item | None, item: Item) -> str:
    """Return an empty line where the author had one between two declarations."""
    if before is None or before.start == item.start:
        return ""
    text = draft.survey.ground.source.text
    return (
        "\n"
        if text.count(b"\n\n", before.tail, item.lead) or b"\r\n\r\n" in text[before.tail : item.lead]
        else ""
    )


def _version_key(name: str) -> tuple[bool, str]:
    """Sort as rustfmt does: lower-case names, then types, then constants."""
    return (name[:1].isupper(), name)
