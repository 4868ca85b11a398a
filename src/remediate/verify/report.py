"""What the gates say: values only, serialisable with msgspec."""

from dataclasses import dataclass, replace
from enum import StrEnum

from remediate.gates import GateResult, OddTest, Verdict, failed, passed, unverified

__all__ = ["GateResult", "Level", "OddTest", "Report", "Verdict", "failed", "passed", "unverified"]


class Level(StrEnum):
    """How far the ladder is climbed; each level includes the ones before it."""

    QUICK = "quick"
    STANDARD = "standard"
    FULL = "full"


@dataclass(frozen=True, slots=True)
class Report:
    """The gates of one change, in the order of the ladder."""

    gates: tuple[GateResult, ...] = ()

    @property
    def verified(self) -> tuple[GateResult, ...]:
        """The gates that ran and passed."""
        return self._of(Verdict.PASSED)

    @property
    def failed(self) -> tuple[GateResult, ...]:
        """The gates that found a difference; one is enough to put the change back."""
        return self._of(Verdict.FAILED)

    @property
    def unverified(self) -> tuple[GateResult, ...]:
        """The gates that could not judge, each with why."""
        return self._of(Verdict.UNVERIFIED)

    def gate(self, name: str) -> GateResult | None:
        """Return a gate's result, None when it is not part of this report."""
        return next((gate for gate in self.gates if gate.name == name), None)

    def about(self, package: str) -> "Report":
        """Return the report with each gate named after the package it is about: "freshness (package x)"."""
        return Report(tuple(replace(gate, name=f"{gate.name} (package {package})") for gate in self.gates))

    def __add__(self, other: "Report") -> "Report":
        return Report(self.gates + other.gates)

    def _of(self, verdict: Verdict) -> tuple[GateResult, ...]:
        return tuple(gate for gate in self.gates if gate.verdict is verdict)
