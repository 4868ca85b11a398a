"""Whose branch it is, and what happens when the base moves."""

from dataclasses import replace
from pathlib import Path

import pytest
import scratch
from tiny_codemod import TinyCodemod
from workflow_case import BIG, BRANCH, only, tree_of, work

from remediate.git.command import Git
from remediate.model import Result
from remediate.verify.report import Level
from remediate.workflow.record import removal
from remediate.workflow.record.finding_status import BranchState, statuses

pytestmark = pytest.mark.usefixtures("tiny")


def _commit_on(repo: Path, branch: str, file: str) -> str:
    scratch.git(repo, "checkout", "--quiet", branch)
    scratch.write(repo, {file: "mine\n"})
    scratch.git(repo, "add", file)
    scratch.git(repo, "commit", "--quiet", "--message", "A person's commit")
    commit = scratch.git(repo, "rev-parse", "HEAD")
    scratch.git(repo, "checkout", "--quiet", "main")
    return commit


def test_a_branch_that_a_person_built_on_is_left_alone(repo: Path, cargo_log: Path) -> None:
    work(repo)
    theirs, runs = _commit_on(repo, BRANCH, "person.txt"), cargo_log.read_text()
    again = only(work(repo))
    assert (again.outcome, again.reason) == (Result.FIXED, "branch-taken")
    assert cargo_log.read_text() == runs
    _commit_on(repo, "main", "moved.txt")
    moved = only(work(repo))
    assert (moved.outcome, moved.reason, moved.commit) == (Result.SKIPPED, "branch-taken", None)
    assert scratch.git(repo, "rev-parse", BRANCH) == theirs


def test_a_branch_of_that_name_by_a_person(repo: Path) -> None:
    scratch.git(repo, "branch", BRANCH)
    outcome = only(work(repo))
    assert (outcome.outcome, outcome.reason) == (Result.SKIPPED, "branch-taken")
    scratch.git(repo, "branch", "-D", BRANCH)
    assert only(work(repo)).reason == "compiled"


def test_an_amended_fix_is_a_persons(repo: Path) -> None:
    work(repo)
    scratch.git(repo, "checkout", "--quiet", BRANCH)
    scratch.git(repo, "commit", "--quiet", "--amend", "--message", "Better words")
    scratch.git(repo, "checkout", "--quiet", "main")
    outcome = only(work(repo))
    assert (outcome.outcome, outcome.reason) == (Result.SKIPPED, "branch-taken")


def test_the_base_moved_and_the_fix_follows(repo: Path) -> None:
    first = only(work(repo))
    _commit_on(repo, "main", "moved.txt")
    second = only(work(repo))
    assert second.branch == first.branch
    assert second.base == scratch.git(repo, "rev-parse", "main") != first.base
    assert scratch.git(repo, "rev-parse", f"{BRANCH}^") == second.base
    assert scratch.git(repo, "log", "--format=%H", f"main..{BRANCH}") == second.commit


def test_a_branch_somebody_stands_on_is_not_moved(repo: Path, tmp_path: Path) -> None:
    work(repo)
    _commit_on(repo, "main", "moved.txt")
    scratch.git(repo, "worktree", "add", "--quiet", str(tmp_path / "review"), BRANCH)
    before = scratch.state(tmp_path / "review")
    outcome = only(work(repo))
    assert (outcome.outcome, outcome.reason) == (Result.SKIPPED, "branch-taken")
    assert "review" in outcome.detail
    assert scratch.state(tmp_path / "review") == before


def test_standing_on_the_fix_itself_is_fine(repo: Path) -> None:
    work(repo)
    scratch.git(repo, "checkout", "--quiet", BRANCH)
    before = scratch.state(repo)
    assert only(work(repo)).reason == "nothing-to-move"
    assert scratch.state(repo) == before


def test_a_deleted_branch_comes_back_without_work(repo: Path, cargo_log: Path) -> None:
    first = only(work(repo))
    scratch.git(repo, "branch", "-D", BRANCH)
    runs = cargo_log.read_text()
    assert only(work(repo)).commit == first.commit == scratch.git(repo, "rev-parse", BRANCH)
    assert cargo_log.read_text() == runs


def test_a_commit_that_git_has_collected_is_made_again(repo: Path) -> None:
    work(repo)
    scratch.git(repo, "branch", "-D", BRANCH)
    scratch.git(repo, "worktree", "remove", "--force", str(tree_of(repo)))
    scratch.git(repo, "reflog", "expire", "--expire=now", "--all")
    scratch.git(repo, "gc", "--quiet", "--prune=now")
    again = only(work(repo))
    assert again.outcome is Result.FIXED
    assert not again.reused
    assert again.commit == scratch.git(repo, "rev-parse", BRANCH)


