"""A split as a plan to look at and to change, and a changed plan as a finding that asks for just that."""

from dataclasses import dataclass, replace
from pathlib import Path

from remediate import contract
from remediate.arrangement import Arrangement
from remediate.errors import InputError
from remediate.model import Finding, Skip
from remediate.options import Options
from remediate.workflow.progress import Progress
from remediate.workflow.sources.claims import large_file
from remediate.workflow.sources.workspace import Workspace, load
from remediate.workflow.splits.plan import SplitPlan


@dataclass(frozen=True, slots=True)
class Planned:
    """How a file would be cut, and the bytes it has today."""

    arrangement: Arrangement
    text: bytes


def planned(
    start: Path, manifest_path: Path | None, file: Path, options: Options, progress: Progress
) -> Planned:
    """Return how a file would be cut as it stands in the checkout; nothing is changed.

    Raises:
        InputError: The path is no Rust file of the workspace, or its codemod declines.
    """
    progress.step("read the workspace")
    workspace = load(start, manifest_path)
    finding = large_file(workspace, file)[0]
    progress.step(f"group the items of {finding.path}: {finding.title}")
    return Planned(_arranged(workspace, finding, options), workspace.files[finding.path])


def as_planned(workspace: Workspace, file: Path, plan: SplitPlan, options: Options) -> tuple[Finding, ...]:
    """Return the finding that a file is too large, with the plan as what to make of it.

    Raises:
        InputError: The plan does not fit the file.
    """
    finding = large_file(workspace, file)[0]
    checkout = workspace.origin / finding.path
    today = checkout.read_bytes() if checkout.is_file() else b""
    plan.require_current(finding.path, workspace.files[finding.path], today)
    plan.require_fit(_arranged(workspace, finding, options))
    return (replace(finding, arrangement=plan.modules),)


def _arranged(workspace: Workspace, finding: Finding, options: Options) -> Arrangement:
    package = workspace.package_of(finding.path)
    codemod = contract.codemods()[contract.codemod_for(finding.rule) or ""]
    if package is None or not isinstance(codemod, contract.Arranging):
        raise InputError(f"{finding.path} belongs to no package of the workspace")
    answer = codemod.arrange(workspace.codebase, finding, options)
    if isinstance(answer, Skip):
        raise InputError(f"{finding.path} cannot be split ({answer.reason}): {answer.sentence}")
    return answer
