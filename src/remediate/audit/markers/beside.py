"""The code that a marker's comment speaks of: an item, the function around it, a branch, or a statement."""

import re
from bisect import bisect_left
from collections.abc import Iterator
from typing import NamedTuple

from remediate.audit.markers.behavior import IDLE, Behavior, behavior, guards, logs
from remediate.audit.markers.constants import Known, gives_back, is_constant, split
from remediate.rust.syntax.outline import Frame, Outline, behind_attributes, frame, frames

_OFTEN_IDLE = ("drop", "new", "default")
ITEM_LEVEL = ("mod", "impl", "trait", "extern")
_EMPTY_ITEMS = ("impl", "trait", "struct", "enum", "mod")
_EMPTY_RULE = re.compile(rb"[(\[{][^;{}]*[)\]}]\s*=>\s*[({][\s{}()]*[)}]\s*;?")
FIRST_ITEM = re.compile(
    rb"(?:pub(?:\s*\([^)]*\))?\s+)?(?:(?:default|async|unsafe|const|extern\s*\"*)\s+)*"
    rb"(fn|mod|impl|trait|struct|enum|union|macro_rules\s*!)\s*(?:r#)?(\w*)"
)
_UNIT_FIELDS = re.compile(rb"(?:\s*(?:pub(?:\s*\([^)]*\))?\s+)?\w+\s*:\s*\(\s*\)\s*,?)+\s*")
_EDGE = re.compile(rb"[{};()\[\]]")
_PARAMETER = re.compile(rb"\A\s*(?:&\s*(?:'\w+\s+)?)?(?:mut\s+)?(?:r#)?(\w+)\s*(?::|\Z)")
_BRANCH = re.compile(rb"=>\s*\Z|\belse\s*\Z|\b(?:if|for|while|loop|unsafe)\b|\A\s*\Z")
_CONDITION = re.compile(rb"\A(?:else\s+)?if\b")
_TRUTH = re.compile(rb"\b(?:true|false)\b")
_PASSES_ON = re.compile(rb"\A(?:Ok\s*\(\s*)?None\b[^=]*=>")
_MATCH = re.compile(rb"\bmatch\b")
_ARM = re.compile(rb"(?:(?!=>)[^;])*?=>\s*")
_VALUE = re.compile(rb"\A(?:let\s+(?!mut\b)\w+\s*(?::(?!:)[^=]*)?=(?!=)|[\w.\[\]*]+\s*=(?!=))\s*")
_VALUE_ADDED = re.compile(_VALUE.pattern.replace(rb"\s*=(?!=))", rb"\s*(?:=(?!=)|[+-]=(?!\s*1\s*;?\s*\Z)))"))
"""The same, and what is added to something: one more is counting."""
_FIELD = re.compile(rb"\A(?:r#)?\w+\s*:(?!:)\s*")
_UNIT = re.compile(rb"\A(?:return\s+)?(?:\(\s*\)|Ok\s*\(\s*(?:\(\s*\)|self|Self)\s*\)|self)\Z")
_ASKS = re.compile(
    rb"\.\s*await\b|\?|\b(?:static|env|fs|io|net|process|std)\s*::|\b(?:now|lock|read|write|load)\s*\(|\|\|?"
)
_BLANK = re.compile(rb"\n[ \t]*\r?\n")
_NEXT = 2500


class Subject(NamedTuple):
    """What a comment speaks of, and what that does.

    Attributes:
        what: "function" (all of it), "branch", "value" or "item".
        does: The behavior.
    """

    what: str
    does: Behavior


def of_item(outline: Outline, end: int, *, wide: bool) -> Subject | None:
    """Return what the item does above which a comment ends; None if there is no item."""
    code = outline.code
    own = behind_attributes(code, end, len(code))
    item = FIRST_ITEM.match(code, own)
    opened = body_at(outline, item.end()) if item else None
    if item is None:
        return None
    if item[1] == b"fn":
        if opened is None:
            return None
        return Subject("function", of_function(outline, opened, wide=wide))
    if item[1].startswith(b"macro_rules"):
        return _of_macro(outline, opened) if opened is not None else None
    if item[1] in (b"struct", b"enum", b"union"):
        holds = body_of(outline, opened) if opened is not None else b""
        empty = Subject("item", Behavior.NOTHING) if _UNIT_FIELDS.fullmatch(holds) else None
        return empty or _of_type(outline, item[2], item.end())
    return Subject("item", _of_functions(outline, opened)) if opened is not None else None


