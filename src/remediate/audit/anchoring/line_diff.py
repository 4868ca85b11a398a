"""Which lines of a text are which lines of a later one: a patience diff.

Lines that occur once in both texts and keep their order are sure; between two of them the same question is
asked again. That keeps a common ``}`` from being taken for another one.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise

_SMALL = 400  # lines without any sure one among them: what is still worth an exact comparison


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
