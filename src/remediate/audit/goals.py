"""What an audit asks of the work, beyond its findings: phases, constraints, criteria. Frozen values."""

from dataclasses import dataclass
from enum import StrEnum

from remediate.quantities import quantity


class GoalKind(StrEnum):
    """What a goal is about."""

    PHASE = "phase"  # a step of quality assurance that every fix goes through
    CONSTRAINT = "constraint"  # what all changed code has to keep to
    CRITERION = "criterion"  # what is true once the work is done

    def counted(self, number: int) -> str:
        """Return "1 phase", "2 criteria"."""
        if self is GoalKind.CRITERION and number != 1:
            return f"{number} criteria"
        return quantity(number, self.value)


class Demand(StrEnum):
    """What a goal was understood to ask for; what ``constraints.CHECKED`` knows has the same name there."""

    IMPLEMENTED = "implemented"
    NO_UNSAFE = "no-unsafe"
    NO_UNWRAP = "no-unwrap"
    NO_EXPECT = "no-expect"
    NO_PANIC = "no-panic"
    NO_BLOCKING = "no-blocking"
    STREAMING = "streaming"
    LOCK_FREE = "lock-free"
    NO_ALLOCATION = "no-allocation"
    NO_PLACEHOLDERS = "no-placeholders"
    NO_DEBUG_PRINTS = "no-debug-prints"
    ERROR_HANDLING = "error-handling"
    FILE_SIZE = "file-size"
    TESTS_IN_TESTS = "tests-in-tests"
    NEXTEST = "nextest"
    TESTS_PASS = "tests-pass"  # noqa: S105 - no password
    COVERAGE = "coverage"
    END_TO_END = "end-to-end"
    NO_ERRORS = "no-errors"
    NO_WARNINGS = "no-warnings"
    FORMATTED = "formatted"
    NO_REGRESSION = "no-regression"
    FAST = "fast"
    DOCUMENTED = "documented"
    ERGONOMIC = "ergonomic"
    RATING = "rating"


@dataclass(frozen=True, slots=True)
class Goal:
    """One phase, constraint or criterion.

    Attributes:
        words: As written, without list marker, check box and emphasis.
        audit_line: Where it stands.
        section: The heading it stands under.
        demands: What was understood of it, in the order of ``Demand``; () where nothing was.
        rules: The rules it names: no finding of any of them is to be left.
        limit: The number it names: the largest file in lines, or the least rating.
        checked: The state of its check box; None without one.
    """

    kind: GoalKind
    words: str
    audit_line: int
    section: str = ""
    demands: tuple[Demand, ...] = ()
    rules: tuple[str, ...] = ()
    limit: int | None = None
    checked: bool | None = None

    @property
    def understood(self) -> bool:
        """Whether it says anything that this program knows."""
        return bool(self.demands or self.rules)
