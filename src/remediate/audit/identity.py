"""What makes a finding the same finding when lines move: rule, package, item path, tokens. Never a line."""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from remediate.audit.fingerprint import fingerprint
from remediate.audit.rules.catalog import rule as rule_of
from remediate.audit.scan.where import item_path, place_words
from remediate.audit.tree import Tree

if TYPE_CHECKING:
    from remediate.audit.anchoring.hits import Hit

_WORDS = re.compile(r"\w+")


def of_file(tree: Tree, rule: str, path: str) -> str:
    """Return the fingerprint of a finding about a file as a whole."""
    return fingerprint(rule, tree.package_of(path)[1], tree.inside(path), "")


def of_claim(rule: str, path: str, words: Iterable[str]) -> str:
    """Return the fingerprint of a claim that has no place in the tree."""
    return fingerprint(rule, "", path, " ".join(_WORDS.findall(" ".join(words).lower())))


def of_sites(tree: Tree, rule: str, path: str, found: "Sequence[Hit]") -> "dict[Hit, str]":
    """Return the fingerprint of each hit of a file; equal ones in one item are told apart by their order."""
    from remediate.audit.anchoring.hits import hits  # noqa: PLC0415 - the words of all rules, for these alone

    package, inside = tree.package_of(path)[1], tree.inside(path)
    proofs = (hit for hit in hits(tree.source(path), rule_of(rule)) if hit.proof)
    named = _named(tree.files[path], tuple(sorted({*found, *proofs})))
    return {hit: fingerprint(rule, package, f"{inside}::{named[hit][0]}", named[hit][1]) for hit in found}


@lru_cache(maxsize=256)
def _named(text: bytes, found: "Sequence[Hit]") -> "dict[Hit, tuple[str, str]]":
    """Return the item and the words of each place, numbered where an item says the same more than once."""
    from remediate.audit.anchoring.hits import outlined  # noqa: PLC0415 - as above

    seen: dict[tuple[str, str], int] = {}
    result, outline = {}, outlined(text)
    for hit in found:
        item, words = item_path(outline, hit.start), place_words(outline, hit.start)
        count = seen[item, words] = seen.get((item, words), 0) + 1
        result[hit] = item, words if count == 1 else f"{words} #{count}"
    return result
