"""The tests of promoted modules: they, and no others, change their target."""

from collections.abc import Sequence
from dataclasses import replace

from remediate.edits import Promotion
from remediate.quantities import quantity
from remediate.verify.report import GateResult, passed, unverified
from remediate.verify.tests.testing import KnownTest, SuiteBaseline

TARGET = 'test "it"'
"""The target of promoted tests, as cargo's messages call it."""


def promoted(base: SuiteBaseline, promotions: Sequence[Promotion]) -> SuiteBaseline:
    """Return a baseline as the declared promotions leave it: their tests are the test target's, no others."""
    moved = (replace(t, label=TARGET) if _is_of(t, promotions) else t for t in base.tests)
    return replace(base, tests=tuple(sorted(moved, key=str))) if promotions else base


def proven(base: SuiteBaseline, promotions: Sequence[Promotion]) -> GateResult:
    """Return whether any promoted test was there to compare; ``base`` is what ``promoted`` returned."""
    name = f"promoted tests: {base.runner} ({base.configuration.name})"
    count = sum(t.label == TARGET and _is_in(t.name, promotions) for t in base.tests)
    if not count:
        return unverified(name, "none of them ran before: that proves nothing")
    return passed(
        name,
        f"only the target changed for {quantity(count, 'test')} of {quantity(len(promotions), 'module')}",
    )


def _is_of(test: KnownTest, promotions: Sequence[Promotion]) -> bool:
    return test.label == "lib" and _is_in(test.name, promotions)


def _is_in(test: str, promotions: Sequence[Promotion]) -> bool:
    return any(p.holds(test) for p in promotions)