def of_function(outline: Outline, block: int, *, wide: bool = False) -> Behavior:
    """Return what a function does whose body is this block."""
    header = outline.code[outline.blocks.header_start(block) : outline.blocks.opens[block]]
    done = behavior(body_of(outline, block), Known(parameters(header), canned=wide))
    return Behavior.CONSTANT if wide and done is Behavior.WORK and _asks_nothing(outline, block) else done


def around(outline: Outline, start: int, *, wide: bool) -> Subject | None:
    """Return what the smallest function or branch around a comment does, if that is no work."""
    for one in frames(outline, start):
        if one.kind == "fn":
            done = of_function(outline, one.block, wide=wide)
            by_design = one.name in _OFTEN_IDLE and (done is Behavior.NOTHING or not wide)
            return None if done is Behavior.WORK or by_design else Subject("function", done)
        if one.kind == "macro_rules":
            return _of_macro(outline, one.block)
        if one.kind in _EMPTY_ITEMS:
            empty = not body_of(outline, one.block).strip()
            return Subject("item", Behavior.NOTHING) if empty else None
        if one.kind not in {"closure", "async", "other"}:
            return None
        done = _of_branch(outline, one, wide=wide)
        if done is not Behavior.WORK:
            return Subject("branch", done)
        if one.kind != "other":
            continue
    return None


def of_value(outline: Outline, start: int, end: int, *, wide: bool) -> Subject | None:
    """Return what a tail, a binding, a field or an arm beside a comment does, if that is no work."""
    statement, at = beside(outline, start, end)
    block = outline.blocks.around(start)
    inside = frame(outline, block) if block >= 0 else None
    known = _known(outline, start)
    if inside is None or inside.kind in (*ITEM_LEVEL, "enum", "struct"):
        return None
    if inside.kind == "other" and _MATCH.search(inside.header) and not inside.header.endswith(b"=>"):
        return Subject("branch", Behavior.CONSTANT) if _is_idle_arm(statement, known, wide=wide) else None
    trailing = at < start
    bound = (_VALUE_ADDED if wide else _VALUE).match(statement)
    if bound := bound or (_is_field(inside, statement) if wide else None):
        value = statement[bound.end() :].strip(b"; ,\r\n\t")
        canned = known._replace(canned=wide)
        idle = is_constant(value, known) or gives_back(value, canned) if wide else _is_nothing(value, known)
        return Subject("value", Behavior.CONSTANT) if idle else None
    argument = wide and statement.endswith(b",") and trailing and is_constant(statement[:-1], known)
    return Subject("value", Behavior.CONSTANT) if argument else of_rest(outline, start, end, wide=wide)


def unread_parameter(outline: Outline, block: int) -> bytes:
    """Return a parameter that a function never says, where it says none of them; b"" for others."""
    header = outline.code[outline.blocks.header_start(block) : outline.blocks.opens[block]]
    names = sorted(parameters(header) - {b"self"})
    body = outline.text[outline.blocks.opens[block] : outline.blocks.closes[block]]
    said = any(re.search(rb"(?<!\w)%b(?!\w)" % re.escape(name), body) for name in names)
    return b"" if said or not names else names[0]


def _asks_nothing(outline: Outline, block: int) -> bool:
    """Whether a function is one expression that none of its parameters, nor the world, is a part of."""
    body = body_of(outline, block)
    gives = b"->" in outline.blocks.header(block)
    alone = gives and not _ASKS.search(body)
    return alone and bool(unread_parameter(outline, block)) and b"self" not in body


def beside(outline: Outline, start: int, end: int) -> tuple[bytes, int]:
    """Return the code that a comment speaks of, on its line or below it, and where it begins."""
    code = outline.code
    line = outline.text.rfind(b"\n", 0, start) + 1
    before = code[line:start].strip()
    if before and before not in (b"{", b"}", b"=> {", b"})", b"});", b"};"):
        return before, line + code[line:start].find(before)
    at = end + len(code[end:]) - len(code[end:].lstrip())
    at = behind_attributes(code, at, len(code))
    return code[at : _statement_end(code, at)].strip(), at


