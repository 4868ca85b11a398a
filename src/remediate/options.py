"""What a codemod may be asked, as one typed struct: its flags, its configuration keys and their reference.

A codemod subclasses ``Options``; each field has a default, and a sentence in its annotation:
``Annotated[int, option("The most lines a file may keep.", least=1)]``. The command line, ``remediate.toml``,
its JSON schema and the reference are made from the struct.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal, TypeVar, get_args, get_origin

import msgspec
from msgspec.structs import FieldInfo

_O = TypeVar("_O", bound="Options")
_V = TypeVar("_V")


class Options(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="kebab"):
    """The options of one codemod; a field's key is its name with hyphens."""


def option(sentence: str, *, flag: str = "", settled: bool = True, least: int | None = None) -> msgspec.Meta:
    """Describe a field of an ``Options`` struct.

    Args:
        sentence: What it does, for help and reference.
        flag: Its flag without the hyphens, where that is not its key; "-" if it has none.
        settled: Whether a project may settle it in its configuration.
        least: The smallest number it takes.
    """
    return msgspec.Meta(description=sentence, ge=least, extra={"flag": flag, "settled": settled})


@dataclass(frozen=True, slots=True)
class Option:
    """One option, as a command line or a reference shows it.

    Attributes:
        name: The struct's attribute.
        key: Its key in the configuration.
        flag: Its flag without the hyphens; "" if it has none.
        kind: "flag", "number", "text", "choice", "texts" (several) or "table" (texts by text).
        choices: What it takes, where it is a choice, or the values of a table.
        least: The smallest number it takes, if it is one.
    """

    name: str
    key: str
    flag: str
    kind: str
    default: Any
    sentence: str
    choices: tuple[str, ...] = ()
    least: int | None = None
    settled: bool = True


class OnDemand(Mapping[str, _V]):
    """A value for each of some names, made when it is first asked for: what is of no use costs nothing."""

    def __init__(self, names: Collection[str], make: Callable[[str], _V]) -> None:
        self._names, self._make, self._made = names, make, dict[str, _V]()

    def __getitem__(self, name: str) -> _V:
        """Return the value; a name that is none of them is a ``KeyError``."""
        if name not in self._names:
            raise KeyError(name)
        if name not in self._made:
            self._made[name] = self._make(name)
        return self._made[name]

    def __iter__(self) -> Iterator[str]:
        """Yield the names in their order."""
        return iter(self._names)

    def __len__(self) -> int:
        """Return how many names there are."""
        return len(self._names)


def described(options: type[Options]) -> tuple[Option, ...]:
    """Return the options of a struct in their order.

    Raises:
        TypeError: A field is of a kind that no command line can take, or has no sentence.
    """
    return tuple(_described(field) for field in msgspec.structs.fields(options))


def converted(options: type[_O], table: Mapping[str, Any]) -> _O:
    """Return the struct that a configuration's table says.

    Raises:
        ValueError: A key or value is not known; the message names it.
    """
    for one in described(options):
        if one.key in table and not one.settled:
            raise ValueError(f"`{one.key}` is asked for on the command line only")
    try:
        return msgspec.convert(dict(table), options)
    except msgspec.ValidationError as error:
        raise ValueError(refusal(error)) from error


_KINDS = {
    "int": "a number", "float": "a number", "str": "a text", "bool": "true or false", "array": "a list",
    "object": "a table",
}  # fmt: skip
_REFUSED = re.compile(
    r"(?:Expected `(?P<wanted>[^`]*)`(?P<bound> >= [\d.]+)?(?:, got `(?P<got>\w+)`)?"
    r"|Invalid enum value (?P<value>.*?)|Object contains unknown field `(?P<unknown>.*?)`"
    r"|Object missing required field `(?P<missing>.*?)`)(?: - at `(?:\$\.)?(?P<where>.*)`)?"
)


def refusal(error: msgspec.ValidationError) -> str:
    """Return in a user's words why a value is not taken: its key, and what that takes."""
    found = _REFUSED.fullmatch(str(error))
    if found is None:
        return str(error)
    where = f"`{found['where']}`" if found["where"] else "it"
    inside = f" in `{found['where']}`" if found["where"] else ""
    if found["unknown"] is not None:
        return f"there is no key `{found['unknown']}`{inside}"
    if found["missing"] is not None:
        return f"`{found['missing']}` is missing{inside}"
    if found["value"] is not None:
        return f"{where} cannot be {found['value']}"
    wanted = " or ".join(_KINDS.get(kind, kind) for kind in found["wanted"].split(" | "))
    wanted += f" of at least {found['bound'].split()[-1]}" if found["bound"] else ""
    got = f", not {_KINDS.get(found['got'], found['got'])}" if found["got"] else ""
    return f"{where} has to be {wanted}{got}"


def replaced(options: _O, asked: Mapping[str, Any]) -> _O:
    """Return the options with what a command line asks for; None is what it leaves open."""
    given = {name: value for name, value in asked.items() if value is not None}
    return msgspec.structs.replace(options, **given)


def keys(options: type[Options]) -> Sequence[str]:
    """Return the keys a project may settle, each with what it takes."""
    return [f"{o.key} ({takes(o)})" for o in described(options) if o.settled]


def takes(one: Option) -> str:
    """Return what a key takes, in words."""
    values = ", ".join(one.choices)
    words = {
        "flag": "true, false",
        "number": f"a number from {one.least or 0}",
        "choice": values,
        "table": f"a table of {values or 'texts'}",
        "texts": "a list of texts",
    }
    return words.get(one.kind, "text")


def _described(field: FieldInfo) -> Option:
    kind, meta = field.type, None
    if get_origin(kind) is Annotated:
        kind, meta = (
            get_args(kind)[0],
            next((m for m in get_args(kind)[1:] if isinstance(m, msgspec.Meta)), None),
        )
    if meta is None or not meta.description:
        raise TypeError(f"the option {field.name} says nothing of what it does: Annotated[.., option(..)]")
    extra = meta.extra or {}
    name, choices = _kind(kind, field.name)
    return Option(
        name=field.name,
        key=field.encode_name,
        flag="" if extra.get("flag") == "-" or name == "table" else extra.get("flag") or field.encode_name,
        kind=name,
        default=field.default if field.default is not msgspec.NODEFAULT else field.default_factory(),
        sentence=meta.description,
        choices=choices,
        least=int(meta.ge) if meta.ge is not None else None,
        settled=extra.get("settled", True),
    )


def _kind(kind: Any, name: str) -> tuple[str, tuple[str, ...]]:
    """Return what a command line makes of a type, with the choices it leaves."""
    simple = {bool: "flag", int: "number", str: "text"}
    if kind in simple:
        return simple[kind], ()
    if get_origin(kind) is Literal:
        return "choice", tuple(get_args(kind))
    if get_origin(kind) is tuple:
        return "texts", ()
    if get_origin(kind) is dict:
        value = get_args(kind)[1]
        return "table", tuple(get_args(value)) if get_origin(value) is Literal else ()
    raise TypeError(f"no command line can take the option {name} of the type {kind}")
