"""A stub made explicit: it returns an error of the crate's own that says what is missing."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from remediate.audit.markers.behavior import IDLE, Behavior
from remediate.audit.markers.beside import of_function, parameters
from remediate.codemods.resolve_markers.fix import Fix, declared
from remediate.codemods.resolve_markers.places import Place
from remediate.edits import Edit
from remediate.model import Skip
from remediate.rust.modules.module_tree import module_tree
from remediate.rust.syntax.bodies import Function, functions
from remediate.rust.syntax.lexer import TokenKind, tokens

_RESULT = re.compile(r"\A(?:\w+::)*Result\s*<(?P<arguments>.*)>\Z", re.DOTALL)
_ALIAS = re.compile(
    rb"\btype\s+Result\s*<\s*(\w+)[^>]*>\s*=\s*(?:\w+::)*Result\s*<\s*\1\s*,\s*(?P<error>[\w:]+)\s*>\s*;"
)
_ENUM = re.compile(rb"\benum\s+(?P<name>\w+)\s*\{")
_VARIANT = re.compile(
    rb"(?:\A|[,}\s\]])(?P<name>NotImplemented|Unimplemented|NotSupported|Unsupported|NotYetImplemented)\s*"
    rb"(?P<shape>\(\s*(?:String|&'static\s+str|Cow<'static,\s*str>)\s*\)|(?=\s*(?:,|\Z)))"
)


class Refusal(NamedTuple):
    """An expression that refuses, and how it is spelled."""

    error: str
    variant: str
    shape: str


def refusal(place: Place) -> Fix | Skip:
    """Return the function as one that refuses with a typed error."""
    function = _stub(place)
    if function is None or function.body is None:
        return Skip("stub", f"{place.path}:{place.line}: {place.note}.")
    found = _refusal(place, function)
    if found is None:
        said = f"`{function.name}` returns {function.output or 'nothing'}"
        return Skip(
            "no-error-type", f"{place.path}:{place.line}: {said}, which has no variant for what is missing."
        )
    body = place.text[function.body[0] + 1 : function.body[1] - 1]
    comments = [t.text.decode(errors="replace") for t in tokens(body) if t.kind is TokenKind.COMMENT]
    indent = place.text[place.text.rfind(b"\n", 0, function.span[0]) + 1 : function.span[0]]
    used = sorted(p.decode() for p in _parameters(place, function) if not p.startswith(b"_") and p != b"self")
    new = place.codebase.render(
        "markers/refusal.rs.j2",
        indent=indent.decode() if not indent.strip() else "",
        comments=comments,
        parameters=used,
        error=found.error,
        variant=found.variant,
        shape=found.shape,
        name=function.name,
    )
    return Fix(
        (Edit(function.body[0], function.body[1], new.rstrip("\n").encode()),),
        f"let `{function.name}` refuse until it is written",
        functions=declared(place, function),
        note=f"`{function.name}` gave back an answer that it did not have; its callers see an error now",
    )


def _stub(place: Place) -> Function | None:
    """Return the function around a marker, or right below its comment, if all of it is a stub."""
    found = [f for f in functions(place.source) if f.body and f.span[0] <= place.start < f.span[1]]
    if not found:
        found = [f for f in functions(place.source) if f.body and f.span[0] >= place.span[1]][:1]
    for function in reversed(found):
        assert function.body is not None  # noqa: S101 - only those with one were taken
        block = place.outline.blocks.around(function.body[0] + 1)
        if of_function(place.outline, block, wide=True) in (*IDLE, Behavior.IMITATION, Behavior.EXPLICIT):
            return function
        return None
    return None


def _parameters(place: Place, function: Function) -> frozenset[bytes]:
    assert function.body is not None  # noqa: S101 - asked of stubs with a body only
    return parameters(place.outline.code[function.keyword : function.body[0]])


def _refusal(place: Place, function: Function) -> Refusal | None:
    output = function.output.removeprefix("->").strip()
    result = _RESULT.match(output)
    if result is None:
        return None
    if output.startswith("anyhow::"):
        return Refusal("anyhow", "", "")
    arguments = _split(result["arguments"])
    named = arguments[1] if len(arguments) == 2 else ""
    return _variant(place, named) if named else next(iter(_aliased(place)), None)


def _aliased(place: Place) -> Iterator[Refusal]:
    """Yield the refusal of the package's one ``Result`` alias."""
    package = place.codebase.home(place.path)
    found = {m["error"] for path in package.rust_files for m in _ALIAS.finditer(package.files[path])}
    refusals = (_variant(place, error.decode()) for error in sorted(found)[: 1 if len(found) == 1 else 0])
    yield from (one for one in refusals if one is not None)


def _variant(place: Place, error: str) -> Refusal | None:
    """Return how an enum of the package says that something is not implemented; None if it does not."""
    package, name = place.codebase.home(place.path), error.rpartition("::")[2].encode()
    homes = [
        (path, match.end())
        for path in package.rust_files
        for match in _ENUM.finditer(package.files[path])
        if match["name"] == name
    ]
    if len(homes) != 1:
        return None
    path, at = homes[0]
    text = package.files[path]
    variant = _VARIANT.search(text[at : _end(text, at)])
    if variant is None:
        return None
    modules = module_tree(package).at(path, at)
    full = "::".join(("crate", *modules[0].path[1:], name.decode())) if modules else error
    spelled = error if re.search(rb"\b%b\b" % re.escape(name), place.outline.code) else full
    return Refusal(spelled, variant["name"].decode(), variant["shape"].decode().strip("() "))


def _end(text: bytes, at: int) -> int:
    depth = 1
    for brace in re.finditer(rb"[{}]", text[at:]):
        depth += 1 if brace.group() == b"{" else -1
        if not depth:
            return at + brace.start()
    return len(text)


def _split(arguments: str) -> list[str]:
    depth, parts, start = 0, [], 0
    for at, char in enumerate(arguments):
        depth += {"<": 1, "(": 1, "[": 1, ">": -1, ")": -1, "]": -1}.get(char, 0)
        if char == "," and not depth:
            parts.append(arguments[start:at].strip())
            start = at + 1
    return [*parts, arguments[start:].strip()]
