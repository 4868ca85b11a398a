"""Declared names change one to one; a test of that name elsewhere, or of another name, may not."""

import pytest

from remediate.cargo.check import DEFAULT
from remediate.cargo.suite import Case, Ending, Suite
from remediate.edits import RenamedTest
from remediate.verify.report import Verdict
from remediate.verify.tests.renamed_tests import proven, renamed
from remediate.verify.tests.testing import KnownTest, SuiteBaseline, gates

IT = 'test "it"'
DECLARED = (RenamedTest(IT, "a", "part::a"),)
BEFORE = SuiteBaseline(
    "libtest",
    DEFAULT,
    tuple(KnownTest(label, name, (Ending.OK,)) for label, name in ((IT, "a"), (IT, "b"), ("lib", "a"))),
)


def _verdicts(*after: tuple[str, str], ending: Ending = Ending.OK) -> list[Verdict]:
    suite = Suite("libtest", "default", tuple(Case(label, name, ending) for label, name in after))
    return [gate.verdict for gate in gates(lambda: suite, renamed(BEFORE, DECLARED))]


@pytest.mark.seeded("test inventory", "failed", "a test has a new name that was not declared")
def test_exactly_the_declared_tests_have_another_name() -> None:
    assert Verdict.FAILED not in _verdicts((IT, "part::a"), (IT, "b"), ("lib", "a"))
    assert Verdict.FAILED in _verdicts((IT, "a"), (IT, "b"), ("lib", "a"))
    assert Verdict.FAILED in _verdicts((IT, "part::a"), (IT, "part::b"), ("lib", "a"))
    assert Verdict.FAILED in _verdicts((IT, "part::a"), (IT, "b"), ("lib", "part::a"))
    assert Verdict.FAILED in _verdicts((IT, "b"), ("lib", "a"))


def test_a_renamed_test_has_to_end_as_before() -> None:
    after = ((IT, "part::a"), (IT, "b"), ("lib", "a"))
    assert Verdict.FAILED in _verdicts(*after, ending=Ending.FAILED)


@pytest.mark.seeded("renamed tests", "unverified", "a test to be renamed did not run before")
def test_a_declared_test_that_was_not_there_proves_nothing() -> None:
    assert proven(BEFORE, DECLARED).verdict is Verdict.PASSED
    assert proven(BEFORE, (*DECLARED, RenamedTest(IT, "c", "part::c"))).verdict is Verdict.UNVERIFIED
