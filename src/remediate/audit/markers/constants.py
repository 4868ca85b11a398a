"""Expressions that do no work: constants, and the function's own input returned.

They are told from the code of an outline, where a string is a run of quotes. What is not known counts as
work.
"""

import re
from collections.abc import Collection
from typing import NamedTuple

_LITERAL = re.compile(
    rb'[brc]*"+|b?\'[^\']*\'|[-+]?\d[\w.]*(?:\s*[-+*/]\s*\d[\w.]*)*|true|false|None|\(\s*\)'
)
_OF_LITERAL = re.compile(rb"(?:%b)(?:\s*\.\s*\w+\s*\(\s*\))*" % _LITERAL.pattern)
_ZERO = re.compile(rb'"+|-?0(?:\.0*)?(?:_?[iuf]\w+)?|true|false|None|\(\s*\)|\[\s*\]|vec!\s*\[\s*\]')
_PATH = re.compile(rb"(?:::)?(?:\w+(?:::<[^()]*?>)?::)*\w+")
_CONSTANT_PATH = re.compile(rb"(?:\w+::)*(?:[A-Z][A-Z0-9_]+|[A-Z]\w*::[A-Z]\w*|Self::[A-Z]\w*)")
_CONVERSION = re.compile(
    rb"\s*\.\s*(?:to_string|to_owned|to_vec|into|as_bytes|as_str|clone|boxed|into_iter|iter|collect|unwrap)\s*"
    rb"(?:::<[^()]*>)?\(\s*\)\Z|\s*\.\s*expect\s*\(\s*\"*\s*\)\Z"
)
_BUILT = re.compile(rb"\s*\.\s*with_\w+\s*\((?!.*\.\s*with_\w+\s*\()", re.DOTALL)
_OWN_COPY = re.compile(rb"\s*\.\s*(?:clone|to_owned|to_vec|to_string|into|as_ref|cloned)\s*\(\s*\)\Z")
_WRAPPERS = {b"Ok", b"Some", b"Ready", b"Owned", b"Borrowed", b"Left", b"Right"}
_MAKERS = {
    b"new", b"default", b"empty", b"zero", b"nil", b"none", b"from", b"pin", b"with_capacity", b"from_secs",
    b"from_millis", b"from_str", b"ready", b"ok", b"success", b"once",
}  # fmt: skip
_ASSOCIATED = re.compile(rb"(?:\w+::)*[A-Z]\w*::\w+")
_COLLECTION = re.compile(rb"(?:\w+::)*(?:String|Vec\w*|\w*Map|\w*Set|TokenStream)(?:::<[^()]*>)?::new")
_MACRO = re.compile(rb"(?:\w+::)*(vec|format|json|concat|smallvec|array_vec|hashmap|Cow)\s*!\s*")
_STRUCT = re.compile(rb"(?:\w+::)*[A-Z]\w*(?:::<[^{}]*?>)?\s*\Z")
_FIELD = re.compile(rb"\s*(?:r#)?(\w+)\s*(?::(?!:)\s*|\Z)")
_MEMBER = re.compile(rb"\w+(?:\.\w+)+")
_MADE_UP = re.compile(
    rb"(?:\w+::)*(?:now|new_v4|now_utc)\s*\(\s*\)(?:\s*\.\s*\w+\s*\(\s*\))*|\w+\.elapsed\s*\(\s*\)(?:\s*\.\s*\w+\s*\(\s*\))*"
)
_SUM = re.compile(rb"(?<=\))\s*[-+]\s*\(?[\d_*\s]+\)?\Z")
_ASYNC = re.compile(rb"\A(?:async(?:\s+move)?)\s*\{(.*)\}\Z", re.DOTALL)
_PAIRS = {ord("("): ord(")"), ord("["): ord("]"), ord("{"): ord("}")}


class Known(NamedTuple):
    """What names stand for where an expression is read.

    Attributes:
        inputs: The parameters of the function, ``self`` included.
        constants: Local names that are bound to a constant.
        canned: Whether a text around the function's own input counts as its input returned.
    """

    inputs: frozenset[bytes] = frozenset()
    constants: frozenset[bytes] = frozenset()
    canned: bool = False


def is_constant(expression: bytes, known: Known = Known(), *, wide: bool = True) -> bool:  # noqa: B008
    """Return whether an expression is the same whatever the function is given.

    ``wide`` takes a literal, a variant or a made-up value too; otherwise only what is empty or zero counts.
    """
    text = _bare(expression)
    if _ZERO.fullmatch(text) or _OF_LITERAL.fullmatch(text):
        return wide or _ZERO.fullmatch(text) is not None
    if text in known.constants or (wide and _CONSTANT_PATH.fullmatch(text)):
        return True
    if conversion := _CONVERSION.search(text):
        return is_constant(text[: conversion.start()], known, wide=wide)
    if inside := _ASYNC.match(text):
        return is_constant(inside[1], known, wide=wide)
    if wide and (built := _BUILT.search(text)) and _closes_last(text[built.end() - 1 :]):
        rest = (text[: built.start()], *split(text[built.end() : -1]))
        return all(is_constant(part, known) for part in rest)
    return _is_made(text, known, wide=wide)


