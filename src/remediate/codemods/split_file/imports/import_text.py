"""The ``use`` declarations of a place by name, with cfg, attributes and comments kept."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from remediate.codemods.split_file.draft import FACADE, Draft
from remediate.codemods.split_file.imports.import_planner import (
    TEST,
    below_the_root,
    cfg_of,
    plain_paths_are_local,
)
from remediate.codemods.split_file.imports.imported import ModuleImports, Wiring
from remediate.rust.resolution.names import Import
from remediate.rust.syntax.cfg import Cfg, attribute, implied, needed, predicates, resolved
from remediate.rust.syntax.items import Item
from remediate.rust.syntax.known_names import KEYWORDS
from remediate.rust.syntax.lexer import TokenKind, tokens
from remediate.rust.syntax.use_tree import UseTree, rebased, render


@dataclass(frozen=True)
class Comments:
    """The comments on one declaration that go to a place, as text: those above it, and that behind it."""

    above: str = ""
    behind: str = ""

    def around(self, use: str) -> str:
        """Return a declaration, which ends its line, with its comments."""
        return f"{self.above}{use.rstrip()}{self.behind}\n" if self.behind else self.above + use


def comments_at(draft: Draft, place: ModuleImports, item: Item) -> Comments:
    """Return the comments on a declaration of M that stand in a place."""
    text = draft.survey.ground.source.text
    found = [t for t in tokens(text, item.lead, item.tail) if t.kind is TokenKind.COMMENT]
    top = _top(draft, item)
    wanted = [t for t in found if (item.start, t.end <= top) in place.comments]
    above = "".join(t.text.decode().rstrip() + "\n" for t in wanted if t.start < item.end)
    behind = [t.text.decode().rstrip() for t in wanted if t.start >= item.end]
    return Comments(above, "".join(f" {one}" for one in behind))


def place_comments(draft: Draft, wiring: Wiring) -> None:
    """Note with one place for each declaration that its comments stand there.

    What stands above a paragraph of them may be about all: it stays as long as one of them does. Every other
    comment is about its declaration, and goes with it.
    """
    for paragraph in _paragraphs(draft):
        # What stands at the very top may be about the file: a licence, a title.
        stays = paragraph[0].gap == 0 or any(_takes(draft, FACADE, wiring.facade, i) for i in paragraph)
        for item in paragraph:
            home = _home(draft, wiring, item)
            above = wiring.facade if stays and item is paragraph[0] else home
            above.comments.add((item.start, True))
            home.comments.add((item.start, False))


def _home(draft: Draft, wiring: Wiring, item: Item) -> ModuleImports:
    """Return the first place that keeps a declaration; the facade where none does."""
    if _takes(draft, FACADE, wiring.facade, item):
        return wiring.facade
    takers = (p for name, p in wiring.children.items() if _takes(draft, name, p, item))
    return next(takers, wiring.facade)


def _top(draft: Draft, item: Item) -> int:
    """Return where the comments above a declaration end, and its attributes or itself begin."""
    stream = tokens(draft.survey.ground.source.text, item.lead, item.tail)
    return next(t.start for t in stream if t.kind is not TokenKind.COMMENT)


def _paragraphs(draft: Draft) -> Iterator[list[Item]]:
    """Yield M's ``use`` declarations, those together that no empty line parts."""
    text = draft.survey.ground.source.text.replace(b"\r", b" ")
    paragraph: list[Item] = []
    for item in draft.survey.ground.items:
        apart = not paragraph or any(
            not line.strip() for line in text[paragraph[-1].tail : item.lead].split(b"\n")[1:-1]
        )
        if item.kind != "use" or apart:
            yield from [paragraph] if paragraph else []
            paragraph = []
        if item.kind == "use":
            paragraph.append(item)
    yield from [paragraph] if paragraph else []


def _takes(draft: Draft, here: str, place: ModuleImports, item: Item) -> bool:
    """Whether a place keeps any name of a declaration; the facade keeps all that is not private."""
    for one in draft.survey.ground.scope.imports:
        if one.item.start == item.start:
            if here == FACADE and not one.visibility.private:
                return True
            cfgs = place.leaves.get(one.leaf.start)
            if cfgs is not None and cfg_of(draft, here, f"use:{one.leaf.start}", cfgs, ()) is not None:
                return True
    return False


_NOT_CARRIED = {"doc", "macro_use", "cfg_attr"}


def declarations(
    draft: Draft, here: str, place: ModuleImports, already: Mapping[str, object] | None = None
) -> str:
    """Return the imports of a new module (or of a test module below M) as text, "" if it needs none.

    ``here`` names the place; names in ``already`` are in scope by other means.
    """
    known = already or {}
    names = {k: c for k, c in place.names.items() if k[0] not in known}
    blocks = ["".join(_leaf_uses(draft, here, place)), "".join(_name_uses(draft, here, names))]
    return "\n".join(b for b in blocks if b)


def _leaf_uses(draft: Draft, here: str, place: ModuleImports) -> Iterable[str]:
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
    if here == FACADE:
        return segments
    given, segments = segments, below_the_root(draft.survey.ground, segments)
    plain = tuple(s.removeprefix("r#") for s in segments)
    if plain[:1] == ("super",):
        return ("super", *segments)
    rest = segments[1:] if plain[:1] == ("self",) else segments
    local = plain_paths_are_local(draft.survey.ground) and _is_local(draft, plain[0] if plain else "")
    if plain[:1] != ("self",) and not local:
        return given
    name = rest[0].removeprefix("r#") if rest else ""
    return (*_toward(draft, here, name), *rest)


def _is_local(draft: Draft, name: str) -> bool:
    """Whether a path that begins with this name goes through M."""
    scope = draft.survey.ground.scope
    own = any(not draft.survey.ground.is_everywhere(d.item) for d in scope.defined.get(name, ()))
    return own or any(i.leaf.path[:1] not in ((name,), ("self", name)) for i in scope.imported.get(name, ()))


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
            through = FACADE if where in draft.revision.globs else where
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
    """Return the attributes that go along; what a test module is for holds in all of it."""
    text = draft.survey.ground.source.text
    known = (*cfg, *TEST) if here in draft.test_modules else cfg
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
