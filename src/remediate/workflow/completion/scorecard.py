"""The rating of an audit's work: ten points in five parts, each with the evidence that it rests on.

A share of a point is rounded down to a tenth, so that a whole one means all of it. What nobody measured is
named and counts for nothing. What there is none of, and what only a person can judge, is named too, and no
part of the scale.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import floor

from remediate.audit.constraints import Constraint
from remediate.audit.goals import Demand, Goal, GoalKind
from remediate.quantities import quantity
from remediate.workflow.completion.documentation import links_evidence
from remediate.workflow.completion.evidence import Evidence, Judgement, Standing
from remediate.workflow.completion.grounds import Grounds
from remediate.workflow.completion.judging import RULES, judge
from remediate.workflow.completion.measures import (
    Measures,
    Tested,
    compilation_evidence,
    documentation_evidence,
    tests_evidence,
)
from remediate.workflow.completion.performance import BUILD, Compared, size_evidence, time_evidence

COMPLETE = 9.0
PARTS = ("implementation", "testing", "performance", "documentation", "constraints")
_WORTH = 2.0
_STANDARD = ("no-unsafe", "no-unwrap", "no-panic", "no-blocking", "lock-free", "no-placeholders")
"""What changed code is held to where an audit names no constraint: as the gate "constraints" does."""
NO_BEFORE = "no earlier commit to compare with: name one with --before"


@dataclass(frozen=True, slots=True)
class Point:
    """One thing that is rated.

    Attributes:
        part: One of ``PARTS``.
        worth: What it adds where all of it is met.
        share: How much of it is met, in tenths; None where nothing shows that.
        applies: Whether the tree has what it is about; else it is no part of the scale.
    """

    part: str
    title: str
    worth: float
    share: float | None
    evidence: Evidence
    applies: bool = True

    @property
    def gained(self) -> float:
        """What it adds."""
        return self.worth * (self.share or 0.0) if self.applies else 0.0

    @property
    def standing(self) -> str:
        """How it stands, in a word or two: "met", "partly met", "not met", "not shown", "not applicable"."""
        if not self.applies:
            return "not applicable"
        if self.share is None:
            return "not shown"
        return {1.0: "met", 0.0: "not met"}.get(self.share, "partly met")


@dataclass(frozen=True, slots=True)
class Scorecard:
    """A rating.

    Attributes:
        points: In the order of ``PARTS``.
        for_a_person: What was left out, since no program can judge it.
    """

    points: tuple[Point, ...]
    for_a_person: tuple[Goal, ...]

    @property
    def rating(self) -> float:
        """What is gained of all that applies, as 1 to 10, rounded down to a tenth."""
        gained = sum(point.gained for point in self.points)
        most = sum(map(self.most, PARTS))
        return max(1.0, floor(100 * gained / most + 1e-6) / 10) if most else 1.0

    @property
    def complete(self) -> bool:
        """Whether it is enough."""
        return self.rating >= COMPLETE

    @property
    def missing(self) -> tuple[Point, ...]:
        """The points that are not wholly there, the dearest first."""
        found = (point for point in self.points if point.applies and point.share != 1.0)
        return tuple(sorted(found, key=lambda point: point.gained - point.worth))

    def of(self, part: str) -> float:
        """Return what a part adds."""
        return sum(point.gained for point in self.points if point.part == part)

    def most(self, part: str) -> float:
        """Return what a part can add at most, by what of it applies."""
        return sum(point.worth for point in self.points if point.part == part and point.applies)


@dataclass(frozen=True)
class Sides:
    """What is compared: the tree that is rated, and the one before the work.

    Attributes:
        before: None where no earlier commit is known.
        compared: The performance of both; a sentence where it was not measured.
        own: The audits' paths in the workspace: their links are no documentation.
    """

    now: Grounds
    before: Grounds | None
    compared: Compared | str
    changelog: Evidence
    own: frozenset[str] = frozenset()


def scorecard(sides: Sides) -> Scorecard:
    """Rate a tree."""
    criteria = tuple(
        judge(goal, sides.now)
        for document in sides.now.documents
        for goal in document.goals
        if goal.kind is GoalKind.CRITERION and Demand.RATING not in goal.demands
    )
    points = (
        *_implementation(sides.now, criteria),
        *_testing(sides),
        *_performance(sides),
        *_documentation(sides),
        *_constraints(sides),
    )
    people = tuple(judgement.goal for judgement in criteria if judgement.takes_a_person)
    return Scorecard(points, (*people, *_unjudged_constraints(sides.now)))


def _implementation(now: Grounds, criteria: Sequence[Judgement]) -> Iterator[Point]:
    claims = now.claims()
    if claims is None:
        nothing = Evidence("audit", f"remediate findings {now.names}", "the audit claims nothing", None)
        yield Point("implementation", "findings are worked off", 1.0, None, nothing, applies=False)
    else:
        share = _tenths(now.settled(), len(now.findings))
        yield Point("implementation", "findings are worked off", 1.0, share, claims)
    asked = [judgement for judgement in criteria if not judgement.takes_a_person]
    proven = sum(judgement.standing is Standing.PROVEN for judgement in asked)
    if asked:
        places = tuple(
            f"{j.goal.audit_line} {j.goal.words}" for j in asked if j.standing is not Standing.PROVEN
        )
        figure = f"{proven} of {quantity(len(asked), 'criterion', '')} proven".replace(
            "criterion p", "criteria p"
        )
        told = Evidence("criteria", f"remediate status {now.names}", figure, proven == len(asked), places)
        yield Point("implementation", "criteria are proven", 1.0, _tenths(proven, len(asked)), told)
    else:
        told = now.measured(
            "compilation",
            "cargo check --workspace --all-targets",
            lambda m: compilation_evidence(m.compilation(), warnings=False),
        )
        yield Point("implementation", "the workspace compiles", 1.0, _whole(told), told)


def _testing(sides: Sides) -> Iterator[Point]:
    found: list[tuple[Tested, ...]] = []

    def take(measures: Measures) -> Evidence:
        found.append(measures.tests())
        return tests_evidence(found[-1])

    now = sides.now.measured("tests", "cargo test --workspace", take)
    yield Point("testing", "all tests pass", 1.0, _whole(now), now)
    if sides.before is None:
        lost = Evidence("tests", now.command, NO_BEFORE, None)
        yield Point("testing", "no test is lost", 1.0, None, lost)
        return
    before = sides.before.measured("tests", now.command, take)
    if len(found) < 2:
        yield Point("testing", "no test is lost", 1.0, None, before)
        return
    counts = [sum(one.passed + one.ignored + len(one.failed) for one in side) for side in found]
    failed = any(one.problem for side in found for one in side)
    figure = f"{quantity(counts[0], 'test')}, {counts[1]} before"
    kept = None if failed or not counts[0] else counts[0] >= counts[1]
    told = Evidence("tests", now.command, f"{figure} (at {sides.before.commit[:10]})", kept)
    yield Point("testing", "no test is lost", 1.0, _whole(told), told)


def _performance(sides: Sides) -> Iterator[Point]:
    if isinstance(sides.compared, str):
        unknown = Evidence("performance", BUILD, sides.compared, None)
        yield Point("performance", "nothing is slower", 1.0, None, unknown)
        yield Point("performance", "nothing is larger", 1.0, None, unknown)
        return
    speed, size = time_evidence(sides.compared), size_evidence(sides.compared)
    yield Point("performance", "nothing is slower", 1.0, _whole(speed), speed)
    yield Point("performance", "nothing is larger", 1.0, _whole(size), size)


def _documentation(sides: Sides) -> Iterator[Point]:
    command = "cargo doc --workspace --no-deps --document-private-items"
    now = sides.now.measured("rustdoc", command, lambda m: documentation_evidence(m.documentation()))
    if now.holds is False and sides.before is not None:
        now = sides.before.measured("rustdoc", command, lambda m: _no_more(sides.now.measures, m, now))
    yield Point("documentation", "rustdoc has no more to say", 1.0, _whole(now), now)
    before = sides.before.links if sides.before else None
    asked = f"--before {sides.before.commit[:10]} {sides.now.names}" if sides.before else sides.now.names
    links = links_evidence(sides.now.links, before, sides.own, asked)
    yield _documented("links lead somewhere", links)
    yield _documented("the changelog tells of it", sides.changelog)


def _documented(title: str, told: Evidence) -> Point:
    """Return a point that there is only where there are such documents: their evidence has a command then."""
    return Point("documentation", title, 0.5, _whole(told), told, applies=bool(told.command))


def _no_more(new: Measures, old: Measures, now: Evidence) -> Evidence:
    """Return whether rustdoc says no more than it did before."""
    after, before = new.documentation(), old.documentation()
    kept = after.errors <= before.errors and after.warnings <= before.warnings
    was = f"{quantity(before.errors, 'error')}, {quantity(before.warnings, 'warning')} before"
    return Evidence(now.about, now.command, f"{now.figure}; {was}", kept, now.places)


def _constraints(sides: Sides) -> Iterator[Point]:
    """Yield a point for each constraint that the scanner can count: no more of it than before."""
    asked = {c.name: c for d in sides.now.documents for c in d.constraints if c.name}
    named = [name for name in (asked or dict.fromkeys(_STANDARD)) if _rules(name) or name == "file-size"]
    for name in named:
        told = _kept(name, asked.get(name), sides)
        yield Point("constraints", name, _WORTH / len(named), _whole(told), told)
    if not named:
        nothing = Evidence("constraints", "", "none of the audit's constraints can be counted", None)
        yield Point("constraints", "constraints are kept", _WORTH, None, nothing, applies=False)


def _kept(name: str, asked: Constraint | None, sides: Sides) -> Evidence:
    if name == "file-size":
        return sides.now.sources.sizes(asked.limit if asked and asked.limit else sides.now.limit())
    rules = _rules(name)
    now = sides.now.sources.evidence(rules)
    count = sides.now.sources.count(rules)
    if sides.before is None:
        why = "" if now.holds else f"; {NO_BEFORE}"
        return Evidence(name, now.command, f"{now.figure}{why}", True if now.holds else None, now.places)
    old = sides.before.sources.count(rules)
    return Evidence(name, now.command, f"{quantity(count, 'place')}, {old} before", count <= old, now.places)


def _rules(name: str) -> tuple[str, ...]:
    """Return the rules that a constraint forbids; the one of `unwrap` is about `expect` too."""
    demands = [d for d in Demand if d.value == name] + ([Demand.NO_EXPECT] if name == "no-unwrap" else [])
    known = ("embedded-tests",) if name == Demand.TESTS_IN_TESTS else ()
    return tuple(dict.fromkeys([*(rule for d in demands for rule in RULES.get(d, ())), *known]))


def _unjudged_constraints(now: Grounds) -> Iterator[Goal]:
    for document in now.documents:
        for goal in document.goals:
            judged = any(_rules(d.value) or d is Demand.FILE_SIZE for d in goal.demands)
            if goal.kind is GoalKind.CONSTRAINT and not judged:
                yield goal


def _whole(evidence: Evidence) -> float | None:
    return None if evidence.holds is None else float(evidence.holds)


def _tenths(some: int, all_: int) -> float:
    return floor(10 * some / all_) / 10
