"""What a codemod would do about each occurrence, and why: nothing is written but caches."""

from remediate import contract
from remediate.contract import Explaining
from remediate.model import Explained, Finding
from remediate.options import Options
from remediate.rust.codebase import Codebase
from remediate.workflow.fixing.run import Anchoring
from remediate.workflow.progress import Progress
from remediate.workflow.request import Request
from remediate.workflow.streams.probing import probed
from remediate.workflow.tree.checkout import worktree
from remediate.workflow.tree.gathering import asked


def explained(request: Request, anchoring: Anchoring, progress: Progress) -> tuple[Explained, ...]:
    """Return what becomes of each occurrence of the findings, in their order, at the base commit.

    Raises:
        RemediateError: The run as a whole cannot take place; see ``places``.
    """
    found: list[Explained] = []
    with worktree(request, progress) as place:
        session = place.session
        findings = tuple(anchoring(session.workspace))
        for number, finding in enumerate(findings, 1):
            progress.begin(finding, number, len(findings))
            if finding.codemod is None:
                continue
            codemod, codebase = contract.codemods()[finding.codemod], session.workspace.codebase
            options = request.options[finding.codemod]
            wanted = asked(codemod, codebase, finding, options)
            known = session.informed(codebase, wanted)
            found += _of(codemod, probed(session, codemod, known, finding, options), finding, options)
    return tuple(found)


def _of(codemod: object, codebase: Codebase, finding: Finding, options: Options) -> tuple[Explained, ...]:
    return codemod.explain(codebase, finding, options) if isinstance(codemod, Explaining) else ()
