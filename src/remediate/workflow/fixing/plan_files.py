"""A codemod's plan as a file to look at and to change, and a changed plan as a finding that asks for that."""

from pathlib import Path

from remediate import contract
from remediate.errors import InputError
from remediate.model import Finding, Skip
from remediate.options import Options
from remediate.workflow.progress import Progress
from remediate.workflow.sources.claims import large_file
from remediate.workflow.sources.workspace import Workspace, load


def planned(
    start: Path, manifest_path: Path | None, file: Path, options: Options, progress: Progress
) -> contract.PlanFile:
    """Return how a file would be cut as it stands in the checkout; nothing is changed.

    Raises:
        InputError: The path is no Rust file of the workspace, or its codemod declines.
    """
    progress.step("read the workspace")
    workspace = load(start, manifest_path)
    finding = large_file(workspace, file)[0]
    progress.step(f"group the items of {finding.path}: {finding.title}")
    answer = _planning(workspace, finding).plan_file(workspace.codebase, finding, options)
    if isinstance(answer, Skip):
        raise _refused(finding, answer)
    return answer


def as_planned(
    workspace: Workspace, file: Path, plan: tuple[str, bytes], options: Options
) -> tuple[Finding, ...]:
    """Return the finding that a file is too large, with a plan as what to make of it: its name, its bytes.

    Raises:
        InputError: The plan does not fit the file.
    """
    finding = large_file(workspace, file)[0]
    checkout = workspace.origin / finding.path
    today = checkout.read_bytes() if checkout.is_file() else b""
    codemod = _planning(workspace, finding)
    answer = codemod.as_planned(workspace.codebase, finding, options, plan, today)
    if isinstance(answer, Skip):
        raise _refused(finding, answer)
    return (answer,)


def _planning(workspace: Workspace, finding: Finding) -> contract.Planning:
    codemod = contract.codemods()[contract.codemod_for(finding.rule) or ""]
    if workspace.package_of(finding.path) is None or not isinstance(codemod, contract.Planning):
        raise InputError(f"{finding.path} belongs to no package of the workspace")
    return codemod


def _refused(finding: Finding, skip: Skip) -> InputError:
    return InputError(f"{finding.path} cannot be split ({skip.reason}): {skip.sentence}")
