"""What makes a finding the same finding when lines move: rule, package, item path, tokens. Never a line."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from remediate.audit.anchoring.hits import Hit, hits
from remediate.audit.fingerprint import fingerprint
from remediate.audit.rules.catalog import rule as rule_of
from remediate.audit.tree import Tree
from remediate.rust.syntax.items import Item, children, items
from remediate.rust.syntax.lexer import Token, TokenKind
from remediate.rust.syntax.source import Source

_ENDS = {b";", b"{", b"}"}
_REACH = 24
_WORDS = re.compile(r"\w+")


def of_file(tree: Tree, rule: str, path: str) -> str:
    """Return the fingerprint of a finding about a file as a whole."""
    return fingerprint(rule, tree.package_of(path)[1], tree.inside(path), "")


def of_claim(rule: str, path: str, words: Iterable[str]) -> str:
    """Return the fingerprint of a claim that has no place in the tree."""
    return fingerprint(rule, "", path, " ".join(_WORDS.findall(" ".join(words).lower())))


def of_sites(tree: Tree, rule: str, path: str, found: Sequence[Hit]) -> dict[Hit, str]:
    """Return the fingerprint of each hit of a file; equal ones in one item are told apart by their order."""
    source, package, inside = tree.source(path), tree.package_of(path)[1], tree.inside(path)
    named = _named(
        source, tuple(sorted({*found, *(hit for hit in hits(source, rule_of(rule)) if hit.proof)}))
    )
    return {hit: fingerprint(rule, package, f"{inside}::{named[hit][0]}", named[hit][1]) for hit in found}


@lru_cache(maxsize=256)
def _named(source: Source, found: Sequence[Hit]) -> dict[Hit, tuple[str, str]]:
    """Return the item and the words of each place, numbered where an item says the same more than once."""
    seen: dict[tuple[str, str], int] = {}
    result = {}
    for hit in found:
        item, words = (
            item_path(source, hit.start),
            _statement(source.tokens, _token_at(source.tokens, hit.start)),
        )
        count = seen[item, words] = seen.get((item, words), 0) + 1
        result[hit] = item, words if count == 1 else f"{words} #{count}"
    return result


def item_path(source: Source, offset: int) -> str:
    """Return the names of the items around an offset, outermost first: "Engine::run"; "" at the top level."""
    return "::".join(_names(_scopes(source), offset))


@dataclass(frozen=True)
class _Scope:
    """An item, and the items in it, looked for once however many places are."""

    source: Source
    item: Item

    @cached_property
    def inner(self) -> "tuple[_Scope, ...]":
        return tuple(_Scope(self.source, item) for item in children(self.source, self.item))


@lru_cache(maxsize=64)
def _scopes(source: Source) -> tuple[_Scope, ...]:
    return tuple(_Scope(source, item) for item in items(source))


def _names(found: Iterable[_Scope], offset: int) -> Iterator[str]:
    for scope in found:
        item = scope.item
        if item.lead <= offset < item.tail:
            header = " for ".join(part for part in (item.trait, item.self_type) if part)
            name = item.name or header
            if name:
                yield name
            yield from _names(scope.inner, offset)
            return


def _token_at(tokens: Sequence[Token], offset: int) -> int:
    """Return the index of the token around an offset."""
    return max(0, bisect_right(tokens, offset, key=lambda token: token.start) - 1)


def _statement(tokens: Sequence[Token], index: int) -> str:
    """Return the normalised tokens of the statement around a token, or the words of a comment."""
    token = tokens[index]
    if token.kind is TokenKind.COMMENT:
        return " ".join(_WORDS.findall(token.text.decode(errors="replace").lower()))
    first, last = index, index
    while first and index - first < _REACH and tokens[first - 1].text not in _ENDS:
        first -= 1
    while last + 1 < len(tokens) and last - index < _REACH and tokens[last + 1].text not in _ENDS:
        last += 1
    own = (t for t in tokens[first : last + 1] if t.kind is not TokenKind.COMMENT)
    return " ".join(t.text.decode(errors="replace") for t in own)
