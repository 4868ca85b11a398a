"""The class of a marker, judged by the code beside it: stub, honest error, dead code, working code."""

import re
from typing import NamedTuple

from remediate.audit.markers.behavior import EXPLICIT, IDLE, REFUSAL, Behavior
from remediate.audit.markers.beside import Subject, around, beside, of_item, of_value
from remediate.audit.markers.imitation import (
    function_of,
    gives_nothing,
    imitation,
    makes_up,
    shows_imitation,
    stands_in,
)
from remediate.audit.markers.words import NEVER, WORDS
from remediate.rust.syntax.outline import Outline, behind_attributes, frames, statement_start

_DEAD = re.compile(
    rb"#\s*!?\s*\[\s*(?:allow|expect)\s*\([^)]*\b(?:dead_code|unused(?:_(?!async|parens|must|braces)\w+)?)\b"
)
_CODE_LINE = re.compile(
    rb"""^\s*//+\s*(?!(?:TODO|FIXME|XXX|HACK|NOTE)\b)(?:
         (?=\w+;\s*$|.*(?:[()=!<>&*+|?]|::))[\w:.!&*(<>\[\]"',\ =+|?)-]+(?:[;{]|\)\s*,|=>.*,)
        |\}[;,)]*
        |let\s.*=.*
        |(?:if|for)\s.*\{
        |\#\[.*\]
        |\.\w+\(.*\)?
        |(?:&\s*)?(?:mut\s+)?[\w.:]+,
        |(?:pub(?:\([\w\ ]+\))?\s+)?(?:fn|const|static|struct|enum|trait|type|mod|use|impl)\s.*[({;,]
        |///?\s.*
    )\s*$""",
    re.VERBOSE,
)
_DOC = re.compile(rb"\s*(?://[/!]|/\*[*!])(?!/)")
_ARM_PATTERN = re.compile(rb"\A[^;,]*?=>\s*")
_MACRO_AROUND = re.compile(
    rb"([\w:]+)\s*!\s*[(\[{][^;{}]*\Z|\b(Err|Error\w*|error|\w*[Ee]rr\w*::\w+|expect\w*|context|ok_or\w*)\s*\(\s*[^;{}]*\Z"
)
_FAILS = (b"panic", b"todo", b"unimplemented", b"bail", b"anyhow", b"unreachable", b"err", b"eyre", b"ensure")
_RETURNED = re.compile(rb'"+\s*\.\s*(?:to_string|to_owned|into)\s*\(\s*\)\s*\)*\s*\}|"+\s*\)+\s*\}')
_SIMULATES = re.compile(
    rb"\bsimulat(?:e[ds]?|ing)\b|\b(?:this\s+is\s+an?|simple|basic|naive|crude)\s+(?:[\w-]+\s+){0,2}simulation\b",
    re.IGNORECASE,
)
_BEGINS_WITH_IT = re.compile(rb"^\s*//[/!]*\s*simulat(?:es?|ed|ing)\b", re.IGNORECASE | re.MULTILINE)
_IN_BRACKETS = re.compile(rb"\(simulate[sd]\b", re.IGNORECASE)
_NAMED = ("fn", "impl", "mod", "trait")
_REAL_CODE = re.compile(
    rb"\b(?:would|actual(?:ly)?|real|production|practice|for\s+now|placeholder|mock\w*|fake|dummy|success\w*)\b"
    rb"|\(simulated",
    re.IGNORECASE,
)
_IN_CONSTANT = re.compile(rb"\s*(?:pub(?:\s*\([^)]*\))?\s+)?(?:const|static(?:\s+mut)?)\s+\w+\s*:[^;]*=")
_TO_IMPLEMENT = re.compile(rb"(?:TODO|FIXME)\W+implement\b", re.IGNORECASE)
_HARD_CODED = re.compile(rb"hard-?cod", re.IGNORECASE)
TOLD_BY_CODE = ("placeholder",)
"""Rules whose word is one wherever the code beside it does nothing."""
_WIDE = ("placeholder", "temporary-code")
_KEPT = ("legacy", "hack", "shim")
_ITEM_LEVEL = (None, "mod", "impl", "trait", "extern")


class Remark(NamedTuple):
    """The class of a marker and one sentence of evidence."""

    kind: str
    note: str


_EXPLICIT = Remark("stub", "the code is an explicit todo!() or unimplemented!()")
_HONEST = Remark("honest-error", "the code beside it refuses with an error")
_DEAD_CODE = Remark("dead-code", "it allows or comments out unused code")
_FINE = Remark(
    "remark", "the code beside it does something: the comment may be stale, or say what is missing"
)
_SIMULATION = Remark("simulation", "simulates what the code should do")
_NOUN = Remark("noun", "")
_DEEDS = {
    Behavior.NOTHING: "does nothing",
    Behavior.CONSTANT: "is a constant, whatever is asked",
    Behavior.INPUT: "gives back what it is given",
}


