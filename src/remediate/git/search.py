"""Look through a checkout: lines that changed since a revision, files that hold a word or have a name."""

import re
from collections.abc import Iterable
from pathlib import Path

from remediate.errors import InputError
from remediate.git.command import Git, literal
from remediate.git.revisions import commit_of

_HUNK = re.compile(rb"@@ -\S+ \+(\d+)(?:,(\d+))? @@")
_NONE_FOUND = 1


def changed_lines(git: Git, revision: str, folder: Path) -> dict[str, tuple[range, ...] | None]:
    """Return the changed line ranges by path relative to ``folder``; None for a file that is new as a whole.

    Raises:
        InputError: There is no such revision.
    """
    commit = commit_of(git, revision)
    if commit is None:
        raise InputError(f"no commit is called {revision!r} here", "See `git log` and `git branch --all`.")
    where = folder.resolve().relative_to(git.top).as_posix()
    spec = [] if where == "." else [literal(where)]
    listed = git.run("ls-files", "-z", "--others", "--exclude-standard", "--full-name", "--", *spec)
    found: dict[str, tuple[range, ...] | None] = dict.fromkeys(listed.parts)
    found.update(_hunks(git, commit, spec))
    prefix = "" if where == "." else f"{where}/"
    return {path.removeprefix(prefix): lines for path, lines in found.items() if path.startswith(prefix)}


def _hunks(git: Git, commit: str, spec: list[str]) -> dict[str, tuple[range, ...] | None]:
    """Read ``git diff`` path by path: the names from a ``-z`` list, so that none is taken for a line."""
    options = ("--no-ext-diff", "--no-textconv", "--no-renames", "--no-color")
    names = git.run("diff", *options, "--name-only", "-z", "--diff-filter=d", commit, "--", *spec).parts
    found: dict[str, tuple[range, ...] | None] = {}
    for path in (p for p in names if p.endswith((".rs", "Cargo.toml"))):
        diff = git.run("diff", *options, "--unified=0", commit, "--", literal(path)).out
        found[path] = tuple(
            range(int(m[1]), int(m[1]) + int(m[2] or 1))
            for line in diff.splitlines()
            if (m := _HUNK.match(line))
        )
    return found


def files_with(git: Git, words: Iterable[str]) -> tuple[str, ...]:
    """Return the tracked text files that hold one of the words, from the checkout's top, sorted."""
    asked = [part for word in sorted(words) for part in ("-e", word)]
    options = ("-l", "-z", "-I", "--fixed-strings", "--full-name", "--no-recurse-submodules")
    answer = git.run("grep", *options, *asked, "--", ":(top)", allow=(0, _NONE_FOUND))
    return tuple(sorted(answer.parts))


def files_named(git: Git, patterns: Iterable[str]) -> tuple[str, ...]:
    """Return the tracked files that match one of the glob patterns, from the checkout's top, sorted."""
    spec = [f":(top,glob){pattern}" for pattern in sorted(patterns)]
    return tuple(sorted(git.run("ls-files", "-z", "--full-name", "--", *spec).parts))
