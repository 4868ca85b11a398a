import shutil
from dataclasses import replace
from pathlib import Path

import pytest
import scratch
from tiny_codemod import TinyCodemod
from workflow_case import BIG, only, work

from remediate.errors import DirtyTreeError, InputError
from remediate.git.command import Git
from remediate.git.worktrees import home
from remediate.model import Finding, Result
from remediate.workflow.fixing.run import held_again
from remediate.workflow.progress import Progress
from remediate.workflow.record import removal
from remediate.workflow.request import Mode
from remediate.workflow.tree.disk import FINISHED, uncommitted_changes


def _files(folder: Path) -> dict[str, bytes]:
    found = (p for p in folder.rglob("*") if p.is_file() and ".git" not in p.relative_to(folder).parts)
    return {str(p.relative_to(folder)): p.read_bytes() for p in found if p.name != "Cargo.lock"}


@pytest.mark.usefixtures("tiny")
def test_the_files_change_and_nothing_else(repo: Path) -> None:
    refs = scratch.git(repo, "for-each-ref")
    outcome = only(work(repo, mode=Mode.IN_PLACE))
    assert (outcome.outcome, outcome.reason, outcome.branch, outcome.commit) == (
        Result.FIXED, "compiled", None, None,
    )  # fmt: skip
    assert scratch.git(repo, "for-each-ref") == refs
    assert scratch.git(repo, "status", "--porcelain").split() == ["M", "src/big.rs", "??", "src/big/"]
    assert not (repo / "target").exists()


def test_a_failed_fix_is_put_back_byte_for_byte(repo: Path, tiny: TinyCodemod) -> None:
    tiny.answers = False
    scratch.write(repo, {"src/big.rs": (repo / "src/big.rs").read_text() + "// uncommitted\n"})
    before = _files(repo)
    outcome = only(work(repo, mode=Mode.IN_PLACE, allow_dirty=True))
    assert outcome.outcome is Result.ROLLED_BACK
    assert _files(repo) == before


@pytest.mark.usefixtures("tiny")
def test_uncommitted_changes_are_in_the_way(repo: Path) -> None:
    scratch.write(repo, {"AUDIT.md": "", "build.log": ""})
    assert only(work(repo, mode=Mode.PLAN)).outcome is Result.PLANNED
    assert only(work(repo, mode=Mode.IN_PLACE)).outcome is Result.FIXED
    scratch.git(repo, "checkout", "--quiet", ".")
    scratch.git(repo, "clean", "--quiet", "-d", "--force", "src")
    scratch.write(repo, {"src/new.txt": ""})
    with pytest.raises(DirtyTreeError, match=r"'src/new.txt' is not committed") as error:
        work(repo, mode=Mode.IN_PLACE)
    assert error.value.exit_code == 5
    assert only(work(repo, mode=Mode.IN_PLACE, allow_dirty=True)).outcome is Result.FIXED


@pytest.mark.usefixtures("tiny")
def test_without_a_repository(tmp_path: Path) -> None:
    scratch.write(tmp_path, scratch.USES_LAST)
    with pytest.raises(InputError, match="no git repository"):
        work(tmp_path, mode=Mode.IN_PLACE)
    assert only(work(tmp_path, mode=Mode.IN_PLACE, allow_dirty=True)).outcome is Result.FIXED


def test_findings_are_taken_on_the_result_of_the_last(repo: Path, tiny: TinyCodemod) -> None:
    scratch.write(
        repo, {"src/two.rs": "pub fn a() {}\npub fn b() {}\n", "src/lib.rs": "pub mod big;\npub mod two;\n"}
    )
    scratch.write(
        repo, {"src/lib.rs": "pub mod big;\npub mod two;\npub use big::two as x;\npub use two::b;\n"}
    )
    scratch.git(repo, "add", ".")
    scratch.git(repo, "commit", "--quiet", "--message", "More")
    other = replace(BIG, id="2", fingerprint="cd" * 8, path="src/two.rs")
    done = work(repo, BIG, other, mode=Mode.IN_PLACE)
    assert [o.reason for o in done.outcomes] == ["compiled", "compiled"]
    assert {"src/big/last.rs", "src/two/last2.rs"} <= set(_files(repo))
    assert tiny.planned


