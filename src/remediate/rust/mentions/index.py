"""The mentions of every file of a package, each file walked once."""

import re
from functools import cached_property

from remediate.rust.mentions.references import References
from remediate.rust.mentions.walk import references
from remediate.rust.package import Package

_WORD = re.compile(rb"[A-Za-z_\x80-\xff][A-Za-z0-9_\x80-\xff]*")


class MentionIndex:
    """Mentions by file."""

    def __init__(self, package: Package) -> None:
        self.package = package
        self._found: dict[str, References] = {}

    def of(self, path: str) -> References:
        """Return what a file mentions; nothing for a file the tool could not read."""
        if path not in self._found:
            known = path in self.package.files
            self._found[path] = references(self.package.source(path)) if known else References((), ())
        return self._found[path]

    @cached_property
    def words(self) -> dict[str, frozenset[str]]:
        """The words of every Rust file, those of comments and strings included."""
        return {path: self._words(path) for path in self.package.rust_files}

    def _words(self, path: str) -> frozenset[str]:
        return frozenset(w.decode(errors="replace") for w in _WORD.findall(self.package.files[path]))


def mention_index(package: Package) -> MentionIndex:
    """Return the package's index; the same object every time."""
    return package.derived(MentionIndex)
