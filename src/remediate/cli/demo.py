"""`remediate demo`: the main job on the bundled workspace."""

import contextlib
import tempfile
from pathlib import Path

import click

from remediate import demo
from remediate.cli.app import run
from remediate.cli.wrapping import say
from remediate.errors import InputError
from remediate.git import repositories


@click.command()
@click.argument("folder", required=False, type=click.Path(file_okay=False, path_type=Path))
def command(folder: Path | None) -> int:
    """Show the whole thing on a bundled workspace: audit in, verified branches out.

    Copies a small Rust workspace with an audit of nine findings into FOLDER (a new temporary folder if
    none is given), makes it a git repository, reads the audit, works it off, and shows the branches. What
    remains is a small repository to look around in.
    """
    root = demo.prepare(_made(folder))
    with contextlib.chdir(root):
        _step("findings", demo.AUDIT)
        code = _step("run", demo.AUDIT)
        _step("clean")
    click.secho("\n$ git log --all --graph --oneline", bold=True)
    click.echo(repositories.history(root))
    say(f"\nThe workspace is in {root}: look at a branch with `git show BRANCH`.")
    return code


def _made(folder: Path | None) -> Path:
    if folder is None:
        return Path(tempfile.mkdtemp(prefix="remediate-demo-")).resolve()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=folder).close()
    except OSError as error:
        raise InputError(
            f"{folder} cannot be written to: {error.strerror}", "Give another folder."
        ) from error
    return folder.resolve()


def _step(*arguments: str) -> int:
    """Run another command of this program in the current folder, as a user would type it."""
    click.secho(f"\n$ remediate {' '.join(arguments)}", bold=True)
    return run(arguments, "remediate")
