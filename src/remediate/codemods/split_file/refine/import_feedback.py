"""``unused_imports``, answered: exactly the reported leaf goes, or gets the cfg it is needed under."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace

from remediate.codemods.split_file.analyze.traits import traits, users
from remediate.codemods.split_file.analyze.units import Unit
from remediate.codemods.split_file.draft import FACADE, Draft, Group, Key, Revision
from remediate.codemods.split_file.imports.import_planner import TEST, Places
from remediate.codemods.split_file.imports.imported import ModuleImports, Wiring
from remediate.codemods.split_file.imports.reachable import may_be_glob, must_be_reachable
from remediate.model import Diagnostic, Span
from remediate.rust.syntax.cfg import Cfg, Predicate, needed
from remediate.rust.syntax.items import Item, children, items
from remediate.rust.syntax.source import Source
from remediate.rust.syntax.use_tree import Leaf, leaves, use_tree


def revised_imports(
    places: Places, revision: Revision, diagnostic: Diagnostic, *, partial: bool = False
) -> Revision:
    """Return the revision with what one report of unused imports teaches.

    ``partial``: errors kept the compiler from seeing everything, only imports that no condition stands over
    count.
    """
    draft, wiring = places.draft, places.wiring
    for span in diagnostic.spans:
        here = _where(places, span)
        if span.primary and here is not None:
            for leaf in _reported(places, span):
                key = _key(draft, here, leaf)
                group = _glob_of(draft, here, leaf)
                if group is not None:
                    revision = _staying(draft, revision, must_be_reachable(draft, group))
                elif key is None and leaf.glob:
                    revision = replace(revision, unused=revision.unused | {(here, "*")})
                elif key is not None and partial and _is_plain(wiring, key, diagnostic):
                    revision = replace(revision, unused=revision.unused | {key})
                elif key is not None and not partial:
                    revision = _unused(draft, wiring, revision, key, diagnostic)
    return revision


def _is_plain(wiring: Wiring, key: Key, diagnostic: Diagnostic) -> bool:
    return diagnostic.reports > 1 and not any(_asked(wiring, key))


def _unused(draft: Draft, wiring: Wiring, revision: Revision, key: Key, diagnostic: Diagnostic) -> Revision:
    """Drop an import that nothing uses; keep it, under a cfg, for what no compilation has seen."""
    if key[0] in draft.test_modules and 2 * diagnostic.reports >= diagnostic.units:
        return replace(
            revision, unused=revision.unused | {key}
        )  # only test builds see what is in test modules
    if key in revision.contested:
        return _given_up(draft, revision, key)
    if key[0] == FACADE and (group := _group_of(draft, key[1])) is not None:
        held = must_be_reachable(draft, group, key[1])
        if held:
            return _passed_on(draft, revision, group, held)
    asked = _asked(wiring, key)
    unseen = [c for c in asked if not all(is_checked(p) for p in c)]
    if unseen and key not in revision.conditional:
        return replace(revision, conditional={**revision.conditional, key: needed(unseen)})
    declared = _declared_under(draft, key) and (key in revision.conditional or not any(asked))
    if needed(asked) or diagnostic.reports >= diagnostic.units or declared:
        return replace(revision, unused=revision.unused | {key})
    test = TEST if 2 * diagnostic.reports == diagnostic.units else ()
    return _narrowed(draft, asked, revision, key, test)


def is_checked(predicate: Predicate) -> bool:
    """Whether the usual configurations together compile code both with and without this."""
    if predicate.operator:
        return all(is_checked(p) for p in predicate.of)
    return predicate.name in ("test", "feature", "doc")


def _declared_under(draft: Draft, key: Key) -> Cfg:
    """Return the cfg an import has from its declaration: where that does not hold, nobody reports it."""
    if key[1].startswith("use:"):
        return next((i.cfg for i in draft.survey.ground.scope.imports if i.leaf.start == int(key[1][4:])), ())
    return needed([d.cfg for d in draft.survey.ground.scope.defined.get(key[1], ())])


def _narrowed(draft: Draft, asked: list[Cfg], revision: Revision, key: Key, otherwise: Cfg) -> Revision:
    """Give an import that only some compilations use the cfg of the code that names it."""
    conditions = [c for c in asked if c]
    cfg = needed(conditions) if conditions else otherwise
    if not cfg or key in revision.conditional:
        return _given_up(draft, revision, key)
    return replace(revision, conditional={**revision.conditional, key: cfg})


def _given_up(draft: Draft, revision: Revision, key: Key) -> Revision:
    """Do without an import that only some compilations use, where no cfg says which.

    What needs it in a new module stays in the facade. Where the facade is the one, the shortest code that
    always needs it stays there too, so that the import is used as it was.
    """
    here, name = key
    if here.startswith("mod "):
        return replace(revision, unused=revision.unused | {(here, "*")})
    asking = [(u, cfgs) for u in draft.survey.units if (cfgs := _asked_by(draft, u, name))]
    if here != FACADE:
        mine = [u.index for u, _ in asking if draft.place[u.index] == here]
        mine = mine or [i for g in draft.alive if g.name == here for i in g.units]
        return _staying(draft, revision, dict.fromkeys(mine, _shown(draft, name)))
    moved = [(u, cfgs) for u, cfgs in asking if draft.place[u.index] != FACADE]
    always = sorted((u for u, cfgs in moved if () in cfgs), key=lambda u: (u.lines, u.index))
    chosen = always[:1] or [u for u, _ in moved]
    if not chosen:
        return replace(revision, unused=revision.unused | {key})
    return _staying(draft, revision, dict.fromkeys((u.index for u in chosen), _shown(draft, name)))


def _asked_by(draft: Draft, unit: Unit, name: str) -> list[Cfg]:
    """Return the cfg of every place in a unit that needs what an import brings."""
    needs = draft.survey.needs[unit.index]
    if not name.startswith("use:"):
        return [cfg for _, cfg in needs.definitions.get(name, ())]
    start = int(name[4:])
    known = traits(draft.survey.ground).imported
    return needs.imports.get(start, []) + (users(needs, known[start]) if start in known else [])


def _shown(draft: Draft, name: str) -> str:
    """Return what an import brings, as code calls it."""
    if not name.startswith("use:"):
        return name
    shown, *_ = (i.name for i in draft.survey.ground.scope.imports if i.leaf.start == int(name[4:]))
    return shown


def _staying(draft: Draft, revision: Revision, units: Mapping[int, str]) -> Revision:
    """Let units stay in the facade, those that define a type with its impls; each has the name at fault."""
    units = {index: f"a `use` of `{name}` would be unused" for index, name in units.items()}
    own = {name: units[u.index] for u in draft.survey.units if u.index in units for name, _ in u.names}
    impls = {u.index: own[u.type_name] for u in draft.survey.units if u.type_name in own}
    return replace(revision, staying={**revision.staying, **impls, **units})


def _group_of(draft: Draft, name: str) -> Group | None:
    """Return the new module that defines a name."""
    units = draft.survey.units
    return next((g for g in draft.alive if any(name == n for i in g.units for n, _ in units[i].names)), None)


def _glob_of(draft: Draft, here: str, leaf: Leaf) -> Group | None:
    """Return the new module whose names the facade passes on by the glob that a leaf is."""
    found = (
        g
        for g in draft.alive
        if g.name in draft.revision.globs and g.name == leaf.path[-1].removeprefix("r#")
    )
    return next(found, None) if here == FACADE and leaf.glob else None


def _passed_on(draft: Draft, revision: Revision, group: Group, held: Mapping[int, str]) -> Revision:
    """Keep names reachable that rustc calls unused: a glob does it while it brings anything that is used."""
    if group.name not in draft.revision.globs and may_be_glob(draft, group):
        return replace(revision, globs=revision.globs | {group.name})
    return _staying(draft, revision, held)


def _less(revision: Revision, keys: Collection[Key]) -> dict[Key, Cfg]:
    return {k: c for k, c in revision.conditional.items() if k not in keys}


def given_back(revision: Revision, keys: Collection[Key]) -> Revision:
    """Return the revision with imports that turned out to be needed: what was taken from them comes back."""
    taken = {k for k in keys if k in revision.conditional or k in revision.unused}
    return replace(
        revision,
        missing=revision.missing | set(keys),
        unused=revision.unused - set(keys),
        contested=revision.contested | taken,
        conditional=_less(revision, keys),
    )


def _asked(wiring: Wiring, key: Key) -> list[Cfg]:
    """Return the cfg of every place in the code that an import is for."""
    here, name = key
    below = {f"mod {path[-1]}": place for path, place in wiring.below.items()}
    place = wiring.facade if here == FACADE else {**wiring.children, **below}.get(here, ModuleImports())
    if name.startswith("use:"):
        return place.leaves.get(int(name[4:]), [])
    return [c for (n, _), cfgs in place.names.items() if n == name for c in cfgs]


def _where(places: Places, span: Span) -> str | None:
    """Return the place a span is in; what is in an inline module of the facade is not the facade's."""
    here = places.here(span.path)
    if here == FACADE:
        source = Source(span.path, places.texts.get(span.path) or b"")
        inside = (i for i in items(source) if i.kind == "mod" and i.body is not None)
        return next((f"mod {i.name}" for i in inside if i.start <= span.start < i.end), here)
    return here


