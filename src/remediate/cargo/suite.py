"""What one run of a package's tests found, as values; the same shape whichever runner ran them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from remediate.cargo.check import DEFAULT, Check, Configuration, Unit


class Ending(StrEnum):
    """How one test ended. One that never ended within the limit is ``unfinished``."""

    OK = "ok"
    FAILED = "failed"
    IGNORED = "ignored"
    UNFINISHED = "unfinished"


MOST_SAID = 20_000
"""Characters that are kept of what a failed test printed."""


@dataclass(frozen=True, slots=True, order=True)
class Case:
    """One test.

    Attributes:
        label: Its target, as cargo's messages call it: ``lib``, ``bin "x"``, ``test "it"``, ``doc``.
        name: Its path in the binary.
        result: How it ended.
        should_panic: Whether it is expected to panic; None where the runner does not tell.
        source: The file it is written in, where the runner tells.
        said: What it printed when it failed, or its beginning: a hint for a search, and proof of nothing.
    """

    label: str
    name: str
    result: Ending
    should_panic: bool | None = None
    source: str = ""
    said: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Suite:
    """One run.

    Attributes:
        runner: "nextest", "libtest" or "doctest".
        configuration: The feature set's name.
        tests: Every test found, sorted, the ignored ones included.
        uncovered: Targets that could not be listed, each a sentence with why.
        problem: Why the run as a whole says nothing; empty when it does.
        seconds: Time the tests took, without the build.
        units: What was compiled for it, for the freshness proof; for doctests, what they link.
        build: All that its build said, where the runner passes it on; None when it did not begin.
        read: Which of ``Selection.data`` were read during the run; None where the file system does not tell.
        expanded: The expansion of targets that the build was to expand along, by their labels.
    """

    runner: str
    configuration: str
    tests: tuple[Case, ...] = ()
    uncovered: tuple[str, ...] = ()
    problem: str = ""
    seconds: float = 0.0
    units: tuple[Unit, ...] = ()
    build: Check | None = None
    read: tuple[str, ...] | None = None
    expanded: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Selection:
    """What to test.

    Attributes:
        package: The package's name.
        spec: What cargo is to call it, where the name alone would be ambiguous.
        configuration: The feature set.
        unharnessed: Labels of targets with ``harness = false``.
        limit: Seconds the tests may take once they are built.
        only: The tests to run, by name; none means all. Doctests are run all the same.
        benches: Whether benches are built along, and never run: then the build covers what a check does.
        data: The files of which it is to be known whether the run reads them.
        crates: Those whose units of tests the build is to expand along, where the runner's can.
    """

    package: str
    spec: str
    configuration: Configuration = DEFAULT
    unharnessed: tuple[str, ...] = ()
    limit: float = 1800.0
    only: tuple[str, ...] = ()
    benches: bool = False
    data: tuple[str, ...] = ()
    crates: tuple[str, ...] = ()

    @property
    def uncovered(self) -> tuple[str, ...]:
        """A sentence for each target whose tests no runner lists."""
        return tuple(f"{name} has no harness that lists its tests" for name in self.unharnessed)

    @property
    def arguments(self) -> tuple[str, ...]:
        """The arguments that choose the package and its features."""
        return ("--package", self.spec, *self.configuration.arguments)
