"""A tree with its past: the versions of each file, and the steps between them, the uncommitted one included.

States are counted from today backwards: state 0 is the tree, state ``s`` what was before step ``s - 1``. What
git is, only ``git/`` knows.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Protocol

from remediate.audit.tree import Tree
from remediate.file_history import FileChange, Step

_MOST_VERSIONS = 400
_MOST_PAIRED = 20


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


@dataclass(frozen=True, slots=True)
class Version:
    """A file as it was in the states ``newest`` to ``oldest``."""

    path: str
    newest: int
    oldest: int
    text: bytes


@dataclass(frozen=True)
class Timeline:
    """A tree and its history."""

    tree: Tree
    history: History
    _versions: dict[str, tuple[Version, ...]] = field(default_factory=dict, repr=False, compare=False)
    _known: dict[int, tuple[FileChange, ...]] = field(default_factory=dict, repr=False, compare=False)
    _texts: dict[str, bytes] = field(default_factory=dict, repr=False, compare=False)

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """All steps, the newest first; the first is what is not committed yet, if anything is."""
        uncommitted = tuple(self._uncommitted())
        first = (Step("", "", uncommitted),) if uncommitted else ()
        return (*first, *self.history.steps())

    @cached_property
    def past_paths(self) -> frozenset[str]:
        """Every path a source file ever had."""
        return frozenset(path for step in self.steps for c in step.changes for path in (c.old, c.new) if path)

    @cached_property
    def past_tree(self) -> Tree:
        """All paths of past and present, for resolving what is written."""
        return Tree({}, self.past_paths | self.tree.everything, self.tree.packages)

    def versions(self, path: str) -> tuple[Version, ...]:
        """Return the versions of a file, the newest first, through its renames; () for an unknown path.

        A file that is gone starts with its last version.
        """
        if path not in self._versions:
            self._versions[path] = tuple(self._lineage(path))
        return self._versions[path]

    def forward(self, path: str, state: int) -> int | None:
        """Return the next step (towards today) that changes the file that has this path in ``state``."""
        touched = (step for step in self._by_old.get(path, ()) if step < state)
        return max(touched, default=None)

    def change(self, step: int, old: str) -> FileChange:
        """Return what a step does to the file that has the path ``old`` before it."""
        return self.changes(step, old)[0]

    def changes(self, step: int, old: str) -> list[FileChange]:
        """Return all that a step makes of a file: where it is cut up, its module file first."""
        found = [c for c in self._joined(step) if c.old == old]
        return sorted(found, key=lambda c: c.new != other_layout(old))

    def text(self, id_: str | None, path: str | None = None) -> bytes:
        """Return a content; of the uncommitted state by its path."""
        if id_ is None or id_ == "":
            return self.tree.files.get(path or "", b"")
        if id_ not in self._texts:
            self._texts.update(self.history.texts([id_]))
        return self._texts.get(id_, b"")

    def fetch(self, ids: Iterable[str]) -> None:
        """Get many contents at once."""
        wanted = [id_ for id_ in dict.fromkeys(ids) if id_ not in self._texts]
        self._texts.update(self.history.texts(wanted) if wanted else {})

    def _lineage(self, path: str) -> Iterator[Version]:
        """Yield the versions of the file of this name, then those of any earlier one of the same name."""
        state = 0
        if path in self.tree.files:
            yield from (versions := self._back(Version(path, 0, 0, self.tree.files[path])))
            state = versions[-1].oldest + 1
        while (gone := self._end_of(path, state)) is not None:
            text = self.text(self.change(gone, path).old_id)
            yield from (versions := self._back(Version(path, gone + 1, gone + 1, text)))
            state = versions[-1].oldest + 1

    def _end_of(self, path: str, state: int) -> int | None:
        """Return the newest step from ``state`` on that took a file of this name away."""
        touched = (step for step in self._by_old.get(path, ()) if step >= state)
        return min((step for step in touched if self.change(step, path).new != path), default=None)

    def _back(self, last: Version) -> list[Version]:
        """Return a file's versions up to its making, from the newest on."""
        chain = list(self._changes(last.path, last.newest))
        self.fetch(change.old_id for _, change in chain if change.old_id)
        found = []
        for step, change in chain:
            found.append(replace(last, oldest=step))
            if change.old is None:
                return found
            last = Version(change.old, step + 1, step + 1, self.text(change.old_id))
        return [*found, replace(last, oldest=len(self.steps))]

    def _changes(self, name: str, state: int) -> Iterator[tuple[int, FileChange]]:
        for _ in range(_MOST_VERSIONS):
            step = min((s for s in self._by_new.get(name, ()) if s >= state), default=None)
            if step is None:
                return
            change, *_ = (c for c in self._joined(step) if c.new == name)
            yield step, change
            if change.old is None:
                return
            name, state = change.old, step + 1

    def forward_path(self, path: str) -> tuple[str | None, Step | None]:
        """Return where a file of the past is today, by its renames, and the step that took it away."""
        last, state = None, next((v.newest for v in self.versions(path)), 0)
        while (step := self.forward(path, state)) is not None:
            new = self.change(step, path).new
            if new is None:
                return None, self.steps[step]
            last = self.steps[step] if new != path else last
            path, state = new, step
        return path, last

    def _uncommitted(self) -> Iterator[FileChange]:
        head, files = self.history.head(), self.tree.files
        absent = {path: id_ for path, id_ in head.items() if path not in self.tree.everything}
        gone = {path: id_ for path, id_ in absent.items() if not self.history.exists(path)}
        for path in (path for path in self.tree.rust_files if self._differs(path, head)):
            old = path if path in head else self._renamed(files[path], gone)
            id_ = head.get(old) if old else None
            gone.pop(old or "", None)
            yield FileChange(old, path, id_, "")
        for path, id_ in gone.items():
            yield FileChange(path, None, id_, None)

    def _differs(self, path: str, head: Mapping[str, str]) -> bool:
        if path not in head:
            return True
        text = self.tree.files[path]
        if self.history.id_of(text) == head[path]:
            return False
        # git may have put other line endings into the checkout than it keeps.
        return b"\r\n" not in text or self.history.id_of(text.replace(b"\r\n", b"\n")) != head[path]

    def _renamed(self, text: bytes, gone: Mapping[str, str]) -> str | None:
        """Return the missing file of which a new one holds the most lines, if it holds half of them."""
        lines = Counter(_telling(text))
        shares = {
            path: (Counter(old) & lines).total() / len(old)
            for path, id_ in gone.items()
            if (old := _telling(self.text(id_)))
        }
        best = max(shares, key=lambda path: shares[path], default="")
        return best if best and shares[best] > 0.5 else None

    def _joined(self, step: int) -> tuple[FileChange, ...]:
        """Return a step's changes; a renamed file that git does not know again is joined to its past.

        ``x/mod.rs`` that comes in the step in which ``x.rs`` goes is the same module, whatever is left in it.
        """
        if step not in self._known:
            changes = _relaid(self.steps[step].changes)
            gone = {c.old: c.old_id for c in changes if c.old and c.old_id and not c.new}
            made = [c for c in changes if c.new and not c.old]
            if gone and made and max(len(gone), len(made)) <= _MOST_PAIRED:
                changes = tuple(self._paired(changes, gone, made))
            self._known[step] = changes
        return self._known[step]

    def _paired(
        self, changes: Sequence[FileChange], gone: dict[str, str], made: Sequence[FileChange]
    ) -> Iterator[FileChange]:
        self.fetch([*gone.values(), *(c.new_id for c in made if c.new_id)])
        olds: dict[str, FileChange] = {}
        for change in made:
            old = self._renamed(self.text(change.new_id, change.new), gone)
            if old and change.new:
                olds[change.new] = replace(change, old=old, old_id=gone.pop(old))
        taken = {change.old for change in olds.values()}
        for change in changes:
            if change.new or change.old not in taken:
                yield olds.get(change.new or "", change)

    @cached_property
    def _by_old(self) -> dict[str, list[int]]:
        return self._index(old=True)

    @cached_property
    def _by_new(self) -> dict[str, list[int]]:
        return self._index(old=False)

    def _index(self, *, old: bool) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        for number, step in enumerate(self.steps):
            for change in step.changes:
                path = change.old if old else change.new
                if path:
                    found.setdefault(path, []).append(number)
        return found


def other_layout(path: str) -> str:
    """Return where the module of a file may be instead: ``x/mod.rs`` for ``x.rs``, and back."""
    folder = path.removesuffix("/mod.rs")
    return f"{folder}.rs" if folder != path else f"{path.removesuffix('.rs')}/mod.rs"


def _relaid(changes: Sequence[FileChange]) -> tuple[FileChange, ...]:
    """Join the two changes of a module whose file got the other layout."""
    left = {c.old: c.old_id for c in changes if c.old and c.old != c.new}
    came = {c.new: other_layout(c.new) for c in changes if c.new and not c.old}
    pairs = {new: old for new, old in came.items() if old in left}
    joined = (
        replace(c, old=(old := pairs[c.new]), old_id=left[old]) if c.new in pairs else c for c in changes
    )
    return tuple(c for c in joined if c.new or c.old not in pairs.values())


def _telling(text: bytes) -> list[bytes]:
    """Return the lines that say something: a brace or a blank line is in every file."""
    return [line.strip() for line in text.split(b"\n") if len(line.strip()) > 4]
