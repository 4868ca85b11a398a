"""The table of commands, and the group that loads a command's module only when it is asked for."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, cast

import click

from remediate.errors import did_you_mean


@dataclass(frozen=True, slots=True)
class Row:
    """One command: the module here whose attribute ``command`` it is, its heading, its one line."""

    module: str
    heading: str
    line: str


_READ, _FIX, _AFTER, _LEARN = "Look", "Fix", "Afterwards", "Learn"

_ROWS = {
    "audit": Row("audit", _READ, "Scan the workspace and write its findings"),
    "findings": Row("findings", _READ, "Read an audit: what of it is still true today?"),
    "plan": Row("plan", _READ, "How a file would be split: to look at, to change, and to use"),
    "split-file": Row("split_file", _FIX, "Cut one large file into a module of cohesive submodules"),
    "extract-tests": Row("extract_tests", _FIX, "Move embedded tests under tests/, none lost, none changed"),
    "replace-block-on": Row("replace_block_on", _FIX, "Replace blocking calls in async code by `.await`"),
    "resolve-markers": Row("resolve_markers", _FIX, "Resolve TODOs and their like where that is mechanical"),
    "run": Row("run", _FIX, "Work off an audit: a verified branch per finding"),
    "work-order": Row("work_order", _FIX, "Hand over the findings that no codemod fixes"),
    "status": Row("status", _AFTER, "Where every finding stands; of an audit, what is proven done"),
    "score": Row("score", _AFTER, "Rate the work on an audit, 1 to 10, by evidence"),
    "verify": Row("verify", _AFTER, "Run the gates again on a branch"),
    "undo": Row("undo", _AFTER, "Remove what runs made: branches, outcomes, changes in place"),
    "clean": Row("clean", _AFTER, "Remove worktrees, build results and caches"),
    "explain": Row("explain", _LEARN, "What a reason code or a rule means"),
    "demo": Row("demo", _LEARN, "The whole thing on a bundled workspace"),
    "templates": Row("templates", _LEARN, "The ways to write a stream, and which keep their contract"),
    "completions": Row("completions", _LEARN, "Print the completion script of a shell"),
}
_HERE = Path(__file__).parent
# Help shows no command that does not work: a row counts once its module is there.
COMMANDS = {name: row for name, row in _ROWS.items() if (_HERE / f"{row.module}.py").is_file()}


class LazyGroup(click.Group):
    """A click group over ``COMMANDS``: ``--help`` imports none of them."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Return the names in the table's order, which is the order of use."""
        return [*COMMANDS, *_others()]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Import the command's module and return its ``command``."""
        row = COMMANDS.get(cmd_name)
        if row is None and cmd_name in _others():
            return cast("click.Command", import_module("remediate.cli.codemod_command").command_of(cmd_name))
        if row is None:
            return None
        return cast("click.Command", import_module(f"remediate.cli.{row.module}").command)

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        """Find the command that is named; where there is none, name the nearest."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            near = did_you_mean(args[0], self.list_commands(ctx)).strip()
            raise click.UsageError(f"{error.message} {near}".strip(), error.ctx) from error

    def make_context(self, *arguments: Any, **more: Any) -> click.Context:
        """Parse the command line, which may print help."""
        with _unnumbered():
            return super().make_context(*arguments, **more)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        with _unnumbered():
            return super().invoke(ctx)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """Write the table, one section per heading."""
        width = max(map(len, (*COMMANDS, *_others())), default=0)
        for heading in dict.fromkeys(row.heading for row in COMMANDS.values()):
            with formatter.section(heading):
                rows = [(n.ljust(width), r.line) for n, r in COMMANDS.items() if r.heading == heading]
                formatter.write_dl(rows)
        others = _others()
        if others:
            with formatter.section("Codemods of other distributions"):
                formatter.write_dl([(n.ljust(width), line) for n, line in others.items()])


@cache
def _others() -> dict[str, str]:
    """Return the codemods that other distributions install, each with its distribution's summary.

    ``--help`` reads what pip has written of them; it imports none.
    """
    from importlib.metadata import entry_points

    found = (e for e in entry_points(group="remediate.codemods") if e.name not in COMMANDS)
    return {e.name: (e.dist.metadata["Summary"] if e.dist else "") or e.value for e in found}


@contextmanager
def _unnumbered() -> Iterator[None]:
    """Leave a reader who went away to ``cli.app``: click would exit with 1, "something would change"."""
    try:
        yield
    except BrokenPipeError as error:
        # click knows it by its number.
        raise BrokenPipeError from error
