"""Without a past: may the place on a claimed line be another one that has moved there since?

Where places stand close together, a line number that fits proves little: the whole file may have moved by as
many lines as lie between two of them. The lines that the audit names nearby tell, for a file moves as a
whole: a shift that explains them as well as no shift at all leaves the claim open.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import NamedTuple

from remediate.audit.anchoring.evidence import Found, evidence, is_telling
from remediate.audit.anchoring.hits import Hit
from remediate.audit.anchoring.resolve import Kind, resolve
from remediate.audit.document import Claim, LineRange
from remediate.audit.rules.catalog import Evidence, rule
from remediate.audit.rules.phrases import lines_with
from remediate.audit.tree import Tree

_FARTHEST = 60  # lines that a file may well have moved by
_WIDE = 5  # a range of so many lines says "somewhere here", and no shift would show
_NEAR_CLAIMS = 12  # at this distance in the audit a claim's word counts half, it may be of another day
_FARTHEST_CLAIMS = 100
_NEAR_LINES = 200  # at this distance in the file a line's word counts half, there may be edits in between
_CLEAR = 1.05  # how many times better no shift has to be than the best shift


class _Near(NamedTuple):
    """A claimed line nearby, what it counts, and the lines of its file that prove its rule."""

    weight: float
    lines: LineRange
    proofs: set[int]


class Coincidence:
    """Judges whether claimed lines that hold a place may hold it by chance."""

    def __init__(self, tree: Tree, claims: Sequence[Claim]) -> None:
        self._tree = tree
        self._claims = claims
        self._quoted: dict[tuple[str, str], frozenset[int]] = {}

    def possible(
        self, claim: Claim, path: str, found: Found, lines: LineRange, places: Sequence[Hit]
    ) -> bool:
        """Whether the places on claimed lines of a file may be others than those that the claim meant."""
        if lines.last - lines.first >= _WIDE or self._confirmed(claim, path, found, places):
            return False
        own = {hit.line for hit in (*found.proofs, *found.others)}
        if own <= {line for near in claim.lines for line in range(near.first, near.last + 1)}:
            return False  # the claim names all there are
        around = list(self._around(claim, path, lines))
        staying = _support(around, 0)
        if sum(near.weight for near in around) > 2 * staying:
            return True
        shifts = {line - lines.first for line in own if abs(line - lines.first) <= _FARTHEST}
        shifts -= set(range(lines.last - lines.first + 1))
        return any(1 + staying < _CLEAR * (1 + _support(around, shift)) for shift in shifts)

    def _confirmed(self, claim: Claim, path: str, found: Found, places: Sequence[Hit]) -> bool:
        """Whether more than the number says that it is this place: its text, its words, its function."""
        if found.quoted and rule(claim.rule).evidence is Evidence.COMMENT:
            return True
        if any(hit in found.meant for hit in places) or (len(found.named) == 1 and found.named[0] in places):
            return True
        return any(hit.line in self._quoted_lines(claim, path) for hit in places)

    def _quoted_lines(self, claim: Claim, path: str) -> frozenset[int]:
        if (claim.id, path) not in self._quoted:
            source, quotes = self._tree.source(path), (claim.site_text, *claim.quotes)
            found = (line for quote in quotes if is_telling(quote) for line in lines_with(source, quote))
            self._quoted[claim.id, path] = frozenset(found)
        return self._quoted[claim.id, path]

    def _around(self, claim: Claim, path: str, lines: LineRange) -> Iterator[_Near]:
        """Yield the other claimed lines of the file, the nearer the weightier."""
        known, at = self._by_path.get(path, []), self._order[claim.id]
        first = bisect_left(known, at - _FARTHEST_CLAIMS, key=lambda entry: entry[0])
        for number, other, proofs in known[first:]:
            if number > at + _FARTHEST_CLAIMS:
                return
            for near in other.lines:
                if (other is not claim or near != lines) and near.last - near.first < _WIDE:
                    apart = abs(near.first - lines.first)
                    weight = _half((number - at) / _NEAR_CLAIMS) * _half(apart / _NEAR_LINES)
                    yield _Near(weight, near, proofs)

    @cached_property
    def _order(self) -> dict[str, int]:
        return {claim.id: number for number, claim in enumerate(self._claims)}

    @cached_property
    def _by_path(self) -> dict[str, list[tuple[int, Claim, set[int]]]]:
        """Every claim about lines of a file of today, with the lines that prove its rule."""
        found: dict[str, list[tuple[int, Claim, set[int]]]] = {}
        for number, claim in enumerate(self._claims):
            tells = claim.lines and rule(claim.rule).evidence in (Evidence.CODE, Evidence.COMMENT)
            there = resolve(self._tree, claim.path) if tells else None
            if there and there.kind is Kind.FILE and there.paths[0] in self._tree.files:
                source = self._tree.source(there.paths[0])
                known = evidence(source, claim)
                proofs = {hit.line for hit in (*known.proofs, *known.others)}
                found.setdefault(there.paths[0], []).append((number, claim, proofs))
        return found


def _support(around: Sequence[_Near], shift: int) -> float:
    """Return how much claimed lines speak for a shift: the weights of those that hold a place there."""
    return sum(
        near.weight
        for near in around
        if any(line + shift in near.proofs for line in range(near.lines.first, near.lines.last + 1))
    )


def _half(distance: float) -> float:
    return 1 / (1 + distance**2)
