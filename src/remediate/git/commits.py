"""One commit of the files a fix wrote, as the user would make it: identity, signing and hooks are theirs."""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from remediate.errors import ToolError
from remediate.git.command import Git, literal, of_user
from remediate.git.revisions import commit_of

_HOOKS = ("pre-commit", "prepare-commit-msg", "commit-msg", "post-commit")
_REFUSED = 1


@dataclass(frozen=True, slots=True)
class Refusal:
    """A hook of the user's said no; its own words."""

    text: str


def require_identity(git: Git) -> None:
    """Make sure that commits can be made, before hours are spent on what they hold.

    Raises:
        ToolError: git does not know who commits.
    """
    answer = git.run("var", "GIT_COMMITTER_IDENT", allow=(0, 128))
    if answer.code:
        raise ToolError("git does not know who commits here", _hint("tell me who you are"))


def stage(git: Git, paths: Iterable[str]) -> str:
    """Put files (relative to the checkout's top; new, changed or gone) into the index; return its tree id."""
    listed = b"".join(literal(path).encode("utf-8", "surrogateescape") + b"\0" for path in sorted(paths))
    # --force: a .gitignore that hides a new file would make the fix incomplete.
    options = ("--all", "--force", "--sparse", "--pathspec-from-file=-", "--pathspec-file-nul")
    git.run("add", *options, stdin=listed)
    return git.run("write-tree").text


def patch(git: Git, commit: str) -> bytes:
    """Return what is staged, against a commit, as text for ``git apply``."""
    options = ("-p", "--cached", "--binary", "--full-index", "--find-renames")
    return git.run("diff-index", *options, commit).out


def hooks(git: Git) -> tuple[str, ...]:
    """Return the names of the hooks a commit would run."""
    folder = Path(git.top, git.run("rev-parse", "--git-path", "hooks").text)
    return tuple(name for name in _HOOKS if os.access(folder / name, os.X_OK))


def commit(git: Git, message: str, *, run_hooks: bool = True) -> str | Refusal:
    """Commit what is staged and return the commit's id, or why a hook refused it.

    Raises:
        ToolError: git does not know who commits, or cannot sign.
    """
    options = ["--quiet", "--file=-", "--cleanup=whitespace", "--allow-empty-message"]
    options += [] if run_hooks else ["--no-verify"]
    settings = () if run_hooks else ("core.hooksPath=/dev/null",)
    answer = git.run(
        "commit", *options, stdin=message.encode(), environment=of_user(), settings=settings, allow=range(256)
    )
    if answer.code == 0:
        return commit_of(git, "HEAD") or ""
    if answer.code == _REFUSED and run_hooks and hooks(git):
        return Refusal(f"{answer.errors}\n{answer.text}".strip())
    raise ToolError(f"git commit failed: {answer.errors.strip()}", _hint(answer.errors))


def _hint(errors: str) -> str:
    if "tell me who you are" in errors or "identity unknown" in errors or "user.email" in errors:
        return "Tell git who you are: git config --global user.email you@example.com (and user.name)."
    if "sign" in errors:
        return "Signing needs your key; or commit unsigned: git config commit.gpgsign false."
    return ""
