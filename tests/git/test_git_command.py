from pathlib import Path

import pytest
import scratch

from remediate.errors import InputError, ToolError
from remediate.git.command import Git, literal
from remediate.git.revisions import base, uncommitted


def test_commands_run_in_the_repository_that_holds_the_path(tmp_path: Path) -> None:
    repo = scratch.repository(tmp_path / "r")
    with Git(repo / "src") as git:
        assert git.top == repo.resolve()
        assert git.common == repo.resolve() / ".git"
        assert git.run("rev-parse", "HEAD").text == scratch.git(repo, "rev-parse", "HEAD")
        assert git.seconds > 0


def test_an_environment_that_points_elsewhere_is_cleaned(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repo, other = scratch.repository(tmp_path / "r"), scratch.repository(tmp_path / "o")
    for name, value in {"GIT_DIR": str(other / ".git"), "GIT_INDEX_FILE": "x", "GIT_WORK_TREE": "y"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("GIT_AUTHOR_NAME", "Kept")
    with Git(repo) as git:
        assert Path(git.run("rev-parse", "--show-toplevel").text) == repo.resolve()
        assert git.run("var", "GIT_AUTHOR_IDENT").text.startswith("Kept <")


def test_no_repository_is_the_users_mistake(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="not in a git repository"):
        Git(tmp_path)


def test_a_bare_repository_is_refused(tmp_path: Path) -> None:
    scratch.git(tmp_path, "init", "--quiet", "--bare", "b.git")
    with pytest.raises(InputError, match="bare"):
        Git(tmp_path / "b.git")


def test_no_commits_yet(tmp_path: Path) -> None:
    scratch.git(tmp_path, "init", "--quiet")
    with Git(tmp_path) as git, pytest.raises(InputError, match="no commits yet") as error:
        base(git)
    assert "commit" in error.value.hint


@pytest.mark.parametrize("revision", ["nonsense", "--all", "-x", "HEAD:src", "main..HEAD"])
def test_a_revision_is_never_an_option(tmp_path: Path, revision: str) -> None:
    with Git(scratch.repository(tmp_path)) as git, pytest.raises(InputError, match="no commit is called"):
        base(git, revision)


def test_a_refusal_says_what_git_said(tmp_path: Path) -> None:
    with Git(scratch.repository(tmp_path)) as git, pytest.raises(ToolError, match="unknown option"):
        git.run("status", "--nonsense")


def test_uncommitted_sees_odd_names_and_leaves_the_index_alone(tmp_path: Path) -> None:
    repo = scratch.repository(tmp_path, {**scratch.CRATE, ":(glob)*": "x", "ä ö.rs": "//"})
    scratch.write(repo, {":(glob)*": "y", "-x.rs": "//", "new\nline.rs": "//"})
    (repo / "src/lib.rs").touch()
    before = scratch.state(repo)
    with Git(repo) as git:
        assert uncommitted(git, repo) == ("-x.rs", ":(glob)*", "new\nline.rs")
        assert uncommitted(git, repo / "src") == ()
        assert git.run("ls-files", "-z", "--", literal(":(glob)*")).parts == [":(glob)*"]
    assert scratch.state(repo) == before


def test_git_never_runs_in_the_current_folder_instead(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """GitPython falls back to the current folder when it cannot enter the one it was given."""
    here = scratch.repository(tmp_path / "here")
    odd = scratch.repository(tmp_path / "$HOME ~user")
    gone = scratch.repository(tmp_path / "gone")
    monkeypatch.chdir(here)
    with Git(odd) as git:
        assert git.top == odd.resolve()
        assert git.run("rev-parse", "--absolute-git-dir").text == str(odd.resolve() / ".git")
    with Git(gone) as git:
        gone.rename(tmp_path / "elsewhere")
        with pytest.raises(ToolError, match="is gone"):
            git.run("rev-parse", "HEAD")
