"""MoJoFM, against its definition by brute force, and the making of un-merge cases."""

from collections import deque
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.grouping import unmerge
from benchmarks.grouping.baselines import by_kind, chunking, per_item
from benchmarks.grouping.case import shuffled
from benchmarks.grouping.mojofm import distance, greatest_distance, mojofm
from remediate.rust.items import items
from remediate.rust.syntax import Source

Labels = tuple[int, ...]


def partitions(count: int) -> Iterator[Labels]:
    """Yield every partition of ``count`` elements once, groups numbered by first element."""
    if count == 0:
        yield ()
        return
    for smaller in partitions(count - 1):
        for label in range(max(smaller, default=-1) + 2):
            yield (*smaller, label)


def canonical(labels: Labels) -> Labels:
    seen: dict[int, int] = {}
    return tuple(seen.setdefault(label, len(seen)) for label in labels)


def steps(labels: Labels) -> Iterator[Labels]:
    """Yield what one move of an element or one join of two groups makes of a partition."""
    for element in range(len(labels)):
        for target in range(max(labels) + 2):
            yield canonical((*labels[:element], target, *labels[element + 1 :]))
    for one in set(labels):
        for other in set(labels):
            yield canonical(tuple(one if label == other else label for label in labels))


def shortest(start: Labels) -> dict[Labels, int]:
    """Return the true number of steps from a partition to every other."""
    found, waiting = {start: 0}, deque([start])
    while waiting:
        here = waiting.popleft()
        for there in steps(here):
            if there not in found:
                found[there] = found[here] + 1
                waiting.append(there)
    return found


def as_map(labels: Labels) -> dict[int, int]:
    return dict(enumerate(labels))


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5])
def test_distance_is_the_least_number_of_moves_and_joins(count: int) -> None:
    for ours in partitions(count):
        for truth, least in shortest(ours).items():
            assert distance(as_map(ours), as_map(truth)) == least, (ours, truth)


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5, 6])
def test_greatest_distance_is_reached_by_some_partition(count: int) -> None:
    everything = [as_map(labels) for labels in partitions(count)]
    for truth in everything:
        assert greatest_distance(truth) == max(distance(other, truth) for other in everything)


def test_mojofm_is_100_for_the_same_and_0_for_the_worst() -> None:
    truth = {1: "a", 2: "a", 3: "b", 4: "b"}
    assert mojofm({1: "x", 2: "x", 3: "y", 4: "y"}, truth) == 100
    assert mojofm({1: "x", 2: "y", 3: "x", 4: "y"}, truth) == 0
    assert mojofm({1: "x", 2: "x", 3: "y", 4: "x"}, truth) == 50


FILES = {
    "mod.rs": "//! Docs.\nmod cache;\nuse self::parse::Query;\npub fn run() { cache::put(Query::new()) }\n",
    "cache.rs": """use std::fmt;
use super::parse::Query;

// ---- Storage ----

/// Keeps.
pub(super) fn put(q: Query) {}
""",
    "parse.rs": """pub struct Query;
impl Query {
    pub fn new() -> Self { Query }
}
#[cfg(test)]
mod tests { }
""",
}


@pytest.fixture
def crate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a crate whose folder ``search`` counts as well-designed."""
    folder = tmp_path / "sample-1.0.0" / "src" / "search"
    folder.mkdir(parents=True)
    for name, text in FILES.items():
        (folder / name).write_text(text)
    monkeypatch.setattr(unmerge, "FEWEST_FILES", 2)
    monkeypatch.setattr(unmerge, "_well_designed", lambda _pieces: True)
    return tmp_path / "sample-1.0.0"


def test_merged_modules_remember_where_items_came_from(crate: Path) -> None:
    (case,) = unmerge.cases(crate)
    found = items(Source("lib.rs", case.text))
    truth = {found[index].name or "impl": module for index, module in case.truth.items()}
    assert truth == {"run": "", "put": "cache", "Query": "parse", "impl": "parse"}
    assert case.crate == "sample"


def test_merged_modules_show_nothing_of_their_files(crate: Path) -> None:
    (case,) = unmerge.cases(crate)
    for word in (b"pub(super)", b"cache::", b"super::", b"mod tests", b"//!"):
        assert word not in case.text
    assert b"use std::fmt;" in case.text
    assert b"// ---- Storage ----" in case.text


def test_shuffling_moves_items_and_keeps_the_truth(crate: Path) -> None:
    (case,) = unmerge.cases(crate)
    orders = set()
    for seed in range(8):
        mixed = shuffled(case, seed)
        found = items(Source("lib.rs", mixed.text))
        names = {found[index].name or "impl": module for index, module in mixed.truth.items()}
        assert names == {"run": "", "put": "cache", "Query": "parse", "impl": "parse"}
        assert b"Storage" not in mixed.text
        orders.add(mixed.text)
    assert len(orders) > 3
    assert shuffled(case, 1) == shuffled(case, 1)


def test_baselines_are_what_they_say(crate: Path) -> None:
    (case,) = unmerge.cases(crate)
    assert len(set(chunking(case).values())) == 1
    assert sorted(map(str, per_item(case).values())) == ["Query", "Query", "put", "run"]
    assert sorted(map(str, by_kind(case).values())) == ["fn", "fn", "type", "type"]
