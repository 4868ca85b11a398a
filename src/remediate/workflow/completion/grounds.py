"""What goals are judged on: the audits, the tree they are held against, and what runs have made of them."""

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from shlex import quote

from remediate import contract
from remediate.audit.anchoring.anchor import merged
from remediate.audit.document import AuditDocument
from remediate.errors import BaselineError, ToolError
from remediate.model import Finding, Outcome, Result, Status
from remediate.quantities import quantity
from remediate.workflow.completion.documentation import Links, links
from remediate.workflow.completion.evidence import Evidence
from remediate.workflow.completion.measures import Measures, NotMeasuredError
from remediate.workflow.completion.sources import Sources, sources
from remediate.workflow.progress import Progress
from remediate.workflow.record.finding_status import BranchState, FindingStatus, statuses
from remediate.workflow.request import Request
from remediate.workflow.sources.audits import anchored, history_of
from remediate.workflow.sources.criteria import extracted
from remediate.workflow.sources.settings import Settings
from remediate.workflow.sources.workspace import Workspace
from remediate.workflow.tree.checkout import Checkout, worktree

OPEN = frozenset({Status.PRESENT, Status.MOVED})
_GONE = frozenset({Status.FIXED, Status.MISTAKEN})
UNSURE = frozenset({Status.AMBIGUOUS, Status.UNRESOLVABLE})


@dataclass(frozen=True)
class Grounds:
    """All of it, of one tree.

    Attributes:
        documents: The audits.
        findings: What they claim, anchored to the tree; what several claim once.
        apart: The same of each audit by itself.
        sources: The tree as the scanner sees it.
        measures: What cargo says of it.
        standings: Where the findings of earlier runs stand.
        rating: What the last rating of this tree came to; None where there is none.
        names: The audits as the user named them, for commands.
        commit: The commit that the tree is of.
        links: Where its documents lead.
    """

    documents: tuple[AuditDocument, ...]
    findings: tuple[Finding, ...]
    apart: tuple[tuple[Finding, ...], ...]
    workspace: Workspace
    sources: Sources
    measures: Measures
    standings: tuple[FindingStatus, ...] = ()
    rating: float | None = None
    names: str = "AUDIT.md"
    commit: str = ""
    links: Links = field(default_factory=Links)

    @cached_property
    def extraction(self) -> Evidence:
        """Whether all tests stand outside of production files."""
        found = extracted(self.workspace)
        command = "remediate audit --only embedded-tests"
        return Evidence(found.id, command, found.detail, found.met, found.evidence)

    def limit(self) -> int:
        """Return the largest file that the audits allow, that of the project where they name none."""
        said = {f.limit for f in self.findings if f.rule == "large-file" and f.limit}
        return min(said, default=self.sources.limit)

    def claims(self, rules: Collection[str] = ()) -> Evidence | None:
        """Return what is still true of the audits' own claims of some rules, of all without any.

        None where they claim nothing of the kind.
        """
        mine = [f for f in self.findings if not rules or f.rule in rules]
        if not mine:
            return None
        right = {f.fingerprint for f in mine if f.status in OPEN and self._is_answered(f)}
        still = [f for f in mine if f.status in OPEN and f.fingerprint not in right]
        unsure = [f for f in mine if f.status in UNSURE]
        figure = f"{len(still)} of {quantity(len(mine), 'claim')} still true"
        ready = [fix for f in still if (fix := self.fix(f))]
        partly = sum(fix.outcome is Result.FIXED_PARTLY for fix in ready)
        if len(ready) > partly:
            figure += f", {len(ready) - partly} of them fixed on a branch that is not merged"
        if partly:
            figure += f", {partly} of them fixed in part only on a branch that is not merged"
        if right:
            figure += f"; of {len(right)} a run found that nothing is to be done"
        if unsure:
            figure += f"; {len(unsure)} could not be looked up"
        holds = False if still else None if unsure else True
        places = (*(self._told(f) for f in still), *(f"{f.id} {f.claimed_path}: {f.reason}" for f in unsure))
        return Evidence("audit", f"remediate findings {self.names}", figure, holds, tuple(places))

    def fix(self, finding: Finding) -> Outcome | None:
        """Return the fix, maybe of a part only, of a finding whose branch waits to be merged."""
        known = (s.outcome for s in self.standings if s.state is BranchState.READY)
        return next((outcome for outcome in known if outcome.finding == finding.fingerprint), None)

    def settled(self) -> int:
        """Return how many findings need no more work: gone, mistaken, or right as they are as a run found."""
        return sum(f.status in _GONE or (f.status in OPEN and self._is_answered(f)) for f in self.findings)

    def _is_answered(self, finding: Finding) -> bool:
        """Whether a run on this very tree found that there is nothing to do about a finding."""
        return any(
            s.current and s.outcome.finding == finding.fingerprint and _is_nothing_to_do(s.outcome)
            for s in self.standings
        )

    def measured(self, about: str, command: str, take: Callable[[Measures], Evidence]) -> Evidence:
        """Return the evidence of a measure; where it cannot be taken, why."""
        try:
            return take(self.measures)
        except NotMeasuredError as error:
            return Evidence(about, command, str(error), None)
        except (BaselineError, ToolError) as error:
            return Evidence(about, command, f"cannot be measured: {error}", None)

    def _told(self, finding: Finding) -> str:
        lines = sorted({site.line for site in finding.sites})
        at = f":{','.join(map(str, lines[:8]))}" if lines else ""
        fix = self.fix(finding)
        part = "in part only " if fix and fix.outcome is Result.FIXED_PARTLY else ""
        done = f" (fixed {part}on {fix.branch})" if fix else ""
        return f"{finding.id} {finding.path}{at} {finding.title}{done}"


def _is_nothing_to_do(outcome: Outcome) -> bool:
    if outcome.outcome is Result.SKIPPED and outcome.codemod and outcome.codemod in contract.installed():
        return outcome.reason in contract.codemods()[outcome.codemod].SETTLED
    return outcome.outcome in {Result.MISTAKEN, Result.ALREADY_FIXED}


@contextmanager
def opened(
    request: Request,
    settings: Settings,
    documents: Sequence[tuple[Path, AuditDocument]],
    progress: Progress,
    *,
    measure: bool,
) -> Iterator[tuple[Grounds, Checkout]]:
    """Lend the grounds of a commit, in a worktree of the tool's own; ``measure`` says whether cargo may run.

    Raises:
        InputError, LeaseError, BaselineError: As ``checkout.worktree``.
    """
    with worktree(request, progress) as place:
        progress.step("hold the audit against the tree")
        yield gathered(place, settings, documents, measure=measure), place


def gathered(
    place: Checkout, settings: Settings, documents: Sequence[tuple[Path, AuditDocument]], *, measure: bool
) -> Grounds:
    """Return the grounds of what is checked out."""
    workspace = place.session.workspace
    read = tuple(document for _, document in documents)
    scan = settings.scan()
    with history_of(workspace.root) as past:
        tree = workspace.tree
        apart = tuple(anchored((one,), tree, scan.max_lines, contract.codemod_for, past) for one in read)
    known = statuses(place.git) if place.git else ()
    return Grounds(
        read,
        merged(finding for some in apart for finding in some),
        apart,
        workspace,
        sources(workspace, scan),
        Measures(place.session, only_remembered=not measure),
        tuple(one for one in known if one.prefix == place.prefix),
        names=" ".join(quote(str(path)) for path, _ in documents),
        commit=place.base.commit if place.base else "",
        links=links(workspace),
    )
