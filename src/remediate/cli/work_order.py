"""`remediate work-order`: hand over the findings that no codemod fixes."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from remediate.cli.options import given, output_options, workspace_options
from remediate.cli.wrapping import say
from remediate.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from remediate.workflow.orders.order import WorkOrder


@click.command()
@click.argument("audits", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--finding", "chosen", multiple=True, metavar="ID",
    help="Only this finding: its id or fingerprint, or a beginning that no other has.",
)  # fmt: skip
@click.option(
    "-o", "--out", type=click.Path(file_okay=False, path_type=Path), default=None, metavar="DIR",
    help="Write a Markdown and a JSON file per finding here.",
)  # fmt: skip
@click.option("--by-name", is_flag=True, help="Find callers by their name, without asking the compiler.")
@click.option("--base", default="HEAD", show_default=True, metavar="REV", help="Commit to describe.")
@given(*workspace_options, *output_options)
def command(
    audits: tuple[Path, ...], chosen: tuple[str, ...], out: Path | None, *, by_name: bool, **asked: Any
) -> int:
    """Write a work order for every finding of AUDITS that is true and has no fix.

    A work order says what the audit says, what the code is, who relies on it, which tests reach it, what the
    result must satisfy, and the commands that will judge it: enough for a person or another program to do the
    work. Findings with a codemod get one after a run could not fix them, or when asked for by --finding;
    where a run fixed a part, the order is of what is left, on top of the fix's branch. Without --out they are
    printed. Nothing of the workspace is changed.

    \b
    Examples:
      remediate work-order AUDIT.md --out work-orders
      remediate work-order AUDIT.md --finding 9.1
    """  # noqa: D301 - click's mark of a paragraph to leave as it is
    from remediate.cli.live import Shown
    from remediate.cli.options import request, settings
    from remediate.quantities import quantity
    from remediate.workflow.orders.drawing_up import drawn_up

    found = settings({**asked, "level": None})
    wanted = {**_UNASKED, **asked, "audits": audits}
    with Shown(asked) as progress:
        orders = drawn_up(request(wanted, found.options({}), found), found, audits, chosen, by_name, progress)
    if out is not None:
        _write(orders, out)
        say(f"wrote {quantity(len(orders), 'work order')} to {out}", err=True)
    if asked["message_format"] == "json":
        click.echo(json.dumps({"work_orders": [order.data() for order in orders]}, indent=2))
    elif out is None:
        click.echo("\n".join(order.markdown() for order in orders), nl=False)
    if not orders:
        say("no finding needs one: each has a codemod (`remediate run`), or is not true today", err=True)
    return 0


_UNASKED = {
    "packages": (), "level": None, "dry_run": True, "check": False, "diff": False, "in_place": False,
    "allow_dirty": False, "no_verify_hooks": False, "keep_blame": False, "redo": False, "features": (),
    "all_features": False,
}  # fmt: skip


def _write(orders: "Sequence[WorkOrder]", out: Path) -> None:
    try:
        out.mkdir(parents=True, exist_ok=True)
        for order in orders:
            (out / f"{order.name}.md").write_text(order.markdown(), "utf-8", newline="")
            text = json.dumps(order.data(), indent=2) + "\n"
            (out / f"{order.name}.json").write_text(text, "utf-8", newline="")
    except OSError as error:
        raise InputError(f"{out} cannot be written: {error.strerror}") from error
