"""How a function can say that it is not written yet: by a value of the error type in its signature."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from remediate.codemods.resolve_markers.places import Place
from remediate.codemods.resolve_markers.publication import public_names
from remediate.edits import Edit
from remediate.model import Skip
from remediate.rust.modules.manifest import is_published
from remediate.rust.modules.module import Module
from remediate.rust.modules.module_tree import module_tree
from remediate.rust.resolution.names import Definition
from remediate.rust.resolution.resolver import Meaning, Resolver, resolver
from remediate.rust.syntax.bodies import Function
from remediate.rust.syntax.items import Item, items
from remediate.rust.syntax.lexer import closing, code
from remediate.rust.syntax.outline import Outline
from remediate.rust.syntax.source import Source

_TYPE = re.compile(r"\A(?P<path>(?:::)?\w+(?:::\w+)*)\s*(?:<(?P<arguments>.*)>)?\Z", re.DOTALL)
_ALIAS = re.compile(r"\btype\s+\w+\s*(?:<(?P<parameters>[^=;]*(?:=[^;>]*)?)>)?\s*=\s*(?P<type>[^;]+);\Z")
_VARIANT = re.compile(
    rb"(?:\A|[,}\s\]])(?P<name>NotImplemented|Unimplemented|NotSupported|Unsupported|NotYetImplemented)\s*"
    rb"(?P<shape>\(\s*(?:String|&'static\s+str|Cow<'static,\s*str>)\s*\)|(?=\s*(?:,|\Z)))"
)
_TEXT = re.compile(
    rb"(?:\A|[,}\s\]])(?P<name>Other|Custom|Message)\s*"
    rb"(?:\(\s*(?P<kind>String|&'static\s+str)\s*\)|\{\s*(?P<field>\w+)\s*:\s*(?P<type>String|&'static\s+str)\s*,?\s*\})"
)
_MATCH = re.compile(rb"\bmatch\s+\*?self\s*\{")
_FORMATTER = re.compile(rb"\bfn\s+fmt\s*\(\s*&\s*self\s*,\s*(?:mut\s+)?(\w+)\s*:")
_DERIVES_ITS_TEXT = {"Display", "Snafu"}
_DEEP = 4


@dataclass(frozen=True, slots=True)
class Refusal:
    """An expression that refuses, and what has to be there for it.

    Attributes:
        edits: Of the files that declare the error type.
        api, functions: What these change, as ``edits.Change`` says it.
        note: What a reviewer should know, "" for nothing.
    """

    expression: str
    edits: Mapping[str, tuple[Edit, ...]] = field(default_factory=dict)
    api: frozenset[str] = frozenset()
    functions: frozenset[str] = frozenset()
    note: str = ""


class _Error(NamedTuple):
    """An error type: as it is written, where; ``here`` is whether that is in the function's own signature."""

    text: str
    names: Resolver
    module: Module
    here: bool


def refusal(place: Place, function: Function, *, variants: bool, public_api: bool) -> Refusal | Skip:
    """Return how a function refuses with the error that it returns, or why it cannot.

    ``variants`` is whether an enum may get a variant for it, ``public_api`` whether one that others match on.
    """
    modules = module_tree(place.codebase.home(place.path)).at(place.path, function.span[0])
    returned = _returned(function)
    where = f"{place.path}:{place.line}"
    said = f"`{returned}` has no room for an error" if returned else "nothing is returned"
    none = Skip("no-error-type", f"{where}: {said}.")
    if not modules:
        return none
    names = resolver(place.codebase.home(place.path), modules[0])
    error = _error(_Error(_returned(function), names, modules[0], here=True))
    if error is None:
        return none
    words = f"`{function.name}` is not written yet"
    plain = _plain(error, words)
    if plain:
        return Refusal(f"Err({plain})")
    of_error = f"no value of its error, `{error.text}`, can be made from a text"
    none = Skip("no-error-type", f"{where}: {of_error}.")
    found = list(error.names.definitions_of(_meaning(error)))
    if len(found) != 1 or found[0][1].item.kind != "enum":
        return none
    no_place = "has no variant for it, and its `Display` shows no place for one"
    none = Skip("no-error-type", f"{where}: its error, `{error.text}`, {no_place}.")
    known = _known_variant(error, *found[0], function.name)
    if known or not variants:
        return Refusal(known) if known else none
    return _with_variant(place, error, found[0], function.name, public_api=public_api) or none


