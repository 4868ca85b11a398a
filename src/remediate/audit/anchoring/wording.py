"""Which of several places the plain words of a claim mean: "`src/a.rs:120` (TODO optimization)".

Words are weaker than a quote: they choose among places that prove the rule anyway, and only where they tell
one from all others.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from remediate.audit.anchoring.hits import Hit
from remediate.audit.readers.mentions import mentions
from remediate.audit.rules.catalog import Evidence, Rule
from remediate.rust.syntax.source import Source

_WORD = re.compile(r"[^\W_]+(?:_+[^\W_]+)*")
_BREAK = re.compile(r"[()\[\]{}\"`*;|\u201c\u201d\u2013\u2014]|\s-\s|[.,:](?=\s|$)")
_COMMENT = re.compile(rb"\s*(?://|\*|/\*)")
_SPREAD = 2
_LONGEST = 12  # words in a row
_LONGEST_TEXT = 2000
_PLAIN = frozenset(
    [
        "about",
        "also",
        "been",
        "before",
        "being",
        "call",
        "calls",
        "code",
        "could",
        "does",
        "file",
        "from",
        "have",
        "here",
        "implementation",
        "implemented",
        "instance",
        "into",
        "line",
        "lines",
        "made",
        "make",
        "more",
        "must",
        "need",
        "needs",
        "only",
        "place",
        "places",
        "replace",
        "should",
        "some",
        "than",
        "that",
        "their",
        "them",
        "then",
        "there",
        "these",
        "they",
        "this",
        "used",
        "uses",
        "using",
        "want",
        "were",
        "what",
        "when",
        "where",
        "which",
        "will",
        "with",
        "without",
        "would",
    ]
)


@dataclass(frozen=True, slots=True)
class _Fit:
    """How many words in a row of a claim a place has, and how many telling ones in all."""

    row: int
    words: int


def meant(source: Source, said: Sequence[str], rule: Rule, places: Sequence[Hit]) -> tuple[Hit, ...]:
    """Return those of a rule's places that a claim's words tell from the others; () when they do not."""
    if len(places) < 2:
        return ()
    runs = [words for text in said for piece in _pieces(text) if (words := _words(piece))]
    telling = frozenset(word for run in runs for word in run if _tells(word, rule))
    if not telling:
        return ()
    lines = source.text.split(b"\n")
    fits = [_fit(runs, telling, _words(_around(lines, hit, rule))) for hit in places]
    row, most = max(fit.row for fit in fits), max(fit.words for fit in fits)
    if row >= 2 and any(fit.row < row for fit in fits):
        return tuple(hit for hit, fit in zip(places, fits, strict=True) if fit.row == row)
    rest = max((fit.words for fit in fits if fit.words < most), default=most)
    clear = tuple(hit for hit, fit in zip(places, fits, strict=True) if fit.words == most)
    return clear if most >= rest + 2 else ()


def _pieces(text: str) -> Iterator[str]:
    """Yield the pieces of a line of prose between paths, numbers, brackets and stops."""
    done = 0
    for found in mentions(text):
        yield from _BREAK.split(text[done : found.start])
        done = max(done, found.end)
    yield from _BREAK.split(text[done:])


def _tells(word: str, rule: Rule) -> bool:
    """Whether a word may tell one place of a rule from another: the rule's own words are at all of them."""
    own = re.search(f"{rule.prose}|{rule.words or '(?!)'}", word, re.IGNORECASE)
    return len(word) > 3 and word not in _PLAIN and not word.isdecimal() and own is None


def _fit(runs: Sequence[Sequence[str]], telling: frozenset[str], words: Sequence[str]) -> _Fit:
    there = f" {' '.join(words)} "
    row = max((_longest(run, telling, there) for run in runs), default=0)
    return _Fit(row, len(telling.intersection(words)))


def _longest(run: Sequence[str], telling: frozenset[str], there: str) -> int:
    """Return how many words of a claim stand in a row at a place too, a telling one among them."""
    for size in range(min(len(run), _LONGEST), 1, -1):
        for start in range(len(run) - size + 1):
            part = run[start : start + size]
            if not telling.isdisjoint(part) and f" {' '.join(part)} " in there:
                return size
    return 0


def _around(lines: Sequence[bytes], hit: Hit, rule: Rule) -> str:
    """Return a place's line; of a comment also the lines in which it goes on."""
    found = [lines[hit.line - 1]]
    if rule.evidence is Evidence.COMMENT:
        for line in lines[hit.line : hit.line + _SPREAD]:
            if not _COMMENT.match(line):
                break
            found.append(line)
    return b" ".join(found).decode(errors="replace")


def _words(text: str) -> list[str]:
    return [match.group().lower() for match in _WORD.finditer(text[:_LONGEST_TEXT])]
