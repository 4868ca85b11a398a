"""Evidence of a rating: performance with its spread, links of documents, the changelog."""

import re
from pathlib import Path

import pytest
import readiness
import scratch

from remediate.cargo.command import Cargo
from remediate.git.command import Git
from remediate.workflow.completion.documentation import changelog_evidence, links, links_evidence
from remediate.workflow.completion.performance import (
    Compared,
    Round,
    measured_round,
    size_evidence,
    time_evidence,
)
from remediate.workflow.sources.workspace import load


def _rounds(builds: list[float], benches: dict[str, list[float]] | None = None) -> tuple[Round, ...]:
    return tuple(
        Round({name: times[at] for name, times in (benches or {}).items()}, build, {"lib": 1000})
        for at, build in enumerate(builds)
    )


@pytest.mark.parametrize(
    ("before", "after", "holds"),
    [
        ([1.0, 1.1, 1.3], [1.2, 1.3, 2.0], True),  # the best round after is no worse than the worst before
        ([1.0, 1.1, 1.3], [1.34, 1.5, 1.6], True),  # worse, but within the tolerance
        ([1.0, 1.1, 1.3], [1.4, 1.5, 1.6], False),
        ([1.0, 1.0, 1.0], [0.5, 0.5, 0.5], True),
    ],
)
def test_the_spread_decides_nothing(before: list[float], after: list[float], holds: bool) -> None:  # noqa: FBT001
    found = time_evidence(Compared(_rounds(before), _rounds(after)))
    assert (found.about, found.holds) == ("build time", holds)
    assert f"{min(after):.3g} s to {max(after):.3g} s after" in found.figure.replace("500 ms", "0.5 s")


def test_each_benchmark_that_both_have_is_compared() -> None:
    before = _rounds([1.0, 1.0], {"parse": [1e-6, 1.1e-6], "gone": [1.0, 1.0]})
    after = _rounds([9.0, 9.0], {"parse": [2e-6, 2.1e-6], "new": [1.0, 1.0]})
    found = time_evidence(Compared(before, after))
    assert (found.about, found.holds, found.command) == ("benchmarks", False, "cargo bench --workspace")
    (line,) = found.places
    assert line == "parse: 1.95 of before (1 µs to 1.1 µs before, 2 µs to 2.1 µs after), slower"


@pytest.mark.parametrize(("size", "holds"), [(1040, True), (1100, False)])
def test_what_is_built_may_not_grow(size: int, holds: bool) -> None:  # noqa: FBT001
    after = (Round({}, 1.0, {"lib": size, "another": 9000}),)
    found = size_evidence(Compared(_rounds([1.0]), after))
    figure = f"size: {size / 1000:.2f} of before, {size:,} bytes; 1,000 before"
    assert (found.holds, found.figure) == (holds, figure)


def test_nothing_built_in_both_is_not_known() -> None:
    assert size_evidence(Compared(_rounds([1.0]), (Round({}, 1.0, {}),))).holds is None


def test_links_lead_somewhere(tmp_path: Path) -> None:
    documents = {
        "README.md": "[a](src/lib.rs) [b](src/) [c](docs/guide.md#part) [d](https://example.org) [e](#top)\n"
        "[f](src/gone.rs) `[g](src/no.rs)` ![h](<docs/a picture.png>) [i](../outside.md)\n"
        "\n```\n[j](src/code.rs)\n```\n",
        "docs/guide.md": '[k](../src/lib.rs "title") [l](lost.md)\n',
    }
    folder = scratch.repository(tmp_path / "docs", {**scratch.CRATE, **documents})
    now = links(load(folder))
    assert now.lost == ("README.md:2: src/gone.rs", "docs/guide.md:1: lost.md")
    assert len(now.all) == 6
    found = links_evidence(now, None, frozenset(), "AUDIT.md")
    assert (found.holds, found.places) == (False, now.lost)
    scratch.write(folder, {"docs/guide.md": "\n[l](lost.md)\n", "README.md": "[f](src/gone.rs) [m](m.md)\n"})
    later = links_evidence(links(load(folder)), now, frozenset(), "AUDIT.md")
    assert (later.holds, later.places) == (False, ("README.md:1: m.md",))
    assert "besides 2 that did before" in later.figure
    assert links_evidence(links(load(folder)), now, {"README.md"}, "AUDIT.md").holds


