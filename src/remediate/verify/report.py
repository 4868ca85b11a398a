"""What the gates say: values only, serialisable with msgspec."""

from dataclasses import dataclass, replace
from enum import StrEnum

from remediate.model import Diagnostic


class Verdict(StrEnum):
    """A gate passed, failed, or could not judge. Not judging is never passing."""

    PASSED = "passed"
    FAILED = "failed"
    UNVERIFIED = "unverified"


class Level(StrEnum):
    """How far the ladder is climbed; each level includes the ones before it."""

    QUICK = "quick"
    STANDARD = "standard"
    FULL = "full"


@dataclass(frozen=True, slots=True)
class OddTest:
    """A test that is lost, new, or ends in a way it never did before the change.

    Attributes:
        runner, configuration: The suite in which it was seen.
        label, name: Its target, and its name there.
        sentence: What is odd about it.
        said: What it printed, where that is known: a hint at what to look at.
    """

    runner: str
    configuration: str
    label: str
    name: str
    sentence: str
    said: str = ""


@dataclass(frozen=True, slots=True)
class GateResult:
    """What one gate found.

    Attributes:
        name: Stable, kebab-case, with the configuration where there are several: "check (all-features)".
        verdict: Passed, failed, or unverified.
        detail: One sentence: what was compared and how many, or why the gate could not judge.
        diagnostics: The messages that made it fail, or that say what it is about.
        tests: The tests that made it fail.
    """

    name: str
    verdict: Verdict
    detail: str = ""
    diagnostics: tuple[Diagnostic, ...] = ()
    tests: tuple[OddTest, ...] = ()


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


def passed(name: str, detail: str = "") -> GateResult:
    """Return a passed gate."""
    return GateResult(name, Verdict.PASSED, detail)


def failed(
    name: str, detail: str, diagnostics: tuple[Diagnostic, ...] = (), tests: tuple[OddTest, ...] = ()
) -> GateResult:
    """Return a failed gate."""
    return GateResult(name, Verdict.FAILED, detail, diagnostics, tests)


def unverified(name: str, detail: str, diagnostics: tuple[Diagnostic, ...] = ()) -> GateResult:
    """Return a gate that could not judge, with why; ``diagnostics`` may be answered by the codemod."""
    return GateResult(name, Verdict.UNVERIFIED, detail, diagnostics)