def gives_back(expression: bytes, known: Known) -> bool:
    """Return whether an expression is a parameter as it came in, or a copy of it."""
    text = _bare(expression)
    if copy := _OWN_COPY.search(text):
        own = {b"self"} if len(known.inputs) == 1 else set[bytes]()
        return _bare(text[: copy.start()]) in known.inputs - own
    if wrapped := _call(text):
        name, arguments = wrapped
        return name in _WRAPPERS and len(arguments) == 1 and gives_back(arguments[0], known)
    if known.canned and (macro := _MACRO.match(text)) and _closes_last(text[macro.end() :]):
        inside = split(text[macro.end() + 1 : -1])
        return bool(inside) and all(is_constant(part, known) or gives_back(part, known) for part in inside)
    if known.canned and (brace := text.find(b"{")) > 0 and _is_struct(text, brace):
        return all(_is_canned_field(part, known) for part in split(text[brace + 1 : -1]))
    return text in known.inputs and (text != b"self" or len(known.inputs) > 1)


def split(text: bytes, separator: int = ord(",")) -> list[bytes]:
    """Return the parts of a text between separators outside of brackets; a last empty part is left out."""
    parts, depth, start = [], 0, 0
    for at, byte in enumerate(text):
        if byte in b"([{":
            depth += 1
        elif byte in b")]}":
            depth -= 1
        elif byte == separator and not depth:
            parts.append(text[start:at])
            start = at + 1
    return [*parts, text[start:]] if text[start:].strip() else parts


def _bare(expression: bytes) -> bytes:
    text = expression.strip()
    text = text.removeprefix(b"return").strip() if re.match(rb"return\b", text) else text
    while text[:1] in (b"&", b"*") or text.startswith(b"mut "):
        text = text.removeprefix(b"mut ").lstrip(b"&* ")
    if text[:1] == b"(" and text[-1:] == b")" and _closes_last(text) and not split(text[1:-1])[1:]:
        return _bare(text[1:-1]) if text[1:-1].strip() else text
    return text


def _is_made(text: bytes, known: Known, *, wide: bool) -> bool:
    """Whether a call, a macro, a tuple, an array or a struct is made of constants alone."""
    if call := _call(text):
        return _is_constant_call(*call, text, known, wide=wide)
    if text[:1] in (b"(", b"[") and _closes_last(text):
        return all(is_constant(part, known, wide=wide) for part in _elements(text[1:-1]))
    if (macro := _MACRO.match(text)) and _closes_last(text[macro.end() :]):
        inside = text[macro.end() + 1 : -1]
        if macro[1] == b"json":
            return wide and not re.search(rb"[A-Za-z_]\w*", re.sub(rb"\b(?:null|true|false)\b", b"", inside))
        return all(is_constant(part, known, wide=wide) for part in _elements(inside))
    brace = text.find(b"{")
    if wide and brace > 0 and _is_struct(text, brace):
        return all(_is_constant_field(part, known) for part in split(text[brace + 1 : -1]))
    return False


def _is_constant_call(
    name: bytes, arguments: Collection[bytes], text: bytes, known: Known, *, wide: bool
) -> bool:
    path = text[: text.find(b"(")].strip()
    last = path.rpartition(b"::")[2]
    if not wide:
        narrow = _COLLECTION.fullmatch(path) or last == b"default" or last in _WRAPPERS
        return narrow is not None and narrow and all(is_constant(a, known, wide=False) for a in arguments)
    named = _ASSOCIATED.fullmatch(path) is not None and any(
        map(_LITERAL.fullmatch, map(bytes.strip, arguments))
    )
    made = name in _WRAPPERS or last in _MAKERS or last.startswith(b"from_") or last[:1].isupper() or named
    return made and all(is_constant(argument, known) for argument in arguments)


def _is_constant_field(part: bytes, known: Known) -> bool:
    if part.strip().startswith(b".."):
        return is_constant(part.strip()[2:], known)
    field = _FIELD.match(part)
    if field is None:
        return False
    value = _SUM.sub(b"", part[field.end() :].strip())
    if _MADE_UP.fullmatch(value):
        return True
    return is_constant(value, known) if value else field[1] in known.constants


def _is_canned_field(part: bytes, known: Known) -> bool:
    """Whether a field is a constant, a part of the input, or made up on the spot: a time, an identifier."""
    field = _FIELD.match(part)
    value = part[field.end() :].strip() if field else part.strip()
    if field is None or not value:
        return field is not None and field[1] in known.inputs | known.constants
    copied = _OWN_COPY.sub(b"", value)
    of_input = _MEMBER.fullmatch(copied) is not None and copied.partition(b".")[0] in known.inputs - {b"self"}
    return (
        of_input
        or _MADE_UP.fullmatch(value) is not None
        or is_constant(value, known)
        or gives_back(value, known)
    )


def _is_struct(text: bytes, brace: int) -> bool:
    return _STRUCT.fullmatch(text[:brace]) is not None and _closes_last(text[brace:])


def _elements(inside: bytes) -> list[bytes]:
    return [piece for part in split(inside) for piece in split(part, ord(";"))]


def _call(text: bytes) -> tuple[bytes, list[bytes]] | None:
    """Return the last name of a called path and its arguments, if that is all the expression is."""
    path = _PATH.match(text)
    rest = text[path.end() :].strip() if path else b""
    if path is None or not rest.startswith(b"(") or not _closes_last(rest):
        return None
    return path.group().rpartition(b"::")[2], split(rest[1:-1])


def _closes_last(text: bytes) -> bool:
    """Whether the bracket that a text begins with closes at its end."""
    depth = 0
    for at, byte in enumerate(text):
        if byte in b"([{":
            depth += 1
        elif byte in b")]}":
            depth -= 1
            if not depth:
                return at == len(text) - 1 and byte == _PAIRS.get(text[0])
    return False
