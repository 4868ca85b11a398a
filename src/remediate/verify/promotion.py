"""The tests of promoted modules: they, and no others, change their target."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from remediate.edits import Promotion
from remediate.verify.report import GateResult, passed, unverified
from remediate.verify.testing import KnownTest, SuiteBaseline

TARGET = 'test "it"'
"""The target of promoted tests, as cargo's messages call it."""


def promoted(base: SuiteBaseline, promotions: Sequence[Promotion]) -> SuiteBaseline:
    """Return a baseline as the declared promotions leave it: their tests are the test target's, no others."""
    modules = {p.tests for p in promotions}
    moved = (replace(t, label=TARGET) if _is_of(t, modules) else t for t in base.tests)
    return replace(base, tests=tuple(sorted(moved, key=str))) if modules else base


def proven(base: SuiteBaseline, promotions: Sequence[Promotion]) -> GateResult:
    """Return whether any promoted test was there to compare; ``base`` is what ``promoted`` returned."""
    name = f"promoted tests: {base.runner} ({base.configuration.name})"
    modules = {p.tests for p in promotions}
    count = sum(t.label == TARGET and _is_in(t.name, modules) for t in base.tests)
    if not count:
        return unverified(name, "none of them ran before: that proves nothing")
    return passed(
        name, f"{count} tests of {len(modules)} modules have changed their target, and nothing else"
    )


def _is_of(test: KnownTest, modules: Collection[str]) -> bool:
    return test.label == "lib" and _is_in(test.name, modules)


def _is_in(test: str, modules: Collection[str]) -> bool:
    path = test.split("::")
    return any("::".join(path[:length]) in modules for length in range(1, len(path)))
