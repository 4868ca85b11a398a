"""What a codemod is, and how the installed ones are found.

A codemod is a module (or package) with the attributes of ``Codemod``; it is registered by one entry-point
line in the group ``remediate.codemods``. It is pure: text and data in, a value out.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from importlib.metadata import entry_points
from typing import Any, Protocol, cast, runtime_checkable

from remediate.edits import Change
from remediate.facts.model import Wanted
from remediate.feedback import Feedback
from remediate.gates import CompilerGates, Gate, GateResult
from remediate.model import Explained, Finding, Safety, Skip, WaitingTest
from remediate.options import OnDemand, Options
from remediate.proofs import Proofs
from remediate.rust.codebase import Codebase
from remediate.streams import Backend

_GROUP = "remediate.codemods"


class Codemod(Protocol):
    """The contract.

    Attributes:
        OPTIONS: What it may be asked; ``options`` below is one of these.
        RULES: The finding rules it takes.
        SAFETY: How far its result may be trusted unread.
        PROOFS: What is true of every change it plans: what gates hold it to.
        SETTLED: The reason codes of its declines that mean "nothing to do": the finding is gone.
        DESCRIPTION: One line for the codemod table.
    """

    OPTIONS: type[Options]
    RULES: tuple[str, ...]
    SAFETY: Safety
    PROOFS: Proofs
    SETTLED: frozenset[str]
    DESCRIPTION: str

    def plan(self, codebase: Codebase, finding: Finding, options: Any) -> Change | Skip:
        """Plan the fix of one finding, or decline. ``codebase.home(finding.path)`` is its package."""

    def refine(self, codebase: Codebase, change: Change, feedback: Sequence[Feedback]) -> Change | Skip:
        """Answer what was said about the last attempt.

        ``feedback`` are errors and warnings that the base does not have, and failures of gates. Both point
        into ``change.result(codebase.files)``. Returning the same change means "nothing to add": the workflow
        then verifies or rolls back.
        """


@runtime_checkable
class Gated(Protocol):
    """A codemod that brings gates of its own, which hold beside all others."""

    GATES: tuple[Gate | CompilerGates, ...]


@runtime_checkable
class Rescanning(Protocol):
    """A codemod that says itself whether a finding is gone, where planning again would not tell."""

    def rescan(self, before: Codebase, after: Codebase, change: Change, finding: Finding) -> GateResult:
        """Return the result of the gate "rescan"."""


@runtime_checkable
class Templated(Protocol):
    """A codemod that brings templates: ``codebase.render`` finds them before this program's own.

    A project's own folder (``templates`` in its configuration) goes before both.

    Attributes:
        TEMPLATES: The absolute path of their folder.
    """

    TEMPLATES: str


@runtime_checkable
class Sketched(Protocol):
    """A codemod that takes after the code that an audit gives: it is compiled, and the outcome says why not.

    Attributes:
        SKETCHES: True.
    """

    SKETCHES: bool


@runtime_checkable
class Adding(Protocol):
    """A codemod whose change may add on purpose what its findings are about: found again, it is left."""

    def added(self, change: Change, path: str) -> int:
        """Return how many occurrences a change adds to a file on purpose."""


class PlanFile(Protocol):
    """A plan of one finding, for a person to look at and to change."""

    def text(self, name: str) -> str:
        """Return it as the text of a file, to be saved under a name."""

    @property
    def pictures(self) -> Mapping[str, Callable[[], str]]:
        """What draws it, by the form of the picture: "svg", "mermaid"."""


@runtime_checkable
class Planning(Protocol):
    """A codemod whose plan a person may see, change and give to the next run: as a file in a form of its own.

    An edited plan is the file's name, for messages, and its bytes. Both that read one raise
    ``InputError`` where it is none, with the line.
    """

    def plan_file(self, codebase: Codebase, finding: Finding, options: Any) -> PlanFile | Skip:
        """Return what would be done, or decline as ``plan`` does."""

    def options_of(self, plan: tuple[str, bytes]) -> Mapping[str, Any]:
        """Return the options that a plan settles."""

    def as_planned(
        self, codebase: Codebase, finding: Finding, options: Any, plan: tuple[str, bytes], today: bytes
    ) -> Finding | Skip:
        """Return a finding that asks for what a plan says; ``today`` is its file in the user's checkout."""


