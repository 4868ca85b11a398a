"""What a project has settled for its fixes, in its configuration; the command line goes before it.

``verify`` and the table ``[audit]`` are the program's own, ``[fixers.NAME]`` says of external fixers what
they need and may do; ``[split-file]`` and its like belong to the installed codemods, each key a field of the
codemod's ``OPTIONS``. A key of a codemod may also stand outside of its table: then it holds for every codemod
that has an option of this name.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import msgspec

from remediate.audit.constraints import Constraint
from remediate.audit.constraints import settled as demanded
from remediate.audit.scan.settings import Settings as ScanSettings
from remediate.audit.scan.settings import from_table
from remediate.contract import codemod, installed
from remediate.errors import InputError, did_you_mean
from remediate.options import OnDemand, Options, converted, described, keys, refusal, replaced
from remediate.verify.foreign.permission import Allowed
from remediate.verify.report import Level
from remediate.workflow.sources.configuration import NAME, configuration
from remediate.workflow.sources.roots import workspace_folder

_OWN = ("verify", "templates", "audit", "constraints", "fixers")
_SIZE = ("split-file", "max_lines")
"""The option that is also the scanner's limit, where ``[audit]`` says nothing else."""
Asked = Mapping[str, Mapping[str, Any]]
"""What a command line asks of codemods: by codemod and option; None is what it leaves open."""


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


@dataclass(frozen=True)
class Settings:
    """The configuration of one workspace.

    Attributes:
        codemods: The options of every installed codemod, by its name.
        verify: How far verification goes.
        audit: The scanner's table.
        templates: The absolute folder of the project's own templates; None where it has none.
        constraints: What new code is held to, see ``audit.constraints``.
        fixers: The external fixers by name.
        name: What the configuration's file is called, for messages.
    """

    codemods: Mapping[str, Options]
    verify: Level = Level.STANDARD
    audit: Mapping[str, Any] = field(default_factory=dict)
    name: str = NAME
    templates: Path | None = None
    constraints: Mapping[str, Any] = field(default_factory=dict)
    fixers: Mapping[str, FixerSettings] = field(default_factory=dict)

    def options(self, asked: Asked | None = None) -> Mapping[str, Options]:
        """Return the options of every codemod, with what the command line asks for."""
        given = asked or {}
        return OnDemand(self.codemods, lambda name: replaced(self.codemods[name], given.get(name, {})))

    def demands(self, audits: Iterable[Constraint] = ()) -> tuple[Constraint, ...]:
        """Return the constraints that hold, those of audits as the configuration changes them.

        Raises:
            InputError: A key or value is not known.
        """
        return demanded(audits, self.constraints, self.scan().forbid, self.name)

    def scan(self, limit: int | None = None) -> ScanSettings:
        """Return the scanner's settings; ``limit`` is the file size that a command line asks for.

        Raises:
            InputError: A key or value is not known.
        """
        own = limit or getattr(self.codemods.get(_SIZE[0]), _SIZE[1], None)
        given = {"max-lines": own} if own is not None else {}
        over = {"max-lines": limit} if limit is not None else {}
        return from_table({**given, **self.audit, **over}, self.name)


def settled(start: Path, manifest_path: Path | None = None) -> Settings:
    """Return the settings of the workspace around a folder, as they stand in the user's checkout.

    Raises:
        InputError: There is no workspace, or a key or value is not known.
    """
    return settings_of(workspace_folder(start, manifest_path))


def settings_of(folder: Path, manifest: bytes | None = None) -> Settings:
    """Return the settings of the workspace whose absolute folder is known; ``manifest`` if it has been read.

    Raises:
        InputError: A key or value is not known.
    """
    table, name = configuration(folder, manifest)
    settings = Settings(
        _codemods(table, name),
        _level(table.get("verify", "standard"), name),
        _table(table, "audit", name),
        name,
        _folder(table, folder, name),
        _table(table, "constraints", name),
        fixers(_table(table, "fixers", name), name),
    )
    settings.demands()
    return settings


def _codemods(table: Mapping[str, Any], name: str) -> Mapping[str, Options]:
    """Return the options of each codemod; one that the configuration says nothing of is not even loaded."""
    names = installed()
    shared = _shared(table, OnDemand(names, lambda one: codemod(one).OPTIONS), name)

    def options(one: str) -> Options:
        kind, own = codemod(one).OPTIONS, _table(table, one, name)
        mine = {o.key for o in described(kind)}
        everywhere = {key: value for key, value in shared.items() if key in mine}
        return _converted(kind, {**everywhere, **own}, one if own else "", name)

    found = OnDemand(names, options)
    for one in names if shared else set(names) & set(table):
        found[one]  # what is wrong with it is told now
    return found


def known(kinds: Mapping[str, type[Options]]) -> str:
    """Return a sentence that names every key there is."""
    tables = "; ".join(f"in [{name}] {', '.join(keys(kind))}" for name, kind in kinds.items())
    own = "verify (quick, standard, full), templates (a folder), [audit], [constraints], [fixers]"
    return f"Known are {own}, and {tables}."


def _shared(table: Mapping[str, Any], kinds: Mapping[str, type[Options]], name: str) -> dict[str, Any]:
    """Return the keys outside of all tables that are some codemod's."""
    rest = {key: value for key, value in table.items() if key not in {*_OWN, *kinds}}
    theirs = {o.key for kind in (kinds.values() if rest else ()) for o in described(kind)}
    for key in sorted(set(rest) - theirs):
        near = did_you_mean(key, {*theirs, *_OWN, *kinds})
        raise InputError(f"{name}: there is no key `{key}`", near or known(kinds))
    return rest


def _converted(kind: type[Options], table: Mapping[str, Any], codemod: str, name: str) -> Options:
    try:
        return converted(kind, table)
    except ValueError as error:
        where = f"{name}, [{codemod}]" if codemod else name
        raise InputError(f"{where}: {error}", f"Known are {', '.join(keys(kind))}.") from error


def _folder(table: Mapping[str, Any], root: Path, name: str) -> Path | None:
    """Return the folder of the project's templates, which has to be one of the workspace's."""
    said = table.get("templates")
    if said is None:
        return None
    folder = (root / str(said)).resolve()
    if not isinstance(said, str) or not folder.is_dir() or not folder.is_relative_to(root.resolve()):
        raise InputError(f"{name}: `templates` must be a folder in the workspace, not {said!r}")
    return folder


def _level(value: object, name: str) -> Level:
    try:
        return msgspec.convert(value, Level)
    except msgspec.ValidationError as error:
        hint = f"Known are {', '.join(Level)}."
        raise InputError(f"{name}: {value!r} is no value of `verify`", hint) from error


def _table(table: Mapping[str, Any], key: str, name: str) -> Mapping[str, Any]:
    found = table.get(key, {})
    if not isinstance(found, Mapping):
        raise InputError(f"{name}: `{key}` must be a table, [{key}]")
    return found
