"""What a grouping has to beat: the simple ways to cut a file, each as good as it can be.

Each returns a group for every item by index. Impls go with their type, as every tool does.
"""

import re
from collections.abc import Callable, Hashable

from benchmarks.grouping.case import LEFT_OUT, Case
from remediate.rust.syntax.items import Item, items
from remediate.rust.syntax.source import Source

MAX_LINES = 300
_TYPES = {"struct", "enum", "union", "type", "trait"}

Partition = dict[int, Hashable]


def chunking(case: Case) -> Partition:
    """Contiguous chunks: a new file whenever the next item would make this one too long."""
    found: Partition = {}
    lines = chunk = 0
    for index, item, source in _items(case):
        own = source.text.count(b"\n", item.gap, item.tail)
        if lines and lines + own > MAX_LINES:
            chunk, lines = chunk + 1, 0
        lines += own
        found[index] = chunk
    return found


def per_item(case: Case) -> Partition:
    """One item per file."""
    known = {item.name for _, item, _ in _items(case) if item.kind in _TYPES}
    return {index: _home(item, known) or item.name or index for index, item, _ in _items(case)}


def by_kind(case: Case) -> Partition:
    """All types with their impls in one file, all functions in another, ..."""
    return {index: _kind(item) for index, item, _ in _items(case)}


BASELINES: dict[str, Callable[[Case], Partition]] = {
    "contiguous chunks": chunking,
    "one item per file": per_item,
    "by kind": by_kind,
}


def _items(case: Case) -> list[tuple[int, Item, Source]]:
    source = Source("lib.rs", case.text)
    return [(i, item, source) for i, item in enumerate(items(source)) if item.kind not in LEFT_OUT]


def _home(item: Item, known: set[str | None]) -> str:
    """Return the type an impl goes with, or the trait of the file if the type is foreign."""
    if item.kind != "impl":
        return ""
    type_, trait = (_head(text) for text in (item.self_type, item.trait))
    return trait if type_ not in known and trait in known else type_


def _head(text: str) -> str:
    return re.split(r"[<(]", text.replace("&", "").strip())[0].rpartition("::")[2].strip()


def _kind(item: Item) -> str:
    if item.kind == "impl":
        return "trait impl" if item.trait else "type"
    kinds = {"struct": "type", "enum": "type", "union": "type", "type": "type", "static": "const"}
    return kinds.get(item.kind, item.kind)
