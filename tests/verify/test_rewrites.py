"""A declared rewrite is all that may change, and no comment in it is lost."""

from dataclasses import replace

import pytest

from remediate.edits import Change, Edit
from remediate.gates import Verdict
from remediate.proofs import Moves, Proof, Proofs
from remediate.rust.package import Package
from remediate.verify.ladder import Attempt, examine

TEXT = b"fn load() -> u8 {\n    block_on(/* why */ fetch()) // here\n}\n\nfn other() {}\n"
PACKAGE = Package("x", "", "", "2021", (), {"src/lib.rs": TEXT})
CALL = TEXT.index(b"block_on")
END = TEXT.index(b" // here")
MAY = Proofs(Moves(layout=True), code=Proof.DECLARED)


def verdict(edits: tuple[Edit, ...], rewrites: tuple[Edit, ...], may: Proofs = MAY) -> tuple[Verdict, str]:
    change = Change("x", edits={"src/lib.rs": edits}, rewrites={"src/lib.rs": rewrites})
    gate = examine(Attempt(PACKAGE, change, may)).gate("conservation")
    assert gate is not None
    return gate.verdict, gate.detail


AWAIT = Edit(CALL, END, b"/* why */ fetch().await")


def test_what_is_declared_may_change() -> None:
    assert verdict((AWAIT,), (AWAIT,))[0] is Verdict.PASSED


def test_nothing_else_may_change() -> None:
    other = TEXT.index(b"other")
    found, detail = verdict((AWAIT, Edit(other, other + 5, b"wrong")), (AWAIT,))
    assert found is Verdict.FAILED
    assert "other" in detail


@pytest.mark.seeded("conservation", "failed", "a rewrite writes other tokens than it declares")
def test_other_tokens_than_declared_are_refused() -> None:
    assert verdict((Edit(CALL, END, b"/* why */ steal().await"),), (AWAIT,))[0] is Verdict.FAILED


def test_a_declared_rewrite_that_is_not_made_is_refused() -> None:
    assert verdict((Edit(CALL, CALL, b" "),), (AWAIT,))[0] is Verdict.FAILED


@pytest.mark.seeded("conservation", "failed", "a rewrite loses a comment")
@pytest.mark.parametrize("new", [b"fetch().await", b"/* other */ fetch().await"])
def test_a_comment_in_a_rewritten_span_stays(new: bytes) -> None:
    edit = Edit(CALL, END, new)
    found, detail = verdict((edit,), (edit,))
    assert found is Verdict.FAILED
    assert "lost comment: /* why */" in detail


@pytest.mark.parametrize(
    ("gone", "found"), [(b"/* why */", Verdict.PASSED), (b"/* other */", Verdict.FAILED)]
)
def test_a_comment_goes_only_if_the_change_names_it_word_for_word(gone: bytes, found: Verdict) -> None:
    edit = Edit(CALL, END, b"fetch().await")
    path = "src/lib.rs"
    change = Change("x", edits={path: (edit,)}, rewrites={path: (edit,)}, comments={path: (gone,)})
    gate = examine(Attempt(PACKAGE, change, MAY)).gate("conservation")
    assert gate is not None
    assert gate.verdict is found


@pytest.mark.seeded("conservation", "failed", "a second comment goes where one is declared")
def test_a_declared_comment_goes_once() -> None:
    text = TEXT + b"// why\nfn a() {}\n// why\nfn b() {}\n"
    package = replace(PACKAGE, files={**PACKAGE.files, "src/lib.rs": text})
    first, second = text.index(b"// why"), text.rindex(b"// why")
    edits = (Edit(first, first + 6, b""), Edit(second, second + 6, b""))
    path = "src/lib.rs"
    change = Change("x", edits={path: edits}, rewrites={path: edits}, comments={path: (b"// why",)})
    gate = examine(Attempt(package, change, MAY)).gate("conservation")
    assert gate is not None
    assert gate.verdict is Verdict.FAILED


def test_a_codemod_that_promises_no_rewrites_gets_none() -> None:
    assert verdict((AWAIT,), (AWAIT,), Proofs(Moves(layout=True)))[0] is Verdict.FAILED


def test_where_nothing_is_promised_of_the_text_nothing_is_shown() -> None:
    assert verdict((AWAIT,), (), Proofs(code=Proof.NONE))[0] is Verdict.UNVERIFIED


def test_only_changes_to_tests_are_held_to_the_production_code() -> None:
    change = Change("x", edits={"src/lib.rs": (AWAIT,)}, rewrites={"src/lib.rs": (AWAIT,)})
    assert examine(Attempt(PACKAGE, change, MAY)).gate("production code") is None
    held = examine(Attempt(PACKAGE, change, Proofs(Moves(modules=True)))).gate("production code")
    assert held is not None
    assert held.verdict is Verdict.FAILED


def test_a_later_round_is_held_against_the_one_before_it_but_a_rewrite_against_the_originals() -> None:
    """What rustfmt made of the round before is what ``refine`` was given; spans are of the originals."""
    formatted = Change("x", edits={"src/lib.rs": (Edit(0, 0, b"\n"),)})
    same = Attempt(PACKAGE, formatted, Proofs(Moves(layout=True)), earlier=formatted)
    assert _conservation(same) is Verdict.PASSED
    other = Change("x", edits={"src/lib.rs": (Edit(CALL, CALL + 8, b"wait_for"),)})
    assert _conservation(Attempt(PACKAGE, other, Proofs(Moves(layout=True)), earlier=other)) is Verdict.PASSED
    assert (
        _conservation(Attempt(PACKAGE, other, Proofs(Moves(layout=True)), earlier=formatted))
        is Verdict.FAILED
    )
    rewritten = Change("x", edits={"src/lib.rs": (AWAIT,)}, rewrites={"src/lib.rs": (AWAIT,)})
    assert _conservation(Attempt(PACKAGE, rewritten, MAY, earlier=other)) is Verdict.PASSED


def test_a_later_round_may_leave_alone_what_the_one_before_it_changed() -> None:
    two = replace(PACKAGE, files={**PACKAGE.files, "src/a.rs": b"fn a() {}\n"})
    edits = {path: (Edit(0, 0, b"\n"),) for path in two.files}
    less = Change("x", edits={"src/lib.rs": edits["src/lib.rs"]})
    may = Proofs(Moves(layout=True))
    assert _conservation(Attempt(two, less, may, earlier=Change("x", edits=edits))) is Verdict.PASSED


def test_rustfmt_may_only_have_formatted_what_was_planned() -> None:
    planned = Change("x", edits={"src/lib.rs": (Edit(0, 0, b"// new\n"),)})
    lost = Change("x", edits={"src/lib.rs": (Edit(0, 0, b"// new\n"), Edit(CALL, CALL + 8, b"other"))})
    attempt = Attempt(PACKAGE, lost, Proofs(Moves(layout=True)), planned=planned, earlier=planned)
    assert _conservation(attempt) is Verdict.FAILED
    spaced = Change("x", edits={"src/lib.rs": (Edit(0, 0, b"// new\n\n"),)})
    attempt = Attempt(PACKAGE, spaced, Proofs(Moves(layout=True)), planned=planned, earlier=planned)
    assert _conservation(attempt) is Verdict.PASSED


def _conservation(attempt: Attempt) -> Verdict:
    gate = examine(attempt).gate("conservation")
    assert gate is not None
    return gate.verdict
