"""Which branches cannot be merged one after the other, tried out by git without touching any checkout."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from remediate.git.door import Git

_CLEAN = "1"


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
