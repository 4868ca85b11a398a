"""What rustc, and the proof of same definitions, said of promoted tests."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from remediate.codemods.extract_tests.integration.uses import spelled
from remediate.codemods.extract_tests.options import ExtractOptions
from remediate.edits import OTHER_ENDING, UNREAD_FILE, Change, Promotion
from remediate.model import Diagnostic, Files, Skip, Span
from remediate.rust.syntax.items import Item, items
from remediate.rust.syntax.lexer import TokenKind, tokens
from remediate.rust.syntax.source import Source
from remediate.rust.syntax.use_tree import leaves, use_tree

_TRIES, _TRIES_IN_PARTS = 2, 4
_UNRESOLVED = {"E0432", "E0603"}


@dataclass(frozen=True)
class Lessons:
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
    lessons: Lessons


def learnt(
    change: Change, lessons: Lessons, diagnostics: Sequence[Diagnostic], files: Files, *, parts: bool
) -> Lessons:
    """Return the lessons with what diagnostics of the change teach.

    An import that is unused everywhere goes, and at first one that leads nowhere; whatever else is said of a
    promoted module demotes it, or the item of it that is meant, and what is said of other files demotes all.
    After some rounds nothing is tried any more: later where modules may go in ``parts``.
    """
    demoted, undivided, dropped = dict(lessons.demoted), dict(lessons.undivided), set(lessons.dropped)
    errors = any(d.level == "error" for d in diagnostics)
    texts = change.result(files)
    tries = lessons.rounds < (_TRIES_IN_PARTS if parts else _TRIES)
    lost = set() if lessons.rounds else _unresolved(diagnostics, texts, change.promotions)
    for diagnostic in diagnostics:
        mine = _about(diagnostic, change.promotions)
        if _is_of_lost(diagnostic, lost):
            continue
        unused = set(_reported(diagnostic, texts)) if _is_unused_import(diagnostic) else set()
        # Where warnings are denied, the first feature set is the last one that is checked.
        if unused and tries and (diagnostic.level == "error" or _is_said_by_all(diagnostic, mine)):
            dropped |= unused
            continue
        if tries and errors and (unused or diagnostic.level != "error"):
            continue  # not all configurations were looked at yet
        for promotion in mine or change.promotions:
            item = _item_of(diagnostic, promotion, texts) if tries else ""
            why = _demotion(promotion, diagnostic)
            if not promotion.parts:
                demoted.setdefault(promotion.tests, why)
            (demoted if item else undivided).setdefault(f"{promotion.tests}{item}", why)
    anew = _anew(change.promotions, demoted)
    kept = lessons.dropped | {one for one in dropped if one[0] not in anew}
    lost |= lessons.unresolved
    return Lessons(demoted, undivided, kept, frozenset(lost), lessons.staying, lessons.rounds + 1)


def put_back(change: Change, diagnostics: Sequence[Diagnostic]) -> dict[str, Skip]:
    """Return the new files of unit tests that errors and warnings point into, and why each module stays."""
    promoted = {file for p in change.promotions for file in (p.file, p.rest)}
    found: dict[str, Skip] = {}
    for diagnostic in diagnostics:
        files = {s.path for s in diagnostic.spans if s.primary} & change.test_files.keys() - promoted
        for file in sorted(files):
            found.setdefault(file, _staying(change.test_files[file], diagnostic))
    return found


def _anew(promotions: Sequence[Promotion], demoted: Collection[str]) -> set[str]:
    """Return the files that tests leave, or come to: what is unused there has to be asked again."""
    parted = [p for p in promotions if any(f"{p.tests}::{part}" in demoted for part in p.parts)]
    return {file for p in parted for file in (p.file, p.rest)}


def _unresolved(
    diagnostics: Sequence[Diagnostic], texts: Mapping[str, bytes | None], promotions: Sequence[Promotion]
) -> set[tuple[str, str]]:
    """Return the imports that lead nowhere from outside: perhaps nothing needs them.

    Left out is what a test of a divided module imports for itself: such a test can stay where it was.
    """
    said = [d for d in diagnostics if d.code in _UNRESOLVED]
    parted = [p for p in promotions if p.parts]
    asked = (d for d in said if not any(_item_of(d, p, texts) for p in parted))
    return {found for diagnostic in asked for found in _reported(diagnostic, texts)}


def _is_of_lost(diagnostic: Diagnostic, lost: Collection[tuple[str, str]]) -> bool:
    """Whether a message is about an import that is given up, or about where it should have led."""
    files = {span.path for span in diagnostic.spans} & {file for file, _ in lost}
    return bool(files) and diagnostic.code in {*_UNRESOLVED, "same-definition"}


def _about(diagnostic: Diagnostic, promotions: Sequence[Promotion]) -> list[Promotion]:
    """Return the promotions whose files, that of the rest of a divided module too, a message points at."""
    paths = [s.path for s in diagnostic.spans if s.primary] or [s.path for s in diagnostic.spans]
    found = [p for path in dict.fromkeys(paths) for p in promotions if path in (p.file, p.rest)]
    every = {s.path for s in diagnostic.spans}
    return found or [p for p in promotions if not every.isdisjoint({p.file, p.rest})]


def _item_of(diagnostic: Diagnostic, promotion: Promotion, texts: Mapping[str, bytes | None]) -> str:
    """Return the item of a promoted module that a message is about, ``::name``; "" where there is none."""
    spans = [s for s in diagnostic.spans if s.primary]
    here = bool(spans) and all(s.path == promotion.file for s in spans)
    found = items(Source(promotion.file, texts.get(promotion.file) or b"")) if here else ()
    names = {i.name for i in found for s in spans if _is_about(s, i)}
    one = names.pop() if len(names) == 1 else None
    return f"::{one}" if one else ""


def _is_about(span: Span, item: Item) -> bool:
    """Whether a span lies in an item; the empty one of a gate's own message may name it."""
    return item.lead <= span.start < item.tail if span.end else span.label == item.name


