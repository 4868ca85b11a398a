"""The gate "same library": without ``cfg(test)`` each function of a library does what it does with it.

An integration test links the library as everybody gets it, a unit test the one that is built for tests.
rustc writes down what each function does (MIR) in both; whatever the ordinary one has, the other has to have.
"""

from collections import Counter
from dataclasses import dataclass

from remediate.feedback import GateFailure
from remediate.gates import GateResult, failed, passed, unverified
from remediate.rust.mir import bodies, standard

_GATE = "same library"


@dataclass(frozen=True, slots=True)
class SameLibrary:
    """How many functions are the same under a feature set; what is not, or why it cannot be judged."""

    configuration: str
    same: int
    wrong: str = ""
    unknown: str = ""

    def gate(self) -> GateResult:
        """Return the gate."""
        name = f"{_GATE} ({self.configuration})"
        if self.unknown:
            return unverified(name, self.unknown)
        words = f"{self.same} bodies are the same with and without `cfg(test)`"
        return failed(name, self.wrong, self.feedback()) if self.wrong else passed(name, words)

    def feedback(self) -> tuple[GateFailure, ...]:
        """Return what is wrong as ``refine`` is told of it."""
        return (GateFailure(_GATE, self.wrong),) if self.wrong else ()


def unjudged(configuration: str) -> SameLibrary:
    """Return what can be said of a feature set under which the tests did not compile before the change."""
    return SameLibrary(
        configuration, 0, unknown="the library's tests do not compile before the change either"
    )


def compare(configuration: str, ordinary: str, for_tests: str) -> SameLibrary:
    """Hold the MIR of an ordinary build against that of one for tests, which may have more; "" is none."""
    if not (ordinary and for_tests):
        return SameLibrary(configuration, 0, "the library does not compile with and without `cfg(test)`")
    mine, theirs = _counted(ordinary), _counted(for_tests)
    odd = sorted({name for name, _ in mine - theirs})
    if odd:
        shown = "; ".join(name.partition("(")[0].partition(" {")[0] for name in odd[:3])
        return SameLibrary(configuration, 0, f"what it does depends on `cfg(test)`: {shown}")
    return SameLibrary(configuration, mine.total())


def _counted(mir: str) -> Counter[tuple[str, str]]:
    return Counter((body.name, body.digest) for body in bodies(mir, {}, standard))
