"""`remediate score`: the work on an audit, rated 1 to 10 by evidence."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from remediate.cli.options import given, output_options, workspace_options
from remediate.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from remediate.workflow.completion.grounds import Grounds
    from remediate.workflow.completion.scorecard import Point, Scorecard


@click.command()
@click.argument("audits", nargs=-1, required=True, type=click.Path(path_type=Path, allow_dash=True))
@click.option("--base", default="HEAD", show_default=True, metavar="REV", help="Commit to rate.")
@click.option(
    "--before", default="", metavar="REV", show_default="the oldest commit that a run made fixes on",
    help="Commit before the work, to compare with.",
)  # fmt: skip
@click.option("--no-performance", is_flag=True, help="Do not measure performance: its points are not gained.")
@click.option("--no-cargo", is_flag=True, help="Compile and run nothing: rate by what is remembered.")
@given(*workspace_options, *output_options)
def command(audits: tuple[Path, ...], **asked: Any) -> int:
    """Rate the work on AUDITS from 1 to 10, in five parts of the same weight, with the evidence behind each.

    Implementation: findings that are settled, criteria that are proven. Testing: all tests pass, none is
    lost. Performance: benchmarks before and after, build time where there are none; size. Documentation:
    rustdoc, links, changelog. Constraints: no more of what the audit forbids than before. Each point names
    the command that shows it. What nobody measured counts for nothing; what there is none of (links, a
    changelog) and what only a person can judge is named, and no part of the scale. 9 or more is complete;
    else it exits with 1 and says what is missing.

    The same two trees have the same rating: what was measured is remembered. Performance is measured in
    rounds that alternate between the commits, and is worse only where the best round after is worse than the
    worst before, by more than 5 %. JSON is {"rating", "complete", "commit", "before", "parts": {part: n},
    "points": [{"part", "title", "worth", "share", "applies", "standing", "evidence"}], "missing": [..],
    "for_a_person": [..]}.

    \b
    Examples:
      remediate score AUDIT.md
      remediate score AUDIT.md --base integration --before main
    """  # noqa: D301 - click's mark of a paragraph to leave as it is
    from remediate.cli.completion import UNASKED, audits_of
    from remediate.cli.live import Shown
    from remediate.cli.options import request, settings
    from remediate.workflow.completion.rating import Wanted, rate

    read = audits_of(audits)
    for one in read:
        if not one.document.claims and not one.document.goals:
            raise InputError(f"{one.path} holds no finding and no goal: there is nothing to rate")
    found = settings({**asked, "level": None})
    asking = request({**UNASKED, **asked, "audits": audits}, found.options({}), found)
    wanted = Wanted(
        before=asked["before"], measure=not asked["no_cargo"], performance=not asked["no_performance"]
    )
    with Shown(asked) as progress:
        named = [(one.path, one.document) for one in read]
        card, grounds, before = rate(asking, found, named, wanted, progress)
    if asked["message_format"] == "json":
        click.echo(json.dumps(_data(card, grounds, before), indent=2))
    elif not asked["quiet"]:
        _print(card, grounds, before, asked)
    return 0 if card.complete else 1


def _data(card: "Scorecard", grounds: "Grounds", before: str) -> dict[str, Any]:
    from dataclasses import asdict

    from remediate.workflow.completion.scorecard import PARTS

    return {
        "rating": card.rating,
        "complete": card.complete,
        "commit": grounds.commit,
        "before": before or None,
        "parts": {part: round(card.of(part), 3) for part in PARTS},
        "points": [{**asdict(point), "standing": point.standing} for point in card.points],
        "missing": [point.title for point in card.missing],
        "for_a_person": [goal.words for goal in card.for_a_person],
    }


def _print(card: "Scorecard", grounds: "Grounds", before: str, asked: dict[str, Any]) -> None:
    from rich.markup import escape

    from remediate.cli.completion import print_evidence
    from remediate.cli.console import console
    from remediate.sanitize import one_line
    from remediate.workflow.completion.scorecard import COMPLETE, PARTS

    out = console(errors=False, color=asked["color"])
    against = f", against {before[:10]}" if before else ""
    out.say(f"[bold]{escape(one_line(grounds.names))}[/] at {grounds.commit[:10]}{against}")
    for part in PARTS:
        out.say(f"[bold]{part:<15}{card.of(part):.1f} of {card.most(part):.2g}[/]")
        for point in card.points:
            if point.part == part:
                out.say(f"  {_gained(point)}  {escape(point.title)}")
                print_evidence(out, point.evidence, verbose=asked["verbose"], indent=18)
    if card.for_a_person:
        out.say("[bold]left to a person[/] (not rated)")
        for goal in card.for_a_person:
            out.say(f"  [dim]{goal.audit_line:>4}[/]  {escape(one_line(goal.words, 100))}")
    style = "green" if card.complete else "red"
    said = "complete" if card.complete else f"not complete, it takes {COMPLETE:g}"
    out.say(f"[bold {style}]{card.rating:.1f} of 10[/]: {said}")
    if card.missing:
        out.say(f"missing: {escape(_listed(card.missing))}")


def _gained(point: "Point") -> str:
    if not point.applies or point.share is None:
        return f"[{'yellow' if point.applies else 'dim'}]{point.standing:<14}[/]"
    colour = "green" if point.share == 1 else "red" if point.share == 0 else "yellow"
    return f"[{colour}]{f'{point.gained:.2g} of {point.worth:.2g}':<14}[/]"


def _listed(points: "Sequence[Point]") -> str:
    return "; ".join(f"{p.title} ({p.worth - p.gained:.2g})" for p in points)
