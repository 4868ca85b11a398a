"""What documentation links from where it stands now: targets that would not resolve are written anew."""

from collections.abc import Callable, Iterable, Iterator, Mapping

from remediate.codemods.split_file.draft import FACADE, Draft
from remediate.codemods.split_file.imports.imported import ModuleImports
from remediate.codemods.split_file.imports.reachable import is_passed_on
from remediate.edits import Edit
from remediate.rust.mentions.index import mention_index
from remediate.rust.modules.module import items_of
from remediate.rust.modules.module_tree import module_tree
from remediate.rust.syntax.cfg import Cfg, Predicate
from remediate.rust.syntax.doc_links import doc_comments, doc_links, retargeted
from remediate.rust.syntax.items import head_end
from remediate.rust.syntax.known_names import PRELUDE, PRIMITIVES
from remediate.rust.syntax.lexer import TokenKind, tokens

_DOC = Predicate(name="doc")
_ABOVE = {"super", "crate", "Self"}
_PRIMITIVES = PRIMITIVES | {"array", "fn", "never", "pointer", "reference", "slice", "tuple", "unit"}
"""The primitive types by their names in links, as rustdoc's book and the standard library list them."""
Known = Callable[[str, Cfg], bool]
Rebase = Callable[[tuple[str, ...]], tuple[str, ...]]


def link_child(draft: Draft, place: ModuleImports, here: str, docs: Mapping[str, list[Cfg]]) -> None:
    """Note what the documentation of a new module links of M's own: it has to be visible there."""
    for name, cfgs in docs.items():
        for definition in draft.survey.ground.scope.defined.get(name, ()):
            where = draft.place_of_item(definition.item.start)
            if where != here:
                place.docs.setdefault((name, where), []).extend(cfgs)


def link_facade(draft: Draft, facade: ModuleImports, stays: Mapping[str, list[Cfg]]) -> None:
    """Note the same for the documentation of M and of what stays in it; imports that only it needs stay."""
    scope = draft.survey.ground.scope
    for name, cfg in (*((n, c) for n, cfgs in stays.items() for c in cfgs), *((n, ()) for n in _head(draft))):
        for one in scope.imported.get(name, ()):
            if _DOC in one.cfg:
                facade.leaves.setdefault(one.leaf.start, []).append((*cfg, *one.cfg))
        for definition in scope.defined.get(name, ()):
            where = draft.place_of_item(definition.item.start)
            if where != FACADE and definition.item.kind != "macro_rules":
                facade.docs.setdefault((name, where), []).append(cfg)


def link_edits(
    draft: Draft, here: str, span: tuple[int, int], is_known: Known, rebase: Rebase
) -> Iterator[Edit]:
    """Yield the comments of M's text that are documentation with links which need other targets in a place.

    Args:
        draft: The split.
        here: The place the text goes to.
        span: The text.
        is_known: Whether a name leads there to what it means in M, for documentation of what has a cfg.
        rebase: Gives the path of an import of M as the place has to write it.
    """
    ground = draft.survey.ground
    mentions = mention_index(ground.package).of(ground.path).within(*span).mentions
    cfgs = {m.start: m.cfg for m in mentions if m.origin == "doc"}
    for run in doc_comments(list(tokens(ground.source.text, *span))):
        cfg = next((cfgs[token.start] for token in run if token.start in cfgs), ())

        def resolve(path: tuple[str, ...], cfg: Cfg = cfg) -> tuple[str, ...] | None:
            if path[0] == "super" and here != FACADE:
                return ("super", *path)
            rest = path[1:] if path[0] == "self" else path
            if not rest or path[0] in _ABOVE or is_known(rest[0], cfg):
                return None
            primitive = here != FACADE and _is_of_primitive(draft, rest)
            target = None if primitive else _target(draft, here, rest[0], rebase)
            found = path if target is None else (*target, *rest[1:])
            return None if found == path else found

        yield from (Edit(token.start, token.end, new) for token, new in retargeted(run, resolve))


def head_span(draft: Draft) -> tuple[int, int]:
    """Return where M's own documentation, ``//!``, stands."""
    return 0, head_end(draft.survey.ground.source)


def _is_of_primitive(draft: Draft, path: tuple[str, ...]) -> bool:
    """Whether a link means an item of a primitive type, though M has a module of the type's name."""
    ground, (name, *inner) = draft.survey.ground, path
    if name not in _PRIMITIVES or not inner:
        return False
    modules = [m for m in module_tree(ground.package).modules if m.path == (*ground.module.path, name)]
    known = {item.name for m in modules for item in items_of(ground.package.source(m.file), m)}
    return bool(modules) and inner[0] not in known


def _target(draft: Draft, here: str, name: str, rebase: Rebase) -> tuple[str, ...] | None:
    """Return the path of a name of M from a place; None for what is there, or has no path of its own."""
    survey = draft.survey
    for definition in survey.ground.scope.defined.get(name, ()):
        where = draft.place_of_item(definition.item.start)
        if where == here or definition.item.kind == "macro_rules" or not definition.sure:
            return None
        if here == FACADE:
            return (where, name)
        index = survey.unit_of_item.get(definition.item.start)
        through = where == FACADE or (index is not None and is_passed_on(draft, survey.units[index], name))
        return ("super", name) if through else ("super", where, name)
    for one in survey.ground.scope.imported.get(name, ()):
        # Where an import under a cfg is not, the prelude has its name: written out a link would be redundant.
        by_prelude = bool(one.cfg) and name in PRELUDE
        if by_prelude or survey.ground.package.edition == "2015" or one.leaf.path[0] == "":
            return None
        return rebase(one.leaf.path)
    return None


def _head(draft: Draft) -> Iterator[str]:
    """Yield the names that M's own documentation, ``//!``, links."""
    source = draft.survey.ground.source
    for path in _links(source.text[: head_end(source)]):
        names = path[1:] if path[0] == "self" else path
        if names and names[0] not in _ABOVE:
            yield names[0]


def _links(text: bytes) -> Iterable[tuple[str, ...]]:
    comments = (t.text for t in tokens(text) if t.kind is TokenKind.COMMENT)
    return doc_links(b"\n".join(c for c in comments if c.startswith((b"//!", b"/*!"))))
