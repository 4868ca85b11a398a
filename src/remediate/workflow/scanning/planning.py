"""Plans for findings of a scan, without applying them: what a codemod would change."""

from collections.abc import Callable

from remediate import contract
from remediate.edits import Change
from remediate.model import Files, Finding
from remediate.workflow.scanning.scanned import Scanned
from remediate.workflow.sources.settings import settled
from remediate.workflow.sources.workspace import load


def planner(result: Scanned) -> tuple[Callable[[Finding], Change | None], Files]:
    """Return a function that gives the change planned for a finding, and the texts it is planned against.

    The change is None where the codemod declines.
    """
    workspace = load(result.root)
    # Written down for others to apply, a change cannot rename a file: so each stays beside its new folder.
    options = settled(result.root).options({"split-file": {"layout": "file"}})

    def plan(finding: Finding) -> Change | None:
        package = workspace.package_of(finding.path)
        if finding.codemod is None or package is None:
            return None
        codemod = contract.codemods()[finding.codemod]
        answer = codemod.plan(workspace.codebase, finding, options[finding.codemod])
        return answer if isinstance(answer, Change) else None

    return plan, workspace.files
