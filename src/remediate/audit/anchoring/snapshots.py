"""Which state of the tree each claim was made of: an audit may mix several.

A claim with lines fits the versions of its file in which those lines hold what its rule speaks of. Among them
the state is chosen in which most of the claims around it in the audit fit too; of equals one where the lines
prove the rule, and of those the latest.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from remediate.audit.anchoring.evidence import Found, evidence, may_hold
from remediate.audit.anchoring.resolve import Kind, resolve
from remediate.audit.anchoring.timeline import Timeline, Version
from remediate.audit.document import Claim, LineRange
from remediate.audit.rules.catalog import Evidence, rule
from remediate.rust.syntax.source import Source

_AROUND = 200  # claims before and behind that are asked which state they fit
_NEAR = 12  # at this distance a claim's word counts half


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A version of a file that a claim fits, and the claimed lines that do.

    ``proven`` counts the lines that prove the rule there; the others only look alike.
    """

    version: Version
    true: frozenset[LineRange]
    proven: int = 0


class Snapshots:
    """The snapshots of an audit's claims."""

    def __init__(self, timeline: Timeline, claims: Sequence[Claim]) -> None:
        self.timeline = timeline
        self._found: dict[tuple[object, ...], Found] = {}
        self._claims = claims
        self._order = {claim.id: number for number, claim in enumerate(claims)}
        self._fitting = {claim.id: [*self._fits(claim), *self._sized(claim)] for claim in claims}

    def of(self, claim: Claim) -> Snapshot | None:
        """Return the snapshot of a claim's lines as a whole: where most of them fit."""
        return self._chosen(claim, [s for s in self._fitting.get(claim.id, ()) if s.true])

    def of_line(self, claim: Claim, lines: LineRange) -> Snapshot | None:
        """Return the snapshot of one claimed line that does not fit where the claim as a whole does."""
        return self._chosen(claim, [s for s in self._fitting.get(claim.id, ()) if lines in s.true])

    def likely(self, claim: Claim, path: str) -> Version | None:
        """Return the version of a file in the state that most of the claims around this one fit."""
        weights = self._weights(claim) if claim.id in self._order else []
        if not any(weights):
            return None
        state = max(range(len(weights) - 1), key=lambda s: (round(weights[s], 6), -s))
        return next((v for v in self.timeline.versions(path) if v.newest <= state <= v.oldest), None)

    def evidence(self, claim: Claim, path: str, text: bytes) -> Found:
        """Return what a text holds for a claim."""
        said = (claim.rule, claim.rules, claim.quotes, claim.words, claim.symbols, claim.site_text)
        # What is quoted or named is looked for on the claimed lines first.
        where = claim.lines if claim.quotes or claim.names else ()
        key = (*said, claim.names, claim.excerpt, where, text)
        if key not in self._found:
            self._found[key] = evidence(Source(path, text), claim)
        return self._found[key]

    def paths(self, claim: Claim) -> tuple[str, ...]:
        """Return the paths, of today or of the past, that a claim may be about."""
        today = resolve(self.timeline.tree, claim.path)
        if today.kind in (Kind.FILE, Kind.MODULE):
            return today.paths[:1]
        found = today if today.kind is Kind.AMBIGUOUS else resolve(self.timeline.past_tree, claim.path)
        known = found.kind in (Kind.FILE, Kind.MODULE, Kind.AMBIGUOUS)
        return tuple(path for path in found.paths if path.endswith(".rs")) if known else ()

    def _fits(self, claim: Claim) -> Iterator[Snapshot]:
        if claim.lines and rule(claim.rule).evidence is not Evidence.FILE:
            for path in self.paths(claim):
                for version in self.timeline.versions(path):
                    snapshot = self._fit(claim, version)
                    if snapshot.true:
                        yield snapshot

    def _fit(self, claim: Claim, version: Version) -> Snapshot:
        lines = version.text.split(b"\n")
        likely = [
            r for r in claim.lines if any(may_hold(claim, line) for line in lines[r.first - 1 : r.last])
        ]
        if not likely:
            return Snapshot(version, frozenset())
        found = self.evidence(claim, version.path, version.text)
        proofs = [hit.line for hit in (*found.proofs, *found.others)]
        proven = {r for r in likely if any(r.first <= line <= r.last for line in proofs)}
        looks = [hit.line for hit in found.lookalikes]
        alike = {r for r in likely if any(r.first <= line <= r.last for line in looks)}
        return Snapshot(version, frozenset(proven | alike), len(proven))

    def _sized(self, claim: Claim) -> Iterator[Snapshot]:
        """Yield the versions that have the size the audit states."""
        for path in self.paths(claim) if claim.size is not None else ():
            for version in self.timeline.versions(path):
                if Source(path, version.text).line_count == claim.size:
                    yield Snapshot(version, frozenset(), 1)

    def _chosen(self, claim: Claim, fitting: Sequence[Snapshot]) -> Snapshot | None:
        most = max((len(s.true) for s in fitting), default=0)
        likely = [s for s in fitting if len(s.true) == most]
        if len(likely) < 2:
            return next(iter(likely), None)
        weights = self._weights(claim)

        def score(snapshot: Snapshot) -> tuple[float, int, int]:
            version = snapshot.version
            weight = max(weights[version.newest : version.oldest + 1])
            return round(weight, 6), snapshot.proven, -version.newest

        return max(likely, key=score)

    def _weights(self, claim: Claim) -> list[float]:
        """Return for each state how well it fits the claims around this one, near ones before far ones."""
        changes = [0.0] * (len(self.timeline.steps) + 2)
        own = self._order[claim.id]
        around = self._claims[max(0, own - _AROUND) : own + _AROUND + 1]
        for other in around:
            near = 1 / (1 + ((self._order[other.id] - own) / _NEAR) ** 2)
            for snapshot in self._fitting[other.id] if other.id != claim.id else ():
                weight = near * max(1, len(snapshot.true))
                changes[snapshot.version.newest] += weight
                changes[snapshot.version.oldest + 1] -= weight
        return list(accumulate(changes))
