"""Where a line of the past is today: step by step, through edits, renames and moves between files.

Lines are paired by a patience diff: those that occur once in both texts and keep their order are sure;
between two of them the same question is asked again. So no common ``}`` is taken for another one.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise

from remediate.audit.anchoring.timeline import Timeline

Proves = Callable[[bytes], frozenset[int]]
"""The lines (from 1) of a text that prove the claim's rule."""

_ALIKE = 0.5  # share of equal characters from which a changed line still is the line
_AROUND = 4
_NEIGHBOURS = 0.25  # share of neighbouring lines that must have moved along
_SMALL = 400  # lines without any sure one among them: what is still worth an exact comparison


@dataclass(frozen=True, slots=True)
class Place:
    """A line (from 1) of a file in a state; ``gone`` is the step that took it away, if one did."""

    path: str
    line: int
    state: int
    gone: int | None = None


def track(timeline: Timeline, place: Place, proves: Proves) -> Place:
    """Follow a line to today; where it is changed, it stays itself only if it still proves the rule."""
    while place.gone is None:
        step = timeline.forward(place.path, place.state)
        if step is None:
            return Place(place.path, place.line, 0)
        place = _stepped(timeline, place, step, proves)
    return place


def _stepped(timeline: Timeline, place: Place, step: int, proves: Proves) -> Place:
    changes = timeline.changes(step, place.path)
    old = timeline.text(changes[0].old_id)
    for change in changes:
        if change.new is not None:
            new = timeline.text(change.new_id, change.new)
            line = _within_file(old, new, place.line, proves)
            if line is not None:
                return Place(change.new, line, step)
    elsewhere = _elsewhere(timeline, old, place.line, step, proves)
    return Place(*elsewhere, step) if elsewhere else Place(place.path, place.line, step + 1, gone=step)


def _within_file(old: bytes, new: bytes, line: int, proves: Proves) -> int | None:
    """Return the line in the next version of the file: unchanged, or changed where it stands."""
    before, after = _lines(old), _lines(new)
    same = pairs(before, after)
    known = next((j for i, j in same if i == line - 1), None)
    if known is not None:
        return known + 1
    for hunk in hunks(same, len(before), len(after)):
        if hunk.old[0] <= line - 1 < hunk.old[1]:
            olds = [i for i in range(*hunk.old) if i + 1 in proves(old) or i == line - 1]
            news = [j for j in range(*hunk.new) if j + 1 in proves(new)]
            return _within_hunk(
                [before[i] for i in olds], [after[j] for j in news], olds.index(line - 1), news
            )
    return None


def _within_hunk(
    before: Sequence[bytes], after: Sequence[bytes], own: int, lines: Sequence[int]
) -> int | None:
    """Pair the proofs that a hunk replaced with those it brought, in order, by how alike their lines are."""
    paired = _best_pairs([[_alike(old, new) for new in after] for old in before])
    return lines[paired[own]] + 1 if own in paired else None


def _lines(text: bytes) -> list[bytes]:
    """Split a text, without the blanks at the ends of lines: git may write other line ends than it keeps."""
    return [line.rstrip() for line in text.split(b"\n")]


def _best_pairs(alike: Sequence[Sequence[float]]) -> dict[int, int]:
    """Return the pairs, in order on both sides, that are most alike in sum."""
    rows, columns = len(alike), len(alike[0]) if alike else 0
    best = [[0.0] * (columns + 1) for _ in range(rows + 1)]
    for i in range(rows - 1, -1, -1):
        for j in range(columns - 1, -1, -1):
            best[i][j] = max(best[i + 1][j], best[i][j + 1], best[i + 1][j + 1] + alike[i][j])
    found, i, j = dict[int, int](), 0, 0
    while i < rows and j < columns:
        if alike[i][j] and best[i][j] == best[i + 1][j + 1] + alike[i][j]:
            found[i] = j
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1
    return found


def _alike(old: bytes, new: bytes) -> float:
    old, new = old.strip(), new.strip()
    ratio = (
        SequenceMatcher(None, old, new, autojunk=False).ratio()
        if max(len(old), len(new)) < 500
        else old == new
    )
    return float(ratio) if ratio >= _ALIKE else 0.0


def _elsewhere(
    timeline: Timeline, old: bytes, line: int, step: int, proves: Proves
) -> tuple[str, int] | None:
    """Find a line that a step took away among those it brought: the same text among the same neighbours."""
    before = [text.strip() for text in old.split(b"\n")]
    wanted, around = before[line - 1], _around(before, line - 1)
    candidates = [
        (_shared(around, _around(after, j)), path, j + 1)
        for path, after, brought, text in _brought(timeline, step, wanted)
        for j in brought
        if after[j] == wanted and j + 1 in proves(text)
    ]
    best = max(candidates, default=(0.0, "", 0))
    return (best[1], best[2]) if best[0] >= _NEIGHBOURS else None


