"""The work orders of whole audits, at a commit: nothing is written but caches."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from remediate import contract
from remediate.audit.document import AuditDocument
from remediate.model import Finding, Outcome, Result, Status
from remediate.workflow.orders.order import WorkOrder
from remediate.workflow.orders.selection import audit_of, outcomes, selected
from remediate.workflow.orders.writing import Drafter, texts
from remediate.workflow.progress import Progress
from remediate.workflow.request import Request
from remediate.workflow.sources.audits import anchored, constraints_of, history_of, read_audit
from remediate.workflow.sources.settings import Settings
from remediate.workflow.tree.checkout import Checkout, worktree


def drawn_up(  # noqa: PLR0913, PLR0917 - what a command line says, each by its name
    request: Request,
    settings: Settings,
    audits: Sequence[Path],
    chosen: Sequence[str],
    by_name: bool,  # noqa: FBT001 - as above
    progress: Progress,
) -> tuple[WorkOrder, ...]:
    """Return a work order for every finding that wants one, or for those that are chosen.

    Raises:
        InputError: An audit cannot be read, or what is chosen is no finding of it.
        RemediateError: The workspace cannot be read; see ``checkout.worktree``.
    """
    documents = [read_audit(path) for path in audits]
    demanded = settings.demands(constraints_of(documents))

    def drafter_at(place: Checkout) -> Drafter:
        base = place.base.commit if place.base else ""
        return Drafter(place.session, base, texts(audits), demanded, by_name)

    with worktree(request, progress) as place:
        findings = _findings(documents, settings, place, progress)
        known = outcomes(place.git) if place.git else {}
        wanted = list(selected(findings, known, chosen))
        begun = {f.fingerprint: o for f, _ in wanted if (o := known.get(f.fingerprint)) and _is_begun(o)}
        drafter = drafter_at(place)
        orders = {}
        for number, (finding, reason) in enumerate(wanted, 1):
            progress.begin(finding, number, len(wanted))
            if finding.fingerprint not in begun:
                orders[finding.fingerprint] = drafter.order(finding, reason, audit_of(finding, documents))
    # What a fix has left is described where it is: on the fix's commit.
    for finding, reason in wanted:
        done = begun.get(finding.fingerprint)
        if done is None:
            continue
        with worktree(replace(request, base=done.commit or request.base), progress) as place:
            left = _left(finding, _findings(documents, settings, place, progress))
            drafter = drafter_at(place)
            order = drafter.order(left, reason, audit_of(finding, documents))
            orders[finding.fingerprint] = replace(order, branch=done.branch or "")
    return tuple(orders[finding.fingerprint] for finding, _ in wanted)


def _is_begun(outcome: Outcome) -> bool:
    return outcome.outcome is Result.FIXED_PARTLY and outcome.commit is not None


def _findings(
    documents: Sequence[AuditDocument], settings: Settings, place: Checkout, progress: Progress
) -> tuple[Finding, ...]:
    workspace = place.session.workspace
    progress.step("look for the findings")
    with history_of(workspace.root) as past:
        limit = settings.scan().max_lines
        return anchored(documents, workspace.tree, limit, contract.codemod_for, past)


def _left(finding: Finding, today: Sequence[Finding]) -> Finding:
    """Return what is left of a finding on the commit that fixes a part of it, under its own name."""
    same = [
        f
        for f in today
        if (f.rule, f.audit_line, f.title) == (finding.rule, finding.audit_line, finding.title)
    ]
    still = [f for f in same if f.status in {Status.PRESENT, Status.MOVED}]
    path = still[0].path if still else finding.path
    sites = tuple(dict.fromkeys(site for f in still for site in f.sites))
    return replace(finding, path=path, sites=sites)
