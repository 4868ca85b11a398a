"""Where a line of the past is today: step by step, through edits, renames and moves between files."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from remediate.audit.anchoring.line_diff import hunks, pairs
from remediate.audit.anchoring.timeline import Timeline
from remediate.file_history import FileChange

Proves = Callable[[bytes], frozenset[int]]
"""The lines (from 1) of a text that prove the claim's rule."""

_ALIKE = 0.5  # share of equal characters from which a changed line still is the line
_AROUND = 4
_NEIGHBOURS = 0.25  # share of neighbouring lines that must have moved along


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
        text = _after(timeline, change)
        if change.new is None or wanted not in text:
            continue
        after, before = _lines(text), _lines(timeline.text(change.old_id) if change.old_id else b"")
        kept = {j for _, j in pairs(before, after)}
        brought = [j for j in range(len(after)) if j not in kept]
        yield change.new, [line.strip() for line in after], brought, text


def _after(timeline: Timeline, change: FileChange) -> bytes:
    return timeline.text(change.new_id, change.new) if change.new is not None else b""


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
