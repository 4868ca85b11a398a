"""A same-length byte mask that lets tree-sitter-rust read what rustc reads.

The grammar (0.24) rejects a few valid spellings. Each is overwritten by bytes of the same length before
parsing, so every offset stays valid; text is always read from the original bytes. Strings and comments may be
hit too, which is harmless: a mask never adds or removes a delimiter, quote or line end. What needs to know
where the damage is comes in ``rust.repair``.
"""

import re

from remediate.rust.syntax.lexer import preamble_end

_PRIMITIVE_MACRO = re.compile(
    rb"(?<![A-Za-z0-9_#])(?:[iu](?:8|16|32|64|128|size)|f(?:32|64)|bool|str|char|try)(?=\s*![ \t]*[(\[{])"
)
_SAFE_FOREIGN_ITEM = re.compile(rb"(?<![A-Za-z0-9_#])safe(?=\s+(?:fn|static)\b)")
_UNIT_STRUCT_WHERE = re.compile(rb"(\bstruct\s+(?:r#)?\w+\s*(?:<[^;{}()]*>)?\s*)(\bwhere\b[^;{}()]*)(?=;)")
_BARE_DOLLAR = re.compile(rb"\$(?=[\s)\]},;{])")
_TILDE = re.compile(rb"~const\b|~")
_NOT_SPACE = re.compile(rb"[^\s]")


def masked(text: bytes) -> bytes:
    """Return ``text`` as tree-sitter-rust can read it; same length, same line ends."""
    if head := preamble_end(text):
        text = blank(text[:head]) + text[head:]
    if b"!" in text:
        text = _PRIMITIVE_MACRO.sub(lambda m: b"_" * len(m.group()), text)
    if b"safe" in text:
        text = _SAFE_FOREIGN_ITEM.sub(b"    ", text)
    if b"where" in text:
        text = _UNIT_STRUCT_WHERE.sub(lambda m: m.group(1) + blank(m.group(2)), text)
    if b"~" in text:
        text = _TILDE.sub(lambda m: b"+" if m.group() == b"~" else b"      ", text)
    return _BARE_DOLLAR.sub(b"_", text) if b"$" in text else text


def blank(text: bytes) -> bytes:
    """Return as many blanks, line ends kept."""
    return _NOT_SPACE.sub(b" ", text)
