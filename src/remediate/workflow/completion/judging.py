"""Goals held against a tree: each demand becomes evidence, and the evidence a standing."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from remediate.audit.goals import Demand, Goal
from remediate.audit.rules.catalog import Evidence as Proof
from remediate.audit.rules.catalog import rule
from remediate.workflow.completion.evidence import Evidence, Judgement, judged
from remediate.workflow.completion.grounds import Grounds
from remediate.workflow.completion.measures import (
    compilation_evidence,
    documentation_evidence,
    tests_evidence,
)

RULES: dict[Demand, tuple[str, ...]] = {
    Demand.NO_UNSAFE: ("unsafe",),
    Demand.NO_UNWRAP: ("unwrap",),
    Demand.NO_EXPECT: ("expect",),
    Demand.NO_PANIC: ("panic", "unimplemented"),
    Demand.NO_BLOCKING: ("block-on", "blocking-wrapper", "spawn-blocking"),
    Demand.LOCK_FREE: ("locking",),
    Demand.NO_ALLOCATION: ("allocation",),
    Demand.NO_PLACEHOLDERS: ("placeholder", "temporary-code", "unimplemented", "todo-marker"),
    Demand.NO_DEBUG_PRINTS: ("debug-print",),
}
"""The rules of which no place is to be left where a demand is met."""
PERSON: dict[Demand, str] = {
    Demand.IMPLEMENTED: "whether each solution is complete",
    Demand.STREAMING: "whether every operation is a stream",
    Demand.ERROR_HANDLING: "whether every error is handled well",
    Demand.COVERAGE: "how much of the code the tests reach",
    Demand.END_TO_END: "whether the tests go from end to end",
    Demand.ERGONOMIC: "whether the code reads well",
    Demand.FAST: "whether the code is as fast as it can be",
}
"""What no check of this program shows: a person has to look."""
_BY_NAME = {
    Demand.NO_ALLOCATION: "allocating calls are known by their names, and what called code does is not seen",
    Demand.LOCK_FREE: "locks are known by their names, and what called code does is not seen",
    Demand.NO_PANIC: "an index, an assertion or called code may panic too",
}
_OF_MARKERS = re.compile(r"\b(?:comments?|markers?)\b|\b(?:zero|no|0)\b[^.;]{0,20}\bTODOs?\b", re.IGNORECASE)
_REPLACED = "what stands there says nothing of it; whether it is what the audit wants takes a person"
_CARGO_CHECK = "cargo check --workspace --all-targets"


def judge(goal: Goal, grounds: Grounds) -> Judgement:
    """Return how a goal stands on a tree, with what was looked at."""
    found = list(_of_rules(goal, grounds))
    for demand in goal.demands:
        found += _of_demand(demand, goal, grounds)
    if not goal.understood:
        found.append(_for_a_person("no check knows these words"))
    return judged(goal, found)


def _for_a_person(what: str) -> Evidence:
    return Evidence("a person", "", f"{what}: takes a person", None, person=True)


def _of_rules(goal: Goal, grounds: Grounds) -> Iterator[Evidence]:
    """Yield what is left of the rules that a goal is about, in the tree and of the audit's claims."""
    rules = tuple(dict.fromkeys([*(r for d in goal.demands for r in RULES.get(d, ())), *goal.rules]))
    by_file = {"large-file", "embedded-tests"}
    searched = tuple(one for one in rules if one not in by_file)
    if searched:
        yield _left(searched, goal, grounds)
    if "large-file" in rules and Demand.FILE_SIZE not in goal.demands:
        yield grounds.sources.sizes(goal.limit or grounds.limit())
    if "embedded-tests" in rules and Demand.TESTS_IN_TESTS not in goal.demands:
        yield grounds.extraction
    claims = grounds.claims(rules) if rules else None
    if claims is not None:
        by_words = any(rule(one).evidence is Proof.COMMENT for one in rules)
        # Wherever a claim that could not be looked up was meant to be: the whole tree has been searched.
        yield claims if claims.holds is not None or by_words else replace(claims, holds=True)


def _left(rules: tuple[str, ...], goal: Goal, grounds: Grounds) -> Evidence:
    """Return what is left of some rules; where only words show a rule, that there are none proves little."""
    found = grounds.sources.evidence(rules)
    if not found.holds:
        return found
    by_words = any(rule(one).evidence is Proof.COMMENT for one in rules)
    if by_words and not _OF_MARKERS.search(goal.words):
        return Evidence(found.about, found.command, f"{found.figure}: {_REPLACED}", None, person=True)
    named = next((_BY_NAME[d] for d in goal.demands if d in _BY_NAME and "panic!" not in goal.words), "")
    if named:
        return Evidence(found.about, found.command, f"{found.figure}; {named}", None, person=True)
    return found


def _of_demand(demand: Demand, goal: Goal, grounds: Grounds) -> list[Evidence]:
    """Return what else than rules is looked at for a demand."""
    if demand in PERSON:
        return [_for_a_person(PERSON[demand])]
    if demand is Demand.RATING:
        return [_rating(goal, grounds)]
    known = _CHECKS.get(demand)
    return [known(goal, grounds)] if known else []


def _rating(goal: Goal, grounds: Grounds) -> Evidence:
    command, least = f"remediate score {grounds.names}", goal.limit or 9
    if grounds.rating is None:
        return Evidence("rating", command, "not rated on this tree yet", None)
    figure = f"rated {grounds.rating:.1f} of 10, {least} is asked for"
    return Evidence("rating", command, figure, grounds.rating >= least)


def _sizes(goal: Goal, grounds: Grounds) -> Evidence:
    return grounds.sources.sizes(goal.limit or grounds.limit())


def _extraction(_: Goal, grounds: Grounds) -> Evidence:
    return grounds.extraction


def _runner(_: Goal, grounds: Grounds) -> Evidence:
    return grounds.measured("nextest", "remediate status --criteria", lambda m: m.runner())


def _errors(_: Goal, grounds: Grounds) -> Evidence:
    return grounds.measured(
        "compilation", _CARGO_CHECK, lambda m: compilation_evidence(m.compilation(), warnings=False)
    )


def _warnings(_: Goal, grounds: Grounds) -> Evidence:
    return grounds.measured(
        "warnings", _CARGO_CHECK, lambda m: compilation_evidence(m.compilation(), warnings=True)
    )


def _tests(_: Goal, grounds: Grounds) -> Evidence:
    return grounds.measured("tests", "cargo test --workspace", lambda m: tests_evidence(m.tests()))


def _documentation(_: Goal, grounds: Grounds) -> Evidence:
    return grounds.measured(
        "rustdoc", "cargo doc --no-deps", lambda m: documentation_evidence(m.documentation())
    )


def _format(_: Goal, grounds: Grounds) -> Evidence:
    return grounds.measured("format", "cargo fmt --all --check", lambda m: m.formatting())


def _performance(_: Goal, grounds: Grounds) -> Evidence:
    command = f"remediate score {grounds.names}"
    return Evidence("performance", command, "measured by the rating only, before and after", None)


_CHECKS: dict[Demand, Callable[[Goal, Grounds], Evidence]] = {
    Demand.FILE_SIZE: _sizes,
    Demand.TESTS_IN_TESTS: _extraction,
    Demand.NEXTEST: _runner,
    Demand.NO_ERRORS: _errors,
    Demand.NO_WARNINGS: _warnings,
    Demand.TESTS_PASS: _tests,
    Demand.DOCUMENTED: _documentation,
    Demand.FORMATTED: _format,
    Demand.NO_REGRESSION: _performance,
}
