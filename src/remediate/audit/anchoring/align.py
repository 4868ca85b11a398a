"""Claimed lines against today's places, where only the numbers are known.

A list of lines moves as files do: in order, and with shifts that change rarely. So the pairing is the one
that keeps the order, explains the most proofs, and changes its shift the least. Where another pairing would
do nearly as well, the answer is that nobody can tell.
"""

from collections.abc import Iterator, Mapping, Sequence
from enum import Enum

from remediate.audit.document import LineRange

_PROOF = 1e7  # what explaining a proof is worth: more than all shifts of a file together
_LOOKALIKE = 20  # a look-alike needs no explanation; it is taken when it fits
_MOST = 120
_REACH = 4


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
        return [_inside(wanted, places) for wanted in claimed]
    return _Pairing(claimed, places).answer()


def _inside(wanted: LineRange, places: Mapping[int, bool]) -> Aligned:
    return next((line for line in sorted(places) if wanted.first <= line <= wanted.last), Unsure.UNSURE)


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
