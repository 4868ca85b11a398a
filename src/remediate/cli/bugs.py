"""The one place that catches everything: a bug of ours must not look like the user's, nor stop a batch."""

import errno
import os
import sys
from collections.abc import Callable
from typing import TypeVar

import click

from remediate import __version__
from remediate.cli.wrapping import headed, say
from remediate.errors import MachineError, RemediateError
from remediate.sanitize import one_line

T = TypeVar("T")


def guarded(work: Callable[[], T]) -> T | str:
    """Do the work; where a bug ends it, say so and return what happened in one sentence.

    Bad news for the user (``RemediateError``) passes through. With REMEDIATE_BACKTRACE=1 bugs do too.
    """
    try:
        return work()
    except (RemediateError, click.ClickException, click.Abort, click.exceptions.Exit, BrokenPipeError):
        raise
    except (OSError, MemoryError) as error:
        fault = _fault(error)
        if fault is None:
            return _told(error)
        raise fault from error
    except Exception as error:  # noqa: BLE001 - the one place
        return _told(error)


def _fault(error: OSError | MemoryError) -> MachineError | None:
    """Return what the machine refused, where it is the machine's to mend and no bug of ours."""
    again = "Nothing of this was remembered: see to it, and run the same command again."
    if isinstance(error, MemoryError):
        return MachineError("there is no memory left", again)
    if error.errno not in _OF_THE_MACHINE:
        return None
    where = f"{one_line(os.fsdecode(error.filename), 200)}: " if error.filename else ""
    return MachineError(f"{where}{os.strerror(error.errno)}", again)


_OF_THE_MACHINE = {
    *(errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EROFS, errno.EACCES, errno.EPERM),
    *(errno.ENOMEM, errno.EMFILE, errno.ENFILE, errno.EAGAIN, errno.ESTALE, errno.ENODEV),
}


def _told(error: Exception) -> str:
    """Say that it is a bug of ours, and return what happened in one sentence."""
    if os.environ.get("REMEDIATE_BACKTRACE") == "1":
        raise error
    sentence = f"{type(error).__name__}: {error}"
    headed("internal error", sentence)
    say(
        "  This is a bug of remediate, not of your code. What was begun has been rolled back.\n"
        f"  Please report it with: remediate {__version__}, Python {sys.version.split()[0]}, the command "
        "line, and what the same command prints with REMEDIATE_BACKTRACE=1.",
        err=True,
        indent=2,
    )
    return sentence
