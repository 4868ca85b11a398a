"""`remediate status`: where every finding stands."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from remediate.cli.options import given, output_options, workspace_options
from remediate.cli.wrapping import say

if TYPE_CHECKING:
    from remediate.workflow.record.finding_status import FindingStatus


@click.command()
@click.argument("audits", nargs=-1, type=click.Path(path_type=Path, allow_dash=True))
@click.option("--write", is_flag=True, help="Tick what is proven in AUDITS, and untick what does not hold.")
@click.option("--no-cargo", is_flag=True, help="Compile and run nothing: judge AUDITS by what is remembered.")
@click.option(
    "--base", default="HEAD", show_default=True, metavar="REV", help="Commit to hold AUDITS against."
)
@click.option("--conflicts", is_flag=True, help="Also try which of the branches cannot be merged together.")
@click.option("--criteria", is_flag=True, help="Hold the checkout against the completion criteria instead.")
@given(*workspace_options, *output_options)
def command(
    audits: tuple[Path, ...], manifest_path: Path | None, *, conflicts: bool, criteria: bool, **asked: Any
) -> int:
    """Show where every finding stands that a run has met; of AUDITS, how far they are worked off.

    With AUDITS: their own constraints, quality assurance and completion criteria as a checklist. Each is
    proven, not met, or not judged (most of that takes a person), with what was seen and the command that
    shows it. Looked at is the commit, in a checkout of the tool's own; cargo's answers are remembered for
    each tree. --write edits check boxes in the Markdown, of findings too, and nothing else. Exits with 1
    unless all criteria are proven. JSON is {"commit", "audits": [{"name", "goals": [{"kind", "words",
    "audit_line", "checked", "standing", "evidence": [{"about", "command", "figure", "holds", "places"}]}],
    "ticks", "written"}]}.

    Without AUDITS it is read from git references alone, so it is instant and works in any clone that has
    them. A finding that was settled on another commit than HEAD is marked with *: run again to see how it
    stands today. JSON is {"findings": [..]}, each an outcome with "current", "state" and "workspace", its
    folder in the repository; {"in_place": [{"about", "files", "stands"}]} holds what --in-place left in this
    checkout and nobody has committed; with --conflicts also {"conflicts": [{"branches": [..], "paths":
    [..]}]}; nothing is merged.

    With --criteria the files of the checkout are looked at as they stand: whether all tests are extracted,
    and whether nextest takes .config/nextest.toml and knows every key. JSON is {"criteria": [{"id", "title",
    "met", "detail", "evidence": [..]}]}, "met" null where it could not be checked. Exits with 1 unless all
    are met.
    """
    if audits and (conflicts or criteria):
        raise click.UsageError("AUDITS have criteria of their own, and no conflicts: name either")
    if audits:
        from remediate.cli.completion import audits_of, show_completion

        return show_completion(audits_of(audits), {**asked, "manifest_path": manifest_path})
    if asked["write"]:
        raise click.UsageError("--write edits AUDITS: name one")
    if criteria:
        return _criteria(manifest_path, asked)
    return _standings(manifest_path, asked, conflicts=conflicts)


def _standings(manifest_path: Path | None, asked: dict[str, Any], *, conflicts: bool) -> int:
    from remediate.cli.console import show_conflicts, show_standings
    from remediate.git.command import Git
    from remediate.git.worktrees import home
    from remediate.quantities import quantity
    from remediate.sanitize import one_line
    from remediate.workflow.record.finding_status import conflicting, statuses
    from remediate.workflow.sources.roots import repository_folder
    from remediate.workflow.tree.disk import FINISHED, uncommitted_changes

    with Git(repository_folder(Path.cwd(), manifest_path)) as git:
        found = statuses(git)
        in_place = uncommitted_changes(home(git) / FINISHED, git)
        tried = conflicting(git, found) if conflicts else ()
    if asked["message_format"] == "json":
        clashes = {"conflicts": [asdict(conflict) for conflict in tried]} if conflicts else {}
        left = [
            {"about": one_line(c.about), "files": sorted(c.changed()), "stands": c.stands()} for c in in_place
        ]
        told = {"findings": [_data(standing) for standing in found], "in_place": left}
        click.echo(json.dumps(told | clashes, indent=2))
    elif not found and not in_place:
        say("No run has met a finding in this repository yet. Begin with `remediate run AUDIT.md`.")
    else:
        if found:
            show_standings(found, asked)
        for change in in_place:
            state = "not committed" if change.stands() else "edited since"
            files = quantity(len(change.changed()), "file")
            say(f"in your checkout, {state}: {one_line(change.about)} ({files})")
        if conflicts:
            show_conflicts(tried, asked)
    return 0


def _criteria(manifest_path: Path | None, asked: Mapping[str, Any]) -> int:
    from remediate.cli.criteria import show_criteria
    from remediate.workflow.sources.criteria import criteria
    from remediate.workflow.sources.workspace import load

    found = criteria(load(Path.cwd(), manifest_path))
    if asked["message_format"] == "json":
        click.echo(json.dumps({"criteria": [asdict(one) for one in found]}, indent=2))
    else:
        show_criteria(found, asked)
    return 0 if all(one.met for one in found) else 1


def _data(standing: "FindingStatus") -> dict[str, Any]:
    from remediate.cli.fixing import outcome_data
    from remediate.workflow.sources.roots import folder_of

    more = {"current": standing.current, "state": standing.state, "workspace": folder_of(standing.prefix)}
    return outcome_data(standing.outcome) | more
