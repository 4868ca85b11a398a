"""The class of a marker, judged by the code beside it: stub, honest error, dead code, working code."""

import re
from dataclasses import replace
from typing import NamedTuple

from remediate.audit.markers.behavior import IDLE, Behavior
from remediate.audit.markers.beside import Beside, Subject, around, of_item, subject
from remediate.audit.markers.imitation import gives_nothing, imitation, makes_up, shows_imitation, stands_in
from remediate.audit.markers.words import NEVER, WORDS
from remediate.rust.syntax.outline import Outline, behind_attributes, frames

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
_TO_IMPLEMENT = re.compile(rb"(?:TODO|FIXME)\W+implement\b", re.IGNORECASE)
_HARD_CODED = re.compile(rb"hard-?cod", re.IGNORECASE)
TOLD_BY_CODE = ("placeholder",)
"""Rules whose word is one wherever the code beside it does nothing."""
_WIDE = ("placeholder", "temporary-code")
_KEPT = ("legacy", "hack", "shim")


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


def beside(outline: Outline, rule: str, start: int, end: int) -> Beside:
    """Return the code beside a comment whose marker begins at ``start``, and which ends at ``end``."""
    line = outline.text[start : outline.text.find(b"\n", start)]
    wide = rule in _WIDE or _TO_IMPLEMENT.match(line) is not None
    return Beside(outline, start, end, wide and not _HARD_CODED.match(line))


def classified(rule: str, code: Beside) -> Remark:
    """Return the class of a marker of a rule by the code beside it."""
    outline, end = code.outline, code.end
    if _allows_dead_code(code):
        return _DEAD_CODE
    found = _subject(rule, code)
    remark = _remark(found) if found else _FINE
    if found and remark.kind == "stub" and rule in _WIDE:
        says = _SIMULATES.search(code.said) is not None
        if says and _is_meant_to_simulate(code):
            remark = _FINE if found.what == "value" else remark
        elif (says or found.what in ("value", "rest")) and makes_up(code, found.what, said=says):
            return _SIMULATION
    allowed = _DEAD.match(outline.code[end : end + 300].lstrip()) is not None
    if (remark is _FINE and _comments_out(code)) or (allowed and remark.kind != "stub"):
        return _DEAD_CODE
    if remark is _FINE and rule in _WIDE:
        if _says_it_simulates(code):
            return _SIMULATION
        if how := imitation(code) or stands_in(code):
            return Remark("simulation", f"the code {how}")
    return remark


def is_empty(word: bytes, code: Beside) -> bool:
    """Whether the code beside a comment does nothing and gives nothing: what it says is meant so.

    In documentation that is said of what follows, and only where the word begins the sentence; inside of what
    has the word as a name, the word is that.
    """
    text, start, code = code.outline.text, code.start, replace(code, wide=True)
    if any(word.lower() in one.header.lower() for one in frames(code.outline, start) if one.kind in _NAMED):
        return False
    if code.is_doc:
        begins = not text[code.line : start].strip(b" \t/*!") and text[start : start + 1].isupper()
        item = of_item(code) if begins and not _names_it(code, word) else None
        return item is not None and item.what in ("function", "item") and item.does in IDLE
    found = around(code)
    return found is not None and found.what in ("function", "branch") and gives_nothing(code, found.does)


def refuses(rule: str, code: Beside) -> bool:
    """Whether all that the code does which a comment speaks of is to refuse."""
    found = _subject(rule, code)
    return found is not None and found.does is Behavior.REFUSAL


def pretends(rule: str, code: Beside) -> bool:
    """Whether "simulate" tells of a pretence, not of the work of a simulation.

    A comment of the function says what real code would do; or nothing here has the name of a simulation, and
    the code makes something up or does nothing.
    """
    if _REAL_CODE.search(code.said) or any(map(_speaks_of_real_code, (code.said, *_comments_around(code)))):
        return True
    if _is_meant_to_simulate(code) or _names_it(code, b"simulat"):
        return False
    if shows_imitation(code) or imitation(code):
        return True
    found = _subject(rule, code)
    return found is not None and found.does in IDLE


def begins_with_it(code: Beside) -> bool:
    """Whether "simulate" begins its sentence, or stands in brackets behind what is said of a function."""
    if _BEGINS_WITH_IT.match(code.outline.text, code.line):
        return True
    return bool(_IN_BRACKETS.match(code.outline.text, code.start - 1)) and code.function >= 0


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


def _subject(rule: str, code: Beside) -> Subject | None:
    """Return what the code does; one choice of several may be kept for some caller, a value hard-coded."""
    found = subject(code)
    partly = found is not None and found.what in ("branch", "value", "rest")
    narrow = rule in _KEPT or _HARD_CODED.match(code.outline.text, code.start)
    return None if partly and narrow and found and found.does in IDLE else found


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
        w.pattern.search(comment) for w in WORDS if w.rule == "temporary-code" and w.marks is not NEVER
    )


def _says_it_simulates(code: Beside) -> bool:
    """Whether a comment says that the code is an imitation, or another of the function that it stands in."""
    if _is_meant_to_simulate(code):
        return False
    return bool(_SIMULATES.search(code.said)) or any(map(_BEGINS_WITH_IT.search, _comments_around(code)))


def _comments_around(code: Beside) -> list[bytes]:
    """Return the comments in the function around a comment, or below it."""
    outline, block = code.outline, code.function
    if block < 0:
        return []
    opens, closes = outline.blocks.opens[block], outline.blocks.closes[block]
    return [outline.text[a:b] for a, b in outline.comments if opens < a < closes]


def _is_meant_to_simulate(code: Beside) -> bool:
    """Whether an item around a comment has the name of a simulation: then to simulate is its work."""
    return any(b"imulat" in one.header for one in frames(code.outline, code.start) if one.kind in _NAMED)


def _names_it(code: Beside, word: bytes) -> bool:
    """Whether what stands below a comment has a word in its name."""
    text = code.outline.code
    below = behind_attributes(text, code.end, len(text))
    return word.lower() in re.split(rb"[({;]", text[below : below + 80], maxsplit=1)[0].lower()


def _allows_dead_code(code: Beside) -> bool:
    """Whether the comment stands on the line of an ``allow(dead_code)``."""
    stop = code.outline.text.find(b"\n", code.start)
    return (
        _DEAD.search(code.outline.code, code.line, stop if stop >= 0 else len(code.outline.text)) is not None
    )


def _comments_out(code: Beside) -> bool:
    """Whether what follows the marker's sentence in the same comment is mostly code."""
    text, start, end = code.outline.text, code.start, code.end
    if code.is_doc:
        return False
    if _CODE_LINE.match(text[code.line : start].rstrip(b"/ ")):
        return True
    line_end = text.find(b"\n", start, end)
    lines = text[line_end + 1 : end].splitlines() if line_end >= 0 else []
    first = next((at for at, line in enumerate(lines) if _CODE_LINE.match(line)), len(lines))
    left = [line for line in lines[first:] if _CODE_LINE.match(line)]
    return bool(left) and len(left) * 2 > len(lines) - first
