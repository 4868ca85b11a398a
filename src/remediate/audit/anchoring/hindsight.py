"""Claims held against the tree and its past: when was this line last true, and where did it go from there?

An audit may mix several states of the tree. A claim with lines fits the versions of its file in which those
lines hold what its rule speaks of. Among them the state is chosen in which most of the claims around it in
the audit fit too; of equals one where the lines prove the rule, and of those the latest.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from remediate.audit.anchoring.evidence import Found, can_be_looked_for, disproves, evidence, may_hold
from remediate.audit.anchoring.hits import Hit
from remediate.audit.anchoring.judgment import Judgment, holds, of_verdicts, placeless
from remediate.audit.anchoring.lines import Verdict, in_words, verdicts, whats
from remediate.audit.anchoring.resolve import Kind, Resolution, resolve
from remediate.audit.anchoring.timeline import Timeline, Version, other_layout
from remediate.audit.anchoring.tracking import Place, track
from remediate.audit.document import Claim, LineRange
from remediate.audit.rules.catalog import Evidence, rule
from remediate.model import Status
from remediate.rust.syntax.lexer import line_span
from remediate.rust.syntax.source import Source

_AROUND = 200  # claims before and behind that are asked which state they fit
_NEAR = 12  # at this distance a claim's word counts half
_LONGEST_LINE = 80


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
        proofs = [hit.line for hit in found.proven]
        proven = {r for r in likely if any(line in r for line in proofs)}
        looks = [hit.line for hit in found.lookalikes]
        alike = {r for r in likely if any(line in r for line in looks)}
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


class Hindsight:
    """Judges claims about lines with the help of the past."""

    def __init__(self, timeline: Timeline, claims: Sequence[Claim]) -> None:
        self.timeline = timeline
        self.snapshots = Snapshots(timeline, claims)

    def judged(self, claim: Claim, found: Resolution) -> tuple[Judgment, ...]:
        """Judge a claim by the past; () when its lines never were true, as far as the past is known."""
        whole = self.snapshots.of(claim)
        if whole is None:
            return ()
        today = found.paths[0] if found.kind in (Kind.FILE, Kind.MODULE) else ""
        each = [self._verdict(claim, lines, whole, today) for lines in claim.lines]
        return tuple(self._grouped(claim, each, today))

    def resolved(self, claim: Claim) -> tuple[Resolution, str] | None:
        """Resolve a path of the past: where the file is today, and in words how it came there.

        The resolution is NONE where the file is gone; None is returned for a path that never was.
        """
        paths = [path for path in self.snapshots.paths(claim) if self.timeline.versions(path)]
        if len(paths) != 1:
            return None
        today, step = self.timeline.forward_path(paths[0])
        when = f" since {step.name}" if step else ""
        if today is None or today not in self.timeline.tree.files:
            return Resolution(Kind.NONE), f"{paths[0]} is gone{when}"
        became = resolve(self.timeline.tree, other_layout(today))
        relaid = any(version.path == other_layout(today) for version in self.timeline.versions(today))
        is_module = relaid and became.kind is Kind.MODULE and became.paths[0] == today
        return became if is_module else Resolution(Kind.FILE, (today,)), f"{paths[0]} is {today}{when}"

    def explained(self, claim: Claim, judgment: Judgment, limit: int) -> Judgment:
        """Say since when nothing is there any more, in which commit it was, or that it never was.

        ``limit`` is the size that is allowed. What no commit ever held has not been fixed.
        """
        if claim.gone or not can_be_looked_for(claim):
            return judgment
        is_file = judgment.path.endswith(".rs")
        if is_file and claim.lines and judgment.status in (Status.MOVED, Status.AMBIGUOUS):
            return self._doubted(claim, judgment)
        if judgment.status is not Status.FIXED:
            return judgment
        versions = self.timeline.versions(judgment.path) if is_file else self._below(judgment.path)
        count = 0
        for version in versions:
            if version.newest and self._held(claim, version, limit):
                was, since = self._name(version.newest), self._name(version.newest - 1)
                where = "" if is_file else f"{version.path}, "
                said = f"{judgment.reason}; last true in {where}{was}, no longer since {since}"
                return replace(judgment, reason=said)
            count += 1
        return self._never(claim, judgment, count, limit)

    def _held(self, claim: Claim, version: Version, limit: int) -> bool:
        """Whether a version of a file was as the claim says."""
        if rule(claim.rule).evidence is Evidence.FILE:
            return holds(claim.rule, Source(version.path, version.text), limit)
        if not may_hold(claim, version.text):
            return False
        return bool(self.snapshots.evidence(claim, version.path, version.text).proven)

    def _below(self, folder: str) -> Iterator[Version]:
        """Yield the versions of all files that a folder holds or ever held."""
        inside = folder.rstrip("/") + "/" if folder else ""
        for path in sorted(self.timeline.past_paths | self.timeline.tree.files.keys()):
            if path.endswith(".rs") and path.startswith(inside):
                yield from self.timeline.versions(path)

    def _never(self, claim: Claim, judgment: Judgment, count: int, limit: int) -> Judgment:
        """Judge a claim that no version of ``count`` fits: mistaken if that disproves it, or else open."""
        what = "file" if judgment.path.endswith(".rs") else "folder"
        known = f"none of the {what}'s last {count} versions" if count > 1 else f"the {what} never"
        said = f"{known} held anything of the kind"
        if claim.rule == "large-file":
            said = f"{judgment.reason}; {known if count > 1 else 'it never'} was over it"
        if not self.timeline.history.is_complete():
            said += "; the history here is not complete, so it may have been there before"
            return replace(judgment, status=Status.AMBIGUOUS, reason=said)
        if not disproves(claim) or (claim.rule == "large-file" and (claim.size or 0) <= limit):
            return replace(judgment, status=Status.AMBIGUOUS, reason=said)
        return replace(judgment, status=Status.MISTAKEN, reason=said)

    def _doubted(self, claim: Claim, judgment: Judgment) -> Judgment:
        """Revise what the numbers suggest where the file held nothing of the kind at the audit's time."""
        then = self.snapshots.likely(claim, judgment.path)
        if then is None or not disproves(claim) or may_hold(claim, then.text):
            return judgment
        said = f"the file held nothing of the kind in {self._name(then.newest)}, of which the audit is"
        bare = placeless(claim, Status.MISTAKEN, said, judgment.path)
        return replace(bare, lines=judgment.lines)

    def _verdict(self, claim: Claim, lines: LineRange, whole: Snapshot, today: str) -> Verdict:
        snapshot = whole if lines in whole.true else self.snapshots.of_line(claim, lines)
        if snapshot is None:
            return self._without_past(claim, lines, today)
        version = snapshot.version
        then = self.snapshots.evidence(claim, version.path, version.text)
        proofs = [hit for hit in then.proven if hit.line in lines]
        if proofs:
            return self._once_true(claim, lines, snapshot, proofs, today)
        looks = [hit for hit in then.lookalikes if hit.line in lines]
        return self._never_true(claim, lines, snapshot, looks, today)

    def _without_past(self, claim: Claim, lines: LineRange, today: str) -> Verdict:
        if not today:
            return Verdict(Status.UNRESOLVABLE, (lines,), (), "the file is gone, and no version had it there")
        return verdicts(self._today(claim, today), (lines,))[0]

    def _once_true(
        self, claim: Claim, lines: LineRange, snapshot: Snapshot, proofs: Sequence[Hit], today: str
    ) -> Verdict:
        places = [self._tracked(claim, snapshot, hit.line, lambda found: found.proven) for hit in proofs]
        there = [place for place in places if place.gone is None]
        when, what = self._name(snapshot.version.newest), whats(proofs)
        if not there:
            gone = self.timeline.steps[places[0].gone or 0].name
            was = _line_at(snapshot.version.text, proofs[0].start)
            said = f"{in_words(lines)} (`{was}` in {when}) is gone since {gone}"
            return Verdict(Status.FIXED, (lines,), (), said, today)
        path = there[0].path
        numbers = {place.line for place in there if place.path == path}
        hits = tuple(hit for hit in self._today(claim, path).proven if hit.line in numbers)
        if not hits:
            return Verdict(Status.FIXED, (lines,), (), f"{in_words(lines)} is not {what} any more", path)
        stayed = path == today and any(hit.line in lines for hit in hits)
        said = f"{in_words(lines)}: {what}, as in {when}"
        moved = f"{in_words(lines)} of {when} is {path}:{hits[0].line} today: {what}"
        status = Status.PRESENT if stayed else Status.MOVED
        return Verdict(status, (lines,), hits, said if stayed else moved, path)

    def _never_true(
        self, claim: Claim, lines: LineRange, snapshot: Snapshot, looks: Sequence[Hit], today: str
    ) -> Verdict:
        place = self._tracked(claim, snapshot, looks[0].line, lambda found: found.lookalikes)
        hits: tuple[Hit, ...] = ()
        if place.gone is None:
            found = self._today(claim, place.path)
            hits = tuple(hit for hit in found.lookalikes if hit.line == place.line)
        still = any(hit.line == looks[0].line and hit.what == looks[0].what for hit in hits)
        said = f"{in_words(lines)} was only {whats(looks)} in {self._name(snapshot.version.newest)}"
        said = f"{in_words(lines)} is only {whats(looks)}" if still and place.path == today else said
        return Verdict(Status.MISTAKEN, (lines,), hits, said, place.path if hits else today)

    def _tracked(
        self, claim: Claim, snapshot: Snapshot, line: int, kind: Callable[[Found], tuple[Hit, ...]]
    ) -> Place:
        path = snapshot.version.path

        def proves(text: bytes) -> frozenset[int]:
            return frozenset(hit.line for hit in kind(self.snapshots.evidence(claim, path, text)))

        return track(self.timeline, Place(path, line, snapshot.version.newest), proves)

    def _today(self, claim: Claim, path: str) -> Found:
        return self.snapshots.evidence(claim, path, self.timeline.tree.files.get(path, b""))

    def _name(self, state: int) -> str:
        """Return a state for a person: the step that made it."""
        steps = self.timeline.steps
        return steps[state].name if state < len(steps) else "the oldest version known"

    def _grouped(self, claim: Claim, each: Sequence[Verdict], today: str) -> Iterator[Judgment]:
        for status, path in dict.fromkeys((verdict.status, verdict.path or today) for verdict in each):
            alike = [v for v in each if v.status is status and (v.path or today) == path]
            yield of_verdicts(self.timeline.tree, claim, path, alike)


def _line_at(text: bytes, offset: int) -> str:
    """Return the line around an offset, shortened: what once stood there is evidence."""
    line = text[slice(*line_span(text, offset))].decode(errors="replace").strip()
    return line if len(line) <= _LONGEST_LINE else f"{line[:_LONGEST_LINE]}.."
