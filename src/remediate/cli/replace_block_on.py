"""`remediate replace-block-on`: blocking calls in async code become `.await`."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from remediate.cli.codemod_command import codemod_options, taken
from remediate.cli.options import fixing

if TYPE_CHECKING:
    from remediate.model import Explained, Finding
    from remediate.workflow.sources.workspace import Workspace

_NAME = "replace-block-on"


@click.command()
@click.argument("places", nargs=-1, metavar="[PATH[:LINE]]...")
@click.option("--list", "listed", is_flag=True, help="Only a table of the calls: what would be done.")
@click.option("--explain", is_flag=True, help="Only the reasoning about each call, with its evidence.")
@codemod_options(_NAME)
@fixing
def command(places: tuple[str, ...], listed: bool, explain: bool, **asked: Any) -> int:  # noqa: FBT001
    """Replace blocking calls (block_on and its like) by `.await`, one branch for each file.

    A call in async code becomes an `.await`. A function that only async code calls becomes async, and all its
    callers await it: all of them, or nothing is changed. What the compiler does not know is not touched, nor
    are destructors, tests, `main`, foreign interfaces and traits: each call that stays has its reason.

    \b
    Examples:
      remediate replace-block-on --list
      remediate replace-block-on src/client.rs
      remediate replace-block-on src/client.rs:120 --explain
      remediate replace-block-on crates/store --dry-run --diff | less
    """  # noqa: D301 - click's mark of a paragraph to leave as it is
    from remediate.cli.fixing import fix
    from remediate.workflow.sources.claims import blocking_calls

    paths, lines = _places(places)

    def findings(workspace: "Workspace", _: object) -> "Sequence[Finding]":
        return blocking_calls(workspace, paths, lines, asked["packages"])

    wanted = taken(_NAME, asked)
    if listed or explain:
        return _explained(asked, wanted, findings, explain=explain)
    return fix(asked, wanted, findings, one=len(places) == 1)


def _places(places: tuple[str, ...]) -> tuple[list[Path], dict[Path, list[int]]]:
    """Return the paths, and the lines of those that are named with one."""
    paths, lines, whole = [], dict[Path, list[int]](), set()
    for place in places:
        name, colon, number = place.rpartition(":")
        is_line = colon and number.isdecimal() and not Path(place).exists()
        paths.append(Path(name) if is_line else Path(place))
        if is_line:
            lines.setdefault(paths[-1], []).append(int(number))
        else:
            whole.add(paths[-1])
    return paths, {path: some for path, some in lines.items() if path not in whole}


def _explained(asked: dict[str, Any], wanted: Mapping[str, Any], findings: Any, *, explain: bool) -> int:
    import msgspec

    from remediate.cli.live import Shown
    from remediate.cli.options import request, settings
    from remediate.quantities import quantity
    from remediate.sanitize import lines
    from remediate.workflow.fixing.explaining import explained

    found = settings(asked)
    options = found.options(wanted)
    asking = request(asked, options, found)
    with Shown(asked) as progress:
        sites = explained(asking, lambda workspace: findings(workspace, options), progress)
    if asked["message_format"] == "json":
        click.echo(json.dumps({"sites": msgspec.to_builtins(sites)}, indent=2))
        return 0
    if explain:
        click.echo("\n\n".join("\n".join(map(lines, site.evidence)) for site in sites))
    else:
        click.echo("\n".join(_rows(sites)))
    done = sum(not site.reason for site in sites)
    click.echo(f"{quantity(len(sites), 'blocking call')}: {done} would be replaced, {len(sites) - done} stay")
    return 0


def _rows(sites: "Sequence[Explained]") -> list[str]:
    cells = [
        (f"{site.path}:{site.line}", site.kind or "-", site.what, site.where, site.reason or "replaced")
        for site in sites
    ]
    widths = [max((len(row[i]) for row in cells), default=0) for i in range(5)]
    lines = []
    for row, site in zip(cells, sites, strict=True):
        lines.append("  ".join(map(str.ljust, row, widths)).rstrip())
        lines.append(f"    {site.detail}")
    return lines