def _brought(
    timeline: Timeline, step: int, wanted: bytes
) -> Iterator[tuple[str, list[bytes], list[int], bytes]]:
    """Yield each file that holds the wanted line after a step: path, stripped lines, new lines, text."""
    changes = timeline.steps[step].changes
    timeline.fetch(id_ for change in changes for id_ in (change.old_id, change.new_id) if id_)
    for change in changes:
        if change.new is None or wanted not in (text := timeline.text(change.new_id, change.new)):
            continue
        after, before = _lines(text), _lines(timeline.text(change.old_id) if change.old_id else b"")
        kept = {j for _, j in pairs(before, after)}
        brought = [j for j in range(len(after)) if j not in kept]
        yield change.new, [line.strip() for line in after], brought, text


def _around(lines: Sequence[bytes], index: int) -> list[bytes]:
    """Return the nearest lines that say something, above and below."""
    above = [line for line in lines[max(0, index - 3 * _AROUND) : index] if _says(line)][-_AROUND:]
    below = [line for line in lines[index + 1 : index + 1 + 3 * _AROUND] if _says(line)][:_AROUND]
    return above + below


def _says(line: bytes) -> bool:
    return any(chr(byte).isalnum() for byte in line)


def _shared(first: Sequence[bytes], second: Sequence[bytes]) -> float:
    if not first:
        return 1.0
    rest = list(second)
    shared = 0
    for line in first:
        if line in rest:
            rest.remove(line)
            shared += 1
    return shared / len(first)


@dataclass(frozen=True, slots=True)
class Hunk:
    """Lines ``old`` (start, end) that were replaced by lines ``new``; from 0, ends excluded."""

    old: tuple[int, int]
    new: tuple[int, int]


def pairs(old: Sequence[bytes], new: Sequence[bytes]) -> list[tuple[int, int]]:
    """Return the indexes of equal lines that are the same line, in order."""
    return list(_pairs(old, new, (0, len(old)), (0, len(new))))


def hunks(same: Sequence[tuple[int, int]], old_count: int, new_count: int) -> Iterator[Hunk]:
    """Yield what lies between the lines that stayed."""
    at_old, at_new = 0, 0
    for i, j in [*same, (old_count, new_count)]:
        if i > at_old or j > at_new:
            yield Hunk((at_old, i), (at_new, j))
        at_old, at_new = i + 1, j + 1


def _pairs(
    old: Sequence[bytes], new: Sequence[bytes], a: tuple[int, int], b: tuple[int, int]
) -> Iterator[tuple[int, int]]:
    stack = [(a, b)]
    found: list[tuple[int, int]] = []
    while stack:
        (a0, a1), (b0, b1) = stack.pop()
        while a0 < a1 and b0 < b1 and old[a0] == new[b0]:
            found.append((a0, b0))
            a0, b0 = a0 + 1, b0 + 1
        while a0 < a1 and b0 < b1 and old[a1 - 1] == new[b1 - 1]:
            a1, b1 = a1 - 1, b1 - 1
            found.append((a1, b1))
        if a0 == a1 or b0 == b1:
            continue
        sure = _sure(old, new, (a0, a1), (b0, b1))
        if sure:
            stack += _between(sure, (a0, a1), (b0, b1))
            found += sure
        elif max(a1 - a0, b1 - b0) <= _SMALL:
            matcher = SequenceMatcher(None, old[a0:a1], new[b0:b1], autojunk=False)
            found += [
                (a0 + m.a + k, b0 + m.b + k) for m in matcher.get_matching_blocks() for k in range(m.size)
            ]
    yield from sorted(found)


def _between(
    sure: Sequence[tuple[int, int]], a: tuple[int, int], b: tuple[int, int]
) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    edges = [(a[0] - 1, b[0] - 1), *sure, (a[1], b[1])]
    return [((i + 1, i2), (j + 1, j2)) for (i, j), (i2, j2) in pairwise(edges)]


def _sure(
    old: Sequence[bytes], new: Sequence[bytes], a: tuple[int, int], b: tuple[int, int]
) -> list[tuple[int, int]]:
    """Return the longest run of lines that are unique in both texts and in the same order."""
    olds, news = Counter(old[a[0] : a[1]]), Counter(new[b[0] : b[1]])
    where = {new[j]: j for j in range(*b) if news[new[j]] == 1}
    common = [(i, where[old[i]]) for i in range(*a) if olds[old[i]] == 1 and old[i] in where]
    return _rising(common)


def _rising(common: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the longest rising subsequence by the second index (patience sorting)."""
    tops: list[int] = []
    piles: list[int] = []
    behind: list[int | None] = []
    for index, (_, j) in enumerate(common):
        pile = bisect_left(tops, j)
        behind.append(piles[pile - 1] if pile else None)
        tops[pile : pile + 1] = [j]
        piles[pile : pile + 1] = [index]
    chain: list[tuple[int, int]] = []
    at = piles[-1] if piles else None
    while at is not None:
        chain.append(common[at])
        at = behind[at]
    return chain[::-1]