def _is_said_by_all(diagnostic: Diagnostic, mine: Sequence[Promotion]) -> bool:
    """Whether each compilation that could have said it did: of the rest of a module those for tests."""
    inside = {s.path for s in diagnostic.spans if s.primary} <= {p.rest for p in mine}
    return diagnostic.reports * (2 if inside else 1) >= diagnostic.units


def _is_unused_import(diagnostic: Diagnostic) -> bool:
    return diagnostic.code == "unused_imports"  # an error where the crate denies warnings


def _demotion(promotion: Promotion, diagnostic: Diagnostic) -> Skip:
    sentence = f"{promotion.tests}: {diagnostic.message}"
    if (skip := _once_moved(promotion.tests, diagnostic)) is not None:
        return skip
    match diagnostic.code:
        case "same-definition":
            return Skip("other-definition", sentence)
        case "same-test":
            return Skip("other-meaning", sentence)
        case "test-build":
            return Skip("test-build-differs", sentence)
    code = f"{diagnostic.code}: " if diagnostic.code else ""
    return Skip("rejected-by-rustc", f"{promotion.tests}: {code}{diagnostic.message}")


def _staying(module: str, diagnostic: Diagnostic) -> Skip:
    module = module or "tests beside the code"
    if (skip := _once_moved(module, diagnostic)) is not None:
        return skip
    code = f"{diagnostic.code}: " if diagnostic.code else ""
    return Skip("rejected-by-rustc", f"{module}: {code}{diagnostic.message}")


def _once_moved(module: str, diagnostic: Diagnostic) -> Skip | None:
    """Return why tests stay that do not do elsewhere what they did, None for another message."""
    sentence = f"{module}: once moved, {diagnostic.message}"
    if diagnostic.code == OTHER_ENDING:
        return Skip("ends-otherwise", sentence)
    return Skip("data-by-location", sentence) if diagnostic.code == UNREAD_FILE else None


def _reported(diagnostic: Diagnostic, texts: Mapping[str, bytes | None]) -> Iterator[tuple[str, str]]:
    for span in diagnostic.spans:
        if span.primary:
            text = texts.get(span.path) or b""
            yield from ((span.path, path) for path in (*_paths_at(text, span), *_crates_at(text, span)))


def _crates_at(text: bytes, span: Span) -> Iterator[str]:
    """Yield the ``extern crate`` that a span, which may be that of its attribute, is about."""
    for item in items(Source("main.rs", text)):
        if item.kind == "extern crate" and item.lead <= span.start < item.end:
            yield text[item.start : item.end].decode(errors="replace")


def _paths_at(text: bytes, span: Span) -> Iterator[str]:
    """Yield each imported path, as it was planned, whose leaf a span covers."""
    code = [t for t in tokens(text) if t.kind is not TokenKind.COMMENT]
    starts = [t.start for t in code if t.text == b"use" and t.start <= span.end]
    for start in starts:
        end = next((t.end for t in code if t.start >= start and t.text == b";"), len(text))
        if start <= span.start < end or span.start <= start < span.end:
            for leaf in leaves(use_tree(text, start, end)):
                if span.start <= leaf.start < span.end or leaf.start <= span.start < leaf.end:
                    yield spelled(leaf)
