"""The past of a tree as the reader of an audit needs it. What git is, only ``git/`` knows."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from remediate.file_history import Step


class History(Protocol):
    """The first-parent line of commits that ends in the checked-out one; ``.rs`` files only."""

    def steps(self) -> Sequence[Step]:
        """Return the commits, the newest first; as many as are looked at."""

    def head(self) -> Mapping[str, str]:
        """Return the content id of every source file in the newest commit, by path."""

    def texts(self, ids: Iterable[str]) -> Mapping[str, bytes]:
        """Return the contents with these ids; ids nobody knows are left out."""

    def id_of(self, text: bytes) -> str:
        """Return the content id that a text would have."""

    def exists(self, path: str) -> bool:
        """Whether a source file is checked out, be it one that the tree leaves out (in a hidden folder)."""

    def is_complete(self) -> bool:
        """Whether ``steps`` go back to the first commit: not so in a shallow clone."""
