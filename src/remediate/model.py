"""The frozen values every layer speaks in. Imports nothing of this package.

Paths are POSIX strings relative to the cargo workspace root ("" is the root itself). Lines and columns
count from 1 and columns are in bytes; offsets count bytes from 0.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Status(StrEnum):
    """What has become of an audit's claim in today's tree."""

    PRESENT = "present"
    MOVED = "moved"
    FIXED = "fixed"
    MISTAKEN = "mistaken"
    AMBIGUOUS = "ambiguous"
    UNRESOLVABLE = "unresolvable"


class Result(StrEnum):
    """How a finding ended. Every finding ends in exactly one."""

    FIXED = "fixed"
    FIXED_PARTLY = "fixed-partly"
    SKIPPED = "skipped"
    ROLLED_BACK = "rolled-back"
    FAILED = "failed"
    ALREADY_FIXED = "already-fixed"
    MISTAKEN = "mistaken"
    PLANNED = "planned"  # only of a run that was asked to change nothing (--dry-run, --check)


class Safety(StrEnum):
    """How far a codemod's result may be trusted without a person reading it."""

    MECHANICAL = "mechanical"
    NEEDS_REVIEW = "needs-review"


@dataclass(frozen=True, slots=True)
class Site:
    """One place in today's tree that a finding is about.

    Attributes:
        text: The line, trimmed.
        end_column: Behind its last byte on that line; 0 where only the line is known.
        kind: Its class within the rule ("certain-panic", "stub", ..), or "".
        severity: "error", "warning" or "note"; "" is the rule's own. ``note`` is the evidence for a person.
        fingerprint: That of the place alone.
    """

    path: str
    line: int
    column: int
    text: str
    end_column: int = 0
    kind: str = ""
    severity: str = ""
    note: str = ""
    fingerprint: str = ""


@dataclass(frozen=True, slots=True)
class PlannedModule:
    """A submodule an audit or plan asks for; ``items`` are the keys of just what goes there, if settled."""

    name: str
    description: str = ""
    public: bool = False
    exports: tuple[str, ...] = ()
    items: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """One claim of an audit, anchored to today's tree.

    Attributes:
        id: Stable within one reading of one audit ("8.3"); for people.
        fingerprint: 16 hex digits over rule, package, item path and normalised tokens; no line number.
        rule: The rule id ("large-file", "embedded-tests", "block-on", ...).
        path: The workspace-relative file or folder; "" when the claim names none or it is unresolvable.
        claimed_path: The path as the audit wrote it.
        claimed_lines: Lines as the audit gave them.
        claimed_size: Lines the audit says the file has.
        moved_to: Today's lines when the status is ``moved``.
        codemod: The codemod that takes this rule, or None.
        reason: One sentence of evidence for the status.
        audit_line: Where in the audit the claim stands.
        planned: The submodules the audit plans for the file.
        arrangement: The submodules that a plan settles, piece by piece; None where none does.
        sketch: Code the audit gives as its solution; evidence, never pasted.
        related: What else the audit's item mentions, as written: other paths, lines, sizes.
        limit: The size that a file was judged by, for a rule that is about size.
    """

    id: str
    fingerprint: str
    rule: str
    title: str
    path: str
    status: Status = Status.PRESENT
    claimed_path: str = ""
    claimed_lines: tuple[int, ...] = ()
    claimed_size: int | None = None
    moved_to: tuple[int, ...] = ()
    sites: tuple[Site, ...] = ()
    codemod: str | None = None
    reason: str = ""
    audit_line: int = 0
    planned: tuple[PlannedModule, ...] = ()
    arrangement: tuple[PlannedModule, ...] | None = None
    sketch: str = ""
    severity: str = ""
    related: tuple[str, ...] = ()
    limit: int | None = None


@dataclass(frozen=True, slots=True)
class WaitingTest:
    """An ignored test that waits for a function to be written.

    Attributes:
        path: Its file.
        name: Its own name, without its modules.
        function: What it waits for: ``Engine::run``.
    """

    path: str
    name: str
    function: str


