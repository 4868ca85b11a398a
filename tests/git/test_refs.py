from pathlib import Path

import pytest
import scratch

from remediate.errors import LeaseError
from remediate.git import branches
from remediate.git.command import Git
from remediate.git.refs import OUTCOMES, Update, store, stored, under, update
from remediate.git.revisions import base
from remediate.model import Finding


def test_a_transaction_is_all_or_nothing(tmp_path: Path) -> None:
    with Git(scratch.repository(tmp_path)) as git:
        commit = base(git).commit
        blob = store(git, b"text\n\0more")
        update(git, [Update("refs/heads/remediate/a", commit, None), Update(f"{OUTCOMES}k", blob, None)])
        assert branches.tips(git) == {"remediate/a": commit}
        assert stored(git) == {"k": b"text\n\0more"}
        with pytest.raises(LeaseError):
            update(
                git,
                [Update(f"{OUTCOMES}k", None, blob), Update("refs/heads/remediate/a", commit, None)],
            )
        assert stored(git) == {"k": b"text\n\0more"}
        update(git, [Update("refs/heads/remediate/a", None, commit)])
        assert under(git, branches.PREFIX) == {}


def test_many_records(tmp_path: Path) -> None:
    with Git(scratch.repository(tmp_path)) as git:
        assert stored(git) == {}
        texts = {f"k{n}": b"\n" * n for n in range(20)}
        update(git, [Update(OUTCOMES + k, store(git, t), None) for k, t in texts.items()])
        assert stored(git) == texts


def test_who_stands_on_a_branch(tmp_path: Path) -> None:
    repo = scratch.repository(tmp_path)
    with Git(repo) as git:
        assert branches.checked_out(git) == {"main": str(repo.resolve())}


@pytest.mark.parametrize(
    ("path", "title", "expected"),
    [
        ("src/server/routes.rs", "", "remediate/large-file/src-server-routes-01234567"),
        ("src/server/mod.rs", "", "remediate/large-file/src-server-01234567"),
        ("", "Über: ..//@{x} ~^", "remediate/large-file/ber-x-01234567"),
        ("", "..", "remediate/large-file/finding-01234567"),
        (
            f"src/{'verylong' * 2}/{'connection' * 3}/pool.rs",
            "",
            f"remediate/large-file/{'connection' * 3}-pool-01234567",
        ),
        ("x" * 60 + ".rs", "", f"remediate/large-file/{'x' * 48}-01234567"),
        ("a/" * 60 + "z.rs", "", "remediate/large-file/" + "a-" * 23 + "z-01234567"),
    ],
)
def test_branch_names(tmp_path: Path, path: str, title: str, expected: str) -> None:
    finding = Finding(id="1", fingerprint="0123456789abcdef", rule="large-file", title=title, path=path)
    assert branches.name(finding) == expected
    scratch.git(tmp_path, "check-ref-format", "--branch", expected)