@runtime_checkable
class Asking(Protocol):
    """A codemod that plans better with what the compiler knows: ``Package.facts`` holds it in ``plan``."""

    def wanted_facts(
        self, codebase: Codebase, finding: Finding, options: Any
    ) -> Wanted | tuple[Wanted, ...] | None:
        """Return what to ask before ``plan``, of one package or of several.

        None where it would decline anyway, or has no question.
        """


@runtime_checkable
class Dividing(Protocol):
    """A codemod that can tell, by what the compiler knows, which findings of one run belong together."""

    def divided(self, codebase: Codebase, findings: Sequence[Finding], options: Any) -> tuple[Finding, ...]:
        """Return the same places as other findings: one for all that stands or falls together."""


@runtime_checkable
class Probing(Protocol):
    """A codemod that writes streams: ``Codebase.verdicts`` says in ``plan`` which backends may be used."""

    def wanted_backends(self, codebase: Codebase, finding: Finding, options: Any) -> tuple[Backend, ...]:
        """Return the stream backends whose contract is to be probed before ``plan``; none in most cases."""

    def own_backends(self, codebase: Codebase, options: Any) -> tuple[Backend, ...]:
        """Return the workspace's own stream types, whether they keep the contract or not."""


@runtime_checkable
class Explaining(Protocol):
    """A codemod that can say of each occurrence what it would do, and why."""

    def explain(self, codebase: Codebase, finding: Finding, options: Any) -> tuple[Explained, ...]:
        """Return what becomes of each occurrence that a finding is about."""


@runtime_checkable
class Scaffolding(Protocol):
    """A codemod that leaves behaviour to be written, and ignored tests that wait for it.

    Attributes:
        WAITING: The reason code of its decline that means: a test waits for it already.
    """

    WAITING: str

    def waiting_tests(self, codebase: Codebase, finding: Finding) -> tuple[WaitingTest, ...]:
        """Return the tests that wait for what a finding is about, as this codemod wrote them."""


@cache
def codemods() -> Mapping[str, Codemod]:
    """Return the installed codemods by entry-point name, sorted; each is imported when it is asked for."""
    return OnDemand(installed(), codemod)


@cache
def installed() -> tuple[str, ...]:
    """Return the entry-point names of the installed codemods, sorted; none is imported."""
    return tuple(sorted(entry.name for entry in entry_points(group=_GROUP)))


@cache
def codemod(name: str) -> Codemod:
    """Import one installed codemod.

    Raises:
        KeyError: None is called so.
    """
    return cast("Codemod", entry_points(group=_GROUP)[name].load())


def codemod_for(rule: str) -> str | None:
    """Return the name of the codemod that takes a rule, or None."""
    return next((name for name, codemod in codemods().items() if rule in codemod.RULES), None)


def gates_of(codemod: Codemod | None) -> tuple[Gate, ...]:
    """Return the gates of a codemod's own that look at texts."""
    found: tuple[Gate | CompilerGates, ...] = codemod.GATES if isinstance(codemod, Gated) else ()
    return tuple(gate for gate in found if isinstance(gate, Gate))


def own_gates(codemod: Codemod | None) -> dict[str, str]:
    """Return each gate of a codemod's own by its name, with what it shows where it passes."""
    texts = {gate.name: gate.covers for gate in gates_of(codemod)}
    return texts | {name: text for gates in compiler_gates_of(codemod) for name, text in gates.covers.items()}


def compiler_gates_of(codemod: Codemod | None) -> tuple[CompilerGates, ...]:
    """Return the gates of a codemod's own that ask the compiler."""
    found: tuple[Gate | CompilerGates, ...] = codemod.GATES if isinstance(codemod, Gated) else ()
    return tuple(gates for gates in found if isinstance(gates, CompilerGates))
