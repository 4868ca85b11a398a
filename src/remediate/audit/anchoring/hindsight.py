"""Claims held against the tree and its past: when was this line last true, and where did it go from there?"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from remediate.audit.anchoring import file_claims
from remediate.audit.anchoring.evidence import Found, can_be_looked_for, disproves, may_hold
from remediate.audit.anchoring.hits import Hit
from remediate.audit.anchoring.judgment import Judgment, of_places, of_words, placeless, sites
from remediate.audit.anchoring.lines import Verdict, in_words, verdicts, whats
from remediate.audit.anchoring.resolve import Kind, Resolution, resolve
from remediate.audit.anchoring.snapshots import Snapshot, Snapshots
from remediate.audit.anchoring.timeline import Timeline, Version, other_layout
from remediate.audit.anchoring.tracking import Place, track
from remediate.audit.document import Claim, LineRange
from remediate.audit.fingerprint import joined
from remediate.audit.rules.catalog import Evidence, rule
from remediate.model import Status
from remediate.rust.syntax.source import Source

_LONGEST_LINE = 80


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
            return file_claims.holds(claim.rule, Source(version.path, version.text), limit)
        if not may_hold(claim, version.text):
            return False
        return bool(_proofs(self.snapshots.evidence(claim, version.path, version.text)))

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
        proofs = [hit for hit in _proofs(then) if lines.first <= hit.line <= lines.last]
        if proofs:
            return self._once_true(claim, lines, snapshot, proofs, today)
        looks = [hit for hit in then.lookalikes if lines.first <= hit.line <= lines.last]
        return self._never_true(claim, lines, snapshot, looks, today)

    def _without_past(self, claim: Claim, lines: LineRange, today: str) -> Verdict:
        if not today:
            return Verdict(Status.UNRESOLVABLE, (lines,), (), "the file is gone, and no version had it there")
        return verdicts(self._today(claim, today), (lines,))[0]

    def _once_true(
        self, claim: Claim, lines: LineRange, snapshot: Snapshot, proofs: Sequence[Hit], today: str
    ) -> Verdict:
        places = [self._tracked(claim, snapshot, hit.line, _proofs) for hit in proofs]
        there = [place for place in places if place.gone is None]
        when, what = self._name(snapshot.version.newest), whats(proofs)
        if not there:
            gone = self.timeline.steps[places[0].gone or 0].name
            was = _line_at(snapshot.version.text, proofs[0].start)
            said = f"{in_words(lines)} (`{was}` in {when}) is gone since {gone}"
            return Verdict(Status.FIXED, (lines,), (), said, today)
        path = there[0].path
        numbers = {place.line for place in there if place.path == path}
        hits = tuple(hit for hit in _proofs(self._today(claim, path)) if hit.line in numbers)
        if not hits:
            return Verdict(Status.FIXED, (lines,), (), f"{in_words(lines)} is not {what} any more", path)
        stayed = path == today and any(lines.first <= hit.line <= lines.last for hit in hits)
        said = f"{in_words(lines)}: {what}, as in {when}"
        moved = f"{in_words(lines)} of {when} is {path}:{hits[0].line} today: {what}"
        status = Status.PRESENT if stayed else Status.MOVED
        return Verdict(status, (lines,), hits, said if stayed else moved, path)

    def _never_true(
        self, claim: Claim, lines: LineRange, snapshot: Snapshot, looks: Sequence[Hit], today: str
    ) -> Verdict:
        place = self._tracked(claim, snapshot, looks[0].line, _lookalikes)
        hits: tuple[Hit, ...] = ()
        if place.gone is None:
            found = self._today(claim, place.path)
            hits = tuple(hit for hit in found.lookalikes if hit.line == place.line)
        said = f"{in_words(lines)} was only {whats(looks)} in {self._name(snapshot.version.newest)}"
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
            yield self._judgment(claim, alike, path)

    def _judgment(self, claim: Claim, alike: Sequence[Verdict], path: str) -> Judgment:
        tree, status = self.timeline.tree, alike[0].status
        hits = sorted({hit for verdict in alike for hit in verdict.places}, key=lambda hit: hit.start)
        prints = of_places(tree, claim, path, hits) if hits else ()
        return Judgment(
            status,
            "; ".join(dict.fromkeys(verdict.reason for verdict in alike)),
            joined(prints) if hits else of_words(claim, path or claim.path),
            path,
            tuple(line for verdict in alike for line in verdict.lines),
            tuple(sorted({hit.line for hit in hits})) if status is Status.MOVED else (),
            sites(tree, path, (hit.start for hit in hits), claim.rule),
        )


def _line_at(text: bytes, offset: int) -> str:
    """Return the line around an offset, shortened: what once stood there is evidence."""
    line = text[text.rfind(b"\n", 0, offset) + 1 :].partition(b"\n")[0].decode(errors="replace").strip()
    return line if len(line) <= _LONGEST_LINE else f"{line[:_LONGEST_LINE]}.."


def _proofs(found: Found) -> tuple[Hit, ...]:
    return (*found.proofs, *found.others)


def _lookalikes(found: Found) -> tuple[Hit, ...]:
    return found.lookalikes
