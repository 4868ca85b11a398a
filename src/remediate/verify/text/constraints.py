"""The gate "constraints": what audits forbid in code does not grow in the files a change touches.

Counted over all touched files together, so that code may move from one to the other. Purely by tokens: what
stands in a string or a comment is no code.
"""

from collections import Counter
from collections.abc import Mapping
from functools import lru_cache

from remediate.rust.syntax.lexer import Token, TokenKind, tokens
from remediate.verify.report import GateResult, failed, passed

_GATE = "constraints"
_KEYWORDS = {b"unsafe"}
_METHODS = {b"unwrap", b"expect", b"block_on", b"lock", b"unwrap_unchecked"}
_FUNCTIONS = {b"block_on", b"block_in_place", b"spawn_blocking"}
_MACROS = {b"todo", b"unimplemented", b"panic", b"unreachable", b"dbg"}


def constraints(before: Mapping[str, bytes | None], after: Mapping[str, bytes | None]) -> GateResult:
    """Compare how often each forbidden construct stands in the touched files."""
    grown = _counted(after) - _counted(before)
    if grown:
        words = ", ".join(f"{count} more {name}" for name, count in sorted(grown.items()))
        return failed(_GATE, f"the change adds {words}")
    return passed(_GATE, "no more unsafe, unwrap, expect, panic, placeholder, blocking call or lock")


def _counted(files: Mapping[str, bytes | None]) -> Counter[str]:
    found: Counter[str] = Counter()
    for path, text in files.items():
        if text is not None and path.endswith(".rs"):
            found.update(_constructs(text))
    return found


@lru_cache(maxsize=128)
def _constructs(text: bytes) -> tuple[str, ...]:
    code = [token for token in tokens(text) if token.kind != TokenKind.COMMENT]
    return tuple(name for i, token in enumerate(code) if (name := _construct(code, i, token)))


def _construct(code: list[Token], index: int, token: Token) -> str:
    before = code[index - 1].text if index else b""
    after = code[index + 1].text if index + 1 < len(code) else b""
    name = token.text.decode(errors="replace")
    if token.text in _KEYWORDS:
        return name
    if token.text in _METHODS and before == b"." and after == b"(":
        return f".{name}()"
    if token.text in _FUNCTIONS and before != b"fn" and after == b"(":
        return f"{name}()"
    return f"{name}!" if token.text in _MACROS and after == b"!" else ""
