"""Make repositories: one for the demo, and for programs that are not trusted one with borrowed objects.

Not a worktree: that would share branches, configuration and hooks. What such a program did with its
repository is not asked of git in there, where its configuration would count, but read from one of ours.
"""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import git

from remediate.errors import ToolError
from remediate.git.command import Git, clean
from remediate.git.revisions import commit_of

_PLAIN = {"100644", "100755"}
_NOTHING = "000000"


def create(folder: Path, message: str) -> None:
    """Make a folder a repository with one commit of everything in it, on the branch ``main``.

    The repository gets an identity of its own: a fresh machine has none, and git refuses to commit without.

    Raises:
        ToolError: git refused.
    """
    clean()
    git.Repo.init(folder, initial_branch="main").close()
    with Git(folder) as repository:
        repository.run("config", "user.name", "remediate demo")
        repository.run("config", "user.email", "demo@remediate.invalid")
        repository.run("config", "commit.gpgSign", "false")
    commit(folder, message)


def commit(folder: Path, message: str) -> None:
    """Commit everything in a repository's folder.

    Raises:
        ToolError: git refused.
    """
    with Git(folder) as repository:
        repository.run("add", "--all")
        repository.run("commit", "--quiet", "--no-verify", "-m", message)


def history(folder: Path) -> str:
    """Return all branches of a small repository as a picture, one line per commit."""
    with Git(folder) as repository:
        return repository.run("log", "--all", "--graph", "--oneline", "--decorate=short", "--branches").text


@dataclass(frozen=True, slots=True)
class Entry:
    """A path that differs between two trees, with its modes: "000000" where it is not there."""

    path: str
    old_mode: str
    new_mode: str

    @property
    def odd(self) -> str:
        """What makes it more than a change of text; "" where nothing does."""
        modes = {self.old_mode, self.new_mode} - {_NOTHING}
        if "120000" in modes:
            return f"{self.path} is a symbolic link"
        if "160000" in modes:
            return f"{self.path} is a repository of its own"
        if not modes <= _PLAIN:
            return f"{self.path} has the mode {self.new_mode}"
        if len(modes) > 1 or (self.old_mode == _NOTHING and self.new_mode == "100755"):
            return f"{self.path} becomes a program, or is none any more"
        return ""


def lend(git: Git, folder: Path, commit: str) -> None:
    """Make a repository in an empty folder that stands on a commit, on the branch ``main``.

    It borrows the objects of ``git``'s repository, has the user's identity, and no hook and no remote.

    Raises:
        ToolError: git refused.
    """
    git.run("init", "--quiet", "--template=", "--initial-branch=main", "--", str(folder))
    borrowed = folder / ".git" / "objects" / "info" / "alternates"
    borrowed.parent.mkdir(parents=True, exist_ok=True)
    borrowed.write_text(f"{git.common / 'objects'}\n")
    if (git.common / "shallow").is_file():
        shutil.copyfile(git.common / "shallow", folder / ".git" / "shallow")
    name, email = identity(git)
    with Git(folder) as own:
        own.run("config", "user.name", name)
        own.run("config", "user.email", email)
        own.run("config", "commit.gpgSign", "false")
        own.run("update-ref", "refs/heads/main", commit)
        own.run("reset", "--hard", "--quiet", settings=("core.hooksPath=/dev/null",))


def identity(git: Git) -> tuple[str, str]:
    """Return the name and the address that the user commits with."""
    text = git.run("var", "GIT_COMMITTER_IDENT").text
    name, _, rest = text.partition(" <")
    return name, rest.partition(">")[0]


def handed_in(mine: Git, folder: Path, base: str, index: Path) -> tuple[str, bool]:
    """Return the tree that a lent repository stands for, and whether that is of commits made in it.

    Commits go before files: where there are some, what is not committed does not count. Otherwise the tree is
    that of the files, ignored ones left out.

    Args:
        mine: git in a worktree of ours.
        folder: The lent repository.
        base: The commit it was lent at.
        index: A file for an index that nobody else uses; it must not exist.

    Raises:
        ToolError: The repository is gone or broken.
    """
    mine.run("fetch", "--quiet", "--no-tags", "--no-recurse-submodules", "--", str(folder), "HEAD")
    head = commit_of(mine, "FETCH_HEAD")
    if head is None:
        raise ToolError("the repository has no commit any more")
    if head != base:
        return f"{head}^{{tree}}", True
    where = {
        "GIT_DIR": mine.run("rev-parse", "--absolute-git-dir").text,
        "GIT_WORK_TREE": str(folder),
        "GIT_INDEX_FILE": str(index),
    }
    mine.run("read-tree", base, environment=where)
    mine.run("add", "--all", "--sparse", environment=where)
    return mine.run("write-tree", environment=where).text, False


def differences(mine: Git, old: str, new: str) -> Iterator[Entry]:
    """Yield the paths that differ between two trees; a renamed file is two."""
    parts = mine.run("diff-tree", "-r", "-z", "--raw", "--no-renames", old, new).parts
    for facts, path in zip(parts[::2], parts[1::2], strict=True):
        old_mode, new_mode, *_ = facts.removeprefix(":").split()
        yield Entry(path, old_mode, new_mode)
