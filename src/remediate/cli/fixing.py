"""What every fixing command does with its findings: run, print, exit code."""

import json
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import msgspec

from remediate import contract
from remediate.audit.constraints import Constraint
from remediate.cli.bugs import guarded
from remediate.cli.console import show
from remediate.cli.live import Shown
from remediate.cli.options import request, settings
from remediate.cli.wrapping import say
from remediate.errors import InputError, NoRepositoryError
from remediate.model import Finding, Outcome, Result
from remediate.options import Options
from remediate.verify.text.constraints import understood
from remediate.workflow.fixing.run import Done, run
from remediate.workflow.sources.workspace import Workspace

if TYPE_CHECKING:
    from remediate.workflow.completion.evidence import Judgement
    from remediate.workflow.fixing.verification import Verification

Finder = Callable[[Workspace, Mapping[str, Options]], Sequence[Finding]]

FAILED = 3
_FINDINGS = _WOULD_CHANGE = 1
_BASELINE, _INTERNAL = 4, 70


def fix(  # noqa: PLR0913 - the last two are of audits only
    asked: dict[str, Any],
    wanted: Mapping[str, Mapping[str, Any]],
    anchoring: Finder,
    *,
    one: bool,
    batch: bool = False,
    demanded: Sequence[Constraint] = (),
    goals: Callable[[], "Sequence[Judgement]"] = tuple,
) -> int:
    """Bring findings to their outcomes, print them, and return the exit code.

    ``wanted`` is what the command line asks of codemods, by name and option, None where it leaves that to the
    configuration.
    ``one`` says that JSON is the outcome itself rather than a list of them; ``batch`` that declining is no
    failure, since the findings are those of an audit. ``demanded`` are the constraints of audits, ``goals``
    says afterwards how their goals stand.
    """
    found = settings(asked)
    options = found.options(wanted)
    asking = request(asked, options, found, demanded)
    try:
        with Shown(asked) as progress:
            done = run(asking, lambda workspace: anchoring(workspace, options), progress, guarded)
    except NoRepositoryError as error:
        hint = f"{error.hint} Or change the files as they are: --in-place --allow-dirty."
        raise InputError(str(error), hint) from error
    judged = goals()
    if judged:
        from remediate.cli.completion import judgement_data, show_sums
    if asked["message_format"] == "json":
        told = {"goals": [judgement_data(judgement) for judgement in judged]} if judged else {}
        told |= {"constraints": list(map(asdict, asking.constraints))} if asking.constraints else {}
        click.echo(json.dumps(_data(done, asked, one=one) | told, indent=2))
    else:
        _print(done, asked, asked["audits"] if batch else ())
        if judged and not asked["quiet"]:
            show_sums("goals of the audit", judged, asked, errors=asked["diff"])
        if asking.constraints and not (one or asked["quiet"]):
            say(f"changes are held to: {understood(asking.constraints)}", err=asked["diff"])
    return _exit_code(done.outcomes, asked, batch=batch)


def outcome_data(outcome: Outcome) -> dict[str, Any]:
    """Return an outcome as the machine-readable contract has it."""
    data: dict[str, Any] = msgspec.to_builtins(outcome)
    return data


def report_data(verified: "Verification") -> dict[str, Any]:
    """Return what the gates say of a branch."""
    data: dict[str, Any] = msgspec.to_builtins(verified)
    gates = data.pop("report")["gates"]
    for gate in gates:
        said = gate.pop("feedback")
        gate["diagnostics"] = [one for one in said if "gate" not in one]
        gate["failures"] = [one for one in said if "gate" in one]
    for verdict in ("verified", "failed", "unverified"):
        names = {gate.name for gate in getattr(verified.report, verdict)}
        data[verdict] = [gate for gate in gates if gate["name"] in names]
    return data


def _data(done: Done, asked: Mapping[str, Any], *, one: bool) -> dict[str, Any]:
    found = [outcome_data(outcome) for outcome in done.outcomes]
    patch = {"diff": _patch(done).decode("utf-8", "replace")} if asked["diff"] else {}
    if one and len(found) == 1:
        return found[0] | patch
    return {"base": done.base, "outcomes": found} | patch


def _print(done: Done, asked: dict[str, Any], audits: Sequence[Path]) -> None:
    if asked["diff"]:
        sys.stdout.buffer.write(_patch(done))
        sys.stdout.buffer.flush()
    if not asked["quiet"]:
        show(done.outcomes, asked, audits, errors=asked["diff"])


def _patch(done: Done) -> bytes:
    return b"".join(done.patches)


def _exit_code(outcomes: Sequence[Outcome], asked: Mapping[str, Any], *, batch: bool) -> int:
    results = {outcome.outcome for outcome in outcomes}
    if Result.FAILED in results:
        return _INTERNAL
    if Result.ROLLED_BACK in results:
        return FAILED
    if any(outcome.reason == "baseline-unusable" for outcome in outcomes):
        return _BASELINE
    if asked["check"]:
        return _WOULD_CHANGE if Result.PLANNED in results else 0
    return _FINDINGS if not batch and any(map(_is_left, outcomes)) else 0


def _is_left(outcome: Outcome) -> bool:
    """Whether a finding was declined though there is something to do: it is still there."""
    if outcome.outcome is not Result.SKIPPED or outcome.codemod is None:
        return False
    return outcome.reason not in contract.codemods()[outcome.codemod].SETTLED
