"""Code that imitates: it waits, draws at random, or claims what it never did; asked where a marker stands."""

import re

from remediate.audit.markers.behavior import Behavior, logs, statements
from remediate.audit.markers.beside import (
    FIRST_ITEM,
    ITEM_LEVEL,
    beside,
    body_at,
    body_of,
    paragraph,
    unread_parameter,
)
from remediate.rust.syntax.outline import Outline, behind_attributes, frames

_FIXED_WAIT = re.compile(rb"\bsleep(?:_ms)?\s*\(\s*(?:(?:\w+::)*from_\w+\s*\(\s*)?[\d_.]+\s*\)")
_WAIT = re.compile(rb"\bsleep(?:_ms|_until)?\s*\(")
_COUNT = re.compile(rb"\+=\s*1\b(?!\.)")
_RANDOM = re.compile(
    rb"\b(?:rand|fastrand|getrandom|oorandom)::\w+|\bthread_rng\s*\(|\b\w*rng\w*\s*(?:\(\s*\))?\s*\.\s*\w*(?:gen|random|next|sample)\w*"
)
"""Calls that draw at random, by what such crates and variables are called: a heuristic."""
_MADE_UP = re.compile(rb"(?<![\w.])(?:[2-9][\d_]*|1[\d_]+|(?!0\.0+\b)\d+\.\d+)|\"{3,}|\btrue\b")
_CLAIM = re.compile(rb"\w\s*:(?!:)\s*(?:\w+\s*\(\s*)?(?:true|[1-9][\d_]*|\d*\.?\d*[1-9]\d*)\b|\"{3,}")
_ACT = re.compile(
    rb"\b(?:would|should|could)\s+(?:(?:normally|actually|then|instead)\s+)?(send|call|query|execute|fetch|prompt|invoke|publish"
    rb"|post|download|upload|deploy|distribute|train|load|(?:make|issue)(?=\s+(?:\w+\s+){1,3}(?:calls?|requests?)\b))\b",
    re.IGNORECASE,
)
"""What the real thing would do with something outside of this program; the verbs are a heuristic."""
_DATA = re.compile(
    rb"\b(?:mock(?:ed)?|fake|dummy|sample|synthetic|random|canned)\s+(?:\w+\s+)?"
    rb"(?:data|responses?|results?|values?|metrics|output|records?|entries)\b|\bfor\s+demonstration\b|\bpretend",
    re.IGNORECASE,
)
_REAL = re.compile(rb"\b(?:real|actual\w*|would)\b", re.IGNORECASE)
_FORMULA = re.compile(rb"[-+*/]=?\s*\(?\s*\d+\.\d+|\d+\.\d+\s*\)?\s*[-+*/]")
"""A sum or product with a number that the program was given by hand."""
_NEAR = 1000
_ANSWER = re.compile(rb"\b(?:true|false)\b|\A\s*[-\d.]")


def imitation(outline: Outline, start: int, end: int) -> str:
    """Return how the code imitates that a comment speaks of, "" where it does not.

    The statement beside it waits a fixed time or draws its values at random; or the function around or below
    it never looks at what it is asked about, and answers with values of its own.
    """
    statement = paragraph(outline, start, end)
    if _FIXED_WAIT.search(statement):
        return "waits a fixed time"
    if _RANDOM.search(statement):
        return "draws its values at random"
    block = function_of(outline, start, end)
    unread = unread_parameter(outline, block) if block >= 0 else b""
    if unread and _MADE_UP.search(body_of(outline, block)):
        return f"answers without looking at `{unread.decode(errors='replace')}`"
    return ""


def stands_in(outline: Outline, start: int, end: int) -> str:
    """Return what a comment says the code does in place of the real thing, "" where it says no such thing.

    It works with data that are made up; or the real thing would send, query, call .., and nothing in the
    function is called so.
    """
    said = outline.text[slice(*(outline.opaque_at(start) or (start, end)))]
    if _DATA.search(said):
        return "works with made-up data"
    act = _ACT.search(said)
    block = function_of(outline, start, end)
    if act and block >= 0 and not re.search(rb"(?i)%b\w*\s*\(" % act[1], body_of(outline, block)):
        return f"does something else where it would {act[1].decode().lower()}"
    inner = outline.blocks.around(start)
    below = outline.code[end : min(end + _NEAR, outline.blocks.closes[inner])] if inner >= block >= 0 else b""
    if _REAL.search(said) and len(_FORMULA.findall(below)) > 1:
        return "computes values by a formula of its own"
    return ""


def shows_imitation(outline: Outline, start: int, end: int) -> bool:
    """Whether the statement beside a comment waits, only counts, or holds values that nobody gave it."""
    block = function_of(outline, start, end)
    if block < 0:
        return False
    statement = paragraph(outline, start, end)
    below = body_of(outline, block) if outline.blocks.opens[block] > end else b""
    return any(one.search(statement) or one.search(below) for one in (_WAIT, _COUNT, _MADE_UP))


def makes_up(outline: Outline, what: str, start: int, end: int, *, said: bool) -> bool:
    """Whether idle code claims in fields or texts what did not happen, or a value is made up.

    ``said`` is whether the comment says so; else only a whole set of values counts.
    """
    if what in ("value", "rest"):
        statement = beside(outline, start, end)[0]
        if what == "rest":
            below = paragraph(outline, start, end)
            statement = below if said else _unlogged(below, last=True)
        return (_MADE_UP if said else _CLAIM).search(statement) is not None and (said or b"{" in statement)
    inner = next(iter(frames(outline, start)), None)
    at_item = inner is None or inner.kind in ITEM_LEVEL
    block = function_of(outline, start, end) if at_item else outline.blocks.around(start)
    return block >= 0 and _CLAIM.search(_unlogged(body_of(outline, block))) is not None


def gives_nothing(outline: Outline, does: Behavior, start: int) -> bool:
    """Whether the idle code around a comment gives nothing; a truth value or a number is an answer."""
    said = _unlogged(body_of(outline, outline.blocks.around(start)), last=True)
    return does is Behavior.NOTHING or (
        does is Behavior.CONSTANT and not _ANSWER.search(said) and not _MADE_UP.search(said)
    )


def function_of(outline: Outline, start: int, end: int) -> int:
    """Return the body of the function around a comment, or right below it; -1 for none."""
    inner = next(iter(frames(outline, start)), None)
    if inner is not None and inner.kind not in ITEM_LEVEL:
        return next((one.block for one in frames(outline, start) if one.kind == "fn"), -1)
    item = FIRST_ITEM.match(outline.code, behind_attributes(outline.code, end, len(outline.code)))
    opened = body_at(outline, item.end()) if item and item[1] == b"fn" else None
    return -1 if opened is None else opened


def _unlogged(block: bytes, *, last: bool = False) -> bytes:
    left = [one for one in statements(block) if not logs(one)]
    return b"".join(left[-1:] if last else left)
