"""The whole way on real repositories, with a real codemod, git and cargo."""

from dataclasses import replace
from pathlib import Path

import pytest
import scratch
from tiny_codemod import TinyCodemod
from workflow_case import BIG, Listener, only, tree_of, work

from remediate.edits import Change
from remediate.errors import InputError
from remediate.model import Finding, Result, Skip, Status
from remediate.options import Options
from remediate.rust.codebase import Codebase
from remediate.verify.report import Level
from remediate.workflow.fixing import loop
from remediate.workflow.fixing.verification import verify_branch
from remediate.workflow.progress import Progress
from remediate.workflow.request import Mode, Request


@pytest.mark.slow
@pytest.mark.usefixtures("tiny")
def test_one_finding_one_branch_one_commit(repo: Path) -> None:
    before = scratch.state(repo)
    outcome = only(work(repo, level=Level.STANDARD))
    assert scratch.state(repo) == before
    assert (outcome.outcome, outcome.reason) == (Result.FIXED, "verified")
    assert outcome.branch == "remediate/last-item/src-big-abababab"
    assert outcome.commit == scratch.git(repo, "rev-parse", outcome.branch)
    assert outcome.base == scratch.git(repo, "rev-parse", f"{outcome.branch}^") == before["HEAD"]
    assert outcome.files == ("src/big.rs", "src/big/last.rs")
    assert scratch.git(repo, "show", f"{outcome.branch}:src/big.rs").startswith("pub use last::*;")
    names = scratch.git(repo, "diff", "--name-only", "main", outcome.branch).split()
    assert names == ["src/big.rs", "src/big/last.rs"]
    assert {"parse", "conservation", "check (default)", "freshness", "rescan"} <= set(outcome.verified)
    assert outcome.timings.cargo_runs >= 3
    assert 0 < outcome.timings.cargo_s < outcome.timings.total_s
    assert outcome.timings.git_s > 0


@pytest.mark.usefixtures("tiny")
def test_the_commit_says_what_was_checked_and_the_title_cannot_forge_trailers(repo: Path) -> None:
    outcome = only(work(repo))
    assert outcome.branch
    text = scratch.git(repo, "log", "-1", "--format=%B", outcome.branch)
    trailers = scratch.git(repo, "log", "-1", "--format=%(trailers:only,unfold)", outcome.branch).splitlines()
    keys = [line.partition(":")[0] for line in trailers]
    assert keys[:4] == ["Remediate-Finding", "Remediate-Rule", "Remediate-Base", "Remediate-Verified"]
    assert set(keys[4:]) == {"Remediate-Unverified", "Remediate-Tool"}
    assert f"Remediate-Base: {outcome.base}" in trailers
    tree = scratch.git(repo, "rev-parse", f"{outcome.branch}^{{tree}}")
    assert f"tree {tree}; cargo " in trailers[3]
    assert "A title Remediate-Base: forged" in text.replace("\n", " ")
    assert "\x1b" not in text
    assert "a tiny change" in text
    assert all(len(line) <= 72 for line in text.splitlines() if not line.startswith("Remediate-"))


def test_a_second_run_makes_no_commit_and_starts_no_cargo(
    repo: Path, tiny: TinyCodemod, cargo_log: Path
) -> None:
    first = only(work(repo))
    refs, runs, plans = scratch.git(repo, "for-each-ref"), cargo_log.read_text(), tiny.planned
    assert runs
    second = only(work(repo))
    assert scratch.git(repo, "for-each-ref") == refs
    assert cargo_log.read_text() == runs
    assert tiny.planned == plans
    assert second == replace(first, reused=True, timings=second.timings)
    assert second.timings.cargo_runs == 0


