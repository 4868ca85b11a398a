"""Real splits: a file in one published version of a crate whose items are in several files in a later one."""

import re
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

from benchmarks.grouping.case import FACADE, LEFT_OUT, Case
from benchmarks.registry_crates import fetch
from remediate.rust.syntax.items import Item, items
from remediate.rust.syntax.source import Source

FEWEST_LINES = 500
FEWEST_ITEMS = 15
MOST_IN_ONE = 0.6
FEWEST_FOUND = 1 / 3
"""Shares of lines: a file that stays nearly whole was not split, one that is mostly gone was rewritten."""
Files = dict[str, Source]
Identity = tuple[str, str | None, str, str]
Places = dict[Identity, set[str]]


def pairs(manifest: Path) -> Iterator[tuple[str, str, str]]:
    """Yield crate, old and new version."""
    for crate, versions in tomllib.loads(manifest.read_text("utf-8")).items():
        yield from ((crate, old, new) for old, new in versions.items())


def cases(crate: str, old: str, new: str) -> Iterator[Case]:
    """Yield every file of the old version that the new one has in pieces: the rules below decide."""
    before, after = (_files(fetch({crate: version})[crate]) for version in (old, new))
    places, homes = _places(after), _places(before)
    for path, source in before.items():
        only = {identity: now for identity, now in places.items() if homes.get(identity) == {path}}
        truth = _truth(path, source, places, only, before)
        if source.line_count >= FEWEST_LINES and _is_split(truth, source):
            yield Case(f"{crate}-{new} {path}", source.text, truth)


def _files(root: Path) -> Files:
    return {
        path.relative_to(root).as_posix(): Source(path.name, path.read_bytes())
        for path in sorted((root / "src").rglob("*.rs"))
    }


def _places(files: Files) -> Places:
    found: Places = defaultdict(set)
    for path, source in files.items():
        for item in items(source):
            found[_identity(item)].add(path)
    return found


def _identity(item: Item) -> Identity:
    """Return what an item is known by over versions; generics and bounds may change."""
    return item.kind, item.name, _head(item.self_type), _head(item.trait)


def _head(text: str) -> str:
    return re.split(r"[<(]", text)[0].rpartition("::")[2].strip("& ") or text


def _truth(path: str, source: Source, places: Places, only: Places, before: Files) -> dict[int, str]:
    """Return the new file of each item: beneath the module, or its own, or else one that did not exist.

    A far one counts only for what no other file of the old version had: names like ``Iter`` are not unique.
    """
    stem = path.removesuffix(".rs").removesuffix("/mod")
    own = {path, f"{stem}.rs", f"{stem}/mod.rs"}
    found = {}
    for index, item in enumerate(items(source)):
        if item.kind in LEFT_OUT | {"macro", "error"}:
            continue
        now = places.get(_identity(item), set())
        beneath = {p for p in now if p.startswith(stem + "/")} - own - before.keys()
        far = only.get(_identity(item), set()) - before.keys()
        chosen = beneath or now & own or far
        if chosen:
            found[index] = FACADE if chosen & own else min(chosen)
    return found


def _is_split(truth: dict[int, str], source: Source) -> bool:
    lines: Counter[str] = Counter()
    found = items(source)
    for index, module in truth.items():
        lines[module] += source.text.count(b"\n", found[index].lead, found[index].tail) + 1
    return (
        len(truth) >= FEWEST_ITEMS
        and len(lines) >= 3
        and max(lines.values()) <= MOST_IN_ONE * lines.total()
        and lines.total() >= FEWEST_FOUND * source.line_count
    )
