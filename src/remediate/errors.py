"""The exceptions a user can do something about.

::

    RemediateError                exit 2   the request cannot be carried out as given
     +-- InputError               exit 2   a file, audit or option is not usable
     |    +-- NoRepositoryError   exit 2   the folder is in no git repository
     +-- BaselineError            exit 4   the workspace cannot be judged (no cargo, no metadata, ...)
     +-- DirtyTreeError           exit 5   uncommitted changes are in the way
     +-- LeaseError               exit 5   a branch moved under us, or another run holds the lock
     +-- ToolError                exit 2   cargo, git or rustfmt is missing or refused
     +-- MachineError             exit 71  the disk, the memory or a signal ended it: nothing is remembered

A declined fix is not an exception but a ``model.Skip``. Anything else that rises to the command line
is a bug of this program (exit 70).
"""

from collections.abc import Iterable
from difflib import get_close_matches


def did_you_mean(unknown: str, known: Iterable[str]) -> str:
    """Return the question for a hint, with a blank behind it; "" where nothing is nearly called so."""
    near = get_close_matches(unknown, known, n=1)
    return f"Did you mean {near[0]}? " if near else ""


class RemediateError(Exception):
    """Bad news the user can act on.

    Attributes:
        exit_code: The process exit code.
        hint: The next step, one sentence; empty when the message says it all.
    """

    exit_code = 2

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


class InputError(RemediateError):
    """A file, audit or option is not usable."""


class NoRepositoryError(InputError):
    """The folder is in no git repository; files can still be changed in place where a command does that."""


class BaselineError(RemediateError):
    """The workspace cannot be judged, so no fix in it can be."""

    exit_code = 4


class DirtyTreeError(RemediateError):
    """Uncommitted changes are in the way."""

    exit_code = 5


class LeaseError(RemediateError):
    """A branch moved under us, or another run holds the lock."""

    exit_code = 5


class MachineError(RemediateError):
    """The disk is full or fails, memory ran out, or a process was killed: no fact about the code."""

    exit_code = 71


class ToolError(RemediateError):
    """An outside program is missing or refused to do its work."""
