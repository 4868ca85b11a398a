"""What has become of each line a claim names in one file, by today's text alone.

Where only the numbers are known, they are aligned: a list of lines moves as files do, in order, and with
shifts that change rarely. So the pairing is the one that keeps the order, explains the most proofs, and
changes its shift the least. Where another pairing would do nearly as well, nobody can tell.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from remediate.audit.anchoring.evidence import Found
from remediate.audit.anchoring.hits import Hit
from remediate.audit.document import LineRange
from remediate.model import Status
from remediate.quantities import quantity

_PROOF = 1e7  # what explaining a proof is worth: more than all shifts of a file together
_LOOKALIKE = 20  # a look-alike needs no explanation; it is taken when it fits
_MOST = 120
_REACH = 4
_LINES = "\0"  # stands for the lines of a verdict


@dataclass(frozen=True, slots=True)
class Verdict:
    """The status of claimed lines, the places it rests on, the evidence in words.

    ``path`` is the file of the places where it is not the one that was asked about.
    """

    status: Status
    lines: tuple[LineRange, ...]
    places: tuple[Hit, ...]
    reason: str
    path: str = ""


def verdicts(found: Found, claimed: Sequence[LineRange]) -> list[Verdict]:
    """Return the verdict on each claimed line, or one on the whole file when none is claimed."""
    if not claimed:
        return [_whole(found)]
    answers: dict[LineRange, Verdict] = {}
    open_: list[LineRange] = []
    for lines in sorted(set(claimed)):
        known = _at_once(lines, found)
        if known:
            answers[lines] = known
        else:
            open_.append(lines)
    answers.update(_paired(found, open_))
    return [answers[lines] for lines in claimed]


def _whole(found: Found) -> Verdict:
    places = found.proofs or found.others
    if places:
        what = f": {places[0].what}" if places[0].what.startswith("it ") else ""
        return Verdict(Status.PRESENT, (), places, f"{quantity(len(places), 'place')} today{what}")
    if found.lookalikes:
        return Verdict(Status.MISTAKEN, (), found.lookalikes, f"only {whats(found.lookalikes)}")
    return Verdict(Status.FIXED, (), (), "nothing of the kind is in the file today")


def _at_once(lines: LineRange, found: Found) -> Verdict | None:
    """Judge a line on which only another rule that the claim names is proven."""
    others = tuple(hit for hit in found.others if hit.line in lines)
    if not others or any(hit.line in lines for hit in found.proofs):
        return None
    return Verdict(Status.PRESENT, (lines,), others, f"line {others[0].line}: {others[0].what}")


def _paired(found: Found, open_: list[LineRange]) -> Iterator[tuple[LineRange, Verdict]]:
    """Pair claimed lines with all places where the words stand: an audit may have pointed at a comment."""
    exact = any(hit.line in lines for hit in found.proofs for lines in open_)
    proofs = found.meant or (found.named if found.named and not exact else found.proofs)
    proven = {hit.line for hit in proofs}
    aligned = align(open_, {hit.line: hit.line in proven for hit in (*proofs, *found.lookalikes)})
    free = proven.difference(a for a in aligned if isinstance(a, int))
    for lines, answer in zip(open_, aligned, strict=True):
        if not isinstance(answer, int):
            yield lines, _unpaired(lines, found, unsure=answer is Unsure.UNSURE)
        elif answer in proven:
            yield (
                lines,
                _proven(
                    lines,
                    answer,
                    [hit for hit in proofs if hit.line == answer or hit.line in lines],
                    by_words=bool(found.meant),
                ),
            )
        else:
            looks = tuple(hit for hit in found.lookalikes if hit.line == answer)
            yield (
                lines,
                _alike(lines, looks, unsure=bool(free or found.others) and looks[0].line not in lines),
            )


def _unpaired(lines: LineRange, found: Found, *, unsure: bool) -> Verdict:
    places = found.proofs or found.others
    count = quantity(len(places), "location")
    if not found.proven and found.lookalikes:
        return Verdict(Status.MISTAKEN, (lines,), found.lookalikes, f"only {whats(found.lookalikes)}")
    if unsure or (found.others and not found.proofs):
        said = f"{count} today, none of them certainly what was at {in_words(lines)}"
        return Verdict(Status.AMBIGUOUS, (lines,), places, said)
    quote = " with the quoted text" if found.quoted else ""
    rest = f"; {count} elsewhere in the file" if found.proofs else ""
    return Verdict(
        Status.FIXED, (lines,), (), f"nothing of the kind{quote} at or near {in_words(lines)}{rest}"
    )


def _proven(lines: LineRange, line: int, places: Sequence[Hit], *, by_words: bool) -> Verdict:
    inside = tuple(hit for hit in places if hit.line in lines)
    if inside:
        return Verdict(Status.PRESENT, (lines,), inside, f"{in_words(lines)}: {inside[0].what}")
    said = f"{in_words(lines)} is line {line} today: {places[0].what}"
    said += " with the words of the audit" if by_words else ""
    return Verdict(Status.MOVED, (lines,), tuple(places), said)


def _alike(lines: LineRange, looks: tuple[Hit, ...], *, unsure: bool) -> Verdict:
    line = in_words(lines) if looks[0].line in lines else f"line {looks[0].line}"
    said = f"{line} is only {whats(looks)}"
    if unsure:
        return Verdict(Status.AMBIGUOUS, (lines,), looks, f"{said}, but there are other places in the file")
    return Verdict(Status.MISTAKEN, (lines,), looks, said)


def in_words(lines: LineRange) -> str:
    """Return claimed lines for a person."""
    return f"line {lines.first}" if lines.first == lines.last else f"lines {lines.first}-{lines.last}"


def reason_of(alike: Sequence[Verdict]) -> str:
    """Return the evidence of several verdicts: what is said of many lines is said once."""
    said: dict[str, list[str]] = {}
    for verdict in alike:
        words = in_words(verdict.lines[0]) if len(verdict.lines) == 1 else ""
        here = verdict.reason.replace(words, _LINES, 1) if words else verdict.reason
        said.setdefault(here, []).append(words.partition(" ")[2])
    told = []
    for reason, numbers in said.items():
        one = len(numbers) == 1 and "-" not in numbers[0]
        listed = ", ".join(numbers)
        words = f"line {listed}" if one else f"lines {listed}"
        verbs = () if one else ((f"{words} is ", f"{words} are "), (f"{words} was ", f"{words} were "))
        text = reason.replace(_LINES, words)
        for singular, plural in verbs:
            text = text.replace(singular, plural)
        told.append(text)
    return "; ".join(one for one in told if not any(one != other and one in other for other in told))


def whats(found: Sequence[Hit]) -> str:
    """Return what places are, for a person."""
    return ", ".join(dict.fromkeys(hit.what for hit in found[:5]))


class Unsure(Enum):
    """More than one pairing explains the numbers."""

    UNSURE = "unsure"


Aligned = int | None | Unsure


def align(claimed: Sequence[LineRange], places: Mapping[int, bool]) -> list[Aligned]:
    """Return for each claimed range its line among ``places``; None for a line that is gone.

    ``claimed`` is sorted; ``places`` maps today's lines to whether they prove anything. Very long lists are
    only matched where the numbers are the same.
    """
    if not claimed or not places:
        return [None] * len(claimed)
    if max(len(claimed), len(places)) > _MOST:
        return [next((line for line in sorted(places) if line in w), Unsure.UNSURE) for w in claimed]
    return _Pairing(claimed, places).answer()


def _shift(wanted: LineRange, line: int) -> int:
    return line - wanted.first if line < wanted.first else max(0, line - wanted.last)


class _Pairing:
    """The cheapest pairings through each pair (claim ``i``, place ``j``), found from both ends."""

    def __init__(self, claimed: Sequence[LineRange], places: Mapping[int, bool]) -> None:
        self.places, self.count = sorted(places), len(claimed)
        self.columns = range(len(self.places))
        self.shift = [[_shift(wanted, line) for line in self.places] for wanted in claimed]
        self.worth = [
            [_PROOF if places[self.places[j]] or not row[j] else _LOOKALIKE for j in self.columns]
            for row in self.shift
        ]
        self.front: list[list[float]] = [[] for _ in claimed]
        self.back: list[list[float]] = [[] for _ in claimed]
        for i in range(self.count):
            self.front[i] = [
                min([abs(self.shift[i][j]), *self._before(i, j)]) - self.worth[i][j] for j in self.columns
            ]
        for i in reversed(range(self.count)):
            self.back[i] = [min([0, *self._behind(i, j)]) for j in self.columns]
        self.through = [
            [f + b for f, b in zip(*rows, strict=True)] for rows in zip(self.front, self.back, strict=True)
        ]
        self.best = min(0, *(min(row) for row in self.through))

    def answer(self) -> list[Aligned]:
        chosen = [self._chosen(row) for row in self.through]
        turns = [self._turn(i, chosen) for i in range(self.count)]
        return [self._sure(i, chosen[i], turns[i], max(turns)) for i in range(self.count)]

    def _chosen(self, row: list[float]) -> int | None:
        j = min(self.columns, key=row.__getitem__)
        return j if row[j] <= self.best else None

    def _turn(self, i: int, chosen: list[int | None]) -> int:
        """How far a pair's shift is from that of the next pair at hand, so from what was to be expected."""
        j = chosen[i]
        if j is None:
            return 0
        near = [k for k in (_nearest(chosen, i, -1), _nearest(chosen, i, 1)) if k is not None]
        others = [self.shift[k][chosen[k] or 0] for k in near] or [0]
        return min(abs(self.shift[i][j] - other) for other in others)

    def _sure(self, i: int, j: int | None, turn: int, most: int) -> Aligned:
        if j is not None and not self.shift[i][j]:
            return self.places[j]
        room = 3 * (most if j is None else turn) + 2
        rivals = [cost for k, cost in enumerate(self.through[i]) if k != j]
        rivals += [self._without(i)] if j is not None else []
        if rivals and min(rivals) <= self.best + room:
            return Unsure.UNSURE
        return None if j is None else self.places[j]

    def _before(self, i: int, j: int) -> Iterator[float]:
        for k in range(max(0, i - _REACH), i):
            for j2 in range(j):
                yield self.front[k][j2] + abs(self.shift[i][j] - self.shift[k][j2])

    def _behind(self, i: int, j: int) -> Iterator[float]:
        for k in range(i + 1, min(self.count, i + 1 + _REACH)):
            for j2 in range(j + 1, len(self.places)):
                turn = abs(self.shift[i][j] - self.shift[k][j2])
                yield self.back[k][j2] + turn - self.worth[k][j2]

    def _without(self, i: int) -> float:
        """The cost of the cheapest pairing that leaves claim ``i`` out."""
        last = (min(self.front[k]) for k in range(i))
        first = (min(self._first(k)) for k in range(i + 1, self.count))
        return min([0, *last, *first, *self._around(i)])

    def _first(self, k: int) -> Iterator[float]:
        for j in self.columns:
            yield abs(self.shift[k][j]) - self.worth[k][j] + self.back[k][j]

    def _around(self, i: int) -> Iterator[float]:
        for k in range(max(0, i - _REACH + 1), i):
            for after in range(i + 1, min(self.count, k + _REACH + 1)):
                for j in self.columns:
                    for j2 in range(j + 1, len(self.places)):
                        turn = abs(self.shift[after][j2] - self.shift[k][j])
                        yield self.front[k][j] + turn - self.worth[after][j2] + self.back[after][j2]


def _nearest(chosen: list[int | None], i: int, step: int) -> int | None:
    i += step
    while 0 <= i < len(chosen):
        if chosen[i] is not None:
            return i
        i += step
    return None
