"""What an audit asks of the work: phases, constraints and completion criteria, read into values."""

import pytest

from remediate.audit.constraints import Constraint
from remediate.audit.document import AuditDocument
from remediate.audit.goals import Goal, GoalKind
from remediate.audit.readers.read import read

ASKED = """\
# Ferry audit

## BLOCKING CALLS

### 1. block_on in the booking
**File:** `src/booking.rs` (line 3)

## QUALITY ASSURANCE

For each entry above:
1. **Implementation Phase:** Complete the technical solution, lock-free
2. **Testing Phase:** Verify all functionality
3. **Performance Phase:** No performance regressions
4. **Documentation Phase:** Update the documentation
5. **QA Review:** Rate the quality 1-10 (at least 9 or better)

## CONSTRAINTS FOR ALL CODE

- **Zero Allocation:** Use ArrayVec
  where it is needed
- **Error Handling:** proper recovery, no unwrap/expect in src/
- **Weather:** only sail at low tide

## COMPLETION CRITERIA

- [ ] All blocking violations eliminated
- [x] All files under 400 lines
* [ ] Zero compilation errors and warnings
- [ ] All tests extracted to ./tests/ with nextest
- [ ] The harbour master is happy with src/quay.rs
"""


def _read(text: str) -> AuditDocument:
    return read(text, "A.md")


def _told(goal: Goal) -> str:
    parts = (*goal.demands, *(f"rule:{rule}" for rule in goal.rules))
    return " ".join([goal.kind.value, str(goal.audit_line), *parts, str(goal.limit or "")]).rstrip()


def test_every_goal_is_read() -> None:
    assert [_told(goal) for goal in _read(ASKED).goals] == [
        "phase 11 implemented lock-free",
        "phase 12 tests-pass",
        "phase 13 no-regression",
        "phase 14 documented",
        "phase 15 rating 9",
        "constraint 19 no-allocation",
        "constraint 21 no-unwrap no-expect error-handling",
        "constraint 22",
        "criterion 26 no-blocking rule:block-on",
        "criterion 27 file-size rule:large-file 400",
        "criterion 28 no-errors no-warnings",
        "criterion 29 tests-in-tests nextest rule:embedded-tests",
        "criterion 30",
    ]


def test_words_and_boxes_are_kept_as_written() -> None:
    goals = _read(ASKED).goals
    assert goals[5].words == "Zero Allocation: Use ArrayVec where it is needed"
    assert goals[5].section == "CONSTRAINTS FOR ALL CODE"
    assert [goal.checked for goal in goals[7:10]] == [None, False, True]


def test_what_is_not_understood_is_listed_and_counted() -> None:
    document = _read(ASKED)
    assert [(entry.mention.text, entry.mention.audit_line) for entry in document.not_understood] == [
        ("Weather: only sail at low tide", 22),
        ("src/quay.rs", 30),
        ("The harbour master is happy with src/quay.rs", 30),
    ]
    assert document.mentions == document.understood + len(document.not_understood)


def test_a_constraint_for_each_thing_that_is_asked() -> None:
    assert _read(ASKED).constraints == (
        Constraint("no-allocation", "Zero Allocation: Use ArrayVec where it is needed", 19),
        *(
            Constraint(name, "Error Handling: proper recovery, no unwrap/expect in src/", 21)
            for name in ("no-unwrap", "error-handling")
        ),
        Constraint("", "Weather: only sail at low tide", 22),
    )


@pytest.mark.parametrize(
    ("words", "demands"),
    [
        ("No unsafe code blocks", "no-unsafe"),
        ("All operations must be memory-safe", "no-unsafe"),
        ("No `unwrap()` or `expect()` in production code", "no-unwrap no-expect"),
        ("NO unwrap() calls (tests only)", "no-unwrap"),
        ("Never panic", "no-panic"),
        ("No locking (lock-free data structures)", "lock-free"),
        ("Replace all Mutex/RwLock with atomic operations", "lock-free"),
        ("Zero heap allocations in the request path", "no-allocation"),
        ("No stubs, mocks, or future enhancements", "no-placeholders"),
        ("No temporary solutions or workarounds", "no-placeholders"),
        ("Zero println!/eprintln! in src/", "no-debug-prints"),
        ("Files must stay below 250 lines", "file-size"),
        ("Tests separated from source code", "tests-in-tests"),
        ("Users expect fast answers", ""),
        ("No compile-blocking issues", ""),
        ("Coverage of 100% with a good pass rate", "tests-pass coverage"),
    ],
)
def test_words_of_constraints(words: str, demands: str) -> None:
    (goal,) = _read(f"## Constraints\n\n- {words}\n").goals
    assert " ".join(goal.demands) == demands


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("Success Criteria", GoalKind.CRITERION),
        ("Definition of Done", GoalKind.CRITERION),
        ("Safety Metrics", GoalKind.CRITERION),
        ("QA Process", GoalKind.PHASE),
        ("Validation process", GoalKind.PHASE),
        ("Technical Constraints", GoalKind.CONSTRAINT),
        ("Performance Requirements", GoalKind.CONSTRAINT),
    ],
)
def test_kinds_by_their_heading(title: str, kind: GoalKind) -> None:
    (goal,) = _read(f"## {title}\n\n- [ ] No unsafe code\n").goals
    assert goal.kind is kind


@pytest.mark.parametrize(
    "text",
    [
        "## Findings\n\n- [ ] `src/x.rs:3` has no unsafe code\n",  # accuses
        "## Summary\n\n- No unsafe code was found\n",  # sums up
        "## Test Extraction Requirements\n\n- [ ] `src/x.rs` has tests\n",  # the heading names a rule
        "## Criteria\n\nAll of these must hold:\n\n```\n- [ ] No unsafe code\n```\n",  # prose and code
    ],
)
def test_what_is_no_goal(text: str) -> None:
    assert _read(text).goals == ()


def test_a_review_between_findings_is_a_phase() -> None:
    (goal,) = _read(
        "## Tasks\n\n- [ ] **Task 1**: Define it in `src/x.rs`.\n"
        "- [ ] **QA Task 1**: Act as an objective QA developer. Verify that it has no unwrap().\n"
    ).goals
    assert _told(goal) == "phase 4 no-unwrap rating"


def test_a_table_of_criteria() -> None:
    (goal,) = _read(
        "## Success metrics\n\n| What | Target |\n|---|---|\n| unsafe blocks | no unsafe |\n"
    ).goals
    assert (goal.words, goal.kind) == ("unsafe blocks | no unsafe", GoalKind.CRITERION)
