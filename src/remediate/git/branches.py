"""The branches of fixes: their names, whether one may be replaced, which conflict when they are merged."""

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from remediate.errors import InputError
from remediate.git.command import Git
from remediate.git.refs import under
from remediate.model import Finding

PREFIX = "refs/heads/remediate/"
_LONGEST = 48
_CLEAN = "1"


def name(finding: Finding, prefix: str = "") -> str:
    """Return the branch a finding's fix goes to: ``remediate/<rule>/<slug>-<first 8 of the fingerprint>``.

    ``prefix`` is the workspace's folder in the repository. Fingerprints know of one workspace only: two in
    one repository may hold packages of the same name, so a workspace in a folder has digits of its own.
    """
    words = finding.path.removesuffix(".rs").removesuffix("/mod") or finding.title
    scoped = hashlib.sha256(f"{prefix}\0{finding.fingerprint}".encode("utf-8", "surrogateescape")).hexdigest()
    digits = (scoped if prefix else finding.fingerprint)[:8]
    whole = words if prefix.startswith("../") else prefix + words
    return f"remediate/{_slug(finding.rule)}/{_slug(whole)}-{digits}"


def require_room(git: Git, rules: Iterable[str] = ()) -> None:
    """Make sure that branches below ``remediate/``, and there below each rule's name, can be made.

    Raises:
        InputError: A branch of that very name is in the way.
    """
    there = under(git, PREFIX.rstrip("/"))
    for taken in (PREFIX.rstrip("/"), *(PREFIX + _slug(rule) for rule in sorted({*rules}))):
        if taken in there:
            short = taken.removeprefix("refs/heads/")
            hint = f"Rename it: `git branch -m {short} some-other-name`."
            raise InputError(f"a branch called {short!r} leaves no room for '{short}/...'", hint)


def tips(git: Git) -> dict[str, str]:
    """Return the commit of every branch of the tool, by branch name."""
    return {name.removeprefix("refs/heads/"): oid for name, oid in under(git, PREFIX).items()}


def checked_out(git: Git) -> dict[str, str]:
    """Return the folder of every branch that some checkout stands on: moving it would move that checkout."""
    found: dict[str, str] = {}
    folder = ""
    for part in git.run("worktree", "list", "--porcelain", "-z").parts:
        word, _, value = part.partition(" ")
        folder = value if word == "worktree" else folder
        if word == "branch":
            found[value.removeprefix("refs/heads/")] = folder
    return found


def _slug(words: str) -> str:
    """Return at most 48 characters of ``a-z0-9-``, in whole words: rather the last than the first."""
    plain = re.sub(r"[^a-z0-9]+", "-", words.lower()).strip("-")
    kept = plain[-_LONGEST:]
    if len(plain) > _LONGEST and plain[-_LONGEST - 1] != "-":
        kept = kept.partition("-")[2] or kept
    return kept.strip("-") or "finding"


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two branches, and the paths (from the repository's top) in which git cannot merge them."""

    branches: tuple[str, str]
    paths: tuple[str, ...]


def conflicts(git: Git, pairs: Sequence[tuple[str, str]]) -> tuple[Conflict, ...]:
    """Return the pairs of branches that conflict, in their order. One process tries them all.

    Raises:
        ToolError: git is older than 2.40, or a branch is gone.
    """
    if not pairs:
        return ()
    asked = "".join(f"refs/heads/{one} refs/heads/{two}\n" for one, two in pairs)
    options = ("--write-tree", "--stdin", "-z", "--name-only", "--no-messages")
    answer = git.run("merge-tree", *options, stdin=asked.encode())
    tried = zip(pairs, _records(answer.out), strict=True)
    return tuple(Conflict(pair, tuple(paths)) for pair, (clean, paths) in tried if not clean)


def _records(out: bytes) -> Iterator[tuple[bool, list[str]]]:
    """Yield of each merge whether it is clean, and its conflicting paths: status, tree, paths, nothing."""
    words = iter(out.decode("utf-8", "surrogateescape").split("\0"))
    for status in words:
        if not status.strip():
            continue
        next(words, None)  # the tree
        paths = list(iter(words.__next__, ""))
        yield status.strip() == _CLEAN, paths
