"""Which files of a checkout mention a word: candidates, to be read and judged elsewhere."""

from collections.abc import Iterable

from remediate.git.door import Git

_NONE_FOUND = 1


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
