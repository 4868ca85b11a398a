"""Findings that a command makes itself, put together by what the compiler knows: one for each change."""

from collections.abc import Sequence

from remediate import contract
from remediate.contract import Dividing
from remediate.model import Finding
from remediate.workflow.request import Request
from remediate.workflow.tree.gathering import asked
from remediate.workflow.tree.session import Session


def divided(request: Request, session: Session, findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Return the findings as their codemods divide them; of codemods that do not, as they are."""
    made: list[Finding] = []
    for name in dict.fromkeys(finding.codemod for finding in findings):
        mine = tuple(finding for finding in findings if finding.codemod == name)
        made += _by_codemod(name, request, session, mine) if name is not None else mine
    return tuple(made)


def _by_codemod(
    name: str, request: Request, session: Session, findings: tuple[Finding, ...]
) -> tuple[Finding, ...]:
    codemod: object = contract.codemods()[name]
    codebase, options = session.workspace.codebase, request.options[name]
    if not isinstance(codemod, Dividing):
        return findings
    for finding in findings:
        codebase = session.informed(codebase, asked(codemod, codebase, finding, options))
    return codemod.divided(codebase, findings, options)