@dataclass(frozen=True, slots=True)
class Explained:
    """One occurrence of what a finding is about, and what a codemod makes of it.

    Attributes:
        what, where: What it is, and the context that it runs in.
        kind: The codemod's class of it, "" for none.
        reason: The reason code with which it stays; "" where it would be changed.
        detail: What would be done, or why it stays: one sentence.
        evidence: The whole reasoning, line by line.
        callers: The functions that call the one around it, each with its location.
    """

    path: str
    line: int
    what: str
    where: str
    kind: str
    reason: str
    detail: str
    evidence: tuple[str, ...] = ()
    callers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Skip:
    """A codemod declines: a stable reason code ("orphan-file") and one sentence for a person.

    Attributes:
        mistaken: Whether what the finding asks for would be wrong: the code is right as it is.
    """

    reason: str
    sentence: str
    mistaken: bool = False


@dataclass(frozen=True, slots=True)
class Span:
    """A place a compiler message points at; ``replacement`` is rustc's suggestion for it, if any."""

    path: str
    start: int
    end: int
    line: int
    column: int
    primary: bool = True
    label: str = ""
    replacement: str | None = None
    applicability: str = ""


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One compiler message. ``children`` are its notes and helps; ``rendered`` is rustc's own text.

    ``units`` is how many compilations of the target took place (lib and lib test, each configuration),
    ``reports`` how many of them said this: an import is unused everywhere only if the two are equal.
    """

    level: str
    code: str
    message: str
    spans: tuple[Span, ...] = ()
    children: tuple["Diagnostic", ...] = ()
    rendered: str = ""
    reports: int = 1
    units: int = 1


@dataclass(frozen=True, slots=True)
class Timings:
    """Seconds a fix took, by who spent them, and how often cargo was started.

    ``baseline_s`` and ``baseline_runs`` are part of ``cargo_*``, once per base: for what is known of the
    untouched tree, the compiler's facts included; ``rounds`` are of checks.
    """

    plan_s: float = 0.0
    edit_s: float = 0.0
    git_s: float = 0.0
    cargo_s: float = 0.0
    total_s: float = 0.0
    cargo_runs: int = 0
    baseline_s: float = 0.0
    baseline_runs: int = 0
    rounds: int = 0


@dataclass(frozen=True, slots=True)
class Reference:
    """A line that names a path whose contents lie elsewhere now; it may be outside of the workspace."""

    path: str
    line: int
    text: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one finding: the machine-readable contract of every fixing command.

    Attributes:
        finding: The finding's fingerprint; ``id`` is what the audit's reading calls it.
        reason, detail: A reason code, for ``fixed`` too ("verified"), and one sentence for a person.
        verified: Names of the gates that ran and passed.
        unverified: What no check covered, each with why.
        references: Lines elsewhere that name a file the fix moved or cut up: for a person to look at.
        diagnostics: rustc's rendered messages when the fix was rolled back.
        reused: Whether an earlier run on the same tree reached it, and this one only read it.
        work_order: The name of the work order that hands the finding over to a person, where it has no fix;
            ``remediate work-order`` writes it.
        fixer: The external fixer that was asked; "" for none.
    """

    finding: str
    codemod: str | None
    outcome: Result
    reason: str
    detail: str = ""
    title: str = ""
    path: str = ""
    branch: str | None = None
    commit: str | None = None
    base: str | None = None
    files: tuple[str, ...] = ()
    verified: tuple[str, ...] = ()
    unverified: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    references: tuple[Reference, ...] = ()
    diagnostics: tuple[str, ...] = ()
    score: int | None = None
    timings: Timings = field(default_factory=Timings)
    reused: bool = False
    work_order: str = ""
    fixer: str = ""
    id: str = ""


Files = Mapping[str, bytes]
"""Text by path: what codemods read instead of the disk."""
