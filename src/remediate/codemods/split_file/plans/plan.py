"""The plan of a split as a person has edited it: every mistake in it is told with its line."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any, Literal

import msgspec
import tomlkit
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import AoT, Table

from remediate.codemods.split_file.plans.arrangement import Arrangement, name_problem
from remediate.codemods.split_file.plans.plan_text import digest
from remediate.errors import InputError
from remediate.model import PlannedModule
from remediate.options import refusal
from remediate.sanitize import one_line

_MOST_PROBLEMS = 10
_MARK = "-- here --"
_FORM = "`remediate plan --split FILE` writes a plan in the right form."
_UNKNOWN = re.compile(r"unknown field `(\w+)`")
_Place = tuple[str | int, ...]


class _Module(msgspec.Struct, forbid_unknown_fields=True):
    name: str
    items: list[str]
    public: bool = False


class _Facade(msgspec.Struct, forbid_unknown_fields=True):
    items: list[str] = []


class _Plan(msgspec.Struct, forbid_unknown_fields=True):
    file: str
    digest: str
    max_lines: Annotated[int, msgspec.Meta(ge=1)]
    min_lines: Annotated[int, msgspec.Meta(ge=1)]
    layout: Literal["mod", "file", "auto"]
    module: list[_Module] = []
    facade: _Facade = msgspec.field(default_factory=_Facade)


@dataclass(frozen=True)
class SplitPlan:
    """A plan.

    Attributes:
        name: What its file is called, for messages.
        text: Its text.
        content: What it says.
    """

    name: str
    text: str
    content: _Plan

    @property
    def modules(self) -> tuple[PlannedModule, ...]:
        """The modules it asks for; those without items are none."""
        return tuple(
            PlannedModule(m.name, public=m.public, items=tuple(m.items))
            for m in self.content.module
            if m.items
        )

    def asked(self) -> dict[str, Any]:
        """Return what it settles of ``Options``."""
        plan = self.content
        return {"max_lines": plan.max_lines, "min_lines": plan.min_lines, "layout": plan.layout}

    def require_current(self, path: str, text: bytes, today: bytes = b"") -> None:
        """Make sure that the plan was made for this file as it stands.

        ``today`` is the file in the user's checkout, which may hold more than the commit.

        Raises:
            InputError: It was made for another one.
        """
        if self.content.file != path:
            self._refuse([(("file",), f"the plan is for {self.content.file}, not for {path}")])
        if self.content.digest == digest(today) != digest(text):
            first = (
                "Commit it first: fixes are made on commits, in a checkout of their own. Or pass --in-place."
            )
            told = f"the plan was made of {path} with changes that are not committed"
            self._refuse([(("digest",), told)], first)
        if self.content.digest != digest(text):
            again = f"Make a new one: remediate plan --split {path}"
            self._refuse([(("digest",), f"{path} has changed since the plan was made")], again)

    def require_fit(self, arrangement: Arrangement) -> None:
        """Make sure that the plan speaks of the file's items, of each once, and of modules that can be.

        Raises:
            InputError: It does not; every mistake with its line.
        """
        problems = [*self._bad_names(arrangement), *self._bad_items(arrangement)]
        if problems:
            self._refuse(problems)

    def _bad_names(self, arrangement: Arrangement) -> Iterator[tuple[_Place, str]]:
        seen: set[str] = set()
        for number, module in enumerate(self.content.module):
            problem = name_problem(module.name, arrangement.taken)
            if problem:
                yield ("module", number, "name"), f"no module can be called {module.name!r}: {problem}"
            elif module.name in seen:
                yield ("module", number, "name"), f"there are two modules {module.name!r}"
            seen.add(module.name)

    def _bad_items(self, arrangement: Arrangement) -> Iterator[tuple[_Place, str]]:
        known, seen = {piece.key for piece in arrangement.pieces}, set[str]()
        for place, key in self._items():
            if key not in known:
                yield place, f"{arrangement.path} has no item {key!r}"
            elif key in seen:
                yield place, f"{key!r} is in the plan twice"
            seen.add(key)

    def _items(self) -> Iterator[tuple[_Place, str]]:
        for number, module in enumerate(self.content.module):
            yield from ((("module", number, "items", n), key) for n, key in enumerate(module.items))
        yield from ((("facade", "items", n), key) for n, key in enumerate(self.content.facade.items))

    def _refuse(self, problems: list[tuple[_Place, str]], hint: str = "") -> None:
        told = [(_line(self.text, place), words) for place, words in problems]
        lines = [
            f"{self.name}:{line}: {one_line(words, 400)}" for line, words in sorted(told)[:_MOST_PROBLEMS]
        ]
        more = len(problems) - len(lines)
        raise InputError("\n".join([*lines, *([f"and {more} more"] if more else [])]), hint)


def read(name: str, content: bytes) -> SplitPlan:
    """Read a plan.

    Raises:
        InputError: It is no TOML, or not in the form of a plan; with the line.
    """
    try:
        text = content.decode("utf-8-sig")
        document = tomlkit.parse(text).unwrap()
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise InputError(f"{name}:{line}: this is no TOML: it is not UTF-8", _FORM) from error
    except TOMLKitError as error:
        line = getattr(error, "line", 1)
        raise InputError(f"{name}:{line}: this is no TOML: {error}", _FORM) from error
    try:
        return SplitPlan(name, text, msgspec.convert(document, _Plan))
    except msgspec.ValidationError as error:
        words, _, where = str(error).partition(" - at `$")
        place = (*_place(where), *_UNKNOWN.findall(words))
        raise InputError(f"{name}:{_line(text, place)}: {refusal(error)}", _FORM) from error


def _place(where: str) -> _Place:
    """Read msgspec's ``.module[2].items[0]``."""
    parts = where.strip("`").replace("[", ".").replace("]", "").split(".")
    return tuple(int(part) if part.isdigit() else part for part in parts if part)


def _line(text: str, place: _Place) -> int:
    """Return the line of a value: tomlkit keeps every byte, so a marked value shows where it was."""
    document: Any = tomlkit.parse(text)
    within = document
    for part in place[:-1]:
        within = within[part]
    if place and isinstance(within[place[-1]], Table | AoT):
        within = _first(within[place[-1]])
        place = tuple(list(within)[:1])
    if not place:
        return 1
    within[place[-1]] = _MARK
    shown = tomlkit.dumps(document)
    return shown[: shown.index(_MARK)].count("\n") + 1


def _first(table: Any) -> Any:
    while isinstance(table, AoT):
        table = table[0]
    return table
