"""What became of a claim, or of part of it: the judgment, and how today's tree alone leads to it.

Where places stand close together, a line number that fits proves little: the whole file may have moved by as
many lines as lie between two of them. The lines that the audit names nearby tell, for a file moves as a
whole: a shift that explains them as well as no shift at all leaves the claim open.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

from remediate.audit import identity
from remediate.audit.anchoring.evidence import Found, can_be_looked_for, evidence, is_telling
from remediate.audit.anchoring.hits import Hit, outlined
from remediate.audit.anchoring.lines import Verdict, reason_of, verdicts
from remediate.audit.anchoring.resolve import Kind, Resolution, resolve
from remediate.audit.document import Claim, LineRange
from remediate.audit.fingerprint import joined
from remediate.audit.markers.classes import Remark
from remediate.audit.markers.detect import classified_at
from remediate.audit.rules.catalog import Evidence, rule
from remediate.audit.rules.phrases import lines_with
from remediate.audit.scan.scopes import Scopes, embedded_tests
from remediate.audit.tree import Tree, is_test_path
from remediate.model import Site, Status
from remediate.quantities import quantity
from remediate.rust.syntax.lexer import line_span
from remediate.rust.syntax.source import Source

_FARTHEST = 60  # lines that a file may well have moved by
_WIDE = 5  # a range of so many lines says "somewhere here", and no shift would show
_NEAR_CLAIMS = 12  # at this distance in the audit a claim's word counts half, it may be of another day
_FARTHEST_CLAIMS = 100
_NEAR_LINES = 200  # at this distance in the file a line's word counts half, there may be edits in between
_CLEAR = 1.05  # how many times better no shift has to be than the best shift
_LONGEST_LINE = 200


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
        own = {hit.line for hit in found.proven}
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
                proofs = {hit.line for hit in known.proven}
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


@dataclass(frozen=True, slots=True)
class Judgment:
    """One status with its evidence.

    Attributes:
        status: What became of the claim.
        reason: The evidence, one sentence.
        fingerprint: Of the finding.
        path: Today's file or folder; "" for the workspace or when nobody knows.
        lines: The claimed lines this is about; None for all.
        moved: Today's lines of what moved.
        sites: Today's places.
    """

    status: Status
    reason: str
    fingerprint: str
    path: str = ""
    lines: tuple[LineRange, ...] | None = None
    moved: tuple[int, ...] = ()
    sites: tuple[Site, ...] = ()


def placeless(claim: Claim, status: Status, reason: str, path: str = "") -> Judgment:
    """Return a judgment that rests on no place in a source file."""
    return Judgment(status, reason, _of_words(claim, path or claim.path), path)


def of_verdicts(tree: Tree, claim: Claim, path: str, alike: Sequence[Verdict]) -> Judgment:
    """Return verdicts of one status about one file as one judgment."""
    status = alike[0].status
    places = sorted({hit for verdict in alike for hit in verdict.places}, key=lambda hit: hit.start)
    prints = identity.of_sites(tree, claim.rule, path, places).values() if places else ()
    return Judgment(
        status,
        reason_of(alike),
        joined(prints) if places else _of_words(claim, path or claim.path),
        path,
        tuple(line for verdict in alike for line in verdict.lines),
        tuple(sorted({hit.line for hit in places})) if status is Status.MOVED else (),
        sites(tree, path, (hit.start for hit in places), claim.rule),
    )


def _of_words(claim: Claim, path: str) -> str:
    return identity.of_claim(claim.rule, path, (claim.title, *claim.quotes))


def sites(tree: Tree, path: str, offsets: Iterable[int], rule_id: str = "") -> tuple[Site, ...]:
    """Return byte offsets of a file as sites: line, column, the line's text, the class of a marker."""
    return tuple(_site(tree, path, offset, rule_id) for offset in offsets)


def _site(tree: Tree, path: str, offset: int, rule_id: str) -> Site:
    text = tree.files[path]
    start, end = line_span(text, offset)
    line = text[start:end].decode(errors="replace").strip()
    kind, note = _class(tree, path, offset, rule_id)
    at = tree.source(path).line_of(offset)
    return Site(path, at, offset - start + 1, line[:_LONGEST_LINE], kind=kind, note=note)


def _class(tree: Tree, path: str, offset: int, rule_id: str) -> Remark:
    """Return what our own audit says of a marker; nothing of other rules."""
    if rule(rule_id).evidence is not Evidence.COMMENT:
        return Remark("", "")
    outline = outlined(tree.files[path])
    if is_test_path(path) or Scopes(outline).covers(offset):
        return Remark("test", "in code that only a test build holds")
    return classified_at(outline, rule_id, offset)


def file_judged(tree: Tree, claim: Claim, found: Resolution, limit: int) -> Iterator[Judgment]:
    """Judge a claim of a rule that whole files prove. ``limit`` is the size that is allowed."""
    judge = _Size(tree, claim, limit) if claim.rule == "large-file" else _Tests(tree, claim)
    if found.kind in (Kind.FILE, Kind.MODULE):
        unread = placeless(claim, Status.UNRESOLVABLE, "it is no source that could be read", found.paths[0])
        own = judge(found.paths[0], certain=True) or unread
        yield from _of_parts(own, [judge(path, certain=False) for path in found.paths[1:]])
        return
    paths = found.paths if found.kind is Kind.FILES else tree.below(found.paths[0])
    each = [judgment for path in paths if (judgment := judge(path, certain=False))]
    yield from each or [placeless(claim, Status.FIXED, "no file there is like that today")]


