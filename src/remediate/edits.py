"""Changes to text as values: byte-range edits, file creations, moves and deletions. Pure.

Edits of one file are against its original bytes, sorted and disjoint; overlap is an error, never a merge.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher
from itertools import accumulate
from pathlib import PurePosixPath
from types import MappingProxyType

from remediate.model import Files


@dataclass(frozen=True, slots=True, order=True)
class Edit:
    """Replace bytes ``start:end`` of the original by ``new``."""

    start: int
    end: int
    new: bytes


@dataclass(frozen=True, slots=True)
class MovedTests:
    """Tests of a library that become those of another target; their names and their results stay.

    Attributes:
        tests: The path of their module in the test harness, the same before and after: ``m::tests``.
        target: The target they are in afterwards, as cargo's messages call it: ``test "it"``.
        root: The file of that target's root.
        crate: The library's name in code, by which they say from outside what they said from within.
        parts: The names of what moves where the module is divided; () where it moves as a whole.
    """

    tests: str
    target: str = ""
    root: str = ""
    crate: str = ""
    parts: tuple[str, ...] = ()

    def holds(self, path: str) -> bool:
        """Whether a path of the library is that of something that moves."""
        inner = path.removeprefix(f"{self.tests}::")
        return inner != path and (not self.parts or inner.partition("::")[0].split()[0] in self.parts)


@dataclass(frozen=True, slots=True)
class RenamedTest:
    """A test that a change gives another path, and so another name.

    Attributes:
        target: Its target, as cargo's messages call it: ``lib``, ``test "it"``.
        old, new: Its name in the harness before and after: ``m::works``, ``m::basics::works``.
    """

    target: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class ManifestEdit:
    """What a change does to a value of a Cargo.toml.

    Attributes:
        path: The manifest.
        key: The keys that lead to the value, without the numbers of tables in an array: ``("test", "path")``.
        value: What it becomes: a string, a table (a new one, or instead of the string that is its
            ``version``), or, as a tuple, what a list gets behind its own.
    """

    path: str
    key: tuple[str, ...]
    value: str | tuple[str, ...] | Mapping[str, object]


@dataclass(frozen=True, slots=True)
class TooLong:
    """A file that is still too long after a change: how many lines it has and may have, and why."""

    path: str
    lines: int
    why: str
    limit: int = 0

    def __str__(self) -> str:
        """Return a sentence for a person."""
        return f"{self.path} has {self.lines} lines: {self.why}"


class OverlapError(ValueError):
    """Two edits touch the same bytes: a bug of the codemod that planned them."""


def apply(text: bytes, edits: Iterable[Edit]) -> bytes:
    """Return ``text`` with all edits made.

    Raises:
        OverlapError: Two edits overlap, or one reaches outside the text.
    """
    pieces, done = [], 0
    for edit in sorted(edits):
        if edit.start < done or not edit.start <= edit.end <= len(text):
            raise OverlapError(f"edit {edit.start}:{edit.end} overlaps or is out of range")
        pieces += [text[done : edit.start], edit.new]
        done = edit.end
    return b"".join([*pieces, text[done:]])


@dataclass(frozen=True, slots=True)
class Change:
    """What a codemod wants done, as a value.

    Attributes:
        summary: The commit's title, in the imperative.
        edits: Edits by the file's original path.
        creations: New files. Creating an existing path is an error unless it is moved away or deleted.
        moves: Old path to new path; edits of a moved file stay keyed by its old path.
        deletions: Files that go.
        format: New paths that rustfmt may format, mapped to the original file whose style decides.
        new_modules: Module names the change introduces; exempt from conservation.
        headings: By new path, the module documentation that the change writes on top of it.
        rewrites: Spans of the originals that become other code, by the original path: what conservation then
            expects in their place. All else is conserved, and so are the comments in the spans.
        comments: The comments that go, by the original path, each as the text of one line comment or block:
            those inside of ``rewrites`` that what the span becomes need not hold.
        generated: New files of code that stood nowhere: nothing of them is conserved.
        api: Public paths that may come, go, or lead to something else: ``small::load``.
        functions: Functions that may do something else, by their path from the crate's name on
            (``small::m::load``, ``small::m::Store::load``), with what is inside of them.
        adds: What the gate "constraints" counts and the change has more of on purpose, by path: a blocking
            call at a caller, ``block_on()``, instead of one in what is called.
        rewritten: Literals that had to change with their place (``include_str!`` paths), old to new spelling.
        adds_tests: The harness's names of tests that the change makes run; no other may be new.
        moved_tests: The tests that get another target; no other may.
        renamed_tests: The tests that get another name; no other may.
        test_files: Each new file of tests that may be rolled back alone, with the path of its module in the
            test harness, "" at the root.
        apart: New files that are committed by themselves, before the rest: neither needs the other.
        notes: What a reviewer should know: what could not be cut, what no check covers.
        manifest: What becomes of values of Cargo.toml; nothing else in it may change.
        too_long: The files that are still too long.
        nearly_too_long: Files that formatting may yet make too long.
        scattered: Files whose contents lie elsewhere afterwards, beside those that move or go.
        first: The rename that may be committed before, for those who want history to be followed.
        claims: What the codemod's own gates have to know of the change, as one line of text in a form of its
            own. The commit keeps it, so that ``remediate verify`` can ask them again.
        partial: Why the change does less than the finding asks; empty when it does all.
        memo: What the codemod wants back in ``refine``; nobody else looks at it.
    """

    summary: str
    edits: Mapping[str, tuple[Edit, ...]] = field(default_factory=lambda: MappingProxyType({}))
    creations: Mapping[str, bytes] = field(default_factory=lambda: MappingProxyType({}))
    moves: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    deletions: frozenset[str] = frozenset()
    format: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    new_modules: frozenset[str] = frozenset()
    headings: Mapping[str, bytes] = field(default_factory=lambda: MappingProxyType({}))
    rewrites: Mapping[str, tuple[Edit, ...]] = field(default_factory=lambda: MappingProxyType({}))
    comments: Mapping[str, tuple[bytes, ...]] = field(default_factory=lambda: MappingProxyType({}))
    generated: frozenset[str] = frozenset()
    api: frozenset[str] = frozenset()
    functions: frozenset[str] = frozenset()
    adds: Mapping[str, Mapping[str, int]] = field(default_factory=lambda: MappingProxyType({}))
    rewritten: Mapping[bytes, bytes] = field(default_factory=lambda: MappingProxyType({}))
    adds_tests: frozenset[str] = frozenset()
    moved_tests: tuple[MovedTests, ...] = ()
    renamed_tests: tuple[RenamedTest, ...] = ()
    test_files: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    apart: frozenset[str] = frozenset()
    notes: tuple[str, ...] = ()
    manifest: tuple[ManifestEdit, ...] = ()
    too_long: tuple[TooLong, ...] = ()
    nearly_too_long: tuple[TooLong, ...] = ()
    scattered: frozenset[str] = frozenset()
    first: "Change | None" = None
    claims: str = ""
    partial: str = ""
    memo: object = field(default=None, compare=False, repr=False)

    @property
    def remarks(self) -> tuple[str, ...]:
        """What a reviewer should know, as sentences."""
        return (*self.notes, *map(str, self.too_long))

    def originals(self) -> tuple[str, ...]:
        """Return the existing files this change reads and replaces, sorted."""
        return tuple(sorted({*self.edits, *self.moves, *self.deletions}))

    def result(self, files: Files) -> dict[str, bytes | None]:
        """Return every touched path with its new bytes, None for a path that goes.

        Raises:
            OverlapError: Edits overlap, or a new file would replace one that stays.
        """
        after: dict[str, bytes | None] = dict.fromkeys({*self.moves, *self.deletions})
        for path in sorted({*self.edits, *self.moves}):
            _place(
                after, files, self.moves.get(path, path), apply(files[path], self.edits.get(path, ())), path
            )
        for path, text in sorted(self.creations.items()):
            _place(after, files, path, text, None)
        return after

    def conserved(self, files: Files) -> dict[str, bytes | None]:
        """Return the result without the headings and files of new code it declares: what has to be conserved.

        Raises:
            OverlapError: As ``result``.
        """
        new = self.generated & self.creations.keys()
        after = {path: text for path, text in self.result(files).items() if path not in new}
        return after | {
            p: _without_heading(after[p] or b"", h) for p, h in self.headings.items() if p in after
        }

    def digests(self) -> dict[str, str]:
        """Return the digest of each file of new code, by path: nothing else says what has to be in it."""
        new = sorted(self.generated & self.creations.keys())
        return {path: hashlib.sha256(self.creations[path]).hexdigest() for path in new}

    def revised(self, files: Files, texts: Files) -> "Change":
        """Return the same change with other final bytes for some of the paths in its result.

        ``texts`` maps resulting paths to new bytes; used after formatting and by ``refine``.
        """
        back = {new: old for old, new in self.moves.items()}
        edits, creations = dict(self.edits), dict(self.creations)
        for path, text in texts.items():
            if path in creations:
                creations[path] = text
            else:
                original = back.get(path, path)
                edits[original] = (difference(files[original], text),)
        counted = [
            replace(t, lines=texts[t.path].count(b"\n")) if t.path in texts else t
            for t in sorted((*self.too_long, *self.nearly_too_long), key=lambda t: t.path)
        ]
        return replace(
            self,
            edits=edits,
            creations=creations,
            too_long=tuple(t for t in counted if t.lines > t.limit),
            nearly_too_long=tuple(t for t in counted if t.lines <= t.limit),
        )


def _place(after: dict[str, bytes | None], files: Files, path: str, text: bytes, source: str | None) -> None:
    occupied = after.get(path) is not None or (path in files and path not in after and path != source)
    if occupied:
        raise OverlapError(f"{path} exists already")
    after[path] = text


def difference(old: bytes, new: bytes) -> Edit:
    """Return the one edit that turns ``old`` into ``new``, without their common ends."""
    limit = min(len(old), len(new))
    head = next((i for i in range(limit) if old[i] != new[i]), limit)
    tail = next((i for i in range(limit - head) if old[-1 - i] != new[-1 - i]), limit - head)
    return Edit(head, len(old) - tail, new[head : len(new) - tail])


def change_between(before: Mapping[str, bytes], after: Mapping[str, bytes | None]) -> Change:
    """Return the change that leads from texts to others, as edits of the lines that differ."""
    old = {path: text for path, text in after.items() if path in before}
    new = {path: text for path, text in after.items() if path not in before and text is not None}
    return Change(
        summary="",
        edits={path: line_edits(before[path], text) for path, text in old.items() if text is not None},
        creations=new,
        deletions=frozenset(path for path, text in old.items() if text is None),
        new_modules=frozenset(module_in(path) for path in new),
    )


_COMMENTS = re.compile(rb"(?:\s|//[^\n]*\n|/\*.*?\*/)*", re.DOTALL)


def _without_heading(text: bytes, heading: bytes) -> bytes:
    """Return a file without its heading, which only comments may stand above: a licence header."""
    above, found, below = text.partition(heading)
    return above + below if found and _COMMENTS.fullmatch(above) else text


def line_edits(old: bytes, new: bytes) -> tuple[Edit, ...]:
    """Return edits of whole lines that turn one text into another."""
    one, two = old.splitlines(keepends=True), new.splitlines(keepends=True)
    starts = [0, *accumulate(map(len, one))]
    codes = SequenceMatcher(None, one, two, autojunk=False).get_opcodes()
    return tuple(
        Edit(starts[a], starts[b], b"".join(two[c:d])) for kind, a, b, c, d in codes if kind != "equal"
    )


def module_in(path: str) -> str:
    """Return the name of the module that a new file holds."""
    place = PurePosixPath(path)
    return place.parent.name if place.stem == "mod" else place.stem
