"""How a file would be cut, as a value that a person can read, change and pass to a run."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from remediate.model import PlannedModule

_NAME = re.compile(r"[a-z_][a-z0-9_]*")

_LONGEST_NAME = 100
"""Letters of a module's name: file systems take 255 bytes with the ending, people far fewer."""

FACADE = ""
"""The module of what stays."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A unit (``analyze.units``) as a person sees it: plain text and numbers, and the module it has.

    Attributes:
        key: Unique in the file: "fn parse", "impl Display for Error", "fn Store::get".
        line: The line it begins on today, documentation and attributes included.
        lines: How many lines it takes, without the empty ones around it.
        module: Where it goes; ``FACADE`` if it stays.
        why: Why it is there, for a person.
        held: Why it has to stay: a code and a sentence; empty if it may move.
    """

    key: str
    line: int
    lines: int
    module: str
    why: str
    held: str = ""


@dataclass(frozen=True, slots=True)
class Tie:
    """What the code in one module uses of another, by name, sorted."""

    source: str
    target: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Arrangement:
    """The cut of one file.

    Attributes:
        path: The file today.
        facade: The path of what stays.
        modules: The new modules with the keys of their pieces.
        pieces: All pieces in the file's order.
        ties: Who uses what of whom.
        sizes: Lines of the file of every module, ``FACADE`` included, as planned.
        taken: Names that no new module may have.
    """

    path: str
    facade: str
    modules: tuple[PlannedModule, ...]
    pieces: tuple[Piece, ...]
    ties: tuple[Tie, ...]
    sizes: Mapping[str, int]
    taken: frozenset[str]


def name_problem(name: str, taken: Collection[str]) -> str:
    """Return why no new module can have a name, "" if one can."""
    if "/" in name or "\\" in name or "::" in name or ".." in name:
        return "new modules are not nested, and no paths: write one name"
    if not _NAME.fullmatch(name) or name == "_":
        return "a module's name is made of a-z, 0-9 and _, and begins with no digit"
    if len(name) > _LONGEST_NAME:
        return f"a module's name has at most {_LONGEST_NAME} letters"
    if name in taken:
        return "the name is taken (by an item, an import, a file, a crate, a keyword or the standard library)"
    return ""
