"""Code that imitates: it waits, draws at random, or claims what it never did; asked where a marker stands."""

import re

from remediate.audit.markers.behavior import Behavior, logs, statements
from remediate.audit.markers.beside import Beside, body_of, unread_parameter

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


def imitation(beside: Beside) -> str:
    """Return how the code imitates that a comment speaks of, "" where it does not.

    The code below it waits or draws its values at random; or the function around or below it
    never looks at what it is asked about, and answers with values of its own.
    """
    if _WAIT.search(beside.paragraph):
        return "waits"
    if _RANDOM.search(beside.paragraph):
        return "draws its values at random"
    block = beside.function
    unread = unread_parameter(beside.outline, block) if block >= 0 else b""
    if unread and _MADE_UP.search(body_of(beside.outline, block)):
        return f"answers without looking at `{unread.decode(errors='replace')}`"
    return ""


def stands_in(beside: Beside) -> str:
    """Return what a comment says the code does in place of the real thing, "" where it says no such thing.

    It works with data that are made up; the real thing would send, query, call .., and nothing in the
    function is called so; or the real thing is spoken of above a formula.
    """
    if _DATA.search(beside.said):
        return "works with made-up data"
    act = _ACT.search(beside.said)
    body = body_of(beside.outline, beside.function) if beside.function >= 0 else b""
    if act and body and not re.search(rb"(?i)%b\w*\s*\(" % act[1], body):
        return f"does something else where it would {act[1].decode().lower()}"
    below = beside.rest[:_NEAR] if body and not beside.is_among_items else b""
    if _REAL.search(beside.said) and len(_FORMULA.findall(below)) > 1:
        return "computes values by a formula of its own"
    return ""


def shows_imitation(beside: Beside) -> bool:
    """Whether the code below a comment waits, only counts, or holds values that nobody gave it."""
    outline, block = beside.outline, beside.function
    if block < 0:
        return False
    below = body_of(outline, block) if outline.blocks.opens[block] > beside.end else b""
    return any(one.search(beside.paragraph) or one.search(below) for one in (_WAIT, _COUNT, _MADE_UP))


def makes_up(beside: Beside, what: str, *, said: bool) -> bool:
    """Whether idle code claims in fields or texts what did not happen, or a value is made up.

    ``said`` is whether the comment says so; else only a whole set of values counts.
    """
    if what in ("value", "rest"):
        code = beside.statement if what == "value" else beside.paragraph
        if said:
            return _MADE_UP.search(code) is not None
        code = code if what == "value" else _unlogged(code, last=True)
        return b"{" in code and _CLAIM.search(code) is not None
    block = beside.function if beside.is_among_items else beside.outline.blocks.around(beside.start)
    return block >= 0 and _CLAIM.search(_unlogged(body_of(beside.outline, block))) is not None


def gives_nothing(beside: Beside, does: Behavior) -> bool:
    """Whether the idle code around a comment gives nothing; a truth value or a number is an answer."""
    said = _unlogged(body_of(beside.outline, beside.outline.blocks.around(beside.start)), last=True)
    return does is Behavior.NOTHING or (
        does is Behavior.CONSTANT and not _ANSWER.search(said) and not _MADE_UP.search(said)
    )


def _unlogged(block: bytes, *, last: bool = False) -> bytes:
    left = [one for one in statements(block) if not logs(one)]
    return b"".join(left[-1:] if last else left)
