"""A planned change held against the fixes of earlier runs: the same fix, or one that was verified further."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

import msgspec

from remediate.model import Finding, Outcome, Skip
from remediate.workflow.record.ledger import Attempt


@dataclass(frozen=True, slots=True)
class Comparison:
    """What follows for a planned change.

    Attributes:
        attempt: What is to be kept of it in the ledger.
        answer: What there is instead: the same fix as it was kept, or why no other is made; None where it is
            to be carried out.
        notes: What a person should know of it then.
    """

    attempt: Attempt
    answer: Outcome | Skip | None = None
    notes: tuple[str, ...] = ()


def compared(
    finding: Finding,
    attempt: Attempt,
    standing: Iterable[tuple[Outcome, Attempt]],
    base: str | None,
    edited: Collection[str] = (),
) -> Comparison:
    """Compare the change of a finding with the fixes that branches are at.

    ``edited`` are the existing files that it edits.
    ``base`` is the commit that it would be made on; None where earlier fixes do not count, so that the
    finding's own is replaced whatever it is.
    """
    notes: list[str] = []
    for outcome, made in standing:
        today = base is not None and outcome.base == base
        if outcome.finding == finding.fingerprint:
            if today and made.plan == attempt.plan and made.covers(attempt):
                return Comparison(made, replace(outcome, reused=True))
            if today and attempt.is_weaker(made):
                return Comparison(attempt, Skip("verified-further", _further(outcome, made)))
            notes.append(f"it replaces {str(outcome.commit)[:10]}, verified at level {made.level}")
        elif today and attempt.plan.items() <= made.plan.items() and made.covers(attempt):
            same = Skip("same-fix", f"{outcome.branch} of an earlier run holds the same change")
            return Comparison(msgspec.structs.replace(attempt, same_as=outcome.commit or ""), same)
        elif today and (shared := [p for p in edited if attempt.plan.get(p) == made.plan.get(p)]):
            notes.append(f"{outcome.branch} changes {', '.join(shared)} in the same way: merge only one")
    return Comparison(attempt, notes=tuple(notes))


def _further(outcome: Outcome, made: Attempt) -> str:
    return (
        f"{outcome.branch} holds another fix, which was verified further (level {made.level}) than this one "
        f"would be: ask for --verify {made.level}, or replace it with --redo"
    )
