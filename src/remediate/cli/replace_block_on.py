"""`remediate replace-block-on`: blocking calls in async code become `.await`."""

from typing import TYPE_CHECKING, Any

import click

from remediate.cli.codemod_command import codemod_options, taken
from remediate.cli.explained import named, show_explained
from remediate.cli.options import fixing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from remediate.model import Finding
    from remediate.workflow.sources.workspace import Workspace

_NAME = "replace-block-on"


@click.command()
@click.argument("places", nargs=-1, metavar="[PATH[:LINE]]...")
@click.option(
    "--list",
    "listed",
    is_flag=True,
    help="Only a table: what would be done; --explain says classes in words.",
)
@click.option("--explain", is_flag=True, help="Only the reasoning about each call, with its evidence.")
@codemod_options(_NAME)
@fixing
def command(places: tuple[str, ...], listed: bool, explain: bool, **asked: Any) -> int:  # noqa: FBT001
    """Replace blocking calls (block_on and its like) by `.await`; what depends on each other in one branch.

    A call in async code becomes an `.await`. A function that only async code calls becomes async, and all its
    callers await it: all of them, or nothing is changed. What the compiler does not know is not touched, nor
    are destructors, tests, `main`, foreign interfaces and traits of others: each call that stays has its
    reason. With --public-api a public function becomes async as well, and its tests and examples block where
    they call it; with --callers block so does code that cannot be async.

    \b
    Examples:
      remediate replace-block-on --list
      remediate replace-block-on src/client.rs
      remediate replace-block-on src/client.rs:120 --explain
      remediate replace-block-on src/client.rs:120 --public-api --callers block
      remediate replace-block-on crates/store --dry-run --diff | less
    """  # noqa: D301 - click's mark of a paragraph to leave as it is
    from remediate.cli.fixing import fix
    from remediate.workflow.sources.claims import blocking_calls

    paths, lines = named(places)

    def findings(workspace: "Workspace", _: object) -> "Sequence[Finding]":
        return blocking_calls(workspace, paths, lines, asked["packages"], pools=listed or explain)

    wanted = taken(_NAME, asked)
    if listed or explain:
        return show_explained(asked, wanted, findings, "blocking call", explain=explain)
    # One named place is one change, and one outcome.
    return fix({**asked, "divide": len(places) != 1}, wanted, findings, one=len(places) == 1)
