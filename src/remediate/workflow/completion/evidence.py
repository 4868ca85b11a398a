"""Evidence, and what it shows of a goal: values only."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from remediate.audit.goals import Goal


class Standing(StrEnum):
    """How a goal stands. What nobody could look at is never proven."""

    PROVEN = "proven"
    NOT_MET = "not-met"
    UNJUDGED = "cannot-be-judged"


@dataclass(frozen=True, slots=True)
class Evidence:
    """One thing that was looked at.

    Attributes:
        about: What it is about: "compilation".
        command: What a person runs to see the same; "" where no command shows it.
        figure: What was seen: "0 errors, 2 warnings".
        holds: Whether it speaks for the goal; None where it cannot say, or nobody looked.
        places: Where to look, a line each.
        person: Whether it is nothing that a program could say.
    """

    about: str
    command: str
    figure: str
    holds: bool | None
    places: tuple[str, ...] = ()
    person: bool = False


@dataclass(frozen=True, slots=True)
class Judgement:
    """A goal with what was seen of it.

    Attributes:
        standing: What follows of the evidence.
        evidence: In the order in which it was looked for; never empty.
    """

    goal: Goal
    standing: Standing
    evidence: tuple[Evidence, ...]

    @property
    def takes_a_person(self) -> bool:
        """Whether only a person can say how it stands: all that a program could look at, it has seen."""
        return self.standing is Standing.UNJUDGED and all(e.person for e in self.evidence if e.holds is None)


def judged(goal: Goal, evidence: Sequence[Evidence]) -> Judgement:
    """Return what evidence shows of a goal: proven only where all of it could say, and speaks for it."""
    return Judgement(goal, standing(e.holds for e in evidence), tuple(evidence))


def standing(answers: Iterable[bool | None]) -> Standing:
    """Return what answers come to; none at all is not judged."""
    found = list(answers)
    if False in found:
        return Standing.NOT_MET
    return Standing.PROVEN if found and None not in found else Standing.UNJUDGED