def test_a_changelog_has_to_gain_lines(tmp_path: Path) -> None:
    log = {"CHANGES.md": "# Changes\n\n- One\n"}
    folder = scratch.repository(tmp_path / "log", {**scratch.CRATE, **log})
    first = scratch.git(folder, "rev-parse", "HEAD")
    shorter = readiness.commit(folder, {"CHANGES.md": "# Changes\n"})
    longer = readiness.commit(folder, {"CHANGES.md": "# Changes\n\n- Two\n"})
    workspace = load(folder)
    with Git(folder) as git:
        assert changelog_evidence(git, workspace, "", (first, shorter)).holds is False
        found = changelog_evidence(git, workspace, "", (shorter, longer))
        assert (found.holds, found.figure) == (True, "2 lines added to CHANGES.md")
        assert changelog_evidence(git, workspace, "", None).holds is None
    bare = load(scratch.repository(tmp_path / "bare"))
    assert changelog_evidence(None, bare, "", None).figure == "there is no changelog"


@pytest.mark.slow
def test_what_criterion_measures_is_compared(tmp_path: Path) -> None:
    fast = _MEASURED["src/lib.rs"]

    def measured(source: str) -> Round:
        scratch.write(tmp_path, {**_MEASURED, "src/lib.rs": source})
        return measured_round(Cargo(tmp_path), load(tmp_path))

    slow = fast.replace("0..n", "0..20 * n")
    before, after = (measured(fast), measured(fast)), (measured(slow), measured(slow))
    found = time_evidence(Compared(before, after))
    assert (found.about, found.holds, found.command) == ("benchmarks", False, "cargo bench --workspace")
    assert "2 rounds each; 1 slower" in found.figure
    (line,) = found.places
    told = re.fullmatch(
        r"measured sums sums/hundred: ([\d.]+) of before \((.+) to (.+) before, (.+) to (.+) after\), slower",
        line,
    )
    assert told, line
    assert float(told[1]) > 5
    assert all(re.fullmatch(r"[\d.]+ (?:ns|µs)", one) for one in told.groups()[1:])
    assert time_evidence(Compared(after, before)).holds


_MEASURED = {
    "Cargo.toml": (
        '[package]\nname = "measured"\nversion = "0.1.0"\nedition = "2021"\n\n[dev-dependencies]\n'
        'criterion = { version = "0.7", default-features = false }\n\n'
        '[[bench]]\nname = "sums"\nharness = false\n\n[lib]\nbench = false\n'
    ),
    "src/lib.rs": (
        "//! Sums.\n\n/// The sum of the numbers below one, the slow way.\n#[inline(never)]\n"
        "pub fn sum(n: u64) -> u64 {\n    (0..n).fold(0, |sum, one| std::hint::black_box(sum ^ one))\n}\n"
    ),
    "benches/sums.rs": (
        "use criterion::{criterion_group, criterion_main, Criterion};\nuse std::time::Duration;\n\n"
        'fn sums(c: &mut Criterion) {\n    let mut group = c.benchmark_group("sums");\n'
        "    group.warm_up_time(Duration::from_millis(50)).measurement_time(Duration::from_millis(200));\n"
        "    group.sample_size(10);\n"
        '    group.bench_function("hundred", |b| b.iter(|| measured::sum(std::hint::black_box(100))));\n'
        "    group.finish();\n}\n\ncriterion_group!(benches, sums);\ncriterion_main!(benches);\n"
    ),
}
