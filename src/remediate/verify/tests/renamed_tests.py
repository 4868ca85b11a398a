"""Tests that a change declares to have another name: one to one, and no others."""

from collections.abc import Sequence
from dataclasses import replace

from remediate.edits import RenamedTest
from remediate.quantities import quantity
from remediate.verify.report import GateResult, passed, unverified
from remediate.verify.tests.testing import SuiteBaseline


def renamed(base: SuiteBaseline, renames: Sequence[RenamedTest]) -> SuiteBaseline:
    """Return a baseline with the declared names: just these tests must run, and end the same."""
    new = {(r.target, r.old): r.new for r in renames}
    tests = (replace(t, name=new.get((t.label, t.name), t.name)) for t in base.tests)
    return replace(base, tests=tuple(sorted(tests, key=str))) if new else base


def proven(base: SuiteBaseline, renames: Sequence[RenamedTest]) -> GateResult:
    """Return whether the tests that are renamed were there to compare; ``base`` is that before any change."""
    name = f"renamed tests: {base.runner} ({base.configuration.name})"
    known = {(t.label, t.name) for t in base.tests}
    count = sum((r.target, r.old) in known for r in renames)
    if count < len(renames):
        return unverified(
            name, f"{len(renames) - count} of {len(renames)} did not run before under this name"
        )
    return passed(name, f"{quantity(count, 'test')} known by the old name, and no other test has a new one")