def paragraph(outline: Outline, start: int, end: int) -> bytes:
    """Return the code that a comment heads: from its own statement to a blank line, or to the block's end."""
    statement, at = beside(outline, start, end)
    block = outline.blocks.around(at)
    last = outline.blocks.closes[block] if block >= 0 else len(outline.code)
    if at < start:
        return statement
    blank = _BLANK.search(outline.text, at, last)
    return outline.code[at : max(blank.start() if blank else last, at + len(statement))]


def parameters(header: bytes) -> frozenset[bytes]:
    """Return the names of a function's parameters."""
    opened = header.find(b"(", header.find(b"fn ") if b"fn " in header else 0)
    depth, at = 0, opened
    for at in range(opened, len(header)):
        depth += {ord("("): 1, ord(")"): -1}.get(header[at], 0)
        if not depth:
            break
    names = (_PARAMETER.match(part) for part in split(header[opened + 1 : at]))
    return frozenset(name[1] for name in names if name)


def _known(outline: Outline, start: int) -> Known:
    function = next((f for f in frames(outline, start) if f.kind == "fn"), None)
    return Known(parameters(function.header)) if function else Known()


def _of_branch(outline: Outline, branch: Frame, *, wide: bool) -> Behavior:
    """Return what a branch, a loop's body or a closure does; if not ``wide``, only what is empty counts."""
    header = branch.header
    if branch.kind == "other" and (
        not _BRANCH.search(header) or (_MATCH.search(header) and not header.endswith(b"=>"))
    ):
        return Behavior.WORK
    inside = body_of(outline, branch.block)
    if logs(inside, only_failures=wide) or (
        _CONDITION.search(header)
        and inside.lstrip().startswith(b"return")
        and not (wide and _is_empty_answer(inside))
    ):
        return Behavior.WORK  # to say that something failed, or to leave early, is what the branch is for
    done = behavior(inside, _known(outline, outline.blocks.opens[branch.block]))
    if done is Behavior.CONSTANT and not wide and not is_constant(inside.strip(b"; \t\r\n"), wide=False):
        return Behavior.WORK
    return done if done in (*IDLE, Behavior.REFUSAL) else Behavior.WORK


def _is_empty_answer(inside: bytes) -> bool:
    """Whether all that a branch returns is None or an empty collection."""
    bare = inside.strip(b"; \t\r\n")
    return is_constant(bare, wide=False) and not _UNIT.match(bare) and not _TRUTH.search(bare)


def of_rest(outline: Outline, start: int, end: int, *, wide: bool) -> Subject | None:
    """Return what the statements from a comment to the end of its block do, if that is no work.

    ``Ok(())`` behind work is how a function ends that has nothing to give: it counts only where the function
    did nothing but refuse some input before, or where a log stands in for what was to be done.
    """
    statement, at = beside(outline, start, end)
    block = outline.blocks.around(at)
    if block < 0:
        return None
    behind = outline.code[at + len(statement) : outline.blocks.closes[block]]
    header = outline.blocks.header(block).strip()
    leaves = statement.startswith(b"return") and _CONDITION.search(header)
    if not statement or (leaves and not (wide and _is_empty_answer(statement))):
        return None
    bare = statement.strip(b"; \t\r\n")
    known = _known(outline, start)._replace(canned=wide)
    is_last = not behind.strip(b"; \t\r\n)")
    if is_last and _UNIT.match(bare):
        only_guards = wide and at > start and _only_guards(outline, block, at)
        return Subject("function", Behavior.CONSTANT) if only_guards else None
    if is_last and gives_back(bare, known) and bare not in known.inputs:
        return Subject("value", Behavior.INPUT)
    if is_last and is_constant(bare, known, wide=wide):
        return Subject("value", Behavior.CONSTANT)
    if not wide or at < start:
        return None
    done = behavior(statement + behind, known)
    return Subject("rest", done) if done in IDLE else None


def _only_guards(outline: Outline, block: int, at: int) -> bool:
    """Whether a function only refuses some input, and writes to a log, before an offset."""
    code = outline.code[outline.blocks.opens[block] + 1 : at]
    return frame(outline, block).kind == "fn" and guards(code, _known(outline, at))