def _two(repo: Path) -> tuple[Finding, Finding]:
    lib = "pub mod big;\npub mod two;\npub use big::two as x;\npub use two::b;\n"
    scratch.write(repo, {"src/two.rs": "pub fn a() {}\npub fn b() {}\n", "src/lib.rs": lib})
    scratch.git(repo, "add", ".")
    scratch.git(repo, "commit", "--quiet", "--message", "More")
    return BIG, replace(BIG, id="2", fingerprint="cd" * 8, path="src/two.rs")


@pytest.mark.slow
@pytest.mark.usefixtures("tiny")
def test_finished_fixes_are_known_and_can_be_taken_back(repo: Path) -> None:
    findings = _two(repo)
    before = _files(repo)

    class Killed(Progress):
        def begin(self, finding: Finding, number: int, total: int) -> None:  # noqa: ARG002
            if number == 2:
                raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        work(repo, *findings, mode=Mode.IN_PLACE, progress=Killed())
    assert (repo / "src/big/last.rs").exists()
    done = work(repo, findings[1], mode=Mode.IN_PLACE)
    assert only(done).outcome is Result.FIXED
    with Git(repo) as git:
        assert [change.stands() for change in uncommitted_changes(home(git) / FINISHED, git)] == [True, True]
        going = removal.planned(git)
        assert going.in_place == ("last-item src/two.rs", "last-item src/big.rs")
        assert _files(repo) != before
        removal.remove(git, going)
        assert _files(repo) == before
        assert removal.planned(git).in_place == ()


@pytest.mark.usefixtures("tiny")
def test_what_was_edited_or_committed_since_is_not_taken_back(repo: Path) -> None:
    work(repo, mode=Mode.IN_PLACE)
    with Git(repo) as git:
        scratch.write(repo, {"src/big.rs": "// mine\n"})
        going = removal.planned(git)
        assert (going.in_place, going.edited) == ((), ("last-item src/big.rs",))
        removal.remove(git, going)
        assert (repo / "src/big.rs").read_text() == "// mine\n"
    with pytest.raises(DirtyTreeError, match=r"'src/big.rs' is not committed"):
        work(repo, mode=Mode.IN_PLACE)
    scratch.git(repo, "checkout", "--quiet", "src/big.rs")
    shutil.rmtree(repo / "src/big")
    work(repo, mode=Mode.IN_PLACE)
    scratch.git(repo, "add", ".")
    scratch.git(repo, "commit", "--quiet", "--message", "Take it")
    with Git(repo) as git:
        assert uncommitted_changes(home(git) / FINISHED, git) == []
        assert removal.planned(git).in_place == ()


def test_findings_of_a_scan_are_known_again_when_their_numbers_change() -> None:
    def found(number: int, path: str, line: int = 0) -> Finding:
        return Finding(str(number), f"print of {path}", "block-on", "", path, audit_line=line)

    before = tuple(found(n, path) for n, path in enumerate(("a.rs", "b.rs", "c.rs", "d.rs"), 1))
    changed = replace(found(1, "c.rs"), fingerprint="another")
    after = held_again(before, (changed, found(2, "d.rs")))
    assert [(f.id, f.path) for f in after] == [("1", "a.rs"), ("2", "b.rs"), ("3", "c.rs"), ("4", "d.rs")]
    assert after[2].fingerprint == "another"
    moved = held_again((found(7, "a.rs", line=3),), (found(7, "a/part.rs", line=3),))
    assert [f.path for f in moved] == ["a/part.rs"]
