"""Code outside of tests that gives up at run time: unwrap, expect, panic!, todo!; and prints."""

import re
from collections.abc import Iterator

from remediate.audit.scan.calls import arguments, receiver
from remediate.audit.scan.found import Found
from remediate.audit.scan.scopes import Scopes
from remediate.rust.syntax.outline import Outline

# The letters first, what may not stand before them last: so the search skips at memchr's speed.
_METHODS = (
    (b"unwrap", re.compile(rb"unwrap(?<!\wunwrap)(?:_err|_unchecked|_err_unchecked)?\b\s*(\(?)")),
    (b"expect", re.compile(rb"expect(?<!\wexpect)(?:_err)?\b\s*(\(?)")),
)
_RULES = {
    b"panic": "panic",
    b"todo": "unimplemented",
    b"unimplemented": "unimplemented",
    b"print": "debug-print",
    b"eprint": "debug-print",
    b"dbg": "debug-print",
}
_MACROS = [
    (name, re.compile(rb"(%b(?<!\w%b)(?:ln)?)\s*!\s*[(\[{]" % (name, name)), rule)
    for name, rule in _RULES.items()
]
_LOCKS = re.compile(rb"\.\s*(?:lock|read|write|into_inner|get_mut|join|wait)\s*\(\s*[^()]*\)\s*\Z")
_MESSAGE = re.compile(rb'\A(?:"|&|concat!|format!|[A-Z_]+\b|\w+\Z)')


def abrupt(outline: Outline, scopes: Scopes) -> Iterator[Found]:
    """Yield the places of a file where code outside of tests gives up or prints."""
    code = outline.code
    for rule, pattern in _METHODS:
        if rule in code:
            for match in pattern.finditer(code):
                if not scopes.covers(match.start()):
                    yield from _method(rule.decode(), code, match)
    for name, pattern, id_ in _MACROS:
        if name in code:
            for match in pattern.finditer(code):
                if not scopes.covers(match.start()):
                    yield Found(id_, match[1].decode(), match.start(), match.end(1) + 1)


def _method(rule: str, code: bytes, match: re.Match[bytes]) -> Iterator[Found]:
    start, end = match.start(), match.start() + len(match.group().rstrip(b"( \t\r\n"))
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
