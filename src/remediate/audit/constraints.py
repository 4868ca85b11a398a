"""What an audit demands of all code that is written for it: each demand as a value, and what can be checked.

``verify.text.constraints`` holds changed code against them. What no check is known for is a demand all the
same, and is named as not checked.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from remediate.errors import InputError

CHECKED: dict[str, str] = {
    "no-unsafe": "no `unsafe` is added",
    "no-unwrap": "no `unwrap` or `expect` is added outside of tests",
    "no-panic": "no `panic!`, `unreachable!`, `todo!` or `unimplemented!` is added outside of tests",
    "no-blocking": "no blocking call is added outside of tests",
    "lock-free": "no lock is added outside of tests",
    "no-allocation": "no allocating call is added in the marked modules",
    "no-placeholders": "no comment, text or name that calls code provisional is added",
    "tests-in-tests": "no test is added outside of `tests/`",
    "file-size": "no file grows over the limit",
    "error-handling": "no `Result` is dropped: no `let _ =` of a call and no `.ok();` is added",
}
"""Every constraint that is checked, with what the check shows; the order is that of reports."""


@dataclass(frozen=True, slots=True)
class Constraint:
    """One demand.

    Attributes:
        name: One of ``CHECKED``; "" for a demand that no check is known for.
        text: As the audit or the configuration writes it.
        source_line: The line of the document it stands on; 0 for one of the configuration.
        limit: The number it names: the most lines of a file.
        paths: Globs of the files it holds for; () is all of them.
    """

    name: str
    text: str = ""
    source_line: int = 0
    limit: int | None = None
    paths: tuple[str, ...] = ()

    def __str__(self) -> str:
        """Return it as reports show what was understood."""
        where = f" in {', '.join(self.paths)}" if self.paths else ""
        limit = f" {self.limit}" if self.limit is not None else ""
        return f"{self.name or 'not checked'}{limit}{where}"


def settled(
    demanded: Iterable[Constraint],
    table: Mapping[str, Any],
    forbid: Mapping[str, tuple[str, ...]],
    where: str,
) -> tuple[Constraint, ...]:
    """Return the constraints that hold: what audits demand, as the ``[constraints]`` table changes it.

    Args:
        demanded: Those of the audits, in their order.
        table: A name of ``CHECKED`` to true, false (off, whatever an audit demands), globs, or, for
            ``file-size``, a number.
        forbid: The scanner's ``locking`` and ``allocation``: where these are forbidden already.
        where: The configuration's file, for messages.

    Raises:
        InputError: A key or value is not known.
    """
    own = {name: _from_value(name, value, where) for name, value in table.items()}
    marked = {"no-allocation": forbid.get("allocation", ()), "lock-free": forbid.get("locking", ())}
    found: dict[tuple[str, str], Constraint] = {}
    for one in demanded:
        if own.get(one.name, True) is None:
            continue
        key = one.name, "" if one.name else one.text
        found.setdefault(key, replace(one, paths=marked.get(one.name, ())))
    for name, globs in marked.items():
        if globs and own.get(name, True) is not None:
            found.setdefault((name, ""), Constraint(name, paths=globs))
    for name, constraint in own.items():
        if constraint is not None:
            said = found.get((name, ""), constraint)
            limit = said.limit if constraint.limit is None else constraint.limit
            found[name, ""] = replace(said, limit=limit, paths=constraint.paths or said.paths)
    return tuple(found.values())


def _from_value(name: str, value: object, where: str) -> Constraint | None:
    if name not in CHECKED:
        raise InputError(f"{where}: [constraints] has no key `{name}`", f"Known are {', '.join(CHECKED)}.")
    if value is False:
        return None
    if value is True:
        return Constraint(name)
    if name == "file-size" and isinstance(value, int) and value > 0:
        return Constraint(name, limit=value)
    if isinstance(value, list) and all(isinstance(glob, str) for glob in value):
        return Constraint(name, paths=tuple(value))
    number = ", a number of lines" if name == "file-size" else ""
    raise InputError(f"{where}: constraints.{name} must be true, false{number} or a list of globs")
