"""Moved tests change their target; no other test may, and none may be lost on the way."""

import pytest

from remediate.cargo.check import DEFAULT
from remediate.cargo.suite import Case, Ending, Suite
from remediate.edits import MovedTests
from remediate.verify.report import Verdict
from remediate.verify.tests.moved_tests import proven, retargeted
from remediate.verify.tests.testing import KnownTest, SuiteBaseline, gates

MOVED = (MovedTests("m::tests", 'test "it"'),)
BEFORE = SuiteBaseline(
    "libtest",
    DEFAULT,
    (KnownTest("lib", "m::tests::a", (Ending.OK,)), KnownTest("lib", "n::tests::b", (Ending.OK,))),
)


def _verdicts(*after: tuple[str, str]) -> list[Verdict]:
    suite = Suite("libtest", "default", tuple(Case(label, name, Ending.OK) for label, name in after))
    return [gate.verdict for gate in gates(lambda: suite, retargeted(BEFORE, MOVED))]


def test_exactly_the_declared_tests_change_their_target() -> None:
    assert Verdict.FAILED not in _verdicts(('test "it"', "m::tests::a"), ("lib", "n::tests::b"))
    assert Verdict.FAILED in _verdicts(("lib", "m::tests::a"), ("lib", "n::tests::b"))
    assert Verdict.FAILED in _verdicts(('test "it"', "m::tests::a"), ('test "it"', "n::tests::b"))
    assert Verdict.FAILED in _verdicts(("lib", "n::tests::b"))


@pytest.mark.seeded("moved tests", "unverified", "none of them ran before")
def test_no_moved_test_before_proves_nothing() -> None:
    assert proven(retargeted(BEFORE, MOVED), MOVED).verdict is Verdict.PASSED
    empty = (MovedTests("o::tests", 'test "it"'),)
    assert proven(retargeted(BEFORE, empty), empty).verdict is Verdict.UNVERIFIED


def test_of_a_divided_module_only_the_declared_part_changes_its_target() -> None:
    part = (MovedTests("m::tests", 'test "it"', parts=("a", "inner")),)
    names = ("m::tests::a", "m::tests::ab", "m::tests::inner::b", "m::tests::a::case_1", "n::tests::a")
    base = SuiteBaseline("libtest", DEFAULT, tuple(KnownTest("lib", name, (Ending.OK,)) for name in names))
    moved = {t.name: t.label for t in retargeted(base, part).tests}
    assert [name for name in names if moved[name] != "lib"] == [names[0], names[2], names[3]]
