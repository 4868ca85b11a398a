"""Declared tests change their target, or their name one to one; no other test may, and none may be lost."""

import pytest

from remediate.cargo.check import DEFAULT
from remediate.cargo.suite import Case, Ending, Suite
from remediate.edits import MovedTests, RenamedTest
from remediate.gates import Verdict
from remediate.verify.tests.declared_tests import moved_gate, renamed, renamed_gate, retargeted
from remediate.verify.tests.testing import KnownTest, SuiteBaseline, gates

MOVED = (MovedTests("m::tests", 'test "it"'),)
MOVED_BEFORE = SuiteBaseline(
    "libtest",
    DEFAULT,
    (KnownTest("lib", "m::tests::a", (Ending.OK,)), KnownTest("lib", "n::tests::b", (Ending.OK,))),
)


def _moved_verdicts(*after: tuple[str, str]) -> list[Verdict]:
    suite = Suite("libtest", "default", tuple(Case(label, name, Ending.OK) for label, name in after))
    return [gate.verdict for gate in gates(lambda: suite, retargeted(MOVED_BEFORE, MOVED))]


def test_exactly_the_declared_tests_change_their_target() -> None:
    assert Verdict.FAILED not in _moved_verdicts(('test "it"', "m::tests::a"), ("lib", "n::tests::b"))
    assert Verdict.FAILED in _moved_verdicts(("lib", "m::tests::a"), ("lib", "n::tests::b"))
    assert Verdict.FAILED in _moved_verdicts(('test "it"', "m::tests::a"), ('test "it"', "n::tests::b"))
    assert Verdict.FAILED in _moved_verdicts(("lib", "n::tests::b"))


@pytest.mark.seeded("moved tests", "unverified", "none of them ran before")
def test_no_moved_test_before_proves_nothing() -> None:
    assert moved_gate(retargeted(MOVED_BEFORE, MOVED), MOVED).verdict is Verdict.PASSED
    empty = (MovedTests("o::tests", 'test "it"'),)
    assert moved_gate(retargeted(MOVED_BEFORE, empty), empty).verdict is Verdict.UNVERIFIED


def test_of_a_divided_module_only_the_declared_part_changes_its_target() -> None:
    part = (MovedTests("m::tests", 'test "it"', parts=("a", "inner")),)
    names = ("m::tests::a", "m::tests::ab", "m::tests::inner::b", "m::tests::a::case_1", "n::tests::a")
    base = SuiteBaseline("libtest", DEFAULT, tuple(KnownTest("lib", name, (Ending.OK,)) for name in names))
    moved = {t.name: t.label for t in retargeted(base, part).tests}
    assert [name for name in names if moved[name] != "lib"] == [names[0], names[2], names[3]]


IT = 'test "it"'
RENAMED = (RenamedTest(IT, "a", "part::a"),)
RENAMED_BEFORE = SuiteBaseline(
    "libtest",
    DEFAULT,
    tuple(KnownTest(label, name, (Ending.OK,)) for label, name in ((IT, "a"), (IT, "b"), ("lib", "a"))),
)


def _renamed_verdicts(*after: tuple[str, str], ending: Ending = Ending.OK) -> list[Verdict]:
    suite = Suite("libtest", "default", tuple(Case(label, name, ending) for label, name in after))
    return [gate.verdict for gate in gates(lambda: suite, renamed(RENAMED_BEFORE, RENAMED))]


@pytest.mark.seeded("test inventory", "failed", "a test has a new name that was not declared")
def test_exactly_the_declared_tests_have_another_name() -> None:
    assert Verdict.FAILED not in _renamed_verdicts((IT, "part::a"), (IT, "b"), ("lib", "a"))
    assert Verdict.FAILED in _renamed_verdicts((IT, "a"), (IT, "b"), ("lib", "a"))
    assert Verdict.FAILED in _renamed_verdicts((IT, "part::a"), (IT, "part::b"), ("lib", "a"))
    assert Verdict.FAILED in _renamed_verdicts((IT, "part::a"), (IT, "b"), ("lib", "part::a"))
    assert Verdict.FAILED in _renamed_verdicts((IT, "b"), ("lib", "a"))


def test_a_renamed_test_has_to_end_as_before() -> None:
    after = ((IT, "part::a"), (IT, "b"), ("lib", "a"))
    assert Verdict.FAILED in _renamed_verdicts(*after, ending=Ending.FAILED)


@pytest.mark.seeded("renamed tests", "unverified", "a test to be renamed did not run before")
def test_a_declared_test_that_was_not_there_proves_nothing() -> None:
    assert renamed_gate(RENAMED_BEFORE, RENAMED).verdict is Verdict.PASSED
    assert (
        renamed_gate(RENAMED_BEFORE, (*RENAMED, RenamedTest(IT, "c", "part::c"))).verdict
        is Verdict.UNVERIFIED
    )


def test_a_test_that_ran_elsewhere_proves_nothing_of_a_move() -> None:
    elsewhere = SuiteBaseline("libtest", DEFAULT, (KnownTest("lib", "m::tests::a", (Ending.OK,)),))
    assert moved_gate(elsewhere, MOVED).verdict is Verdict.UNVERIFIED
    two = (*MOVED, MovedTests("o::tests", 'test "it"'))
    assert (
        moved_gate(retargeted(MOVED_BEFORE, two), two).detail
        == "only the target changed for 1 test of 2 modules"
    )
