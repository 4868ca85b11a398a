"""Code outside of tests that gives up at run time: unwrap, expect, panic!, todo!; and prints."""

import re
from collections.abc import Iterator

from remediate.audit.scan.calls import arguments, receiver
from remediate.audit.scan.found import Found
from remediate.audit.scan.scopes import Scopes
from remediate.rust.outline import Outline

_METHOD = re.compile(rb"\b(?:unwrap(?:_err|_unchecked|_err_unchecked)?|expect(?:_err)?)\b\s*(\(?)")
_MACRO = re.compile(rb"(?<!\w)(panic|todo|unimplemented|e?print(?:ln)?|dbg)\s*!\s*[(\[{]")
_RULES = {b"panic": "panic", b"todo": "unimplemented", b"unimplemented": "unimplemented"}
_METHODS, _MACROS = (b"unwrap", b"expect"), (b"panic!", b"todo!", b"unimplemented!", b"print", b"dbg!", b" !")
_LOCKS = re.compile(rb"\.\s*(?:lock|read|write|into_inner|get_mut|join|wait)\s*\(\s*[^()]*\)\s*\Z")
_MESSAGE = re.compile(rb'\A(?:"|&|concat!|format!|[A-Z_]+\b|\w+\Z)')


def abrupt(outline: Outline, scopes: Scopes) -> Iterator[Found]:
    """Yield the places of a file where code outside of tests gives up or prints."""
    code = outline.code
    if any(word in code for word in _METHODS):
        for match in _METHOD.finditer(code):
            if not scopes.covers(match.start()):
                yield from _method(code, match)
    if any(word in code for word in _MACROS):
        for match in _MACRO.finditer(code):
            if not scopes.covers(match.start()):
                rule = _RULES.get(match[1], "debug-print")
                yield Found(rule, match[1].decode(), match.start(), match.end(1) + 1)


def _method(code: bytes, match: re.Match[bytes]) -> Iterator[Found]:
    start, end = match.start(), match.start() + len(match.group().rstrip(b"( \t\r\n"))
    rule = "unwrap" if code.startswith(b"unwrap", start) else "expect"
    before = code[max(0, start - 80) : start].rstrip()
    if before.endswith((b"Option::", b"Result::")):
        yield Found(rule, "value", start, end)
        return
    is_call = match[1] and before.endswith(b".")
    if not is_call or (rule == "expect" and not _is_expect(code, match)):
        return
    if _LOCKS.search(before[:-1].rstrip()):
        yield Found(rule, "poison", start, end, "note", "gives up only if another thread has panicked before")
    else:
        yield Found(rule, "call", start, end)


def _is_expect(code: bytes, match: re.Match[bytes]) -> bool:
    """Whether it is Option's or Result's: one message, and no parser's method."""
    given = arguments(code, match.end() - 1)
    if len(given) != 1 or not _MESSAGE.match(given[0]):
        return False
    return receiver(code, code.rfind(b".", 0, match.start())) != b"self"
