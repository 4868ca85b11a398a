"""What a marker's comment stands beside: a stub, an honest error, dead code, or code that works."""

import re
from typing import NamedTuple

from remediate.audit.scan.idle_code import is_idle
from remediate.rust.syntax.frames import frames
from remediate.rust.syntax.outline import Outline

_ERROR = re.compile(
    rb"\A(?:return\s+)?(?:\w+::)*(?:Err\s*\(|Some\s*\(\s*Err\s*\(|bail!|anyhow!|ensure!|panic!|unreachable!|compile_error!)"
    rb"|\A(?:return\s+)?Poll::Ready\s*\(\s*(?:Some\s*\(\s*)?Err\b|\bErr\s*\([^;]*(?:Unsupported|NotImplemented|Unimplemented|NotSupported)"
)
_STUB_MACRO = re.compile(rb"\A(?:return\s+)?(?:todo|unimplemented)\s*!")
_CONSTANT_ATOM = (
    rb'(?:"+(?:\s*\.\s*(?:to_string|to_owned|into|as_bytes)\s*\(\s*\))?|String::from\s*\(\s*"+\s*\)|-?\d[\w.]*|true|false|None|\(\s*\)'
    rb"|vec!\s*\[\s*\]|\[\s*\]|&\s*\[\s*\]|(?:\w+::)*(?:new|default|empty|zero)\s*\(\s*\)"
    rb"|Default::default\s*\(\s*\)|(?:\w+::)+[A-Z]\w*)"
)
_CONSTANT = re.compile(
    rb"\A(?:return\s+)?(?:(?:Ok|Some|Box::new|Arc::new|Poll::Ready|Err)\s*\(\s*)*"
    + _CONSTANT_ATOM
    + rb"\s*\)*\s*\Z"
)
_DEAD = re.compile(rb"#\s*!?\s*\[\s*(?:allow|expect)\s*\([^)]*\b(?:dead_code|unused\w*)\b")
_CODE_LINE = re.compile(
    rb"^\s*//+\s*(?:[\w:.!&*(<>\[\]\"', =+-]+[;{]|\}|let\s.*|if\s.*\{|for\s.*\{|\w+\(.*\),?)\s*$"
)
_MACRO_AROUND = re.compile(
    rb"([\w:]+)\s*!\s*[(\[{][^;{}]*\Z|\b(Err|Error\w*|error|\w*[Ee]rr\w*::\w+|expect\w*|context|ok_or\w*)\s*\(\s*[^;{}]*\Z"
)
_FAILS = (
    b"panic",
    b"todo",
    b"unimplemented",
    b"bail",
    b"anyhow",
    b"unreachable",
    b"err",
    b"format_err",
    b"eyre",
    b"ensure",
)
_RETURNED = re.compile(rb'"+\s*\.\s*(?:to_string|to_owned|into)\s*\(\s*\)\s*\)*\s*\}|"+\s*\)+\s*\}')
# `Err(_) if gone(&path) =>` names an error, it does not give one back.
_ARM_PATTERN = re.compile(rb"\A[^;,]*?=>\s*")
_NEXT = 2500
_BOUNDARY = re.compile(rb"[;{}]")


class Remark(NamedTuple):
    """The class of a marker and one sentence of evidence."""

    kind: str
    note: str


_STUB = Remark("stub", "the function returns a constant")
_IDLE = Remark("stub", "the code beside it is empty or only a constant")
_EXPLICIT = Remark("stub", "the code is an explicit todo!() or unimplemented!()")
_HONEST = Remark("honest-error", "the code beside it refuses with an error")
_DEAD_CODE = Remark("dead-code", "it excuses or comments out unused code")
_FINE = Remark(
    "remark", "the code beside it does something: the comment may be stale, or say what is missing"
)
_NOUN = Remark("noun", "")


def classified(outline: Outline, start: int, end: int, *, string: bool = False) -> Remark:
    """Return what the comment or string around ``start``, which ends at ``end``, stands beside."""
    if string:
        return _of_string(outline, start)
    if _excuses(outline, start):
        return _DEAD_CODE
    statement = _statement_beside(outline, start, end)
    if _STUB_MACRO.match(statement):
        return _EXPLICIT
    if _ERROR.search(statement):
        return _HONEST
    return _of_quiet_code(outline, start, end)


def _of_quiet_code(outline: Outline, start: int, end: int) -> Remark:
    """Return what a comment stands beside that is neither a macro of a stub nor an error."""
    if _is_all(outline, start):
        return _STUB
    if is_idle(outline, start, end):
        return _IDLE
    return _DEAD_CODE if _comments_out(outline, start, end) else _FINE


def _of_string(outline: Outline, start: int) -> Remark:
    code = outline.code
    statement = code[max(code.rfind(c, 0, start) for c in (b";", b"{", b"}")) + 1 : start]
    around = _MACRO_AROUND.search(statement)
    if around:
        name = (around[1] or around[2] or b"").lower()
        if any(word in name for word in (b"todo", b"unimplemented")):
            return _NOUN  # the macro itself is another rule's finding
        if around[2] or any(word in name for word in _FAILS):
            return _HONEST
        return _NOUN
    is_value = not statement.strip().endswith((b",", b"=")) and _RETURNED.match(code, start)
    return Remark("stub", "the function returns a placeholder text") if is_value else _NOUN


def _excuses(outline: Outline, start: int) -> bool:
    """Whether the comment stands behind or right above an ``allow(dead_code)``."""
    line = outline.text.rfind(b"\n", 0, start) + 1
    own = outline.code[
        line : outline.text.find(b"\n", start) if b"\n" in outline.text[start:] else len(outline.text)
    ]
    below = outline.code[start:][:300].lstrip()
    return _DEAD.search(own) is not None or _DEAD.match(below) is not None


def _statement_beside(outline: Outline, start: int, end: int) -> bytes:
    """Return the code the comment speaks of: what stands in front of it, or the next statement."""
    code = outline.code
    line = outline.text.rfind(b"\n", 0, start) + 1
    before = code[line:start].strip()
    if before and before not in (b"{", b"}", b"=> {"):
        return before.rstrip(b";,").rpartition(b"=> ")[2].strip() or before
    following = code[end : end + _NEXT]
    stop = _BOUNDARY.search(following)
    statement = following[: stop.start()].strip() if stop else following.strip()
    return _ARM_PATTERN.sub(b"", statement, count=1)


def _is_all(outline: Outline, start: int) -> bool:
    """Whether a constant is all that the function around the comment gives back, or its body is empty."""
    around = frames(outline, start)
    if not around or around[0].kind != "fn":
        return False
    blocks = outline.blocks
    body = outline.code[blocks.opens[around[0].block] + 1 : blocks.closes[around[0].block]]
    real = [
        s.strip()
        for s in body.split(b";")
        if s.strip() and not re.match(rb"\s*let\s+_\w*\s*=\s*\(?[\w, &]+\)?\s*\Z", s)
    ]
    if not real:
        return not re.search(rb"\b(?:drop|new|default)\Z", around[0].name.encode())
    return len(real) == 1 and _CONSTANT.match(real[0]) is not None


def _comments_out(outline: Outline, start: int, end: int) -> bool:
    """Whether the lines after the marker in the same comment are code."""
    line_end = outline.text.find(b"\n", start, end)
    lines = outline.text[line_end + 1 : end].splitlines() if line_end >= 0 else []
    code = [line for line in lines if _CODE_LINE.match(line)]
    return bool(code) and len(code) * 2 > len(lines)