def _reported(places: Places, span: Span) -> Iterator[Leaf]:
    """Yield the leaves of the result's ``use`` declarations under a span."""
    source = Source(span.path, places.texts.get(span.path) or b"")
    for item in _uses(source, items(source)):
        if item.start <= span.start < item.end:
            for leaf in leaves(use_tree(source.text, item.start, item.end)):
                if leaf.start < span.end and span.start < leaf.end:
                    yield leaf


def _uses(source: Source, found: tuple[Item, ...]) -> Iterator[Item]:
    for item in found:
        if item.kind == "use":
            yield item
        elif item.kind == "mod" and item.body is not None:
            yield from _uses(source, children(source, item))


def _key(draft: Draft, here: str, leaf: Leaf) -> Key | None:
    """Return what an import of the result stands for: an item of M that moved, or a leaf of M's own."""
    scope = draft.survey.ground.scope
    groups = {g.name for g in draft.alive}
    path = tuple(p for p in leaf.path if p not in ("super", "self"))
    own = path[:-1] == () or path[:-1] in {(g,) for g in groups}
    relative = len(path) < len(leaf.path) or here == FACADE
    if not leaf.glob and own and relative and path and path[-1] in scope.defined:
        return (here, path[-1])
    for one in scope.imports:
        tail = tuple(p for p in one.leaf.path if p not in ("super", "self"))
        if one.leaf.name == leaf.name and path[-len(tail) :] == tail:
            return (here, f"use:{one.leaf.start}")
    return None