def _of_parts(own: Judgment, parts: Sequence[Judgment | None]) -> Iterator[Judgment]:
    """Yield what is true of a file, and of the submodules that it has been cut into."""
    still = [part for part in parts if part is not None and part.status is Status.PRESENT]
    if own.status is Status.PRESENT or not still:
        yield own
    for part in still:
        said = f"part of what is {own.path} today: {part.reason}"
        yield replace(part, status=Status.MOVED, reason=said)


def holds(rule: str, source: Source, limit: int) -> bool:
    """Whether a version of a file was as a claim of the rule says."""
    return source.line_count > limit if rule == "large-file" else bool(embedded_tests(source))


@dataclass(frozen=True, slots=True)
class _Size:
    tree: Tree
    claim: Claim
    limit: int

    def __call__(self, path: str, *, certain: bool) -> Judgment | None:
        """Judge one file; None for one that is small or unread and was not accused by name."""
        if path not in self.tree.files:
            return None
        lines = self.tree.source(path).line_count
        if lines <= self.limit and not certain:
            return None
        said = f" (the audit says {self.claim.size})" if self.claim.size is not None and certain else ""
        over = lines > self.limit
        reason = (
            f"{quantity(lines, 'line')} today{said}, {'over' if over else 'within'} the limit of {self.limit}"
        )
        print_ = identity.of_file(self.tree, self.claim.rule, path)
        return Judgment(Status.PRESENT if over else Status.FIXED, reason, print_, path)


@dataclass(frozen=True, slots=True)
class _Tests:
    tree: Tree
    claim: Claim

    def __call__(self, path: str, *, certain: bool) -> Judgment | None:
        if path not in self.tree.files or not path.endswith(".rs"):
            return None
        print_ = identity.of_file(self.tree, self.claim.rule, path)
        offsets = embedded_tests(self.tree.source(path))
        if not self.tree.in_src(path):
            outside = Judgment(Status.MISTAKEN, "the file is not under src/", print_, path)
            return outside if certain else None
        if offsets:
            reason = f"embedded tests today, in {quantity(len(offsets), 'item')}"
            return Judgment(Status.PRESENT, reason, print_, path, sites=sites(self.tree, path, offsets))
        return Judgment(Status.FIXED, "no embedded test today", print_, path) if certain else None


def site_judged(
    tree: Tree, claim: Claim, found: Resolution, chance: Coincidence | None = None
) -> Iterator[Judgment]:
    """Judge a claim, one judgment per status of its lines; ``chance`` where nothing of the past is known."""
    paths = tree.below(found.paths[0]) if found.kind is Kind.FOLDER else found.paths
    texts = [path for path in paths if path in tree.files and path.endswith(".rs")]
    if claim.gone:
        # Of the numbers that were judged together only this one is left: alone it could be taken for another.
        yield placeless(claim, Status.FIXED, "it was gone when that output was made", found.paths[0])
    elif not can_be_looked_for(claim):
        said = "nothing in the claim can be looked for in source: no known rule, no quote, no identifier"
        yield placeless(claim, Status.AMBIGUOUS, said, found.paths[0])
    elif not texts:
        yield placeless(claim, Status.AMBIGUOUS, "it is no Rust source that could be read", found.paths[0])
    elif found.kind is Kind.FILE:
        yield from _by_status(tree, claim, texts[0], chance)
    else:
        yield _pooled(tree, claim, texts, found)


def _by_status(tree: Tree, claim: Claim, path: str, chance: Coincidence | None) -> Iterator[Judgment]:
    known = evidence(tree.source(path), claim)
    each = verdicts(known, claim.lines)
    if chance is not None:
        each = [_doubted(chance, claim, path, known, verdict) for verdict in each]
    for status in dict.fromkeys(verdict.status for verdict in each):
        yield of_verdicts(tree, claim, path, [verdict for verdict in each if verdict.status is status])


def _doubted(chance: Coincidence, claim: Claim, path: str, known: Found, verdict: Verdict) -> Verdict:
    """Revise what only history could show: that this is the place, or that what is gone ever was there."""
    unknown = rule(claim.rule).evidence is Evidence.NONE and not claim.site_text
    if verdict.status is Status.FIXED and unknown:
        return replace(verdict, status=Status.AMBIGUOUS, reason=f"{verdict.reason}, if it ever was")
    if verdict.status is not Status.PRESENT or not verdict.lines:
        return verdict
    (lines,) = verdict.lines
    if not chance.possible(claim, path, known, lines, verdict.places):
        return verdict
    said = "others stand so close that it may be one of them, and no history is there to ask"
    return replace(verdict, status=Status.AMBIGUOUS, reason=f"{verdict.reason}, but {said}")


def _pooled(tree: Tree, claim: Claim, paths: Sequence[str], found: Resolution) -> Judgment:
    """Judge a claim about several files, or about one that has become several, as a whole."""
    each = {path: evidence(tree.source(path), claim) for path in paths}
    places = {path: e.proofs or e.others for path, e in each.items() if e.proofs or e.others}
    where = found.paths[0] if found.kind is not Kind.FILES else ""
    became = f"the file is {where} today; " if found.kind is Kind.MODULE else ""
    if not places:
        looks = any(e.lookalikes for e in each.values())
        said = "only other words or comments are there" if looks else "nothing of the kind is there today"
        return placeless(claim, Status.MISTAKEN if looks else Status.FIXED, became + said, where)
    return Judgment(
        Status.MOVED if found.kind is Kind.MODULE else Status.PRESENT,
        f"{became}places today: {sum(map(len, places.values()))}, files: {len(places)}",
        joined(
            print_
            for path, some in places.items()
            for print_ in identity.of_sites(tree, claim.rule, path, some).values()
        ),
        where,
        sites=tuple(
            s for path, some in places.items() for s in sites(tree, path, (h.start for h in some), claim.rule)
        ),
    )
