"""What a project says of its external fixers: the tables ``[fixers.NAME]``."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Any

import msgspec

from remediate.errors import InputError
from remediate.options import refusal
from remediate.verify.foreign.permission import Allowed


class Sandbox(StrEnum):
    """Whether the kernel keeps a fixer from writing elsewhere: always, or where it can, or never."""

    REQUIRED = "required"
    AUTO = "auto"
    OFF = "off"


def _said(sentence: str) -> msgspec.Meta:
    return msgspec.Meta(description=sentence)


class FixerSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="kebab"):
    """One fixer; a key is the field's name with hyphens."""

    command: Annotated[
        str | tuple[str, ...],
        _said(
            "The program and its arguments; one with a slash is meant from the workspace's root. A text is a "
            "line for the shell."
        ),
    ]
    timeout: Annotated[int, msgspec.Meta(description="The seconds it may take for one finding.", gt=0)] = 900
    rules: Annotated[
        tuple[str, ...],
        _said("The rules it is asked about; none means all. A codemod that takes a finding is asked before."),
    ] = ()
    env: Annotated[Mapping[str, str], _said("Variables it is given.")] = {}
    inherit: Annotated[
        tuple[str, ...],
        _said(
            "Variables it is given as they are here: a key of a service, or HOME for a program that logs in."
        ),
    ] = ()
    writable: Annotated[
        tuple[str, ...], _said("Folders it may write to in a sandbox besides its own; `~` is your home.")
    ] = ()
    sandbox: Annotated[
        Sandbox,
        _said(
            "`required`, the default, refuses to run where the kernel offers none; `auto` runs without one "
            "there, `off` everywhere."
        ),
    ] = Sandbox.REQUIRED
    files: Annotated[
        tuple[str, ...], _said("Globs of files it may change besides those the finding is about.")
    ] = ()
    allow: Annotated[tuple[Allowed, ...], _said("What its changes may do that is refused otherwise.")] = ()
    resume: Annotated[bool, _said("Whether it is given the result of its last run on the finding.")] = False


def fixers(table: Mapping[str, Any], where: str) -> dict[str, FixerSettings]:
    """Return the fixers of a configuration by name.

    Raises:
        InputError: A key or value is not known.
    """
    found = {}
    for name, value in table.items():
        try:
            found[name] = msgspec.convert(value, FixerSettings)
        except msgspec.ValidationError as error:
            raise InputError(f"{where}, [fixers.{name}]: {refusal(error)}", _KNOWN) from error
        if not found[name].command:
            raise InputError(f"{where}, [fixers.{name}]: `command` is empty")
        if not name.replace("-", "").replace("_", "").isalnum():
            raise InputError(f"{where}: a fixer's name has letters, digits and hyphens, not {name!r}")
    return found


_KNOWN = f"Known are {', '.join(f.encode_name for f in msgspec.structs.fields(FixerSettings))}."
