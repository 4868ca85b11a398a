"""A run: some findings of one workspace, one after the other, each to its outcome."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from remediate import contract
from remediate.git.branches import require_room
from remediate.git.commits import require_identity
from remediate.model import Finding, Outcome, Result
from remediate.workflow.fixing.dividing import divided
from remediate.workflow.fixing.fixer import Fixer
from remediate.workflow.fixing.keeping import Branches, InPlace, OneBranch, Patches
from remediate.workflow.fixing.outcomes import Teller
from remediate.workflow.progress import Progress
from remediate.workflow.record import ledger
from remediate.workflow.request import Mode, Request
from remediate.workflow.sources.references import Surroundings
from remediate.workflow.sources.workspace import Workspace, built, load
from remediate.workflow.tree.checkout import Checkout, checkout, worktree

if TYPE_CHECKING:
    from remediate.workflow.external.assignment import Assignment

Anchoring = Callable[[Workspace], Sequence[Finding]]
Guard = Callable[[Callable[[], Outcome]], Outcome | str]


@dataclass(frozen=True, slots=True)
class Done:
    """A finished run.

    Attributes:
        base: The commit the fixes were made on; None in a checkout that no commit describes.
        outcomes: One per finding, in their order.
        patches: One per fix, where the run was to show them.
    """

    base: str | None
    outcomes: tuple[Outcome, ...]
    patches: tuple[bytes, ...] = ()


def run(request: Request, anchoring: Anchoring, progress: Progress, guard: Guard | None = None) -> Done:
    """Bring every finding to its outcome.

    ``anchoring`` says which findings there are, given the workspace at the base. ``guard`` does the work of
    one finding and returns a sentence where a bug of ours ended it, so that the others still get their turn.

    Raises:
        RemediateError: The run as a whole cannot take place; see ``places`` and ``Fixer``.
    """
    with _place(request, progress) as place:
        fixer = _fixer(request, place, progress)
        progress.step("look for the findings")
        findings = tuple(anchoring(place.session.workspace))
        if request.divide and not fixer.keeper.stays:
            findings = divided(request, place.session, findings)
        if place.git and isinstance(fixer.keeper, Branches):
            asks = fixer.assigned.asks if fixer.assigned else lambda _: False
            wanted = (f for f in findings if asks(f) or f.codemod or contract.codemod_for(f.rule))
            require_room(place.git, {finding.rule for finding in wanted})
        outcomes: list[Outcome] = []
        while len(outcomes) < len(findings):
            finding = findings[len(outcomes)]
            progress.begin(finding, len(outcomes) + 1, len(findings))
            outcomes.append(_guarded(fixer, finding, guard))
            progress.end(outcomes[-1])
            if fixer.keeper.stays and outcomes[-1].files and len(outcomes) < len(findings):
                findings = _again(request, fixer, findings, anchoring)
        patches = tuple(fixer.keeper.texts) if isinstance(fixer.keeper, Patches) else ()
        return Done(place.base.commit if place.base else None, tuple(outcomes), patches)


@contextmanager
def _place(request: Request, progress: Progress) -> Iterator[Checkout]:
    with (checkout if request.mode is Mode.IN_PLACE else worktree)(request, progress) as place:
        yield place


def _fixer(request: Request, place: Checkout, progress: Progress) -> Fixer:
    known = ledger.read(place.git) if place.git and place.tree else None
    keeper = _keeper(request, place, known)
    where = (place.prefix, _around(request, place), place.outside, _hired(request, place))
    return Fixer(request, place.session, keeper, progress, place.base, known, *where)


def _hired(request: Request, place: Checkout) -> "Assignment | None":
    """Return the external fixer that a run asks for.

    Raises:
        InputError: A sandbox is required, and the machine has none.
    """
    if request.fixer is None or place.git is None or place.tree is None or place.base is None:
        return None
    # What few runs want is loaded by those alone.
    from remediate.workflow.external.assignment import Assignment  # noqa: PLC0415
    from remediate.workflow.external.running import Runner  # noqa: PLC0415
    from remediate.workflow.orders.writing import Drafter, texts  # noqa: PLC0415
    from remediate.workflow.sources.audits import read_audit  # noqa: PLC0415

    name, settings = request.fixer
    runner = Runner(
        name=name,
        settings=settings,
        git=place.git,
        mine=place.tree.git,
        base=place.base.commit,
        prefix=place.prefix,
        root=place.session.workspace.origin,
        offline="--offline" in request.cargo,
    )
    runner.contains()
    drafter = Drafter(place.session, place.base.commit, texts(request.audits), request.constraints)
    return Assignment(runner, drafter, tuple(map(read_audit, request.audits)))


def _around(request: Request, place: Checkout) -> Surroundings | None:
    git = place.tree.git if place.tree else place.git
    if git is None:
        return None
    top = place.git.top if place.git else git.top
    audits = (path.resolve() for path in request.audits)
    named = frozenset(path.relative_to(top).as_posix() for path in audits if path.is_relative_to(top))
    return Surroundings(git, place.prefix, named)


def _keeper(request: Request, place: Checkout, known: ledger.Ledger | None) -> Branches | Patches | InPlace:
    if place.git is None or place.tree is None or place.base is None or known is None:
        return InPlace()
    if request.mode is Mode.BRANCH:
        require_identity(place.git)
        kind = OneBranch if request.one_branch else Branches
        if request.one_branch:
            place.session.tree = (
                ""  # the disk soon holds more than the base: no baseline may be cached for it
            )
        return kind(
            place.git, place.tree, place.base, place.prefix, known, request.run_hooks, request.keep_blame
        )
    return Patches(place.tree, place.base.commit, place.prefix, request.patches or request.mode is Mode.DIFF)


def _guarded(fixer: Fixer, finding: Finding, guard: Guard | None) -> Outcome:
    outcome = guard(lambda: fixer.fix(finding)) if guard else fixer.fix(finding)
    if isinstance(outcome, Outcome):
        return outcome
    base = fixer.base.commit if fixer.base else None
    return Teller(finding, finding.codemod, base).tell(Result.FAILED, "internal-error", outcome)


def _again(
    request: Request, fixer: Fixer, findings: tuple[Finding, ...], anchoring: Anchoring
) -> tuple[Finding, ...]:
    """Hold the findings against the files as the last fix left them; one that is gone keeps its old place."""
    old, in_place = fixer.session.workspace, request.mode is Mode.IN_PLACE
    loaded = load(request.start, request.manifest_path, request.cargo) if in_place else None
    fixer.session.go_on(loaded or built(old.metadata, old.origin))
    return held_again(findings, tuple(anchoring(fixer.session.workspace)))


def held_again(findings: tuple[Finding, ...], today: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Return findings as they stand ``today``, each under the number it has; one that is gone as it was.

    An audit's findings have numbers of their own. Those of a scan are counted, so their numbers change with
    the first that is fixed: they are known by what they say, or else by their rule and file.
    """
    numbered = {f.id: f for f in today}
    printed = {f.fingerprint: f for f in today}
    placed = {(f.rule, f.path): f for f in today}
    return tuple(
        numbered.get(f.id, f)
        if f.audit_line
        else replace(printed.get(f.fingerprint) or placed.get((f.rule, f.path)) or f, id=f.id)
        for f in findings
    )
