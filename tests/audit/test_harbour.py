"""One audit in the shape that production-readiness audits have, held against a small tree."""

import pytest
from audit.harbour import document, tree

from remediate.audit.anchoring.anchor import anchor
from remediate.model import Finding, PlannedModule, Status


@pytest.fixture(scope="module")
def findings() -> dict[str, Finding]:
    return {finding.id: finding for finding in anchor(document(), tree())}


def test_counts() -> None:
    read = document()
    assert len(read.items) == 9
    assert read.references == 11
    assert read.sized_files == 3
    assert read.mentions == read.understood + len(read.not_understood)
    assert read.not_understood == ()
    assert [goal.audit_line for goal in read.goals] == [83, 87, 88]


@pytest.mark.parametrize(
    ("id_", "status", "rule", "path"),
    [
        ("1.1", Status.MOVED, "spawn-blocking", "packages/pilot/src/tides.rs"),
        ("2.1", Status.PRESENT, "block-on", "packages/pilot/src/lock.rs"),
        ("2.1.2", Status.MISTAKEN, "block-on", "packages/pilot/src/lock.rs"),
        ("2.1.3", Status.FIXED, "block-on", "packages/pilot/src/lock.rs"),
        ("2.2", Status.MISTAKEN, "block-on", "packages/berth/src/lib.rs"),
        ("3.1", Status.PRESENT, "placeholder", "packages/berth/src/toll.rs"),
        ("3.1.2", Status.FIXED, "placeholder", "packages/berth/src/toll.rs"),
        ("4.1", Status.PRESENT, "large-file", "packages/pilot/src/chart.rs"),
        ("5.1", Status.FIXED, "large-file", "packages/pilot/src/lock.rs"),
        ("5.2", Status.FIXED, "large-file", "packages/berth/src/notes.rs"),
        ("6.1", Status.MOVED, "temporary-code", "packages/berth/src/toll.rs"),
        ("6.2", Status.UNRESOLVABLE, "temporary-code", ""),
        ("6.3", Status.UNRESOLVABLE, "temporary-code", ""),
        ("7.1", Status.PRESENT, "todo-marker", "packages/berth/src/lib.rs"),
        ("8.1", Status.PRESENT, "hack", "packages/pilot/src"),
        ("9.1", Status.PRESENT, "embedded-tests", "packages/pilot/src/lock.rs"),
    ],
)
def test_status(findings: dict[str, Finding], id_: str, status: Status, rule: str, path: str) -> None:
    finding = findings[id_]
    assert (finding.status, finding.rule, finding.path) == (status, rule, path)
    assert finding.reason


def test_nothing_else_is_found(findings: dict[str, Finding]) -> None:
    assert len(findings) == 16


def test_each_claimed_line_is_in_one_finding(findings: dict[str, Finding]) -> None:
    lines = [f.claimed_lines for f in findings.values() if f.id.startswith("2.1")]
    assert lines == [(3,), (7,), (40,)]


def test_moved_names_todays_line(findings: dict[str, Finding]) -> None:
    assert findings["1.1"].moved_to == (5,)
    assert findings["1.1"].sites[0].text == "task::spawn_blocking(move || table(day)).await.unwrap()"


def test_only_the_word_itself_counts(findings: dict[str, Finding]) -> None:
    assert [(site.line, site.column) for site in findings["8.1"].sites] == [(5, 6)]


def test_planned_modules_follow_list_and_sketch(findings: dict[str, Finding]) -> None:
    assert findings["4.1"].planned == (
        PlannedModule("depth", "soundings and depths", public=True, exports=("Depth", "Sounding")),
        PlannedModule("legend", "the legend (and its symbols)"),
        PlannedModule("print", "printing"),
    )
    assert "pub mod depth;" in findings["4.1"].sketch


def test_sizes(findings: dict[str, Finding]) -> None:
    assert [findings[id_].claimed_size for id_ in ("4.1", "5.1", "5.2")] == [24, 1203, 410]


def test_fingerprint_survives_moving_lines() -> None:
    before = {f.id: f.fingerprint for f in anchor(document(), tree())}
    files = {path: b"\n\n// a new line\n" + text for path, text in tree().files.items()}
    after = {f.id: f for f in anchor(document(), type(tree())(files, tree().paths, tree().packages))}
    assert after["2.1"].status is Status.MOVED
    assert before["2.1"] == after["2.1"].fingerprint
    assert before["9.1"] == after["9.1"].fingerprint
    assert len(set(before.values())) == len(before)
