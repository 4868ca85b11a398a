"""What a codemod is told of its last attempt: messages of the compiler, and gates that did not pass."""

from collections.abc import Iterable
from dataclasses import dataclass

from remediate.model import Diagnostic

TEST_RESULTS = "test results"
"""The gate whose evidence are files that have to be rolled back: a test ends differently because of them."""

SAME_READS = "same reads"
"""The gate whose evidence are files that tests do not read any more: they find them by their own location."""

LOCATION = "location"
"""The gate whose evidence are functions that say where they stand, once their macros are expanded.

It never fails. A codemod may leave such a function where it was; where it does not, the outcome says so.
"""

MIR = "MIR"
"""The gate whose evidence are functions that do something else."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a gate's sentence is about, as far as that is known.

    Attributes:
        path: A file, as the tree stands after the change.
        name: A definition in it, or its path in the crate.
        line: The line of the definition.
    """

    path: str = ""
    name: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class GateFailure:
    """A gate that did not pass.

    Attributes:
        gate: The gate, without what stands in brackets behind its name: "test results".
        sentence: What it found, for a person.
        evidence: What that is about; () where it is about the change as a whole.
        judged: Whether the gate failed. One that could not judge may be answered as well, or left at that.
    """

    gate: str
    sentence: str
    evidence: tuple[Evidence, ...] = ()
    judged: bool = True

    @property
    def paths(self) -> frozenset[str]:
        """The files that the evidence names."""
        return frozenset(one.path for one in self.evidence if one.path)


Feedback = Diagnostic | GateFailure
"""A message of the compiler (of clippy and rustdoc too), or a gate that did not pass."""


def messages(feedback: Iterable[Feedback]) -> tuple[Diagnostic, ...]:
    """Return what of it the compiler says."""
    return tuple(said for said in feedback if isinstance(said, Diagnostic))


def failures(feedback: Iterable[Feedback]) -> tuple[GateFailure, ...]:
    """Return what of it gates say."""
    return tuple(said for said in feedback if isinstance(said, GateFailure))
