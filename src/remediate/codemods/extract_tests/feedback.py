"""What rustc and the gates said of moved tests, answered: imports go, tests and modules stay."""

import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from remediate.codemods.extract_tests.integration.imports import spelled
from remediate.codemods.extract_tests.integration.target import Promotion, promotions_of
from remediate.codemods.extract_tests.options import ExtractOptions
from remediate.edits import Change
from remediate.feedback import SAME_READS, TEST_RESULTS, Evidence, Feedback, GateFailure, messages
from remediate.model import Diagnostic, Files, Skip, Span
from remediate.rust.syntax.items import Item, items
from remediate.rust.syntax.lexer import TokenKind, code
from remediate.rust.syntax.source import Source
from remediate.rust.syntax.use_tree import leaves, use_tree

_TRIES, _TRIES_IN_PARTS = 2, 4
_UNRESOLVED = {"E0432", "E0603"}
_BY_GATE = {
    "same definitions": Skip("other-definition", ""),
    "same tests": Skip("other-meaning", ""),
    "same library": Skip("test-build-differs", ""),
    TEST_RESULTS: Skip("ends-otherwise", "once moved, "),
    SAME_READS: Skip("data-by-location", "once moved, "),
}
"""Why tests stay of which a gate says no, each with what comes before the gate's own sentence."""


@dataclass(frozen=True)
class Revision:
    """What a plan has to heed.

    Attributes:
        demoted: Why test modules, or single items of them, are not promoted, by their path in the harness.
        undivided: Why test modules are not divided either.
        dropped: What is unused: the new file, and the path as it is imported, or ``extern crate x;``.
        unresolved: Imports that lead nowhere from outside, written likewise. Perhaps nothing needed them.
        staying: Why test modules are not moved at all, by the file they would have moved to.
        rounds: How often something was learnt of promoted tests.
    """

    demoted: Mapping[str, Skip] = field(default_factory=dict)
    undivided: Mapping[str, Skip] = field(default_factory=dict)
    dropped: frozenset[tuple[str, str]] = frozenset()
    unresolved: frozenset[tuple[str, str]] = frozenset()
    staying: Mapping[str, Skip] = field(default_factory=dict)
    rounds: int = 0

    @staticmethod
    def about(file: str, imports: frozenset[tuple[str, str]]) -> frozenset[str]:
        """Return the imports of one file."""
        return frozenset(path for where, path in imports if where == file)

    @property
    def unused_crates(self) -> frozenset[str]:
        """The ``extern crate x;`` that the test target does not need."""
        return frozenset(what for _, what in self.dropped if what.startswith("extern crate "))


@dataclass(frozen=True)
class Memo:
    """What a change with promotions was planned from."""

    path: str
    options: ExtractOptions
    revision: Revision


def learnt(
    change: Change, revision: Revision, feedback: Sequence[Feedback], files: Files, *, parts: bool
) -> Revision:
    """Return the revision with what is said of the change.

    An import that is unused everywhere goes, and at first one that leads nowhere; whatever else is said of a
    promoted module demotes it, or the item of it that is meant, and what is said of other files demotes all.
    After some rounds nothing is tried any more: later where modules may go in ``parts``.
    """
    demoted, undivided, dropped = dict(revision.demoted), dict(revision.undivided), set(revision.dropped)
    errors = any(map(_is_error, feedback))
    texts = change.result(files)
    promotions = promotions_of(change)
    tries = revision.rounds < (_TRIES_IN_PARTS if parts else _TRIES)
    lost = set() if revision.rounds else _unresolved(feedback, texts, promotions)
    for said in feedback:
        mine = _about(said, promotions)
        if lost and _is_about_paths(said) and not _every_path(said).isdisjoint(file for file, _ in lost):
            continue
        unused = set[tuple[str, str]]()
        if isinstance(said, Diagnostic) and said.code == "unused_imports":
            unused.update(_reported(said, texts))
        # Where warnings are denied, the first feature set is the last one that is checked.
        if unused and tries and (_is_error(said) or _is_said_by_all(said, mine)):
            dropped |= unused
            continue
        if tries and errors and (unused or not _is_error(said)):
            continue  # not all configurations were looked at yet
        for promotion in mine or promotions:
            item = _item_of(said, promotion, texts) if tries else ""
            why = _staying(promotion.tests, said)
            if not promotion.parts:
                demoted.setdefault(promotion.tests, why)
            (demoted if item else undivided).setdefault(f"{promotion.tests}{item}", why)
    # Where tests leave a file, or come to it, what is unused has to be asked again.
    parted = [p for p in promotions if any(f"{p.tests}::{part}" in demoted for part in p.parts)]
    anew = {file for p in parted for file in (p.file, p.rest)}
    kept = revision.dropped | {one for one in dropped if one[0] not in anew}
    lost |= revision.unresolved
    return Revision(demoted, undivided, kept, frozenset(lost), revision.staying, revision.rounds + 1)