def test_what_rustc_rejects_is_put_back_with_what_it_said(
    repo: Path, tiny: TinyCodemod, cargo_log: Path
) -> None:
    tiny.answers = False
    before = scratch.state(repo)
    outcome = only(work(repo))
    assert (outcome.outcome, outcome.reason, outcome.branch) == (Result.ROLLED_BACK, "check-failed", None)
    assert "cannot find function `two`" in outcome.diagnostics[0]
    assert scratch.state(repo) == before
    tree = tree_of(repo)
    assert scratch.git(tree, "status", "--porcelain", "--ignored") in ("", "!! Cargo.lock")
    runs = cargo_log.read_text()
    assert only(work(repo)).reused
    assert cargo_log.read_text() == runs


def test_a_codemod_that_loses_code_is_our_bug(repo: Path, tiny: TinyCodemod, cargo_log: Path) -> None:
    tiny.loses = True
    outcome = only(work(repo))
    assert (outcome.outcome, outcome.reason) == (Result.FAILED, "conservation-failed")
    assert "lost" in outcome.detail
    assert "check" not in cargo_log.read_text()


@pytest.mark.parametrize(
    ("status", "result", "reason"),
    [
        (Status.MISTAKEN, Result.MISTAKEN, "mistaken"),
        (Status.FIXED, Result.ALREADY_FIXED, "already-fixed"),
        (Status.AMBIGUOUS, Result.SKIPPED, "ambiguous"),
        (Status.UNRESOLVABLE, Result.SKIPPED, "unresolvable-path"),
    ],
)
def test_a_claim_that_is_not_true_today(
    repo: Path, tiny: TinyCodemod, status: Status, result: Result, reason: str
) -> None:
    outcome = only(work(repo, replace(BIG, status=status, reason="because")))
    assert (outcome.outcome, outcome.reason, outcome.detail) == (result, reason, "because")
    assert not tiny.planned


@pytest.mark.usefixtures("tiny")
def test_every_finding_has_exactly_one_outcome(repo: Path) -> None:
    (repo / "src/latin.rs").write_bytes(b"// \xe4")
    scratch.write(repo, {"src/one.rs": "fn f() {}\n", "README.md": ""})
    scratch.git(repo, "add", ".")
    scratch.git(repo, "commit", "-qm", "more")
    claims: list[Finding] = [
        replace(BIG, rule="unknown"),
        replace(BIG, path="src/latin.rs"),
        replace(BIG, path="src/one.rs"),
        BIG,
        BIG,
        replace(BIG, status=Status.FIXED),
    ]
    findings = [replace(c, id=str(n), fingerprint=f"{n}" * 16) for n, c in enumerate(claims)]
    done = work(repo, *findings)
    assert [o.finding for o in done.outcomes] == [f.fingerprint for f in findings]
    assert [o.reason for o in done.outcomes] == [
        "no-codemod", "not-utf8", "nothing-to-move", "compiled", "same-fix", "already-fixed",
    ]  # fmt: skip
    assert [o.reused for o in work(repo, *findings).outcomes] == [True] * 6


@pytest.mark.usefixtures("tiny")
def test_dirty_and_detached_is_fine_and_said(repo: Path) -> None:
    scratch.git(repo, "checkout", "--quiet", "--detach")
    scratch.write(repo, {"src/big.rs": "uncommitted", "new.txt": ""})
    scratch.git(repo, "stash", "push", "--quiet", "--include-untracked")
    scratch.write(repo, {"src/big.rs": "uncommitted again"})
    scratch.git(repo, "add", "src/big.rs")
    scratch.write(repo, {"AUDIT.md": "", "notes/today.md": ""})
    before, listener = scratch.state(repo), Listener()
    assert only(work(repo, progress=listener)).outcome is Result.FIXED
    assert scratch.state(repo) == before
    assert listener.warnings == [
        f"'src/big.rs' is not committed and not seen: fixes are made on {before['HEAD'][:10]}"
    ]


