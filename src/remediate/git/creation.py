"""Create a repository, for the demo."""

from pathlib import Path

import git

from remediate.git.door import Git
from remediate.git.environment import clean


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
