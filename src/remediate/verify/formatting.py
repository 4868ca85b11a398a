"""Whether rustfmt only formatted: the same tokens up to what rustfmt is known to add, drop or sort."""

from collections import Counter
from functools import lru_cache

from remediate.rust.lexer import Token, TokenKind, tokens

# rustfmt adds and drops these: trailing commas and semicolons, braces of closures and match arms,
# needless parentheses, leading `|` of patterns.
OPTIONAL = {b",", b";", b"{", b"}", b"(", b")", b"|"}
_SORTED = {b"use", b"mod", b"extern"}


@lru_cache(maxsize=128)
def same_but_formatting(before: bytes, after: bytes) -> bool:
    """Whether ``after`` is ``before`` formatted: same tokens in the same order.

    Declarations that rustfmt sorts (``use``, ``mod x;``) are compared as a multiset, everything else in
    order; literals byte for byte, comments line by line without their indentation.
    """
    old, new = _parts(before), _parts(after)
    return old[0] == new[0] and old[1] == new[1]


def _parts(text: bytes) -> tuple[list[bytes], Counter[bytes]]:
    """Return the tokens outside of sorted declarations in order, and those inside, counted."""
    ordered: list[bytes] = []
    counted: Counter[bytes] = Counter()
    sorting = False
    stream = list(tokens(text))
    for index, token in enumerate(stream):
        sorting = sorting or (token.text in _SORTED and _is_declaration(stream, index))
        words = [] if token.text in OPTIONAL else _words(token)
        (counted.update if sorting else ordered.extend)(words)
        sorting = sorting and token.text != b";"
    # `extern "C"` is written out by rustfmt where the source says `extern`.
    return [w for w in ordered if w != b'"C"'], counted


def _is_declaration(stream: list[Token], index: int) -> bool:
    """Whether the keyword at ``index`` begins a declaration that ends in ``;`` without a body."""
    for token in stream[index + 1 : index + 400]:
        if token.text == b";":
            return True
        if token.text == b"{" and stream[index].text != b"use":
            return False
    return False


def _words(token: Token) -> list[bytes]:
    if token.kind is TokenKind.COMMENT:
        return [line.strip() for line in token.text.split(b"\n") if line.strip()]
    return [token.text]
