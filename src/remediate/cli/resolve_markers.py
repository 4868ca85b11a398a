"""`remediate resolve-markers`: what can be done about TODOs, placeholders and their like without a person."""

from typing import TYPE_CHECKING, Any

import click

from remediate.cli.codemod_command import codemod_options, taken
from remediate.cli.explained import named, show_explained
from remediate.cli.options import fixing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from remediate.model import Finding
    from remediate.workflow.sources.workspace import Workspace

_NAME = "resolve-markers"


@click.command()
@click.argument("places", nargs=-1, metavar="[PATH[:LINE]]...")
@click.option("--list", "listed", is_flag=True, help="Only a table of the markers: what would be done.")
@click.option("--explain", is_flag=True, help="Only the reasoning about each marker, with its evidence.")
@codemod_options(_NAME)
@fixing
def command(places: tuple[str, ...], listed: bool, explain: bool, **asked: Any) -> int:  # noqa: FBT001
    """Resolve markers of unfinished code where that is mechanical, one branch for each file.

    Each marker (TODO, placeholder, "for now", hack, legacy ..) is judged by the code beside it. An attribute
    that allows dead code goes, or is checked by rustc from then on; an alias that nothing uses goes; a
    hard-coded value gets a name. What a person has to write stays, with the reason. Behaviour is never
    invented: with --scaffold a stub returns an error of its own type instead, and an ignored test named
    after the finding waits for it.

    \b
    Examples:
      remediate resolve-markers --list
      remediate resolve-markers src/store.rs:88 --explain
      remediate resolve-markers src/store.rs --scaffold --diff
    """  # noqa: D301 - click's mark of a paragraph to leave as it is
    from remediate.cli.fixing import fix
    from remediate.workflow.sources.claims import unfinished_code

    paths, lines = named(places)

    def findings(workspace: "Workspace", _: object) -> "Sequence[Finding]":
        return unfinished_code(workspace, paths, lines, asked["packages"])

    wanted = taken(_NAME, asked)
    if listed or explain:
        return show_explained(asked, wanted, findings, "marker", explain=explain)
    return fix(asked, wanted, findings, one=len(places) == 1)
