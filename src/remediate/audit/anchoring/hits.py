"""Where a rule's words stand in a source file, and whether they prove anything there.

What is code and what is comment or string decides: what a comment says about ``block_on`` is no call, and an
identifier that merely contains a marker's word is no marker.
"""

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import NamedTuple

from remediate.audit.markers.detect import is_empty_field, is_noun
from remediate.audit.rules.catalog import Evidence, Rule
from remediate.rust.syntax.lexer import line_span
from remediate.rust.syntax.outline import Outline
from remediate.rust.syntax.source import Source

_IDENT = re.compile(rb"[A-Za-z0-9_\x80-\xff]+")
_WORD = re.compile(rb"[A-Za-z0-9_\x80-\xff-]+")
_BEFORE_FN = re.compile(rb"\bfn\s+(?:r#)?\Z")
_USE = re.compile(rb"(?:\A|[\s;}\])])use\s[\w\s:{},*#]*\Z")
_LONGEST = 60
_REACH = 4096


class Hit(NamedTuple):
    """One place.

    Attributes:
        start: Byte offset of the word.
        line: Its line, from 1.
        proof: Whether it proves the rule.
        what: What it is, for a person: "code", "a comment", "a string", "an import", "another word", ...
    """

    start: int
    line: int
    proof: bool
    what: str


def hits(source: Source, rule: Rule) -> tuple[Hit, ...]:
    """Return every place in a file where the rule's words stand, in order."""
    if rule.evidence not in (Evidence.CODE, Evidence.COMMENT):
        return ()
    return tuple(_hits(source.text, rule))


def _hits(text: bytes, rule: Rule) -> Iterator[Hit]:
    line, done, judge = 1, 0, _code if rule.evidence is Evidence.CODE else _marker
    for match in anywhere(rule).finditer(text):
        line += text.count(b"\n", done, match.start())
        done = match.start()
        start, proof, what = judge(outlined(text), rule, match.start())
        yield Hit(start, line, proof, what)


def _code(outline: Outline, rule: Rule, at: int) -> tuple[int, bool, str]:
    kind = _opaque_kind(outline, at)
    if kind:
        return at, False, kind
    start, end = _around(_IDENT, outline.code, at)
    if not exact(rule).fullmatch(outline.code, start, end):
        return start, False, f"another word, `{_shown(outline.code, start, end)}`"
    what = _use_of(outline.code, start, end, rule)
    return start, what == "code", what


def _use_of(code: bytes, start: int, end: int, rule: Rule) -> str:
    """Return what an identifier of the rule is here: "code", or why it is none."""
    near = code[max(0, start - _REACH) : start]
    before, after = near.rstrip()[-1:], code[end : end + _REACH].lstrip()[:1]
    if _BEFORE_FN.search(near):
        return "the definition of a function of that name"
    if _USE.search(near[near.rfind(b";") + 1 :]):
        return "an import"
    if before == b"[" or (rule.calls and after not in (b"(", b":") and before not in (b".", b":")):
        return "another word"
    return "another word" if rule.macros and after != b"!" else "code"


def _marker(outline: Outline, rule: Rule, at: int) -> tuple[int, bool, str]:
    kind = _opaque_kind(outline, at)
    if not kind:
        start, end = _around(_IDENT, outline.text, at)
        named = bool(rule.code) and bool(exact(rule).fullmatch(outline.text, start, end))
        proof = named or (rule.id == "placeholder" and is_empty_field(outline, start))
        return start, proof, "code" if proof else f"the identifier `{_shown(outline.text, start, end)}`"
    if words(rule).match(outline.text, at) and not _is_other(rule, outline.text, at):
        if kind == "a comment" and is_noun(outline, rule.id, at):
            return at, False, f"a noun in a comment, `{_line(outline.text, at)}`"
        return at, rule.strings or kind == "a comment", kind
    start, end = _around(_WORD, outline.text, at)
    return at, False, f"another word, `{_shown(outline.text, start, end)}`"


def _line(text: bytes, at: int) -> str:
    """Return the line around an offset, shortened."""
    return text[slice(*line_span(text, at))].decode(errors="replace").strip()[:_LONGEST]


def _opaque_kind(outline: Outline, at: int) -> str:
    span = outline.opaque_at(at)
    if span is None:
        return ""
    return "a comment" if outline.text[span[0] : span[0] + 1] == b"/" else "a string"


def _is_other(rule: Rule, text: bytes, at: int) -> bool:
    other = _not_words(rule)
    near = (m.span() for m in other.finditer(text, max(0, at - _LONGEST), at + _LONGEST)) if other else ()
    return any(start <= at < end for start, end in near)


def _around(pattern: re.Pattern[bytes], text: bytes, at: int) -> tuple[int, int]:
    """Return the span of the word around an offset."""
    start = max(0, at - _LONGEST)
    while start < at and not (match := pattern.fullmatch(text, start, at)):
        start += 1
    match = pattern.match(text, start)
    return (start, match.end()) if match else (at, at + 1)


def _shown(text: bytes, start: int, end: int) -> str:
    return text[start : min(end, start + _LONGEST)].decode(errors="replace")


@lru_cache(maxsize=256)
def outlined(text: bytes) -> Outline:
    """Return the outline of a text; the same one while it is asked for again and again."""
    return Outline(text)


@cache
def exact(rule: Rule) -> re.Pattern[bytes]:
    """The identifiers that prove the rule."""
    return re.compile((rule.code or r"(?!)").encode())


@cache
def words(rule: Rule) -> re.Pattern[bytes]:
    """The words of a comment that prove the rule."""
    return re.compile((rule.words or r"(?!)").encode(), re.NOFLAG if rule.upper else re.IGNORECASE)


@cache
def anywhere(rule: Rule) -> re.Pattern[bytes]:
    """The rule's words without word boundaries: a cheap first look, and what finds the other words."""
    parts = [rule.words.replace(r"\b", ""), rule.code]
    return re.compile("|".join(f"(?:{p})" for p in parts if p).encode(), re.IGNORECASE)


@cache
def _not_words(rule: Rule) -> re.Pattern[bytes] | None:
    return re.compile(rule.not_words.encode(), re.IGNORECASE) if rule.not_words else None
