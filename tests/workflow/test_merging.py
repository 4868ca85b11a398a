"""Conflicts between branches, known before anyone merges."""

from dataclasses import replace
from pathlib import Path

import pytest
import scratch
from workflow_case import BIG, work

from remediate.git.branches import conflicts
from remediate.git.command import Git
from remediate.workflow.record.finding_status import conflicting, statuses

pytestmark = pytest.mark.usefixtures("tiny")


def test_git_tries_all_pairs_at_once(repo: Path) -> None:
    for name, text in (("a", "pub mod big; // a\n"), ("b", "pub mod big; // b\n"), ("c", None)):
        scratch.git(repo, "checkout", "--quiet", "-b", name, "main")
        scratch.write(repo, {"src/lib.rs": text} if text else {"sp\u00e4t er.txt": ""})
        scratch.git(repo, "add", ".")
        scratch.git(repo, "commit", "--quiet", "--message", name)
    scratch.git(repo, "checkout", "--quiet", "main")
    before = scratch.state(repo)
    with Git(repo) as git:
        found = conflicts(git, [("a", "c"), ("a", "b"), ("b", "c"), ("b", "a")])
        assert conflicts(git, []) == ()
    assert [(c.branches, c.paths) for c in found] == [
        (("a", "b"), ("src/lib.rs",)),
        (("b", "a"), ("src/lib.rs",)),
    ]
    assert scratch.state(repo) == before


def test_fixes_conflict_when_they_touch_one_file(repo: Path) -> None:
    scratch.write(repo, {"src/two.rs": (repo / "src/big.rs").read_text()})
    more = "pub mod two;\n\npub fn other() -> i32 {\n    two::two()\n}\n"
    scratch.write(repo, {"src/lib.rs": (repo / "src/lib.rs").read_text() + more})
    scratch.git(repo, "add", ".")
    scratch.git(repo, "commit", "--quiet", "--message", "More")
    apart = replace(BIG, id="2", fingerprint="cd" * 8, path="src/two.rs")
    done = work(repo, BIG, apart)
    with Git(repo) as git:
        assert conflicting(git, statuses(git)) == ()
    branch = done.outcomes[1].branch
    assert branch
    scratch.git(repo, "checkout", "--quiet", branch)
    scratch.write(repo, {"src/big.rs": "// all gone\n"})
    scratch.git(repo, "commit", "--quiet", "--all", "--message", "A person's")
    scratch.git(repo, "checkout", "--quiet", "main")
    with Git(repo) as git:
        (found,) = conflicting(git, statuses(git))
    assert (set(found.branches), "src/big.rs" in found.paths) == ({done.outcomes[0].branch, branch}, True)
