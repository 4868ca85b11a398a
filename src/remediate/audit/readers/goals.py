"""Sections that set goals, read into values: quality assurance, constraints, completion criteria.

By headings and words; a goal whose words are not known is a goal all the same, with nothing understood of it.
"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from remediate.audit.goals import Demand, Goal, GoalKind
from remediate.audit.readers.rows import Row
from remediate.audit.readers.sections import Unit, announces, is_goal, is_recap, is_review
from remediate.audit.rules.catalog import rules_named

_KINDS = (
    (
        GoalKind.CRITERION,
        r"criteria\b|\bdefinition of done|\bdone when|\bacceptance\b|\bmetrics\b|\bchecklist",
    ),
    (GoalKind.PHASE, r"quality assurance|\bQA\b|\bverification\b|\bvalidation\b|\bcheckpoints?\b"),
    (GoalKind.CONSTRAINT, r"\bconstraints?\b|\brequirements?\b|\bstandards?\b"),
)
_TICK = re.compile(r"\A(?:✅|☑️?|✔️?|❌|⬜)\s*")
_REVIEWS = re.compile(r"\bact as an?\b.{0,60}\bQA\b|^\W*QA\b|\brate\b.{0,80}\b1(?:-| to )10\b", re.IGNORECASE)
_JUDGES = re.compile(r"\bact as\b|\brate\b|\breview\b", re.IGNORECASE)
_EMPHASIS = re.compile(r"\*\*|__")
_NO = r"\b(?:no|zero|never|without|eliminate[ds]?|remove[ds]?|free of|0)\b[^.;]{0,60}?"
_FREE = r"[- ]free\b"
_ALLOCATES = r"allocat(?:ion|ions|ing|e)"

_WORDS: dict[Demand, str] = {
    Demand.IMPLEMENTED: r"\bimplementation phase|complete the technical solution|fully implemented",
    Demand.NO_UNSAFE: rf"{_NO}\bunsafe\b|\bsafe rust\b|unsafe{_FREE}|memory[- ]saf",
    Demand.NO_UNWRAP: rf"{_NO}\bunwraps?\b|unwrap{_FREE}",
    Demand.NO_EXPECT: rf"{_NO}(?<!to )\bexpects?\b(?!\w)(?! (?:to|that))",
    Demand.NO_PANIC: rf"{_NO}\bpanic(?:s|king|!)?(?:\b|(?<=!))|panic{_FREE}",
    Demand.NO_BLOCKING: (
        rf"{_NO}(?:\bblocking\b|\bblock_on\b|\bspawn_blocking\b)(?! (?:issue|compil|bug|release))"
        r"|non-?blocking\b|\bblocking\b[\w -]{0,20}\b(?:violations?|calls?|operations?)\b"
    ),
    Demand.STREAMING: r"\bstreaming\b|\bAsyncStream\b|\bstreams?-(?:first|only|based)\b",
    Demand.LOCK_FREE: (
        rf"\block[- ]?(?:free|less)\b|\bwait-free\b|{_NO}\block(?:s|ing)?\b|{_NO}\b(?:mutex|rwlock)\w*\b"
        r"|atomic operations?\b|\bskipmap\b"
    ),
    Demand.NO_ALLOCATION: (
        rf"\bzero[- ](?:heap[- ])?{_ALLOCATES}\b|{_NO}\b(?:heap )?{_ALLOCATES}\b|{_ALLOCATES}{_FREE}"
        rf"|\bstack[- ]allocated|\b(?:ArrayVec|SmallVec)\b|\barena alloc|\bmemory pools?\b|\bzero-copy\b"
    ),
    Demand.NO_PLACEHOLDERS: (
        rf"{_NO}\b(?:stubs?|mock(?:s|ing)?|placeholders?|temporary|work-?arounds?|shortcuts|non-production)\b"
        r"|(?<!with )\bproduction[- ](?:ready|quality)\b|\bfuture enhancements?\b"
    ),
    Demand.NO_DEBUG_PRINTS: rf"{_NO}e?println!?|{_NO}\bdebug prints?\b|{_NO}\bdbg!",
    Demand.ERROR_HANDLING: (
        r"\berror[- ](?:handling|recovery|types?|messages?|context|propagation|reporting)\b|\bhandle_error\b"
    ),
    Demand.FILE_SIZE: (
        r"\bfiles?\b.{0,40}?(?:under|below|at most|over|exceed\w*|larger than|longer than|<=?|≤|>) ?\d[\d,]*"
        r"(?: ?lines?| ?LOC|\b(?! ?%))|\blarge files?\b|\bfile sizes?\b"
    ),
    Demand.TESTS_IN_TESTS: (
        r"\btests?\b.{0,40}\b(?:extracted|separated|moved)\b|\bextract\b.{0,30}\btests?\b|\bin [`./]*tests/"
        r"|\btests? in (?:a |the )?(?:dedicated|separate)\b"
        rf"|{_NO}\b(?:embedded|inline) tests?\b"
    ),
    Demand.NEXTEST: r"\bnextest\b(?! run\b)",
    Demand.TESTS_PASS: (
        r"\btesting phase|\ball functionality|\btests?\b.{0,40}\bpass|\bnextest run(?:ning)?\b|\bcargo test\b"
        r"|\btest(?:ing)? (?:execution|verification)|\bpass rate"
    ),
    Demand.COVERAGE: r"\bfully tested|\btest coverage|\bcoverage\b",
    Demand.END_TO_END: r"\bend[- ]to[- ]end\b|\be2e\b|\bintegration tests?\b",
    Demand.NO_ERRORS: (
        r"\b(?:zero|no|0)\b (?:compil\w+ )?errors?\b|\b(?:compiles?|builds?) (?:cleanly|without|with)\b"
        r"|\bcargo (?:fmt && cargo )?check\b|\ball packages compile"
        r"|\bcompil(?:e|ation) (?:check|verification)"
    ),
    Demand.NO_WARNINGS: r"\b(?:zero|no|0|without|errors? and|errors? or) (?:\w+ )?warnings?\b",
    Demand.FORMATTED: r"\bcargo fmt\b|\brustfmt\b|\bformatted\b",
    Demand.NO_REGRESSION: (
        r"\bperformance (?:phase|regressions?|benchmark\w*|tests?|verification)|\bbenchmark\w*"
        r"|\bexecution time\b"
    ),
    Demand.FAST: (
        r"\bblazing|\bhot[- ]paths?\b|\binlin(?:e|ed|ing)\b|\bSIMD\b|\bbranch prediction|\bcache efficien"
    ),
    Demand.DOCUMENTED: r"\bdocument(?:ation|ed)\b|\bdocs\b|\busage examples\b",
    Demand.ERGONOMIC: r"\bergonomic\w*|\breadable\b|\bmaintainable\b|\bfluent (?:api|interface|builder)s?",
    Demand.RATING: (
        r"\bQA reviews?\b|\bact as an?\b|\brate (?:the|its|it|this|implementation|quality)\b|\brating\b"
        r"|\bscale of 1\b|\b1-10\b|\b\d+\+? ?/ ?10\b"
    ),
}
_PATTERNS = tuple((demand, re.compile(pattern, re.IGNORECASE)) for demand, pattern in _WORDS.items())
_LINES = re.compile(
    r"(?:under|below|at most|over|exceed\w*|than|<=?|≤|>) ?(?P<number>\d[\d,]*)", re.IGNORECASE
)
_LEAST = re.compile(r"\b(?P<number>10|\d)(?: ?\+| or (?:more|higher|better)| ?/ ?10)", re.IGNORECASE)


class Stated(NamedTuple):
    """A goal, and the lines it takes up."""

    goal: Goal
    lines: tuple[int, ...]


def goals(unit: Unit) -> Iterator[Stated]:
    """Yield the goals that a section sets, in order; of one that accuses, only the reviews it asks for."""
    if not is_goal(unit):
        reviews = (row for row in unit.entries if _REVIEWS.search(row.text))
        yield from (Stated(_goal(unit, [row], GoalKind.PHASE), (row.line,)) for row in reviews)
    if not is_goal(unit) or is_recap(unit):
        return
    stated: list[list[Row]] = []
    behind = False  # whether the row before belongs to a goal
    for row in unit.rows:
        if _states(unit, row):
            stated.append([row])
            behind = True
        elif behind and row.kind == "text" and row.depth == stated[-1][0].depth > 0:
            stated[-1].append(row)
        else:
            behind = False
    for rows in stated:
        yield Stated(_goal(unit, rows, _kind(unit)), tuple(row.line for row in rows))


def _states(unit: Unit, row: Row) -> bool:
    """Whether a goal begins in a row, and not a heading, or prose about goals."""
    if row.line == unit.line:
        return is_review(unit) and bool(_JUDGES.search(row.text))
    if row.kind == "cells":
        return any(header != cell for header, cell in row.cells)
    words = _plain(row.text)
    states = row.kind in ("bullet", "ordered") or (row.kind == "text" and bool(_TICK.match(row.text)))
    return states and bool(words) and not announces(words)


def _goal(unit: Unit, rows: Sequence[Row], kind: GoalKind) -> Goal:
    words = " ".join(_plain(row.text) for row in rows)
    demands = tuple(demand for demand, pattern in _PATTERNS if pattern.search(words))
    rules = rules_named(words) if kind is GoalKind.CRITERION else ()
    first = rows[0]
    return Goal(kind, words, first.line, unit.title, demands, rules, _limit(words, demands), first.checked)


def _kind(unit: Unit) -> GoalKind:
    """Return what the nearest title that says so makes of a goal; a review is a phase."""
    if is_review(unit):
        return GoalKind.PHASE
    for title in (unit.title, *unit.parents):
        for kind, pattern in _KINDS:
            if re.search(pattern, title, re.IGNORECASE):
                return kind
    return GoalKind.CRITERION


def _plain(text: str) -> str:
    return _EMPHASIS.sub("", _TICK.sub("", text)).strip()


def _limit(words: str, demands: tuple[Demand, ...]) -> int | None:
    pattern = _LEAST if Demand.RATING in demands else _LINES if Demand.FILE_SIZE in demands else None
    match = pattern.search(words) if pattern else None
    return int(match.group("number").replace(",", "")) if match else None
