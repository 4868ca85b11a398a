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
