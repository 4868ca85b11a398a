"""The gate "rescan" follows the finding's file, and is not content with a codemod that cannot find it."""

from dataclasses import replace

import pytest

from remediate.codemods import replace_block_on
from remediate.edits import Change, Edit, TooLong
from remediate.gates import GateResult, Verdict
from remediate.model import Explained, Finding, Skip
from remediate.rust.codebase import Codebase, changed_codebase
from remediate.rust.package import Package, Target
from remediate.verify.rescan import Again, rescan

_FINDING = Finding(id="1", fingerprint="0" * 16, rule="large-file", title="", path="src/a.rs")
_BEFORE = Package(
    "small",
    "",
    "",
    "2021",
    (Target("small", ("lib",), "src/lib.rs"),),
    {"src/lib.rs": b"mod a;\n", "src/a.rs": b"fn f() {}\nfn g() {}\n"},
)
_SPLIT = Change(
    "Split",
    moves={"src/a.rs": "src/a/mod.rs"},
    creations={"src/a/b.rs": b"fn g() {}\n"},
    new_modules=frozenset({"b"}),
)


def judged(change: Change, **answers: Skip | Change) -> GateResult:
    """Judge a change by what a second run answers for the files named, ``not-large`` for others."""
    by_path = {f"src/a/{name}.rs": answer for name, answer in answers.items()}

    def plan(codebase: Codebase, finding: Finding) -> Change | Skip:
        if finding.path not in codebase.files:
            return Skip("no-such-file", f"{finding.path} is no Rust file of this package")
        return by_path.get(finding.path, Skip("not-large", f"{finding.path} is short"))

    before = Codebase.of(_BEFORE)
    again = Again(plan, {"not-large"}, before)
    return rescan(changed_codebase(before, change, _BEFORE), change, _FINDING, again)


def test_the_file_is_followed_to_where_it_moved() -> None:
    found = judged(_SPLIT)
    assert found.verdict is Verdict.PASSED
    assert found.detail == "a second run has nothing to do in src/a/mod.rs, src/a/b.rs"


def test_a_finding_about_a_whole_package_names_the_package() -> None:
    before, finding = Codebase.of(_BEFORE), replace(_FINDING, path="")
    again = Again(lambda _codebase, _finding: Skip("not-large", "short"), {"not-large"}, before)
    found = rescan(changed_codebase(before, _SPLIT, _BEFORE), _SPLIT, finding, again)
    assert found.detail == "a second run has nothing to do in the package, src/a/b.rs, src/a/mod.rs"


@pytest.mark.seeded("rescan", "failed", "the file that was split is not there any more")
def test_a_facade_that_is_gone_fails() -> None:
    gone = replace(_SPLIT, moves={}, deletions=frozenset({"src/a.rs"}))
    assert judged(gone).verdict is Verdict.FAILED
    assert judged(gone).detail == "src/a.rs is not there after the change"


@pytest.mark.seeded("rescan", "failed", "the codemod declines for another reason than that nothing is left")
def test_a_decline_for_another_reason_is_no_proof() -> None:
    found = judged(_SPLIT, mod=Skip("parse-error", "an item cannot be read"))
    assert found.verdict is Verdict.FAILED
    assert "src/a/mod.rs: parse-error" in found.detail


@pytest.mark.seeded("rescan", "failed", "a new file would be changed again")
def test_a_new_file_that_would_be_changed_again_fails() -> None:
    assert judged(_SPLIT, b=_SPLIT).verdict is Verdict.FAILED
    assert judged(_SPLIT, mod=_SPLIT).detail == "a second run would change src/a/mod.rs again"


@pytest.mark.seeded("rescan", "unverified", "the change says itself that a file is still too long")
def test_what_the_change_itself_tells_of_is_not_verified() -> None:
    told = replace(_SPLIT, too_long=(TooLong("src/a/b.rs", 900, "it can be split next"),))
    assert judged(told, b=_SPLIT).verdict is Verdict.UNVERIFIED
    partly = replace(_SPLIT, partial="Module c was rolled back")
    assert judged(partly, mod=Skip("cannot-cut", "one function")).verdict is Verdict.UNVERIFIED


def adding(*left: str) -> GateResult:
    """Judge a change that adds one blocking call on purpose; ``left`` are the reasons of the calls it leaves.

    One call stayed before, and one was to be replaced.
    """
    before = Codebase.of(_BEFORE)
    change = Change("Await", edits={"src/a.rs": (Edit(0, 0, b"\n"),)}, adds={"src/a.rs": {".block_on()": 1}})
    after = changed_codebase(before, change, _BEFORE)

    def plan(_: Codebase, finding: Finding) -> Change | Skip:
        return Skip("sync-api", f"{finding.path}: a caller is not async")

    def explain(codebase: Codebase, _: Finding) -> tuple[Explained, ...]:
        reasons = left if codebase is after else ("", "sync-api")
        return tuple(Explained("src/a.rs", 1, "block_on", "", "", reason, "") for reason in reasons)

    again = Again(plan, {"no-such-site"}, before, explain, replace_block_on.added)
    return rescan(after, change, _FINDING, again)


def test_what_a_change_adds_on_purpose_is_left() -> None:
    assert adding("sync-api", "sync-api").verdict is Verdict.PASSED


def test_what_another_codemod_adds_is_no_call() -> None:
    change = Change("Await", edits={}, adds={"src/a.rs": {"unwrap": 1}})
    assert replace_block_on.added(change, "src/a.rs") == 0


@pytest.mark.seeded("rescan", "failed", "a call stays that was to be replaced, beside one that is added")
def test_a_call_beside_what_is_added_is_not_settled() -> None:
    found = adding("sync-api", "sync-api", "unknown-callee")
    assert found.verdict is Verdict.FAILED
    assert found.detail == "src/a.rs: sync-api: a caller is not async; 1 more than it adds"
