"""What `--diff` prints is for `git apply`: all of it, in one go."""

import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
import scratch
from workflow_case import BIG, work

from remediate.git.worktrees import held
from remediate.model import Result
from remediate.workflow.request import Mode

pytestmark = pytest.mark.usefixtures("tiny")

_SECOND = replace(BIG, id="2", fingerprint="cd" * 8)
_THREE = {
    **scratch.CRATE,
    "src/lib.rs": "pub mod big;\n\npub fn answer() -> i32 {\n    big::three();\n"
    "    big::one() + big::two()\n}\n",
    "src/big.rs": scratch.CRATE["src/big.rs"] + "\npub fn three() {}\n",
}


@pytest.mark.slow
@pytest.mark.parametrize("mode", [Mode.DIFF, Mode.PLAN])
def test_two_fixes_of_one_file_apply_together(tmp_path: Path, mode: Mode) -> None:
    repo = scratch.repository(tmp_path, _THREE)
    done = work(repo, BIG, _SECOND, mode=mode, patches=True)
    assert {outcome.outcome for outcome in done.outcomes} <= {Result.FIXED, Result.PLANNED}
    stream = b"".join(done.patches)
    assert stream.count(b"diff --git a/src/big.rs") == 2
    subprocess.run(["git", "apply", "--index", "-"], cwd=repo, input=stream, check=True)
    assert scratch.git(repo, "diff", "--cached", "--name-only").split() == [
        "src/big.rs", "src/big/last.rs", "src/big/last2.rs",
    ]  # fmt: skip


def test_without_patches_each_fix_is_planned_on_the_base(repo: Path) -> None:
    done = work(repo, BIG, _SECOND, mode=Mode.PLAN)
    assert done.patches == ()
    assert [outcome.files for outcome in done.outcomes] == [
        ("src/big.rs", "src/big/last.rs"), ("src/big.rs", "src/big/last2.rs"),
    ]  # fmt: skip


def test_plans_while_a_run_is_at_work(repo: Path) -> None:
    with held(repo / ".git/remediate/lock"):
        done = work(repo, mode=Mode.PLAN)
    assert done.outcomes[0].outcome is Result.PLANNED