def classified(outline: Outline, rule: str, start: int, end: int) -> Remark:
    """Return what a comment stands beside: its marker begins at ``start``, and it ends at ``end``."""
    if _allows_dead_code(outline, start):
        return _DEAD_CODE
    span = outline.opaque_at(start) or (start, end)
    found = _subject(outline, rule, start, end)
    remark = _remark(found) if found else _FINE
    if found and remark.kind == "stub" and rule in _WIDE:
        says = _SIMULATES.search(outline.text[slice(*span)]) is not None
        if says and _is_meant_to_simulate(outline, start):
            remark = _FINE if found.what == "value" else remark
        elif (says or found.what in ("value", "rest")) and makes_up(
            outline, found.what, start, end, said=says
        ):
            return _SIMULATION
    allowed = _DEAD.match(outline.code[end : end + 300].lstrip()) is not None
    if (remark is _FINE and _comments_out(outline, start, end)) or (allowed and remark.kind != "stub"):
        return _DEAD_CODE
    if remark is _FINE and rule in _WIDE:
        if _says_it_simulates(outline, start, span):
            return _SIMULATION
        if how := imitation(outline, start, end) or stands_in(outline, start, end):
            return Remark("simulation", f"the code {how}")
    return remark


def is_empty(outline: Outline, word: bytes, start: int, end: int) -> bool:
    """Whether the code beside a comment does nothing and gives nothing: what it says is meant so.

    In documentation that is said of what follows, and only where the word begins the sentence; inside of what
    has the word as a name, the word is that.
    """
    if any(word.lower() in one.header.lower() for one in frames(outline, start) if one.kind in _NAMED):
        return False
    line = outline.text.rfind(b"\n", 0, start) + 1
    doc = _DOC.match(outline.text, line)
    if doc:
        begins = not outline.text[doc.end() : start].strip() and outline.text[start : start + 1].isupper()
        item = of_item(outline, end, wide=True) if begins and not _names_it(outline, end, word) else None
        return item is not None and item.what in ("function", "item") and item.does in IDLE
    found = around(outline, start, wide=True)
    return (
        found is not None
        and found.what in ("function", "branch")
        and gives_nothing(outline, found.does, start)
    )


def refuses(outline: Outline, rule: str, start: int, end: int) -> bool:
    """Whether all that the code does which a comment speaks of is to refuse."""
    found = _subject(outline, rule, start, end)
    return found is not None and found.does is Behavior.REFUSAL


def pretends(outline: Outline, rule: str, start: int, end: int) -> bool:
    """Whether "simulate" tells of a pretence, not of the work of a simulation.

    A comment of the function says what real code would do; or nothing here has the name of a simulation, and
    the code makes something up or does nothing.
    """
    said = outline.text[slice(*(outline.opaque_at(start) or (start, end)))]
    if _REAL_CODE.search(said) or any(map(_speaks_of_real_code, (said, *_comments_around(outline, start)))):
        return True
    if _is_meant_to_simulate(outline, start) or _names_it(outline, end, b"simulat"):
        return False
    if shows_imitation(outline, start, end) or imitation(outline, start, end):
        return True
    found = _subject(outline, rule, start, end)
    return found is not None and found.does in IDLE


def begins_with_it(outline: Outline, start: int, end: int) -> bool:
    """Whether "simulate" begins its sentence, or stands in brackets behind what is said of a function."""
    line = outline.text.rfind(b"\n", 0, start) + 1
    if _BEGINS_WITH_IT.match(outline.text, line):
        return True
    return bool(_IN_BRACKETS.match(outline.text, start - 1)) and function_of(outline, start, end) >= 0


def of_string(outline: Outline, start: int) -> Remark:
    """Return what a string at ``start`` is for: a refusal, a value that pretends, or neither ("noun")."""
    code = outline.code
    statement = code[max(code.rfind(c, 0, start) for c in (b";", b"{", b"}")) + 1 : start]
    around_it = _MACRO_AROUND.search(statement)
    if around_it:
        name = (around_it[1] or around_it[2] or b"").lower()
        if any(word in name for word in (b"todo", b"unimplemented")):
            return _NOUN  # the macro itself is another rule's finding
        refuses = around_it[2] or any(word in name for word in _FAILS)
        return _HONEST if refuses else _NOUN
    is_value = not statement.strip().endswith((b",", b"=")) and _RETURNED.match(code, start)
    return Remark("stub", "the function returns a placeholder text") if is_value else _NOUN


