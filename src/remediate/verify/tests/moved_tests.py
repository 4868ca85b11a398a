"""Tests that a change declares to change their target: they, and no others."""

from collections.abc import Sequence
from dataclasses import replace

from remediate.edits import MovedTests
from remediate.quantities import quantity
from remediate.verify.report import GateResult, passed, unverified
from remediate.verify.tests.testing import KnownTest, SuiteBaseline


def retargeted(base: SuiteBaseline, moved: Sequence[MovedTests]) -> SuiteBaseline:
    """Return a baseline as the declared moves leave it: their tests are of their new target, no others."""
    tests = (_retargeted(test, moved) for test in base.tests)
    return replace(base, tests=tuple(sorted(tests, key=str))) if moved else base


def proven(base: SuiteBaseline, moved: Sequence[MovedTests]) -> GateResult:
    """Return whether any moved test was there to compare; ``base`` is what ``retargeted`` returned."""
    name = f"moved tests: {base.runner} ({base.configuration.name})"
    count = sum(any(t.label == m.target and m.holds(t.name) for m in moved) for t in base.tests)
    if not count:
        return unverified(name, "none of them ran before: that proves nothing")
    return passed(
        name, f"only the target changed for {quantity(count, 'test')} of {quantity(len(moved), 'module')}"
    )


def _retargeted(test: KnownTest, moved: Sequence[MovedTests]) -> KnownTest:
    mine = (m for m in moved if test.label == "lib" and m.holds(test.name))
    return next((replace(test, label=m.target) for m in mine), test)
