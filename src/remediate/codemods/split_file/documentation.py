"""What only documentation links: imported for rustdoc alone, so that no lint calls it unused."""

from collections.abc import Iterable, Iterator, Mapping

from remediate.codemods.split_file.draft import FACADE, Draft
from remediate.codemods.split_file.imported import Place
from remediate.rust.cfg import Predicate
from remediate.rust.cfg_sets import Cfg
from remediate.rust.doc_links import doc_links
from remediate.rust.items import head_end
from remediate.rust.lexer import TokenKind, tokens

DOC: Cfg = (Predicate(name="doc"),)
_ABOVE = {"super", "crate", "Self"}


def link_child(draft: Draft, place: Place, here: str, docs: Mapping[str, list[Cfg]]) -> None:
    """Let a new module import what its documentation links and its code does not name."""
    scope = draft.survey.ground.scope
    for name, cfgs in docs.items():
        for definition in scope.defined.get(name, ()):
            where = draft.place_of_item(definition.item.start)
            if where != here:
                place.docs.setdefault((name, where), []).extend(cfgs)
        for one in scope.imported.get(name, ()):
            if one.leaf.start not in place.leaves:
                place.docs.setdefault((name, f"use:{one.leaf.start}"), []).extend(cfgs)


def link_facade(draft: Draft, facade: Place, stays: Mapping[str, list[Cfg]]) -> None:
    """Let the facade keep what the documentation of M, and of what stays in it, links."""
    scope = draft.survey.ground.scope
    for name, cfg in (*((n, c) for n, cfgs in stays.items() for c in cfgs), *((n, ()) for n in _head(draft))):
        for one in scope.imported.get(name, ()):
            facade.leaves.setdefault(one.leaf.start, []).append((*cfg, *DOC))
        for definition in scope.defined.get(name, ()):
            where = draft.place_of_item(definition.item.start)
            if where != FACADE and definition.item.kind != "macro_rules":
                facade.names.setdefault((name, where), []).append((*cfg, *DOC))


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