def rolled_back(change: Change, feedback: Sequence[Feedback]) -> dict[str, Skip]:
    """Return the new files of unit tests that feedback points into, and why each module stays."""
    promoted = {file for p in promotions_of(change) for file in (p.file, p.rest)}
    found: dict[str, Skip] = {}
    for said in feedback:
        files = {*primary_paths(said)} & change.test_files.keys() - promoted
        for file in sorted(files):
            found.setdefault(file, _staying(change.test_files[file], said))
    return found


def primary_paths(said: Feedback) -> tuple[str, ...]:
    """Return the files that feedback points at first of all."""
    if isinstance(said, GateFailure):
        return tuple(one.path for one in said.evidence if one.path)
    return tuple(span.path for span in said.spans if span.primary)


def _every_path(said: Feedback) -> set[str]:
    return set(said.paths) if isinstance(said, GateFailure) else {span.path for span in said.spans}


def _is_error(said: Feedback) -> bool:
    return said.judged if isinstance(said, GateFailure) else said.level == "error"


def _unresolved(
    feedback: Sequence[Feedback], texts: Mapping[str, bytes | None], promotions: Sequence[Promotion]
) -> set[tuple[str, str]]:
    """Return the imports that lead nowhere from outside: perhaps nothing needs them.

    Left out is what a test of a divided module imports for itself: such a test can stay where it was.
    """
    errors = [d for d in messages(feedback) if d.code in _UNRESOLVED]
    parted = [p for p in promotions if p.parts]
    asked = (d for d in errors if not any(_item_of(d, p, texts) for p in parted))
    return {found for diagnostic in asked for found in _reported(diagnostic, texts)}


def _is_about_paths(said: Feedback) -> bool:
    """Whether it is about an import that leads nowhere, or elsewhere than it should."""
    return said.gate == "same definitions" if isinstance(said, GateFailure) else said.code in _UNRESOLVED


def _about(said: Feedback, promotions: Sequence[Promotion]) -> list[Promotion]:
    """Return the promotions whose files, that of the rest of a divided module too, feedback points at."""
    paths = dict.fromkeys(primary_paths(said))
    found = [p for path in paths for p in promotions if path in (p.file, p.rest)]
    return found or [p for p in promotions if not _every_path(said).isdisjoint({p.file, p.rest})]


def _item_of(said: Feedback, promotion: Promotion, texts: Mapping[str, bytes | None]) -> str:
    """Return the item of a promoted module that feedback is about, ``::name``; "" where there is none."""
    here = {*primary_paths(said)} == {promotion.file}
    found = items(Source(promotion.file, texts.get(promotion.file) or b"")) if here else ()
    names = {item.name for item in found if _points_at(said, item)}
    one = names.pop() if len(names) == 1 else None
    return f"::{one}" if one else ""


def _points_at(said: Feedback, item: Item) -> bool:
    """Whether a message points into an item, or a gate's evidence names it."""
    if isinstance(said, GateFailure):
        return any(one.name and one.name == item.name for one in said.evidence)
    return any(span.primary and item.lead <= span.start < item.tail for span in said.spans)


