"""Which findings a fixer is asked about: those that are left when their codemods are done."""

from types import SimpleNamespace
from typing import Any

import pytest

from remediate.model import Finding, Outcome, Result, Status
from remediate.workflow.external.assignment import Assignment
from remediate.workflow.sources.settings import FixerSettings

STUB = Finding("1.1", "ab" * 8, "hack", "Title", "src/lib.rs")
LARGE = Finding("2.1", "cd" * 8, "large-file", "Title", "src/lib.rs")


def _hired(*rules: str) -> Assignment:
    runner: Any = SimpleNamespace(name="agent", settings=FixerSettings(command="true", rules=rules))
    drafter: Any = None
    return Assignment(runner, drafter)


@pytest.mark.parametrize(
    ("finding", "result", "reason", "follows"),
    [
        (STUB, Result.SKIPPED, "no-codemod", True),
        (LARGE, Result.SKIPPED, "macro-order", True),
        (LARGE, Result.ROLLED_BACK, "check-failed", True),
        (LARGE, Result.SKIPPED, "not-large", False),
        (LARGE, Result.FIXED, "verified", False),
        (LARGE, Result.FIXED_PARTLY, "partial", False),
        (LARGE, Result.SKIPPED, "not-selected", False),
        (LARGE, Result.SKIPPED, "branch-taken", False),
        (STUB, Result.MISTAKEN, "mistaken", False),
    ],
)
def test_what_is_left_is_handed_on(finding: Finding, result: Result, reason: str, *, follows: bool) -> None:
    codemod = "split-file" if finding is LARGE else None
    outcome = Outcome(finding.fingerprint, codemod, result, reason)
    assert _hired().follows(finding, outcome) is follows
    assert not _hired("unwrap").follows(finding, outcome)
    assert _hired(finding.rule).follows(finding, outcome) is follows


def test_what_is_not_true_is_not_asked() -> None:
    gone = Finding("1.1", "ab" * 8, "hack", "Title", "src/lib.rs", status=Status.FIXED)
    assert not _hired().follows(gone, Outcome(gone.fingerprint, None, Result.SKIPPED, "no-codemod"))
