"""Unsafe code: blocks, functions, impls, traits; documented by a SAFETY comment or not."""

import re
from collections.abc import Iterator

from remediate.audit.scan.found import Found
from remediate.audit.scan.scopes import Scopes
from remediate.rust.syntax.outline import Outline, statement_start

_UNSAFE = re.compile(
    rb'unsafe(?<!\wunsafe)\b\s*(?:(?P<block>\{)|(?P<impl>impl\b)|(?P<trait>(?:auto\s+)?trait\b)|(?P<extern>extern\s*"*\s*\{)'
    rb'|(?P<fn>(?:extern\s*"*\s*)?fn\s+\w))'
)
_ARGUED = re.compile(rb"(?i)//.*\bsafety\b|/\*[^*]*\bsafety\b")


def unsafe_code(outline: Outline, scopes: Scopes) -> Iterator[Found]:
    """Yield the unsafe code of a file outside of tests."""
    if b"unsafe" not in outline.code:
        return
    for match in _UNSAFE.finditer(outline.code):
        start = match.start()
        if scopes.covers(start):
            continue
        kind = match.lastgroup or ""
        reason = _documented(outline, start)
        yield Found("unsafe", kind, start, start + 6, "note" if reason else "", reason)


def _documented(outline: Outline, start: int) -> str:
    """Return where its safety is argued: in a comment in front of its statement, or on its line."""
    end = outline.text.find(b"\n", start)
    near = outline.text[statement_start(outline.code, start) : end if end >= 0 else len(outline.text)]
    return "a SAFETY comment argues for it" if _ARGUED.search(near) else ""