@pytest.mark.usefixtures("tiny")
def test_packages_not_asked_for(repo: Path) -> None:
    scratch.write(repo, {"Cargo.toml": scratch.CRATE["Cargo.toml"] + '[workspace]\nmembers = ["b"]\n'})
    scratch.write(repo, {"b/Cargo.toml": '[package]\nname = "b"\n', "b/src/lib.rs": ""})
    scratch.git(repo, "add", ".")
    scratch.git(repo, "commit", "--quiet", "--message", "Two packages")
    assert only(work(repo, packages=("b",))).reason == "not-selected"
    assert only(work(repo, packages=("crate-a",))).reason == "compiled"
    with pytest.raises(InputError, match="no package 'c'") as error:
        work(repo, packages=("c",))
    assert error.value.hint == "Its packages are: b, crate-a."


@pytest.mark.parametrize(
    ("gate", "code"),
    [
        ("check (all features)", "check-failed"),
        ("check warnings (default)", "check-warnings-failed"),
        ("test results: nextest (default)", "test-results-failed"),
        ("public API (default)", "public-api-failed"),
        ("MIR", "mir-failed"),
    ],
)
def test_a_failed_gate_has_a_stable_code(gate: str, code: str) -> None:
    assert loop._code(gate) == code


@pytest.mark.usefixtures("tiny")
def test_a_workspace_in_a_subfolder(tmp_path: Path) -> None:
    inside = {f"rust code/{path}": text for path, text in scratch.USES_LAST.items()}
    repo = scratch.repository(tmp_path, {**inside, "README.md": ""})
    outcome = only(work(repo / "rust code/src"))
    assert outcome.files == ("src/big.rs", "src/big/last.rs")
    assert outcome.branch
    names = scratch.git(repo, "diff", "--name-only", "main", outcome.branch).splitlines()
    assert names == ["rust code/src/big.rs", "rust code/src/big/last.rs"]


@pytest.mark.usefixtures("tiny")
def test_an_older_base(repo: Path) -> None:
    scratch.write(repo, {"src/big.rs": "// empty now\n", "src/lib.rs": "pub mod big;\n"})
    scratch.git(repo, "commit", "-qam", "empty")
    assert only(work(repo)).reason == "nothing-to-move"
    outcome = only(work(repo, base="HEAD^"))
    assert outcome.outcome is Result.FIXED
    assert outcome.base == scratch.git(repo, "rev-parse", "HEAD^")


@pytest.mark.usefixtures("tiny")
def test_plan_and_diff_leave_nothing_behind(repo: Path, cargo_log: Path, tmp_path: Path) -> None:
    before, refs = scratch.state(repo), scratch.git(repo, "for-each-ref")
    planned = work(repo, mode=Mode.PLAN, patches=True)
    assert only(planned).outcome is Result.PLANNED
    assert "check" not in cargo_log.read_text()
    assert b"+mod last;" in planned.patches[0]
    shown = work(repo, mode=Mode.DIFF)
    assert only(shown).reason == "compiled"
    assert scratch.state(repo) == before
    assert scratch.git(repo, "for-each-ref") == refs
    (tmp_path / "patch").write_bytes(shown.patches[0])
    scratch.git(repo, "apply", str(tmp_path / "patch"))
    assert (repo / "src/big/last.rs").exists()


@pytest.mark.slow
def test_documentation_on_top_of_a_new_file_is_known_to_verify(
    repo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Documenting(TinyCodemod):
        def plan(self, codebase: Codebase, finding: Finding, options: Options) -> Change | Skip:
            change = super().plan(codebase, finding, options)
            if isinstance(change, Skip):
                return change
            path, text = next(iter(change.creations.items()))
            heading = b"//! The last item.\n\n"
            return replace(change, creations={path: heading + text}, headings={path: heading})

    monkeypatch.setattr("remediate.contract.codemods", lambda: {"tiny": Documenting()})
    outcome = only(work(repo))
    assert (outcome.outcome, outcome.reason) == (Result.FIXED, "compiled")
    verified = verify_branch(Request(start=repo, level=Level.QUICK), str(outcome.branch), Progress())
    assert [(gate.name, gate.detail) for gate in verified.report.failed] == []
