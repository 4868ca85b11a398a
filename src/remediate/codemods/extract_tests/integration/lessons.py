"""What rustc, and the proof of same definitions, said of promoted tests."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from remediate.edits import Change, Promotion
from remediate.model import Diagnostic, Files, Options, Skip, Span
from remediate.rust.items import items
from remediate.rust.lexer import TokenKind, tokens
from remediate.rust.syntax import Source
from remediate.rust.use_tree import leaves, use_tree

_MOST_ROUNDS = 3
_UNRESOLVED = {"E0432", "E0603"}


@dataclass(frozen=True)
class Lessons:
    """What a plan has to heed.

    Attributes:
        demoted: Why test modules, by their path in the harness, are not promoted.
        dropped: What is unused: the new file, and the path as it is imported, or ``extern crate x;``.
        unresolved: Imports that lead nowhere from outside, written likewise. Perhaps nothing needed them.
        rounds: How often something was learnt.
    """

    demoted: Mapping[str, Skip] = field(default_factory=dict)
    dropped: frozenset[tuple[str, str]] = frozenset()
    unresolved: frozenset[tuple[str, str]] = frozenset()
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
    options: Options
    lessons: Lessons


def learnt(change: Change, lessons: Lessons, diagnostics: Sequence[Diagnostic], files: Files) -> Lessons:
    """Return the lessons with what diagnostics of the change teach.

    An import that is unused everywhere goes, and at first one that leads nowhere; whatever else is said of a
    promoted module demotes it, and what is said of other files demotes all. After some rounds nothing is
    tried any more.
    """
    by_file = {p.file: p for p in change.promotions}
    demoted, dropped = dict(lessons.demoted), set(lessons.dropped)
    errors = any(d.level == "error" for d in diagnostics)
    texts = change.result(files)
    lost = set() if lessons.rounds else _unresolved(diagnostics, texts)
    for diagnostic in diagnostics:
        mine = _about(diagnostic, by_file)
        if _is_of_lost(diagnostic, lost):
            continue
        unused = set(_reported(diagnostic, texts)) if _is_unused_import(diagnostic) else set()
        if unused and lessons.rounds < _MOST_ROUNDS - 1:
            if diagnostic.reports == diagnostic.units:
                dropped |= unused
                continue
            if errors:
                continue  # not all configurations were looked at yet
        if diagnostic.level != "error" and errors and lessons.rounds < _MOST_ROUNDS - 1:
            continue
        for promotion in mine or change.promotions:
            demoted.setdefault(promotion.tests, _demotion(promotion, diagnostic))
    return Lessons(demoted, frozenset(dropped), lessons.unresolved | lost, lessons.rounds + 1)


def _unresolved(diagnostics: Sequence[Diagnostic], texts: Mapping[str, bytes | None]) -> set[tuple[str, str]]:
    """Return the imports that lead nowhere from outside: perhaps nothing needs them."""
    said = [d for d in diagnostics if d.code in _UNRESOLVED]
    return {found for diagnostic in said for found in _reported(diagnostic, texts)}


def _is_of_lost(diagnostic: Diagnostic, lost: Collection[tuple[str, str]]) -> bool:
    """Whether a message is about an import that is given up, or about where it should have led."""
    files = {span.path for span in diagnostic.spans} & {file for file, _ in lost}
    return bool(files) and diagnostic.code in {*_UNRESOLVED, "same-definition"}


def _about(diagnostic: Diagnostic, by_file: Mapping[str, Promotion]) -> list[Promotion]:
    paths = [s.path for s in diagnostic.spans if s.primary] or [s.path for s in diagnostic.spans]
    found = [by_file[path] for path in dict.fromkeys(paths) if path in by_file]
    return found or [by_file[s.path] for s in diagnostic.spans if s.path in by_file]


def _is_unused_import(diagnostic: Diagnostic) -> bool:
    return diagnostic.level == "warning" and diagnostic.code == "unused_imports"


def _demotion(promotion: Promotion, diagnostic: Diagnostic) -> Skip:
    sentence = f"{promotion.tests}: {diagnostic.message}"
    match diagnostic.code:
        case "same-definition":
            return Skip("other-definition", sentence)
        case "same-test":
            return Skip("other-meaning", sentence)
        case "test-build":
            return Skip("test-build-differs", sentence)
    code = f"{diagnostic.code}: " if diagnostic.code else ""
    return Skip("rejected-by-rustc", f"{promotion.tests}: {code}{diagnostic.message}")


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
                    alias = "" if leaf.name in (leaf.path[-1], "*") else f" as {leaf.name}"
                    yield "::".join(leaf.path) + ("::*" if leaf.glob else alias)
