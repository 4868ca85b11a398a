"""Tests that a change declares to change their target or their name: they, and no others."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from remediate.cargo.suite import Ending
from remediate.edits import MovedTests, RenamedTest
from remediate.gates import GateResult, passed, unverified
from remediate.quantities import quantity
from remediate.verify.tests.testing import SuiteBaseline


def retargeted(base: SuiteBaseline, moved: Sequence[MovedTests]) -> SuiteBaseline:
    """Return a baseline as the declared moves leave it: their tests are of their new target, no others."""
    tests = []
    for test in base.tests:
        mine = (m for m in moved if test.label == "lib" and m.holds(test.name))
        tests.append(next((replace(test, label=m.target) for m in mine), test))
    return replace(base, tests=tuple(sorted(tests, key=str))) if moved else base


def enabled(base: SuiteBaseline, names: Collection[str]) -> SuiteBaseline:
    """Return a baseline without the ignored tests that a change enables: they have to run as new ones do."""
    tests = tuple(t for t in base.tests if t.name not in names or set(t.endings) != {Ending.IGNORED})
    return replace(base, tests=tests) if len(tests) < len(base.tests) else base


def moved_gate(base: SuiteBaseline, moved: Sequence[MovedTests]) -> GateResult:
    """Return whether any moved test was there to compare; ``base`` is what ``retargeted`` returned."""
    name = f"moved tests: {base.runner} ({base.configuration.name})"
    count = sum(any(t.label == m.target and m.holds(t.name) for m in moved) for t in base.tests)
    if not count:
        return unverified(name, "none of them ran before: that proves nothing")
    return passed(
        name, f"only the target changed for {quantity(count, 'test')} of {quantity(len(moved), 'module')}"
    )


def renamed(base: SuiteBaseline, renames: Sequence[RenamedTest]) -> SuiteBaseline:
    """Return a baseline with the declared names: just these tests must run, and end the same."""
    new = {(r.target, r.old): r.new for r in renames}
    tests = (replace(t, name=new.get((t.label, t.name), t.name)) for t in base.tests)
    return replace(base, tests=tuple(sorted(tests, key=str))) if new else base


def renamed_gate(base: SuiteBaseline, renames: Sequence[RenamedTest]) -> GateResult:
    """Return whether the tests that are renamed were there to compare; ``base`` is that before any change."""
    name = f"renamed tests: {base.runner} ({base.configuration.name})"
    known = {(t.label, t.name) for t in base.tests}
    count = sum((r.target, r.old) in known for r in renames)
    if count < len(renames):
        return unverified(
            name, f"{len(renames) - count} of {len(renames)} did not run before under this name"
        )
    return passed(name, f"{quantity(count, 'test')} known by the old name, and no other test has a new one")
