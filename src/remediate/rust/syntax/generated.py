"""Files that a program wrote: editing them by hand or by codemod is undone by the next generation."""

import re
from collections.abc import Iterator

from remediate.rust.syntax.lexer import TokenKind, tokens

# What a comment says anywhere.
_MARK = re.compile(
    rb"(?<![`'\"])@generated\b|(?-i:DO NOT (?:EDIT|MODIFY))"
    rb"|\bdo(?:n't| not) (?:edit|modify)(?: (?:this|it|by hand|manually|directly)\b|\s*[.!*/]|\s*$)",
    re.IGNORECASE | re.MULTILINE,
)
# What a line begins with; in the middle of one the same words may speak of something else.
_LINE = re.compile(
    rb"^[/*!\s]*(?:(?:this|the) (?:following )?(?:rust |source )?(?:file|code|module|bindings?|contents?)"
    rb" (?:is|was|were|has been|are) (?:automatically |auto-?)?generated\b"
    rb"|(?:automatically|auto)[- ]?generated\b"
    rb"|(?:rust )?(?:code|file|binding|module|source|table)s? (?:automatically |auto-?)?generated"
    rb" (?:by|from|using|with)\b)",
    re.IGNORECASE | re.MULTILINE,
)
# In a later comment these may be the rest of a sentence.
_FIRST = re.compile(rb"[/*!\s]*generated (?:by|from|using|with)\b", re.IGNORECASE)
_PART = re.compile(
    rb"(?m)^[ \t]*//[^\n]*(?:\b(?:BEGIN|START)\b[^\n]*\bGENERATED\b|\bGENERATED\b[^\n]*\bDO NOT EDIT\b)"
)
_WORDS = (b"generated", b"do not ", b"don't ")
_HEAD = 4096


def generated(text: bytes) -> str:
    """Return the words of a comment before the first code that say a program wrote the file, or ""."""
    head = text[:_HEAD]
    lowered = head.lower()
    if not any(word in lowered for word in _WORDS):
        return ""
    for number, comment in enumerate(_leading_comments(head)):
        first = _FIRST.match(comment) if not number else None
        found = _MARK.search(comment) or _LINE.search(comment) or first
        if found:
            words = found.group().decode(errors="replace").lower()
            return " ".join(words.strip("/*! \t\n").split())
    return ""


def is_generated(text: bytes) -> bool:
    """Whether a comment before the first code says so."""
    return bool(generated(text))


def has_generated_part(text: bytes) -> bool:
    """Whether a line of comment says that what follows is written by a program, the rest by people."""
    return _PART.search(text) is not None


def _leading_comments(head: bytes) -> Iterator[bytes]:
    """Yield the comments before the first code; attributes of the file may stand between them."""
    depth = 0
    for token in tokens(head):
        if token.kind is TokenKind.COMMENT:
            yield token.text
        elif depth or token.text in (b"#", b"!", b"["):
            depth += {b"[": 1, b"]": -1}.get(token.text, 0)
        else:
            return
