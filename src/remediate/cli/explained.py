"""What a codemod would do about each occurrence: the places a user names, the table, the reasoning."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from remediate.cli.wrapping import say

if TYPE_CHECKING:
    from remediate.model import Explained


def named(places: tuple[str, ...]) -> tuple[list[Path], dict[Path, list[int]]]:
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


def show_explained(
    asked: dict[str, Any], wanted: Mapping[str, Any], findings: Any, what: str, *, explain: bool
) -> int:
    """Print what a codemod would do about each occurrence (``what`` it is), and return the exit code."""
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
    if not sites:
        say(f"no {what} was found")
        return 0
    if explain:
        say("\n\n".join("\n".join(map(lines, site.evidence)) for site in sites))
    else:
        say("\n".join(_rows(sites)))
    done = sum(not site.reason for site in sites)
    left = len(sites) - done
    say(f"{quantity(len(sites), what)}: {done} would be changed, {left} {'stays' if left == 1 else 'stay'}")
    return 0


def _rows(sites: "Sequence[Explained]") -> list[str]:
    cells = [
        (f"{site.path}:{site.line}", site.kind or "-", site.what, site.where, site.reason or "changed")
        for site in sites
    ]
    widths = [max((len(row[i]) for row in cells), default=0) for i in range(5)]
    lines = []
    for row, site in zip(cells, sites, strict=True):
        lines.append("  ".join(map(str.ljust, row, widths)).rstrip())
        lines.append(f"    {site.detail}")
        if site.callers:
            more = f" and {len(site.callers) - 3} more" if site.callers[3:] else ""
            lines.append(f"    called by {', '.join(site.callers[:3])}{more}")
    return lines
