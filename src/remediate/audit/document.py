"""What a reader makes of an audit: claims as written, before anyone looked at the tree. Frozen values."""

from dataclasses import dataclass
from functools import cached_property

from remediate.audit.constraints import CHECKED, Constraint
from remediate.audit.goals import Demand, Goal, GoalKind
from remediate.model import PlannedModule


@dataclass(frozen=True, slots=True, order=True)
class LineRange:
    """Lines ``first`` to ``last`` of a file, both included; one line when they are equal."""

    first: int
    last: int

    def __contains__(self, line: int) -> bool:
        return self.first <= line <= self.last


@dataclass(frozen=True, slots=True)
class Mention:
    """One path, line number or file size that the document speaks of.

    Attributes:
        kind: "path", "line", "size" or "item" (a numbered item or a check box as a whole).
        text: As written.
        audit_line: Line in the document, from 1.
    """

    kind: str
    text: str
    audit_line: int


@dataclass(frozen=True, slots=True)
class NotUnderstood:
    """A mention that no claim took, and why."""

    mention: Mention
    reason: str


@dataclass(frozen=True, slots=True)
class Item:
    """One finding as the audit's author numbered or headed it; it holds one or more claims.

    Attributes:
        checked: The state of its check box; None without one.
    """

    id: str
    title: str
    audit_line: int
    checked: bool | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """What an audit says about one path.

    Attributes:
        id: Item and position in it ("2.3"), unique in the document.
        title: The item's title.
        rule: The rule it is about; "unclassified" when it names none.
        rules: All rules it names, ``rule`` first; each may prove it.
        path: As written; "" for the whole workspace. May be a folder or a glob.
        lines: Line numbers as written.
        size: Lines the audit says the file has.
        count: How many places the audit says there are ("20+ TODOs").
        limit: The file size the audit allows, where it says one.
        quotes: Source text the audit quotes.
        words: The prose about the place, as written; only of a claim about one place.
        symbols: Functions and types the audit names as the place.
        names: Identifiers in backticks, of a claim that could not be looked for otherwise.
        excerpt: Lines of source that the audit shows as what is wrong.
        planned: Submodules it asks for.
        sketch: Code it gives as its solution.
        related: Other paths it mentions on the way, as written.
        done: Whether the audit marks it as done.
        new: Whether it asks for a file that is yet to be made.
        site_text: The whole source line, where a machine-readable audit gives it.
        fingerprint: The fingerprint a machine-readable audit gives; "" for others.
        gone: Whether our own earlier output says that the place is gone.
        audit_line: Where it stands.
    """

    id: str
    title: str
    rule: str
    path: str
    audit_line: int
    rules: tuple[str, ...] = ()
    lines: tuple[LineRange, ...] = ()
    size: int | None = None
    count: int | None = None
    limit: int | None = None
    quotes: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    symbols: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    excerpt: tuple[str, ...] = ()
    planned: tuple[PlannedModule, ...] = ()
    sketch: str = ""
    related: tuple[str, ...] = ()
    done: bool = False
    new: bool = False
    site_text: str = ""
    fingerprint: str = ""
    gone: bool = False


@dataclass(frozen=True)
class AuditDocument:
    """One audit, read.

    Attributes:
        name: File name or "-", for messages.
        format: "markdown", "sarif", "cargo" or "findings".
        items: The findings as the author counted them.
        claims: What they say, path by path, in document order.
        mentions: How many paths, lines, sizes, and entries without any of them, the document speaks of.
        not_understood: Those of them that ended in no claim, and in no goal that was understood.
        goals: What it asks of the work: phases, constraints, completion criteria, in its order.
    """

    name: str
    format: str
    items: tuple[Item, ...] = ()
    claims: tuple[Claim, ...] = ()
    mentions: int = 0
    not_understood: tuple[NotUnderstood, ...] = ()
    goals: tuple[Goal, ...] = ()

    @property
    def understood(self) -> int:
        """Mentions that ended in a claim, or in a goal that was understood."""
        return self.mentions - len(self.not_understood)

    @cached_property
    def constraints(self) -> tuple[Constraint, ...]:
        """What changed code has to keep to: one value for each check that an entry of a list asks for.

        One without a name for an entry that no check is known for.
        """
        return tuple(
            Constraint(name, goal.words, goal.audit_line, goal.limit)
            for goal in self.goals
            if goal.kind is GoalKind.CONSTRAINT
            for name in (_checks(goal) or ("",))
        )

    @cached_property
    def references(self) -> int:
        """How many explicit file:line references the claims hold; a range is one."""
        return sum(len(claim.lines) for claim in self.claims)

    @cached_property
    def sized_files(self) -> int:
        """How many files the document states a size for."""
        return len({claim.path for claim in self.claims if claim.size is not None})


def _checks(goal: Goal) -> tuple[str, ...]:
    """Return the names of the checks that a constraint asks for; one forbids `unwrap` and `expect` alike."""
    names = ("no-unwrap" if d is Demand.NO_EXPECT else d.value for d in goal.demands)
    return tuple(dict.fromkeys(name for name in names if name in CHECKED))
