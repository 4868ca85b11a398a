"""The two programs, ``remediate`` and ``cargo remediate``, and how errors become text and an exit code."""

import gc
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import FrameType

import click

from remediate import __version__
from remediate.cli.bugs import guarded
from remediate.cli.commands import LazyGroup
from remediate.cli.wrapping import headed, say
from remediate.errors import RemediateError

INTERNAL, INTERRUPTED, READER_LEFT = 70, 130, 141
_GARBAGE = 50_000


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Every command also works as `cargo remediate ...`. `remediate COMMAND --help` shows examples. "
    "Exit codes: 0 done; 1 something would change (--check), is not proven (status, score), or was declined "
    "though it is still there (`run` excepted: of an audit some always is); 2 the command line, a file or a "
    "tool is not usable; 3 a fix failed its verification; 4 the workspace cannot be judged; 5 uncommitted "
    "changes or a moved branch are in the way; 70 a bug of remediate; 71 the machine failed; 130 "
    "interrupted.",
)
@click.version_option(__version__, "-V", "--version", message="remediate %(version)s")
def remediate() -> None:
    """Turn an audit of a Rust workspace into reviewed, verified branches.

    One finding, one branch, one commit, each proven to keep the program's meaning, and an honest reason for
    every finding that is not fixed. Your checkout is never touched: fixes are made in worktrees of the tool's
    own.
    """


def main() -> None:
    """Run the program named ``remediate``; does not return."""
    sys.exit(run(sys.argv[1:], "remediate"))


def cargo_main() -> None:
    """Run the program named ``cargo-remediate``; cargo gives it its own name as the first argument."""
    arguments = sys.argv[1:]
    sys.exit(run(arguments[1:] if arguments[:1] == ["remediate"] else arguments, "cargo remediate"))


def run(arguments: Sequence[str], name: str) -> int:
    """Run one command line and return the exit code."""
    # Tokens and tree nodes are many and live long: to look for cycles among them took a sixth of planning.
    gc.set_threshold(_GARBAGE)
    try:
        with raised_by_signals():
            answer = guarded(
                lambda: remediate.main(list(arguments), prog_name=name, standalone_mode=False) or 0
            )
        return answer if isinstance(answer, int) else INTERNAL
    except (click.ClickException, RemediateError) as error:
        return _refused(error)
    except (KeyboardInterrupt, click.Abort):
        click.echo("interrupted", err=True)
        return INTERRUPTED
    except BrokenPipeError:
        # The reader of our output went away (`| head`): nobody is left to be told, not even at the exit.
        for stream in (sys.stdout, sys.stderr):
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
        return READER_LEFT


def _refused(error: click.ClickException | RemediateError) -> int:
    if isinstance(error, click.ClickException):
        error.show()
        return error.exit_code
    headed("error", str(error))
    if error.hint:
        say(f"  hint: {error.hint}", err=True)
    return error.exit_code


@contextmanager
def raised_by_signals() -> Iterator[None]:
    """Raise ``KeyboardInterrupt`` where SIGTERM and SIGHUP arrive inside the block.

    So they end a run the way Ctrl-C does: whatever was begun is rolled back first.
    """
    signals = (signal.SIGTERM, signal.SIGHUP)
    before = {number: signal.signal(number, _interrupt) for number in signals}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
