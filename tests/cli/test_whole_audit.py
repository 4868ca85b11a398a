"""A whole audit of the shape that production-readiness audits have: it ends somewhere, all of it."""

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import readiness
import scratch
from command_line import Remediate

from remediate.audit.document import AuditDocument
from remediate.audit.goals import GoalKind
from remediate.audit.readers.read import read

PROVEN, NOT_MET, UNJUDGED = "proven", "not-met", "cannot-be-judged"


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    return readiness.workspace(tmp_path / "ferry")


def _document() -> AuditDocument:
    return read((readiness.FOLDER / "AUDIT.md").read_bytes(), "AUDIT.md")


def test_nothing_of_the_audit_is_left_unread() -> None:
    document = _document()
    assert [item.id for item in document.items] == [str(number) for number in range(1, 17)]
    assert document.not_understood == ()
    counts = Counter(goal.kind for goal in document.goals)
    assert counts == {GoalKind.PHASE: 5, GoalKind.CONSTRAINT: 8, GoalKind.CRITERION: 11}


def test_each_goal_is_judged(workspace: Path, remediate: Remediate) -> None:
    told = remediate.data(workspace, "status", "AUDIT.md", "--no-cargo")
    goals = told["audits"][0]["goals"]
    assert [goal["audit_line"] for goal in goals] == [goal.audit_line for goal in _document().goals]
    assert all(goal["evidence"] for goal in goals)
    standings = {goal["words"]: goal["standing"] for goal in goals if goal["kind"] == "criterion"}
    assert standings == {
        "All blocking async violations eliminated": NOT_MET,
        "All placeholder implementations replaced with production code": NOT_MET,
        "All large files decomposed into focused submodules": NOT_MET,
        "All temporary code patterns replaced with permanent implementations": NOT_MET,
        "All hack implementations rewritten with production quality": NOT_MET,
        "All legacy code modernized": NOT_MET,
        "All shim implementations replaced with full functionality": NOT_MET,
        "All tests extracted to ./tests/ with nextest bootstrapping": NOT_MET,
        "Zero compilation errors and warnings": UNJUDGED,
        "All QA reviews achieve 9+ rating": UNJUDGED,
        "Full end-to-end testing verification": UNJUDGED,
    }


@pytest.mark.slow
def test_each_item_ends_with_a_fix_a_work_order_or_a_reason(workspace: Path, remediate: Remediate) -> None:
    told = remediate.data(workspace, "run", "AUDIT.md", "--offline")
    found = remediate.data(workspace, "findings", "AUDIT.md")["findings"]
    *outcomes, nextest = told["outcomes"]  # the last is what the criteria ask for beside the findings
    assert [f["fingerprint"] for f in found] == [o["finding"] for o in outcomes]
    assert nextest["files"] == [".config/nextest.toml"]
    ends: dict[str, tuple[str, ...]] = {item.id: () for item in _document().items}
    for finding, outcome in zip(found, outcomes, strict=True):
        ends[finding["id"].split(".")[0]] += (_end(outcome),)
    assert all(ends.values())
    kinds = Counter(kind for some in ends.values() for kind in some)
    assert kinds["fix"] >= 4
    assert kinds["work order"] >= 5
    assert _outcome_of("13.1", found, outcomes)["reason"] == "not-simple"  # of a folder
    assert set(kinds) <= {"fix", "work order", "reason"}
    assert [goal["audit_line"] for goal in told["goals"]] == [goal.audit_line for goal in _document().goals]
    _check_completion_after_merging(workspace, remediate, told["outcomes"])


def _outcome_of(id_: str, found: list[Any], outcomes: list[Any]) -> dict[str, Any]:
    told: dict[str, Any] = next(o for f, o in zip(found, outcomes, strict=True) if f["id"] == id_)
    return told


def _end(outcome: dict[str, Any]) -> str:
    """Return how a finding ended, with everything that belongs to such an end."""
    assert outcome["outcome"] not in {"failed", "rolled-back"}
    assert outcome["reason"]
    assert outcome["detail"]
    if outcome["branch"]:
        return "fix"
    return "work order" if outcome.get("work_order") else "reason"


def _check_completion_after_merging(
    workspace: Path, remediate: Remediate, outcomes: list[dict[str, Any]]
) -> None:
    """Merge the fixes that do not conflict; the audit's own criteria and the rating follow."""
    for outcome in outcomes:
        if outcome["branch"]:
            scratch.git(workspace, "merge", "--quiet", "--no-edit", "-X", "ours", outcome["branch"])
    ended = remediate(workspace, "status", "AUDIT.md", "--write", "--offline")
    assert ended.code == 1, ended.out
    audit = (workspace / "AUDIT.md").read_text()
    assert [line for line in audit.splitlines() if line.startswith("- [x]")] == [
        "- [x] All large files decomposed into focused submodules",
        "- [x] All tests extracted to ./tests/ with nextest bootstrapping",
        "- [x] Zero compilation errors and warnings",
    ], ended.out
    assert audit.replace("[x]", "[ ]") == (readiness.FOLDER / "AUDIT.md").read_text()
    rated = remediate.data(workspace, "score", "AUDIT.md", "--offline", "--no-performance")
    points = {point["title"]: point["share"] for point in rated["points"]}
    assert points["all tests pass"] == points["no test is lost"] == points["no-unsafe"] == 1.0
    assert not rated["complete"]
