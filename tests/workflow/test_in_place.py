from dataclasses import replace
from pathlib import Path

import pytest
import scratch
from tiny_codemod import TinyCodemod
from workflow_case import BIG, only, work

from remediate.errors import DirtyTreeError, InputError
from remediate.model import Result
from remediate.workflow.request import Mode


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
    scratch.write(repo, {"new.txt": ""})
    with pytest.raises(DirtyTreeError, match=r"'new.txt' is not committed") as error:
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
    assert {"src/big/last.rs", "src/two/last.rs"} <= set(_files(repo))
    assert tiny.planned
