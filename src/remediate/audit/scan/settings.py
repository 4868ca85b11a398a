"""What a user may decide about the scan: the ``[audit]`` table of remediate.toml, and the command line."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from types import MappingProxyType
from typing import Any

from remediate.audit.rules.catalog import RULES, Severity, rule
from remediate.errors import InputError, did_you_mean

OFF = "off"
LEVELS = (*(s.value for s in Severity), OFF)
# Rules that say nothing until the configuration names the places they hold for.
FORBIDDEN = {"locks": "locking", "allocation": "allocation"}


@dataclass(frozen=True, slots=True)
class Settings:
    """The scan's settings.

    Attributes:
        max_lines: The largest file that is no finding.
        severities: Rule id to "error", "warning", "note" or "off".
        exclude: Globs of files that are not looked at.
        allow: Rule id ("all" for every one) to globs of files it does not hold for.
        forbid: "locking" and "allocation" to globs of the files where the project forbids them.
        only: The rules that are reported; empty is all.
        deep: Whether every file is parsed (``parse-health``).
    """

    max_lines: int = 300
    severities: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    exclude: tuple[str, ...] = ()
    allow: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    forbid: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    only: frozenset[str] = frozenset()
    deep: bool = False

    def severity(self, id_: str, own: str = "") -> str:
        """Return the severity of a finding of a rule; ``own`` is what the place itself has."""
        chosen = self.severities.get(id_)
        if chosen is None:
            return own or rule(id_).severity.value
        if chosen == OFF or not own:
            return chosen
        # A place that the scanner calls less than its rule does stays less: a documented unsafe, a test.
        return max(chosen, own, key=LEVELS.index)

    def reports(self, id_: str, path: str) -> bool:
        """Whether a finding of a rule in a file is reported at all."""
        if (self.only and id_ not in self.only) or self.severities.get(id_) == OFF:
            return False
        if id_ in FORBIDDEN.values() and not matches(self.forbid.get(id_, ()), path):
            return False
        return not matches((*self.allow.get(id_, ()), *self.allow.get("all", ())), path)

    def looks_at(self, path: str) -> bool:
        """Whether a file is scanned."""
        return not matches(self.exclude, path)


def from_table(table: Mapping[str, Any], where: str) -> Settings:
    """Read an ``[audit]`` table; ``where`` names the file for messages.

    Raises:
        InputError: A key or value is not known.
    """
    known = {"max-lines", "severity", "exclude", "allow", "forbid"}
    for key in sorted(set(table) - known):
        raise InputError(f"{where}: [audit] has no key `{key}`", f"Known are {', '.join(sorted(known))}.")
    severities = _strings(table.get("severity", {}), f"{where}: [audit.severity]")
    for id_, level in severities.items():
        _check_rule(id_, where)
        if level not in LEVELS:
            raise InputError(f"{where}: severity `{level}` of `{id_}` is none of {', '.join(LEVELS)}")
    allow = {
        id_: _globs(globs, f"{where}: allow.{id_}") for id_, globs in _table(table, "allow", where).items()
    }
    for id_ in allow:
        _check_rule(id_, where)
    forbid = {}
    for name, globs in _table(table, "forbid", where).items():
        if name not in FORBIDDEN:
            raise InputError(f"{where}: [audit.forbid] knows {', '.join(sorted(FORBIDDEN))}, not `{name}`")
        forbid[FORBIDDEN[name]] = _globs(globs, f"{where}: forbid.{name}")
    limit = table.get("max-lines", Settings().max_lines)
    if not isinstance(limit, int) or limit < 1:
        raise InputError(f"{where}: audit.max-lines must be a positive number")
    exclude = _globs(table.get("exclude", []), f"{where}: audit.exclude")
    return Settings(limit, severities, exclude, allow, forbid)


def _check_rule(id_: str, where: str) -> None:
    if id_ not in {"all", *(r.id for r in RULES)}:
        near = did_you_mean(id_, (rule.id for rule in RULES))
        hint = f"{near}`remediate audit --list-rules` shows them."
        raise InputError(f"{where}: no rule is called `{id_}`", hint)


def _table(table: Mapping[str, Any], key: str, where: str) -> Mapping[str, Any]:
    value = table.get(key, {})
    if not isinstance(value, Mapping):
        raise InputError(f"{where}: audit.{key} must be a table")
    return value


def _strings(value: object, where: str) -> dict[str, str]:
    if not isinstance(value, Mapping) or not all(isinstance(v, str) for v in value.values()):
        raise InputError(f"{where} must be a table of strings")
    return {str(k): str(v) for k, v in value.items()}


def _globs(value: object, where: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(v, str) for v in value):
        raise InputError(f"{where} must be a list of globs")
    return tuple(value)


def matches(globs: tuple[str, ...], path: str) -> bool:
    """Whether a path is one that some glob means."""
    return any(_pattern(glob).fullmatch(path) for glob in globs)


@cache
def _pattern(glob: str) -> re.Pattern[str]:
    """Return a glob as a pattern: ``*`` stays in a folder, ``**`` does not; a folder is all in it."""
    parts = re.split(r"(\*\*/|\*\*|\*|\?)", glob.strip("/"))
    known = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    return re.compile("".join(known.get(part, re.escape(part)) for part in parts) + r"(?:/.*)?")