def test_redo_asks_again(repo: Path, tiny: TinyCodemod) -> None:
    work(repo)
    planned = tiny.planned
    assert not only(work(repo, redo=True)).reused
    assert tiny.planned > planned


def test_two_workspaces_with_packages_of_one_name(tmp_path: Path) -> None:
    files = {f"{folder}/{path}": text for folder in "ab" for path, text in scratch.USES_LAST.items()}
    repo = scratch.repository(tmp_path, files)
    made = [only(work(repo / folder)) for folder in "ab"]
    assert [o.outcome for o in made] == [Result.FIXED] * 2
    for folder, outcome in zip("ab", made, strict=True):
        assert outcome.branch
        names = scratch.git(repo, "diff", "--name-only", "main", outcome.branch).splitlines()
        assert names == [f"{folder}/src/big.rs", f"{folder}/src/big/last.rs"]
    assert [only(work(repo / folder)).commit for folder in "ab"] == [o.commit for o in made]
    with Git(repo) as git:
        assert [s.prefix for s in statuses(git)] == ["a/", "b/"]


def test_a_branch_stays_ours_when_its_fix_is_no_longer_possible(repo: Path, tiny: TinyCodemod) -> None:
    first = only(work(repo))
    tiny.answers = False
    assert only(work(repo, redo=True)).outcome is Result.ROLLED_BACK
    with Git(repo) as git:
        assert removal.planned(git).branches == {BRANCH: first.commit}
    tiny.answers = True
    again = only(work(repo, redo=True))
    assert (again.outcome, again.reason) == (Result.FIXED, "compiled")
    with Git(repo) as git:
        removal.remove(git, removal.planned(git))
    assert scratch.git(repo, "for-each-ref", "refs/heads/remediate", "refs/remediate") == ""


ANOTHER_QUESTION = replace(BIG, limit=7)
ANOTHER_FIX = replace(BIG, limit=7, id="2")
ANOTHER_FINDING = replace(BIG, fingerprint="cd" * 8)


@pytest.mark.slow
def test_a_branch_is_not_replaced_by_one_that_was_verified_less_far(repo: Path) -> None:
    first = only(work(repo, level=Level.STANDARD))
    again = only(work(repo, ANOTHER_FIX))
    assert (again.outcome, again.reason, again.commit) == (Result.SKIPPED, "verified-further", None)
    assert "level standard" in again.detail
    assert scratch.git(repo, "rev-parse", BRANCH) == first.commit
    asked = only(work(repo, ANOTHER_FIX, redo=True))
    assert scratch.git(repo, "rev-parse", BRANCH) == asked.commit != first.commit
    assert f"it replaces {str(first.commit)[:10]}, verified at level standard" in asked.notes


@pytest.mark.slow
def test_the_weaker_answer_of_an_earlier_run_does_not_come_back(repo: Path) -> None:
    weak = only(work(repo, ANOTHER_QUESTION))
    strong = only(work(repo, level=Level.STANDARD))
    assert f"it replaces {str(weak.commit)[:10]}, verified at level quick" in strong.notes
    assert only(work(repo, ANOTHER_QUESTION)).commit == strong.commit
    assert scratch.git(repo, "rev-parse", BRANCH) == strong.commit


def test_the_same_fix_by_another_question_is_known(repo: Path, cargo_log: Path) -> None:
    first, runs = only(work(repo)), cargo_log.read_text()
    again = only(work(repo, ANOTHER_QUESTION))
    assert (again.commit, again.reused) == (first.commit, True)
    assert cargo_log.read_text() == runs
    with Git(repo) as git:
        assert [s.state for s in statuses(git)] == [BranchState.READY]


def test_another_fix_of_the_finding_takes_the_branch_and_says_so(repo: Path) -> None:
    first = only(work(repo))
    second = only(work(repo, ANOTHER_FIX))
    assert f"it replaces {str(first.commit)[:10]}, verified at level quick" in second.notes
    with Git(repo) as git:
        (standing,) = statuses(git)
    assert (standing.state, standing.outcome.commit) == (BranchState.READY, second.commit)
    back = only(work(repo))
    assert back.commit == first.commit == scratch.git(repo, "rev-parse", BRANCH)
    assert f"it replaces {str(second.commit)[:10]}, verified at level quick" in back.notes


def test_the_same_fix_of_another_finding_is_on_an_earlier_branch(repo: Path, cargo_log: Path) -> None:
    work(repo)
    same = only(work(repo, ANOTHER_FINDING))
    assert (same.outcome, same.reason) == (Result.SKIPPED, "same-fix")
    assert BRANCH in same.detail
    runs = cargo_log.read_text()
    assert only(work(repo, ANOTHER_FINDING)).reused
    assert cargo_log.read_text() == runs
    scratch.git(repo, "branch", "-D", BRANCH)
    assert only(work(repo, ANOTHER_FINDING)).outcome is Result.FIXED