def _is_said_by_all(said: Feedback, mine: Sequence[Promotion]) -> bool:
    """Whether each compilation that could have said it did: of the rest of a module those for tests."""
    if isinstance(said, GateFailure):
        return False
    inside = {*primary_paths(said)} <= {p.rest for p in mine}
    return said.reports * (2 if inside else 1) >= said.units


def _staying(module: str, said: Feedback) -> Skip:
    """Return why tests stay that rustc rejects elsewhere, or that do not do there what they did."""
    module = module or "tests beside the code"
    if not isinstance(said, GateFailure):
        return Skip("rejected-by-rustc", f"{module}: {f'{said.code}: ' if said.code else ''}{said.message}")
    skip = _BY_GATE.get(said.gate) or Skip("rejected-by-rustc", f"{said.gate}: ")
    return replace(skip, sentence=f"{module}: {skip.sentence}{said.sentence}")


def _reported(diagnostic: Diagnostic, texts: Mapping[str, bytes | None]) -> Iterator[tuple[str, str]]:
    for span in diagnostic.spans:
        if span.primary:
            text = texts.get(span.path) or b""
            yield from ((span.path, path) for path in _paths_at(text, span))
            for item in items(Source(span.path, text)):
                # The span may be that of its attribute.
                if item.kind == "extern crate" and item.lead <= span.start < item.end:
                    yield span.path, text[item.start : item.end].decode(errors="replace")


def _paths_at(text: bytes, span: Span) -> Iterator[str]:
    """Yield each imported path, as it was planned, whose leaf a span covers."""
    stream = code(text)
    starts = [t.start for t in stream if t.text == b"use" and t.start <= span.end]
    for start in starts:
        end = next((t.end for t in stream if t.start >= start and t.text == b";"), len(text))
        if start <= span.start < end or span.start <= start < span.end:
            for leaf in leaves(use_tree(text, start, end)):
                if span.start <= leaf.start < span.end or leaf.start <= span.start < leaf.end:
                    yield spelled(leaf)


_STANDARD_MACROS = frozenset(
    b"assert assert_eq assert_ne debug_assert debug_assert_eq debug_assert_ne matches panic todo unreachable"
    b" unimplemented vec format format_args print println eprint eprintln write writeln dbg cfg concat"
    b" stringify env option_env include include_str include_bytes thread_local compile_error".split()
)


def located(change: Change, failure: GateFailure, files: Files) -> GateFailure:
    """Return a failure about unread files as one about the new files of the tests that may have read them.

    ``files`` are the originals.
    """
    if failure.gate != SAME_READS:
        return failure
    readers = (file for path in sorted(failure.paths) for file in _readers(change, path, files))
    return replace(failure, evidence=tuple(map(Evidence, dict.fromkeys(readers))))


def _readers(change: Change, data: str, files: Files) -> list[str]:
    moved = {new: old for old, new in change.moves.items()}
    stood = {new: change.format.get(new) or moved.get(new) for new in change.test_files}
    sources = {new: old for new, old in stood.items() if old is not None}
    named = []
    for new, old in sources.items():
        folder, base = posixpath.split(old.removesuffix(".rs"))
        stem = posixpath.basename(folder) if base == "mod" else base
        if re.search(rf"(?<![A-Za-z0-9]){re.escape(stem)}(?![A-Za-z0-9])", data):
            named.append(new)
    beside = [new for new, old in sources.items() if data.startswith(posixpath.dirname(old) + "/")]
    found = sorted(named or beside or change.test_files)
    after = change.result(files)
    return [file for file in found if _calls_a_macro(after.get(file) or b"")] or found


def _calls_a_macro(text: bytes) -> bool:
    """Whether a macro is called that is not the standard library's."""
    stream = code(text)
    return any(
        name.kind is TokenKind.IDENT and name.text not in _STANDARD_MACROS
        for name, mark, opening in zip(stream, stream[1:], stream[2:], strict=False)
        if mark.text == b"!" and opening.text in (b"(", b"[", b"{")
    )
