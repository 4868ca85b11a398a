"""The one place that catches everything: a bug of ours must not look like the user's, nor stop a batch."""

import os
import sys
from collections.abc import Callable
from typing import TypeVar

import click

from remediate import __version__
from remediate.errors import RemediateError

T = TypeVar("T")


def guarded(work: Callable[[], T]) -> T | str:
    """Do the work; where a bug ends it, say so and return what happened in one sentence.

    Bad news for the user (``RemediateError``) passes through. With REMEDIATE_BACKTRACE=1 bugs do too.
    """
    try:
        return work()
    except (RemediateError, click.ClickException, click.Abort, click.exceptions.Exit, BrokenPipeError):
        raise
    except Exception as error:
        if os.environ.get("REMEDIATE_BACKTRACE") == "1":
            raise
        sentence = f"{type(error).__name__}: {error}"
        click.secho("internal error", fg="red", bold=True, nl=False, err=True)
        click.echo(f": {sentence}", err=True)
        click.echo(
            "  This is a bug of remediate, not of your code. What was begun has been put back.\n"
            f"  Please report it with: remediate {__version__}, Python {sys.version.split()[0]}, the\n"
            "  command line, and what the same command prints with REMEDIATE_BACKTRACE=1.",
            err=True,
        )
        return sentence