def error_text(place: Place, function: Function) -> str:
    """Return the path of the crate's own error that a function returns, "" where it returns none."""
    modules = module_tree(place.codebase.home(place.path)).at(place.path, function.span[0])
    names = resolver(place.codebase.home(place.path), modules[0]) if modules else None
    error = _error(_Error(_returned(function), names, modules[0], here=True)) if names else None
    meaning = _meaning(error) if error else None
    own = meaning is not None and meaning.known and not meaning.outside and meaning.path
    return "::".join(("crate", *meaning.path)) if own and meaning else ""


def _returned(function: Function) -> str:
    return function.output.removeprefix("->").strip()


def _error(result: _Error, depth: int = 0) -> _Error | None:
    """Return the error of a ``Result``, through aliases; None for any other type."""
    parsed = _TYPE.match(result.text)
    if parsed is None or depth > _DEEP:
        return None
    arguments = split(parsed["arguments"] or "")
    path = tuple(parsed["path"].removeprefix("::").split("::"))
    meaning = result.names.of_path(result.module, path)
    aliases = [
        (m, d) for m, d in result.names.definitions_of(meaning) if meaning.known and d.item.kind == "type"
    ]
    if len(aliases) == 1:
        return _of_alias(result, *aliases[0], arguments, depth)
    if len(arguments) == 2 and path[-1] == "Result":
        return result._replace(text=arguments[1])
    whole = meaning.path if meaning.outside else path
    if whole[-1:] != ("Result",) or len(arguments) != 1:
        return None
    named = {"anyhow": "anyhow::Error", "io": "std::io::Error"}.get(whole[-2] if len(whole) > 1 else "")
    return result._replace(text=named) if named else None


def _of_alias(
    result: _Error, module: Module, definition: Definition, arguments: list[str], depth: int
) -> _Error | None:
    text = result.names.package.source(module.file).text
    alias = _ALIAS.search(text[definition.item.start : definition.item.end].decode(errors="replace"))
    if alias is None:
        return None
    inner = _error(_Error(alias["type"].strip(), result.names, module, here=False), depth + 1)
    parameters = [part.partition("=") for part in split(alias["parameters"] or "")]
    for at, (name, _, default) in enumerate(parameters):
        if inner is not None and inner.text == name.strip():
            given = arguments[at] if at < len(arguments) else ""
            return result._replace(text=given) if given else inner._replace(text=default.strip())
    return inner


def _meaning(error: _Error) -> Meaning:
    bare = error.text.partition("<")[0].strip()
    return error.names.of_path(error.module, tuple(bare.removeprefix("::").split("::")))


def _plain(error: _Error, words: str) -> str:
    """Return a value of an error type that holds a text; "" for others."""
    text = " ".join(error.text.split())
    if text in {"&'static str", "&str"}:
        return f'"{words}"'
    if text == "String" or (text.startswith("Box<dyn") and "Error" in text):
        return f'"{words}".into()'
    meaning = _meaning(error)
    path = meaning.path if meaning.outside else tuple(text.split("::"))
    if path[-2:] == ("io", "Error"):
        return f'std::io::Error::new(std::io::ErrorKind::Unsupported, "{words}")'
    return f'anyhow::anyhow!("{words}")' if path == ("anyhow", "Error") else ""


def _spelled(error: _Error) -> str:
    path = "::".join(("crate", *_meaning(error).path))
    return error.text.partition("<")[0].strip() if error.here else path


def _known_variant(error: _Error, module: Module, definition: Definition, name: str) -> str:
    """Return a refusal by a variant that is there for it, "" where none is."""
    body = definition.item.body
    masked = Outline(error.names.package.source(module.file).text).code
    variant = _VARIANT.search(masked[slice(*body)]) if body else None
    if variant is None:
        general = _TEXT.search(masked[slice(*body)]) if body else None
        return f"Err({_spelled(error)}::{_with_text(general, name)})" if general else ""
    shape = variant["shape"].decode().strip("() ")
    conversion = "" if not shape or shape.startswith("&") else ".into()"
    value = f'("{name}"{conversion})' if shape else ""
    return f"Err({_spelled(error)}::{variant['name'].decode()}{value})"


def _with_text(variant: "re.Match[bytes]", name: str) -> str:
    """Return a value of a variant that holds any text."""
    kind = (variant["kind"] or variant["type"]).decode()
    value = f'"`{name}` is not written yet"' + ("" if kind.startswith("&") else ".into()")
    made = f"{{ {variant['field'].decode()}: {value} }}" if variant["field"] else f"({value})"
    return variant["name"].decode() + (f" {made}" if variant["field"] else made)


