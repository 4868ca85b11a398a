"""The command of a codemod: its flags from its options, its findings from the paths that are named."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from remediate.cli.options import AnyCommand, fixing, given
from remediate.contract import codemod
from remediate.model import Finding
from remediate.options import Option, described

if TYPE_CHECKING:
    from remediate.workflow.sources.workspace import Workspace


def codemod_options(name: str) -> Callable[[AnyCommand], AnyCommand]:
    """Give a command the flags of a codemod's options; those not given are None."""
    return given(*(_flag(option) for option in described(codemod(name).OPTIONS) if option.flag))


def taken(name: str, asked: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Take what is asked of a codemod out of all that is asked, by the codemod's name."""
    own = (option.name for option in described(codemod(name).OPTIONS) if option.flag)
    return {name: {key: asked.pop(key) for key in own}}


def command_of(name: str) -> click.Command:
    """Return the command of a codemod that brings none of its own: ``remediate NAME PATH...``."""
    from remediate.workflow.sources.claims import named_paths

    line = codemod(name).DESCRIPTION

    @click.command(name, help=f"{line}.", short_help=line)
    @click.argument("paths", nargs=-1, metavar="[PATH]...", type=click.Path(path_type=Path))
    @codemod_options(name)
    @fixing
    def command(paths: tuple[Path, ...], **asked: Any) -> int:
        from remediate.cli.fixing import fix

        def findings(workspace: "Workspace", _: object) -> Sequence[Finding]:
            return named_paths(workspace, name, paths)

        return fix(asked, taken(name, asked), findings, one=len(paths) == 1)

    return command


def _flag(option: Option) -> Callable[[AnyCommand], AnyCommand]:
    shown = str(option.default) if option.kind in {"number", "choice"} else False
    settings: dict[str, Any] = {"default": None, "help": option.sentence, "show_default": shown}
    match option.kind:
        case "flag":
            return click.option(
                f"--{option.flag}", option.name, is_flag=True, default=None, help=option.sentence
            )
        case "number":
            settings["type"] = click.IntRange(option.least)
        case "choice":
            settings["type"] = click.Choice(option.choices)
        case "texts":
            settings |= {"multiple": True, "callback": lambda _c, _p, value: value or None}
    return click.option(f"--{option.flag}", option.name, **settings)
