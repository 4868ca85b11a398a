"""What is watched while a fixer runs without a sandbox: found, kept, and restored."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
import scratch

from remediate.git.command import Git
from remediate.workflow.external.guard import Guard


def _append(path: Path) -> None:
    with path.open("a") as file:
        file.write("# more\n")


def _overwrite_in_place(path: Path) -> None:
    """Write as many bytes, and give the file its old times."""
    about = path.stat()
    path.write_bytes(path.read_bytes()[::-1])
    os.utime(path, ns=(about.st_atime_ns, about.st_mtime_ns))


def _relink(path: Path) -> None:
    path.unlink()
    path.symlink_to("/etc/hostname")


def _remove_with_folder(path: Path) -> None:
    path.unlink()
    path.parent.rmdir()


DEEDS: dict[str, Callable[[Path], object]] = {
    "src/lib.rs": _overwrite_in_place,
    "src/big.rs": Path.unlink,
    "Cargo.toml": lambda path: path.chmod(0o600),
    "untracked.txt": _append,
    "link": _relink,
    "folder/inner.txt": _remove_with_folder,
    ".git/config": _append,
    ".git/HEAD": lambda path: path.write_text("ref: refs/heads/other\n"),
    ".git/index": lambda path: path.write_bytes(b""),
    ".git/refs/heads/main": lambda path: path.write_text("0" * 40),
    ".git/refs/heads/other": Path.unlink,
    ".git/logs/HEAD": Path.unlink,
    ".git/info/exclude": _append,
}
NEW = (".git/hooks/pre-commit", ".git/refs/heads/stolen", ".git/packed-refs", "src/new.rs", "new/deep/file")


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    repo = scratch.repository(tmp_path / "repo")
    scratch.git(repo, "branch", "other")
    scratch.write(
        repo, {"untracked.txt": "mine", "folder/inner.txt": "", ".git/info/exclude": "", "target/x": ""}
    )
    (repo / "link").symlink_to("src")
    return repo


def _guard(repo: Path, git: Git, tmp_path: Path) -> Guard:
    guard = Guard(git, repo / ".git" / "worktrees" / "ours", tmp_path / "kept")
    guard.begin()
    return guard


@pytest.mark.parametrize("name", DEEDS)
def test_what_is_changed_is_put_back(repo: Path, tmp_path: Path, name: str) -> None:
    path = repo / name
    before = (path.lstat().st_mode, None if path.is_symlink() else path.read_bytes())
    with Git(repo) as git:
        guard = _guard(repo, git, tmp_path)
        DEEDS[name](path)
        told = guard.violations()
        assert any(name.rsplit("/", maxsplit=1)[-1] in sentence for sentence in told)
        assert (path.lstat().st_mode, None if path.is_symlink() else path.read_bytes()) == before
        assert not guard.violations()
    assert name != "link" or str(path.readlink()) == "src"


@pytest.mark.parametrize("name", NEW)
def test_what_is_new_is_taken_away_and_kept(repo: Path, tmp_path: Path, name: str) -> None:
    with Git(repo) as git:
        guard = _guard(repo, git, tmp_path)
        scratch.write(repo, {name: "new"})
        assert guard.violations()
        assert not (repo / name).exists()
        assert not guard.violations()
    (kept,) = (f for f in (tmp_path / "kept").rglob("*") if f.is_file())
    assert kept.read_text() == "new"


def test_what_is_not_watched(repo: Path, tmp_path: Path) -> None:
    with Git(repo) as git:
        guard = _guard(repo, git, tmp_path)
        scratch.write(
            repo, {"target/x": "built", "target/y": "built", ".git/objects/zz": "", ".git/FETCH_HEAD": ""}
        )
        assert guard.violations() == ()


def test_caches_of_ours_are_told_of_and_left(repo: Path, tmp_path: Path) -> None:
    scratch.write(repo, {".git/remediate/cache/baseline.json": "{}", ".git/remediate/target/0/x": ""})
    with Git(repo) as git:
        guard = _guard(repo, git, tmp_path)
        scratch.write(
            repo, {".git/remediate/cache/baseline.json": "[]", ".git/remediate/target/0/x": "built"}
        )
        (told,) = guard.violations()
    assert "remediate clean" in told


def test_personal_settings_are_watched(repo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / "home"
    scratch.write(home, {".gitconfig": "[user]\n\tname = Me\n"})
    monkeypatch.setenv("HOME", str(home))
    with Git(repo) as git:
        guard = _guard(repo, git, tmp_path)
        scratch.write(home, {".gitconfig": "[core]\n\thooksPath = /tmp\n", ".cargo/config.toml": "[build]\n"})
        assert len(guard.violations()) == 2
    assert "Me" in (home / ".gitconfig").read_text()
    assert not (home / ".cargo" / "config.toml").exists()
