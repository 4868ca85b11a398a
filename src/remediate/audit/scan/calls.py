"""The shape of a call in code (receiver, path, arguments, the calls around it), and what ``use`` binds."""

import re
from collections.abc import Iterator

from remediate.rust.syntax.outline import Outline

_BRACKET = re.compile(rb"[()\[\]{}]")
_SEPARATOR = re.compile(rb"[()\[\]{},|]|(?:::|\bas\s+[\w:]{1,100}|(?<=[(,])|(?<=[(,]\s))\s{0,9}<")
_PATH_BEFORE = re.compile(rb"((?:(?:\w+|<[^<>;{}]*>)\s*::\s*)+)\Z")
_WORD = re.compile(rb"\w+")
_CALLEE = re.compile(rb"([\w:.]+)\s*(?:::\s*<[^()]*>\s*)?\Z")
_ANGLE = re.compile(rb"->|[<>]")
_TURBOFISH = re.compile(rb"\s*::\s*<")
_OPEN = {b"(": b")", b"[": b"]", b"{": b"}"}
_STOPS = {
    b"return", b"let", b"in", b"if", b"else", b"match", b"while", b"await", b"move", b"mut", b"as", b"break",
}  # fmt: skip
_FAR, _NEAR = 6000, 120
_LAST_WORD = re.compile(rb"[\w']{1,100}\Z")
_USE = re.compile(rb"use(?<!\wuse)\s+([^;]*);")
_TOKEN = re.compile(rb"::|\w+|[{},*]")
_UsePath = tuple[str, ...]


def path_before(code: bytes, offset: int) -> tuple[str, ...]:
    """Return the path segments in front of a name: ("tokio", "task") for ``tokio::task::name``."""
    low = max(0, offset - 200)
    is_path = code[low:offset].rstrip().endswith(b"::")
    match = _PATH_BEFORE.search(code, low, offset) if is_path else None
    if match is None:
        return ()
    return tuple(w.decode(errors="replace") for w in _WORD.findall(match[1]))


def arguments_at(code: bytes, offset: int) -> int:
    """Return the offset of the ``(`` of the call whose name ends here, a turbofish skipped; -1 if none."""
    if match := _TURBOFISH.match(code, offset):
        offset = angle_end(code, match.end())
    rest = code[offset : offset + 200].lstrip()
    return offset + len(code[offset : offset + 200]) - len(rest) if rest.startswith(b"(") else -1


def arguments(code: bytes, paren: int) -> list[bytes]:
    """Return the arguments of the call whose ``(`` is here, split at its own commas, not at types'."""
    parts, depth, start = [], 0, paren + 1
    bars, behind = False, paren
    for match in _SEPARATOR.finditer(code, paren, paren + _FAR):
        word = match.group()
        if match.start() < behind:
            continue
        if word.endswith(b"<"):
            behind = angle_end(code, match.end())
        elif word in _OPEN:
            depth += 1
        elif word == b"|" and depth == 1:
            bars = not bars
        elif word == b"," and depth == 1 and not bars:
            parts.append(code[start : match.start()].strip())
            start = match.end()
        elif word in (b")", b"]", b"}"):
            depth -= 1
            if not depth:
                last = code[start : match.start()].strip()
                return [*parts, last] if last else parts
    return parts


def receiver(code: bytes, dot: int) -> bytes:
    """Return the expression in front of a ``.``, as far as it is a chain of calls and fields."""
    at = dot
    floor = max(0, dot - _FAR)
    while at > floor:
        at = _behind_blanks(code, at)
        low = max(floor, at - _NEAR)
        before = code[low:at]
        if before.endswith((b")", b"]")):
            at = _opening(code, at - 1, floor)
        elif before.endswith((b"?", b".", b"!", b"::")):
            at -= 2 if before.endswith(b"::") else 1
        elif before.endswith(b">"):
            opened = before.rfind(b"::<")
            if opened < 0:
                break
            at = low + opened
        elif (word := _LAST_WORD.search(before)) and word.group() not in _STOPS:
            if code[at : at + 1].isalnum():
                break
            at = low + word.start()
        else:
            break
    return code[at:dot].strip()


def callee_before(code: bytes, paren: int) -> bytes:
    """Return the path in front of a call's ``(``, b"" where none is."""
    callee = _CALLEE.search(code, max(0, paren - _NEAR), paren)
    return callee[1] if callee else b""


def enclosing_calls(code: bytes, start: int, offset: int) -> Iterator[tuple[bytes, bytes]]:
    """Yield (callee, its arguments up to the offset) of each call that is open at it, innermost first."""
    depth, end = 0, offset
    for match in reversed(list(_BRACKET.finditer(code, start, offset))):
        word = match.group()
        if word in (b")", b"]", b"}"):
            depth += 1
        elif depth:
            depth -= 1
        elif word == b"(":
            yield callee_before(code, match.start()), code[match.end() : end]
            end = match.start()


def _behind_blanks(code: bytes, at: int) -> int:
    """Return the offset behind the last byte before ``at`` that is no blank."""
    while at and code[at - 1] in b" \t\r\n":
        at -= 1
    return at


def _opening(code: bytes, close: int, floor: int) -> int:
    depth = 0
    for at in range(close, floor - 1, -1):
        byte = code[at : at + 1]
        if byte in (b")", b"]", b"}"):
            depth += 1
        elif byte in (b"(", b"[", b"{"):
            depth -= 1
            if not depth:
                return at
    return floor


def angle_end(code: bytes, at: int, reach: int = 400) -> int:
    """Return the offset behind the ``>`` of a ``<`` in front of an offset; the offset where it is too far."""
    depth = 1
    for match in _ANGLE.finditer(code, at, at + reach):
        depth += {b"<": 1, b">": -1}.get(match.group(), 0)
        if not depth:
            return match.end()
    return at


def imports(outline: Outline, *needles: bytes) -> dict[str, tuple[_UsePath, ...]]:
    """Return the paths each name is bound to by the ``use`` declarations that hold one of the needles.

    A glob is kept under "*". A name that several scopes bind has several paths.
    """
    found: dict[str, list[_UsePath]] = {}
    for match in _USE.finditer(outline.code):
        if any(needle in match[1] for needle in needles):
            for name, path in _leaves([t.decode(errors="replace") for t in _TOKEN.findall(match[1])]):
                found.setdefault(name, []).append(path)
    return {name: tuple(dict.fromkeys(paths)) for name, paths in found.items()}


def _leaves(tokens: list[str]) -> Iterator[tuple[str, _UsePath]]:
    """Yield name and path of each leaf of a use tree, ``self`` and ``as`` resolved."""
    stack: list[_UsePath] = []
    prefix: _UsePath = ()
    path: list[str] = []
    alias = ""
    after_as = False
    for word in [*tokens, ","]:
        if word == "{":
            stack.append(prefix)
            prefix, path = (*prefix, *path), []
        elif word in (",", "}"):
            if path:
                yield _bound(prefix, path, alias)
            path, alias = [], ""
            if word == "}" and stack:
                prefix = stack.pop()
        elif word == "as":
            after_as = True
        elif after_as:
            alias, after_as = word, False
        elif word != "::":
            path.append(word)


def _bound(prefix: _UsePath, path: list[str], alias: str) -> tuple[str, _UsePath]:
    whole = (*prefix, *path)
    if whole[-1] == "self":
        whole = whole[:-1]
    return alias or (whole[-1] if whole else ""), whole
