"""What a gate finds, and what a codemod's own gates are: values only, serialisable with msgspec."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

from remediate.edits import Change
from remediate.feedback import Feedback
from remediate.model import Files
from remediate.rust.codebase import Codebase


class Verdict(StrEnum):
    """A gate passed, failed, or could not judge. Not judging is never passing."""

    PASSED = "passed"
    FAILED = "failed"
    UNVERIFIED = "unverified"


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
        feedback: What a codemod may answer: the messages that made it fail, or what it is about.
        tests: The tests that made it fail.
    """

    name: str
    verdict: Verdict
    detail: str = ""
    feedback: tuple[Feedback, ...] = ()
    tests: tuple[OddTest, ...] = ()


def passed(name: str, detail: str = "") -> GateResult:
    """Return a passed gate."""
    return GateResult(name, Verdict.PASSED, detail)


def failed(
    name: str, detail: str, feedback: tuple[Feedback, ...] = (), tests: tuple[OddTest, ...] = ()
) -> GateResult:
    """Return a failed gate."""
    return GateResult(name, Verdict.FAILED, detail, feedback, tests)


def unverified(name: str, detail: str, feedback: tuple[Feedback, ...] = ()) -> GateResult:
    """Return a gate that could not judge, with why; ``feedback`` may be answered by the codemod."""
    return GateResult(name, Verdict.UNVERIFIED, detail, feedback)


@dataclass(frozen=True, slots=True)
class Gate:
    """A check that a codemod brings along: what only it knows that has to be true of its changes.

    Attributes:
        name: Stable, lower case, without ``:`` and ``(``: "no default".
        check: Given the workspace before and after, and the change, why the change must not be, "" if it may:
            a sentence that names its evidence. Pure. What it answers is part of every report, and a change it
            objects to is never kept.
        covers: One sentence for a report: what was looked at when it passes.
    """

    name: str
    check: Callable[[Codebase, Codebase, Change], str]
    covers: str

    def judged(self, before: Codebase, after: Codebase, change: Change) -> GateResult:
        """Return what the gate says of a change."""
        objection = self.check(before, after, change)
        return failed(self.name, objection) if objection else passed(self.name, self.covers)


class Compiler(Protocol):
    """What a gate may ask about a package as it stands on the disk: each answer is text or data."""

    @property
    def configurations(self) -> tuple[str, ...]:
        """The names of the feature sets that are checked, the default one first."""

    @property
    def files(self) -> Files:
        """The package's texts."""

    @property
    def news(self) -> bool:
        """Whether rustc says what it did not say before: a next round comes, costly questions can wait."""

    def mir(self, configuration: str) -> Mapping[str, str]:
        """Return what the functions of each target that compiles do, as MIR, by the target's label."""

    def documentation(self, configuration: str) -> Mapping[str, Any] | None:
        """Return rustdoc's JSON of the library, private items included; None where there is none."""


@dataclass(frozen=True, slots=True)
class CompilerGates:
    """Gates that a codemod brings along, and that ask the compiler; part of each round of checks.

    Attributes:
        covers: Each of them by its name, with what is shown where it passes.
        measure: Given a planned change and the compiler, while the tree is untouched, what
            ``judge`` will need.
        judge: Given a change that is on the disk, what was measured, and the compiler, yields what they say,
            up to the first that fails; what failed has to have feedback. Yields nothing of a change that is
            not theirs to judge.
        unproven: What ``refine`` is told where cargo cannot begin, so that nothing can be asked; () where a
            change needs none of this.
    """

    covers: Mapping[str, str]
    measure: Callable[[Change, Compiler], object]
    judge: Callable[[Change, object, Compiler], Iterator[GateResult]]
    unproven: Callable[[Change], tuple[Feedback, ...]]
