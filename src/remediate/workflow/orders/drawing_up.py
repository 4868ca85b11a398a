"""The work orders of whole audits, at a commit: nothing is written but caches."""

from collections.abc import Sequence
from pathlib import Path

from remediate import contract
from remediate.workflow.orders.order import WorkOrder
from remediate.workflow.orders.selection import audit_of, outcomes, selected
from remediate.workflow.orders.writing import Drafter, texts
from remediate.workflow.progress import Progress
from remediate.workflow.request import Request
from remediate.workflow.sources.audits import anchored, constraints_of, history_of, read_audit, tree_of
from remediate.workflow.sources.settings import Settings
from remediate.workflow.tree.checkout import worktree


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
    limit = settings.scan().max_lines
    with worktree(request, progress) as place:
        workspace = place.shop.workspace
        progress.step("look for the findings")
        with history_of(workspace.root) as past:
            findings = anchored(documents, tree_of(workspace), limit, contract.codemod_for, past)
        known = outcomes(place.git) if place.git else {}
        wanted = list(selected(findings, known, chosen))
        drafter = Drafter(
            place.shop,
            place.base.commit if place.base else "",
            texts(audits),
            settings.demands(constraints_of(documents)),
            by_name,
        )
        orders = []
        for number, (finding, reason) in enumerate(wanted, 1):
            progress.begin(finding, number, len(wanted))
            orders.append(drafter.order(finding, reason, audit_of(finding, documents)))
        return tuple(orders)
