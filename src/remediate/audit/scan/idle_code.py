"""Whether the code that a marker's comment speaks of does nothing: it is empty, or a bare constant."""

import re

from remediate.rust.syntax.frames import frames
from remediate.rust.syntax.outline import Outline

# Narrower than what a whole function may return: `A => Kind::B` is a mapping, not a stub.
_IDLE = (
    rb"(?:return\s+)?(?:false|true|None|\(\s*\)|\{\s*\}|0|\"+(?:\s*\.\s*(?:to_string|to_owned|into)\s*\(\s*\))?"
    rb"|(?:\w+::)*(?:String|Vec|\w*Map|\w*Set)::new\s*\(\s*\)|vec!\s*\[\s*\]|(?:\w+::)*default\s*\(\s*\)"
    rb"|Ok\s*\(\s*\(\s*\)\s*\))"
)
_BODY = re.compile(rb"\A\s*(?:" + _IDLE + rb"\s*;?)?\s*\Z")
_ARM = re.compile(rb"(?:(?!=>)[^;])*=>\s*" + _IDLE + rb"\s*(?:,|\}|\n|\Z)")
_BRANCH = re.compile(rb"=>\s*\Z|\belse\s*\Z|\bif\b")
_MATCH = re.compile(rb"\bmatch\b")
_ITEMS = ("impl", "trait", "struct", "enum")
_NEXT = 400


def is_idle(outline: Outline, start: int, end: int) -> bool:
    """Return whether a comment is in an idle branch or an empty item, or stands at an idle match arm."""
    around = frames(outline, start)
    if not around:
        return False
    header, blocks, block = around[0].header, outline.blocks, around[0].block
    body = outline.code[blocks.opens[block] + 1 : blocks.closes[block]]
    if around[0].kind in _ITEMS:
        return not body.strip()
    if around[0].kind != "other":
        return False
    if _MATCH.search(header) and not header.endswith(b"=>"):
        return _ARM.match(outline.code[_beside(outline, start, end) :][:_NEXT]) is not None
    return _BRANCH.search(header) is not None and _BODY.match(body) is not None


def _beside(outline: Outline, start: int, end: int) -> int:
    """Return where the code begins that a comment speaks of: on its own line, or below."""
    line = outline.text.rfind(b"\n", 0, start) + 1
    return line if outline.code[line:start].strip() else end
