"""`remediate plan`: how a file would be split, to change and to use; what becomes of blocking calls."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from remediate.cli.options import given, manifest_option
from remediate.cli.wrapping import say
from remediate.errors import InputError

if TYPE_CHECKING:
    from remediate.contract import PlanFile

_FILE = click.Path(dir_okay=False, allow_dash=True, path_type=Path)


@click.command()
@click.option(
    "--split", "file", type=click.Path(path_type=Path), default=None, metavar="FILE",
    help="The file to cut.",
)  # fmt: skip
@click.option(
    "--blocking", is_flag=True, help="Instead, the table of all blocking calls: replace-block-on --list."
)
@click.option("-o", "--output", type=_FILE, default="-", metavar="FILE", help="Where to write the plan.")
@click.option("--svg", type=_FILE, default=None, metavar="FILE", help="Draw which module uses which.")
@click.option("--mermaid", type=_FILE, default=None, metavar="FILE", help="The same for a pull request.")
@click.option(
    "--max-lines", type=click.IntRange(1), default=None, show_default="300",
    help="The most lines a file may keep.",
)  # fmt: skip
@click.option(
    "--layout", type=click.Choice(["mod", "file", "auto"]), default=None,
    show_default="mod",
    help="foo/mod.rs, foo.rs beside foo/, or as the package already does.",
)  # fmt: skip
@given(manifest_option)
def command(  # noqa: PLR0913, PLR0917 - click passes each option as an argument
    file: Path | None,
    blocking: bool,  # noqa: FBT001
    output: Path,
    svg: Path | None,
    mermaid: Path | None,
    max_lines: int | None,
    layout: str | None,
    manifest_path: Path | None,
) -> int:
    """Plan how FILE would be cut, or what becomes of blocking calls. Nothing is changed.

    Of a file: every item, its module, and why it is there. Of blocking calls: the class of each, where it
    runs, who calls its function, what would be done, or why it stays.

    The plan is of the file as it stands in your checkout. Edit it, then pass it to split-file, which
    works on the commit: commit the file first.

    \b
    Examples:
      remediate plan --split src/server.rs -o plan.toml --svg plan.svg
      remediate split-file src/server.rs --plan plan.toml
      remediate plan --split src/server.rs -o plan.toml --mermaid - | pbcopy
    """  # noqa: D301 - click's mark of a paragraph to leave as it is
    from remediate.cli.live import Shown
    from remediate.cli.options import settings
    from remediate.workflow.fixing.plan_files import planned

    if blocking == (file is not None):
        raise click.UsageError("say what to plan: --split FILE, or --blocking")
    if file is None:
        return _blocking(manifest_path)
    if [output, svg, mermaid].count(Path("-")) > 1:
        raise click.UsageError("only one of --output, --svg and --mermaid can be standard output (-)")
    found = settings({"manifest_path": manifest_path, "level": None})
    options = found.options({"split-file": {"max_lines": max_lines, "layout": layout}})["split-file"]
    with Shown({"color": "auto", "quiet": False, "verbose": False}) as progress:
        plan = planned(Path.cwd(), manifest_path, file, options, progress)
    _write(plan, output, svg, mermaid)
    return 0


def _blocking(manifest_path: Path | None) -> int:
    from remediate.cli import replace_block_on

    context = click.get_current_context()
    code: int = context.invoke(replace_block_on.command, listed=True, manifest_path=manifest_path)
    return code


def _write(plan: "PlanFile", output: Path, svg: Path | None, mermaid: Path | None) -> None:
    # Drawn before anything is written: a missing library leaves nothing behind.
    asked = [(svg, "svg"), (mermaid, "mermaid")]
    texts = [(path, plan.pictures[form]()) for path, form in asked if path is not None]
    name = "plan.toml" if output == Path("-") else output.as_posix()
    for path, text in [(output, plan.text(name)), *texts]:
        _save(path, text)


def _save(path: Path, text: str) -> None:
    if path == Path("-"):
        click.echo(text, nl=False)
        return
    try:
        path.write_text(text, "utf-8", newline="")
    except OSError as error:
        raise InputError(f"{path} cannot be written: {error.strerror}") from error
    say(f"wrote {path}", err=True)
