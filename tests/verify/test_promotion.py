"""Promoted tests change their target; no other test may, and none may be lost on the way."""

import pytest

from remediate.cargo.check import DEFAULT
from remediate.cargo.suite import Case, Ending, Suite
from remediate.edits import Promotion
from remediate.verify.promotion.targets import promoted, proven
from remediate.verify.report import Verdict
from remediate.verify.tests.testing import KnownTest, SuiteBaseline, gates

PROMOTED = (Promotion("m::tests", "small", "tests/it/m/tests.rs"),)
BEFORE = SuiteBaseline(
    "libtest",
    DEFAULT,
    (KnownTest("lib", "m::tests::a", (Ending.OK,)), KnownTest("lib", "n::tests::b", (Ending.OK,))),
)


def _verdicts(*after: tuple[str, str]) -> list[Verdict]:
    suite = Suite("libtest", "default", tuple(Case(label, name, Ending.OK) for label, name in after))
    return [gate.verdict for gate in gates(lambda: suite, promoted(BEFORE, PROMOTED))]


def test_exactly_the_declared_tests_change_their_target() -> None:
    assert Verdict.FAILED not in _verdicts(('test "it"', "m::tests::a"), ("lib", "n::tests::b"))
    assert Verdict.FAILED in _verdicts(("lib", "m::tests::a"), ("lib", "n::tests::b"))
    assert Verdict.FAILED in _verdicts(('test "it"', "m::tests::a"), ('test "it"', "n::tests::b"))
    assert Verdict.FAILED in _verdicts(("lib", "n::tests::b"))


@pytest.mark.seeded("promoted tests", "unverified", "none of them ran before")
def test_no_promoted_test_before_proves_nothing() -> None:
    assert proven(promoted(BEFORE, PROMOTED), PROMOTED).verdict is Verdict.PASSED
    empty = (Promotion("o::tests", "small", "tests/it/o/tests.rs"),)
    assert proven(promoted(BEFORE, empty), empty).verdict is Verdict.UNVERIFIED


def test_of_a_divided_module_only_the_declared_part_changes_its_target() -> None:
    part = (Promotion("m::tests", "small", "tests/it/m/tests.rs", parts=("a", "inner"), rest="src/m.rs"),)
    names = ("m::tests::a", "m::tests::ab", "m::tests::inner::b", "m::tests::a::case_1", "n::tests::a")
    base = SuiteBaseline("libtest", DEFAULT, tuple(KnownTest("lib", name, (Ending.OK,)) for name in names))
    moved = {t.name: t.label for t in promoted(base, part).tests}
    assert [name for name in names if moved[name] != "lib"] == [names[0], names[2], names[3]]
