"""Plans for findings of a scan, without applying them: what a codemod would change."""

from collections.abc import Callable

from remediate.contract import codemods
from remediate.edits import Change
from remediate.model import Finding
from remediate.workflow.scanning import Scanned
from remediate.workflow.settings import for_finding, settled
from remediate.workflow.workspace import load


def planner(result: Scanned) -> Callable[[Finding], Change | None]:
    """Return a function that gives the change planned for a finding, None where its codemod declines."""
    workspace = load(result.root)
    options = settled(result.root).options()

    def plan(finding: Finding) -> Change | None:
        package = workspace.package_of(finding.path)
        if finding.codemod is None or package is None:
            return None
        answer = codemods()[finding.codemod].plan(package, finding, for_finding(options, finding))
        return answer if isinstance(answer, Change) else None

    return plan