def _subject(outline: Outline, rule: str, start: int, end: int) -> Subject | None:
    """Return what the code does that the comment speaks of; None where it does work, or nobody can say."""
    line = outline.text[start : outline.text.find(b"\n", start)]
    hard = _HARD_CODED.match(line)
    wide = (rule in _WIDE or _TO_IMPLEMENT.match(line) is not None) and not hard
    if wide and _IN_CONSTANT.match(outline.code, statement_start(outline.code, start), start):
        return Subject("value", Behavior.CONSTANT)
    inner = next(iter(frames(outline, start)), None)
    if (inner.kind if inner else None) in _ITEM_LEVEL and not _is_behind_code(outline, start):
        return of_item(outline, end, wide=wide) or around(outline, start, wide=wide)
    statement = _ARM_PATTERN.sub(b"", beside(outline, start, end)[0], count=1)
    if EXPLICIT.match(statement):
        return Subject("value", Behavior.EXPLICIT)
    if REFUSAL.search(statement):
        return Subject("value", Behavior.REFUSAL)
    found = around(outline, start, wide=wide) or of_value(outline, start, end, wide=wide)
    partly = found is not None and found.what in ("branch", "value")
    # A choice among others that is kept for some caller; a value, which is what "hard-coded" says.
    return None if partly and (hard or rule in _KEPT) else found


def _remark(found: Subject) -> Remark:
    match found.does:
        case Behavior.EXPLICIT:
            return _EXPLICIT
        case Behavior.REFUSAL:
            return _HONEST
        case Behavior.IMITATION:
            return _SIMULATION
        case Behavior.WORK:
            return _FINE
    return Remark("stub", f"the {found.what} {_DEEDS[found.does]}")


def _speaks_of_real_code(comment: bytes) -> bool:
    return any(
        word.pattern.search(comment)
        for word in WORDS
        if word.rule == "temporary-code" and word.marks is not NEVER
    )


def _says_it_simulates(outline: Outline, start: int, span: tuple[int, int]) -> bool:
    """Whether a comment says that the code is an imitation, or another of the function that it stands in."""
    if _is_meant_to_simulate(outline, start):
        return False
    if _SIMULATES.search(outline.text[slice(*span)]):
        return True
    return any(_BEGINS_WITH_IT.search(comment) for comment in _comments_around(outline, start))


def _comments_around(outline: Outline, start: int) -> list[bytes]:
    """Return the comments in the function around an offset, or below the comment there."""
    block = function_of(outline, start, (outline.opaque_at(start) or (start, start))[1])
    if block < 0:
        return []
    opens, closes = outline.blocks.opens[block], outline.blocks.closes[block]
    return [outline.text[a:b] for a, b in outline.comments if opens < a < closes]


def _is_meant_to_simulate(outline: Outline, start: int) -> bool:
    """Whether an item around a comment has the name of a simulation: then to simulate is its work."""
    return any(b"imulat" in one.header for one in frames(outline, start) if one.kind in _NAMED)


def _names_it(outline: Outline, end: int, word: bytes) -> bool:
    """Whether what stands below a comment has a word in its name."""
    below = behind_attributes(outline.code, end, len(outline.code))
    return word.lower() in re.split(rb"[({;]", outline.code[below : below + 80], maxsplit=1)[0].lower()


def _is_behind_code(outline: Outline, start: int) -> bool:
    line = outline.text.rfind(b"\n", 0, start) + 1
    return bool(outline.code[line:start].strip(b" \t{}"))


def _allows_dead_code(outline: Outline, start: int) -> bool:
    """Whether the comment stands on the line of an ``allow(dead_code)``."""
    line = outline.text.rfind(b"\n", 0, start) + 1
    stop = outline.text.find(b"\n", start)
    own = outline.code[line : stop if stop >= 0 else len(outline.text)]
    return _DEAD.search(own) is not None


def _comments_out(outline: Outline, start: int, end: int) -> bool:
    """Whether what follows the marker's sentence in the same comment is mostly code."""
    line = outline.text.rfind(b"\n", 0, start) + 1
    if _DOC.match(outline.text, line):
        return False
    if _CODE_LINE.match(outline.text[line:start].rstrip(b"/ ")):
        return True
    line_end = outline.text.find(b"\n", start, end)
    lines = outline.text[line_end + 1 : end].splitlines() if line_end >= 0 else []
    first = next((at for at, line in enumerate(lines) if _CODE_LINE.match(line)), len(lines))
    code = [line for line in lines[first:] if _CODE_LINE.match(line)]
    return bool(code) and len(code) * 2 > len(lines) - first