def _with_variant(
    place: Place, error: _Error, found: tuple[Module, Definition], name: str, *, public_api: bool
) -> Refusal | Skip | None:
    """Return a refusal by a variant that the enum gets for it."""
    module, item = found[0], found[1].item
    source = error.names.package.source(module.file)
    derived = {t.text.decode() for a in item.attributes if a.path == "derive" for t in a.arguments}
    text = source.text
    if item.body is None or _DERIVES_ITS_TEXT & derived or not text[slice(*item.body)].strip():
        return None
    shown = _shown(error.names, item)
    if shown is None:
        return None
    api = frozenset(public_names(place, _meaning(error).path))
    open_to_all = any(a.path == "non_exhaustive" for a in item.attributes)
    if api and not open_to_all and not public_api and is_published(place.codebase.home(place.path)):
        sentence = (
            f"{place.path}:{place.line}: others may match on `{min(api)}`, which has no fitting variant."
        )
        asked = f"remediate resolve-markers {place.path}:{place.line} --scaffold --public-api"
        return Skip("public-api", f"{sentence} `{asked}` gives it one.")
    kind, conversion = ("String", ".into()") if "Deserialize" in derived else ("&'static str", "")
    said = b'    #[error("`{0}` is not written yet")]\n' if "Error" in derived else b""
    variant = (
        b"    /// What is asked for is not written yet.\n"
        + said
        + b"    NotImplemented(%b),\n" % kind.encode()
    )
    edits = {module.file: (_appended(text, item.body[1], variant),)}
    for path, edit in shown:
        edits[path] = (*edits.get(path, ()), edit)
    crates = {t.name.replace("-", "_") for t in module.targets}
    named = "" if open_to_all else ": who matches on it without `_` has to name it"
    return Refusal(
        f'Err({_spelled(error)}::NotImplemented("{name}"{conversion}))',
        edits,
        api,
        frozenset("::".join((crate, *_meaning(error).path)) for crate in crates),
        f"`{item.name}` has a new variant{named}" if api else "",
    )


def _shown(names: Resolver, item: Item) -> list[tuple[str, Edit]] | None:
    """Return the arms by which the enum's ``Display`` shows a new variant; None where no arm can be added."""
    found = []
    for path, source, shows in _displays(names, item.name or ""):
        text = source.text
        choice, formatter = (p.search(text, shows.start, shows.end) for p in (_MATCH, _FORMATTER))
        if choice is None or formatter is None:
            return None
        arms = code(text, choice.end() - 1, shows.end)
        end = arms[min(closing(arms, 0), len(arms) - 1)].start
        if not re.search(rb"(?:\A|[,}\s])_\s*=>", text[choice.end() : end]):
            arm = b'Self::NotImplemented(what) => write!(%b, "`{what}` is not written yet"),\n' % formatter[1]
            indent = text[text.rfind(b"\n", 0, end) + 1 : end]
            found.append((path, _appended(text, end, indent + b"    " + arm)))
    return found


def _displays(names: Resolver, enum: str) -> Iterator[tuple[str, Source, Item]]:
    for path in names.package.rust_files:
        if b"Display for" in names.package.files[path]:
            source = names.package.source(path)
            for item in items(source):
                last = item.self_type.partition("<")[0].rpartition("::")[2]
                if item.kind == "impl" and last == enum and item.trait.rpartition("::")[2] == "Display":
                    yield path, source, item


def _appended(text: bytes, end: int, new: bytes) -> Edit:
    """Return the edit that puts lines in front of a closing brace, behind a comma."""
    line = text.rfind(b"\n", 0, end) + 1
    begins = line if not text[line:end].strip() else end
    front = text[:begins].rstrip()
    comma = b"" if front.endswith((b",", b"}", b"{")) else b","
    if begins == end:
        return Edit(len(front), end, comma + b"\n" + new)
    return Edit(len(front), begins, comma + text[len(front) : begins] + new)


def split(arguments: str) -> list[str]:
    """Return what stands between the commas of generic arguments, trimmed; nothing for nothing."""
    depth, parts, start = 0, [], 0
    for at, char in enumerate(arguments):
        depth += {"<": 1, "(": 1, "[": 1, ">": -1, ")": -1, "]": -1}.get(char, 0)
        if char == "," and not depth:
            parts.append(arguments[start:at].strip())
            start = at + 1
    rest = arguments[start:].strip()
    return [*parts, rest] if rest else parts