def _is_nothing(value: bytes, known: Known) -> bool:
    """Whether a value is empty; a truth value is an answer."""
    return is_constant(value, known, wide=False) and _TRUTH.search(value) is None


def _is_idle_arm(statement: bytes, known: Known, *, wide: bool) -> bool:
    """Whether an arm gives nothing.

    Where no word says that it is made up, a constant may be what the match maps to.
    """
    value = _arm_value(statement)
    if value is None or value in (b"{}", b"()"):
        return value is not None
    if wide:
        return is_constant(value, known) or gives_back(value, known)
    same = value.removeprefix(b"return").strip()
    return _is_nothing(value, known) and same != b"Ok(())" and not _PASSES_ON.match(statement)


def _arm_value(statement: bytes) -> bytes | None:
    """Return what stands behind an arm's arrow: its block without the braces, "{}" for an empty one."""
    arrow = _ARM.match(statement)
    if arrow is None:
        return None
    value = statement[arrow.end() :]
    if not value.startswith(b"{"):
        return next(iter(split(value)), b"").strip(b"; \t\r\n}") or b"{}"
    depth = 0
    for edge in re.finditer(rb"[{}]", value):
        depth += 1 if edge.group() == b"{" else -1
        if not depth:
            return value[1 : edge.start()].strip(b"; \t\r\n") or b"{}"
    return None


def _is_field(inside: Frame, statement: bytes) -> "re.Match[bytes] | None":
    in_struct = inside.kind == "other" and not _BRANCH.search(inside.header)
    return _FIELD.match(statement) if in_struct else None


def _statement_end(code: bytes, at: int) -> int:
    """Return where a statement ends that begins here: at ``;`` or ``,``, or where its surroundings close."""
    depth = 0
    for edge in re.finditer(rb"[(\[{}\]);,]", code[at : at + _NEXT]):
        byte = edge.group()
        if byte in b"([{":
            depth += 1
        elif byte in b")]}":
            if not depth:
                return at + edge.start()
            depth -= 1
        elif not depth:
            return at + edge.start()
    return min(len(code), at + _NEXT)


def body_of(outline: Outline, block: int) -> bytes:
    """Return the code of a block, without its braces."""
    return outline.code[outline.blocks.opens[block] + 1 : outline.blocks.closes[block]]


def body_at(outline: Outline, at: int) -> int | None:
    """Return the block that the item opens whose header goes on at ``at``; None for a declaration."""
    depth = 0
    for edge in _EDGE.finditer(outline.code, at):
        byte = edge.group()
        if byte in b"([":
            depth += 1
        elif byte in b")]":
            depth -= 1
        elif not depth:
            opens = outline.blocks.opens
            return bisect_left(opens, edge.start()) if byte == b"{" else None
    return None


def _of_macro(outline: Outline, block: int) -> Subject | None:
    """Return that a macro does nothing, if none of its rules stands for anything."""
    left = _EMPTY_RULE.sub(b"", body_of(outline, block))
    return None if left.strip() else Subject("macro", Behavior.NOTHING)


def _of_type(outline: Outline, name: bytes, at: int) -> Subject | None:
    """Return what the methods of a type do, in the first impl of it below."""
    implemented = re.compile(rb"\bimpl\b[^{};]*?\b%b\b[^{};]*\{" % re.escape(name)) if name else None
    found = implemented.search(outline.code, at) if implemented else None
    if found is None:
        return None
    return Subject("item", _of_functions(outline, bisect_left(outline.blocks.opens, found.end() - 1)))


def _of_functions(outline: Outline, block: int) -> Behavior:
    """Return what all functions right in a block, or in the impls right in it, do: one behavior, or work."""
    done = set(_each(outline, block, 2))
    if done and done <= {Behavior.REFUSAL, Behavior.EXPLICIT}:
        return Behavior.EXPLICIT if Behavior.EXPLICIT in done else Behavior.REFUSAL
    return Behavior.WORK


def _each(outline: Outline, block: int, levels: int) -> Iterator[Behavior]:
    for inner, parent in enumerate(outline.blocks.parents):
        if parent != block:
            continue
        one = frame(outline, inner)
        if one.kind == "fn":
            yield of_function(outline, inner)
        elif one.kind in ("impl", "mod") and levels > 1:
            yield from _each(outline, inner, levels - 1)
