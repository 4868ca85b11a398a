"""The code that a marker's comment speaks of, and what it does.

A comment speaks of the value on its line or of the statement below it, of what stands below it up to the end
of its block, of the branch around it, or of the function around or right below it. ``subject`` returns the
widest of these that does no work: of what is idle as a whole no part need be looked at.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from remediate.audit.markers.behavior import EXPLICIT, IDLE, REFUSAL, Behavior, arms, behavior, guards, logs
from remediate.audit.markers.constants import Known, gives_back, is_constant, split
from remediate.rust.syntax.outline import Frame, Outline, behind_attributes, frame, frames, statement_start

DOC = re.compile(rb"\s*(?://[/!]|/\*[*!])(?!/)")
_ITEM_LEVEL = ("mod", "impl", "trait", "extern")
_EMPTY_ITEMS = ("impl", "trait", "struct", "enum", "mod")
_OFTEN_IDLE = ("drop", "new", "default")
_EMPTY_RULE = re.compile(rb"[(\[{][^;{}]*[)\]}]\s*=>\s*[({](?:[\s{}()]|let\s+_\s*=\s*&?\$\w+;)*[)}]\s*;?")
_ITEM = re.compile(
    rb"(?:pub(?:\s*\([^)]*\))?\s+)?(?:(?:default|async|unsafe|const|extern\s*\"*)\s+)*"
    rb"(fn|mod|impl|trait|struct|enum|union|macro_rules\s*!)\s*(?:r#)?(\w*)"
)
_UNIT_FIELDS = re.compile(rb"(?:\s*(?:pub(?:\s*\([^)]*\))?\s+)?\w+\s*:\s*\(\s*\)\s*,?)+\s*")
_IN_CONSTANT = re.compile(rb"\s*(?:pub(?:\s*\([^)]*\))?\s+)?(?:const|static(?:\s+mut)?)\s+\w+\s*:[^;]*=")
_EDGE = re.compile(rb"[(\[{}\]);,]")
_PARAMETER = re.compile(rb"\A\s*(?:&\s*(?:'\w+\s+)?)?(?:mut\s+)?(?:r#)?(\w+)\s*(?::|\Z)")
_BRANCH = re.compile(rb"=>\s*\Z|\belse\s*\Z|\b(?:if|for|while|loop|unsafe)\b|\A\s*\Z|\A(?:=(?!>)|&&|\|\|)")
"""Behind the braces of a pattern a condition goes on: ``if let A { b } = c {``."""
_CONDITION = re.compile(rb"\A(?:(?:else\s+)?if\b|=(?!>)|&&|\|\|)")
_TRUTH = re.compile(rb"\b(?:true|false)\b")
_PASSES_ON = re.compile(rb"\A(?:Ok\s*\(\s*)?None\b[^=]*=>")
_MATCH = re.compile(rb"\bmatch\b(?!.*=>\Z)", re.DOTALL)
_ARM_PATTERN = re.compile(rb"\A[^;,]*?=>\s*")
_VALUE = re.compile(rb"\A(?:let\s+(?!mut\b)\w+\s*(?::(?!:)[^=]*)?=(?!=)|[\w.\[\]*]+\s*=(?!=))\s*")
_VALUE_ADDED = re.compile(_VALUE.pattern.replace(rb"\s*=(?!=))", rb"\s*(?:=(?!=)|[+-]=(?!\s*1\s*;?\s*\Z)))"))
"""The same, and what is added to something: one more is counting."""
_FIELD = re.compile(rb"\A(?:r#)?\w+\s*:(?!:)\s*")
_UNIT = re.compile(rb"\A(?:return\s+)?(?:\(\s*\)|Ok\s*\(\s*(?:\(\s*\)|self|Self)\s*\)|self)\Z")
_ASKS = re.compile(
    rb"\.\s*await\b|\?|\b(?:static|env|fs|io|net|process|std)\s*::|\b(?:now|lock|read|write|load)\s*\(|\|\|?"
)
_UNSAFE = re.compile(rb"\Aunsafe\s*\{(.*)\}\s*;?\Z", re.DOTALL)
_BLANK = re.compile(rb"\n[ \t]*\r?\n")
_NEXT = 2500


class Subject(NamedTuple):
    """What a comment speaks of, and what that does.

    Attributes:
        what: "function" (all of it), "branch", "rest" (of a block), "value" or "item".
        does: The behavior.
    """

    what: str
    does: Behavior


@dataclass(frozen=True)
class Beside:
    """The code beside a comment.

    Attributes:
        start: Where its marker begins.
        end: Where the comment ends.
        wide: Whether its word says that the code is made up: then any constant is, not only what is empty.
    """

    outline: Outline
    start: int
    end: int
    wide: bool = False

    @cached_property
    def said(self) -> bytes:
        """The comment."""
        return self.outline.text[slice(*(self.outline.opaque_at(self.start) or (self.start, self.end)))]

    @cached_property
    def line(self) -> int:
        """Where the marker's line begins."""
        return self.outline.text.rfind(b"\n", 0, self.start) + 1

    @property
    def is_doc(self) -> bool:
        """Whether the marker's line is documentation."""
        return DOC.match(self.outline.text, self.line) is not None

    @cached_property
    def inner(self) -> Frame | None:
        """The innermost block around it."""
        return next(iter(frames(self.outline, self.start)), None)

    @property
    def is_among_items(self) -> bool:
        """Whether it stands between items, not in the body of one."""
        return self.inner is None or self.inner.kind in _ITEM_LEVEL

    @cached_property
    def at(self) -> int:
        """Where the statement begins."""
        code, outline = self.outline.code, self.outline
        before = code[self.line : self.start].strip()
        if before and before not in (b"{", b"}", b"=> {", b"})", b"});", b"};"):
            return self.line + code[self.line : self.start].find(before)
        return behind_attributes(code, self.end, len(outline.code))

    @property
    def is_trailing(self) -> bool:
        """Whether it stands behind the statement."""
        return self.at < self.start

    @cached_property
    def statement(self) -> bytes:
        """The code on its line, or the statement below it."""
        stop = self.start if self.is_trailing else _statement_end(self.outline.code, self.at)
        return self.outline.code[self.at : stop].strip()

    @cached_property
    def rest(self) -> bytes:
        """The code from the statement on to the end of its block."""
        return self.outline.code[self.at : self._close]

    @cached_property
    def paragraph(self) -> bytes:
        """The code that it heads: from the statement to a blank line, or to the block's end."""
        if self.is_trailing:
            return self.statement
        blank = _BLANK.search(self.outline.text, self.at, self._close)
        stop = blank.start() if blank else self._close
        return self.outline.code[self.at : max(stop, self.at + len(self.statement))]

    @cached_property
    def function(self) -> int:
        """The body of the function around it, or right below it; -1 for none."""
        if not self.is_among_items:
            return next((one.block for one in frames(self.outline, self.start) if one.kind == "fn"), -1)
        item = _item(self.outline, self.end)
        return item.block if item and item.kind == b"fn" and item.block is not None else -1

    @cached_property
    def known(self) -> Known:
        """What names stand for beside it."""
        return known_at(self.outline, self.start)._replace(canned=self.wide)

    @cached_property
    def _close(self) -> int:
        block = self.outline.blocks.around(self.at)
        return self.outline.blocks.closes[block] if block >= 0 else len(self.outline.code)


def subject(beside: Beside) -> Subject | None:
    """Return what the code does that a comment speaks of; None where it does work, or nobody can say."""
    outline, start = beside.outline, beside.start
    if beside.wide and _IN_CONSTANT.match(outline.code, statement_start(outline.code, start), start):
        return Subject("value", Behavior.CONSTANT)
    if beside.is_among_items and not outline.code[beside.line : start].strip(b" \t{}"):
        return of_item(beside) or around(beside)
    statement = _ARM_PATTERN.sub(b"", beside.statement, count=1)
    for pattern, does in ((EXPLICIT, Behavior.EXPLICIT), (REFUSAL, Behavior.REFUSAL)):
        if pattern.match(statement):
            return Subject("value", does)
    return around(beside) or _of_value(beside)


def of_item(beside: Beside) -> Subject | None:
    """Return what the item does above which a comment ends; None if there is no item."""
    outline = beside.outline
    item = _item(outline, beside.end)
    if item is None:
        return None
    if item.kind in (b"struct", b"enum", b"union"):
        holds = body_of(outline, item.block) if item.block is not None else b""
        empty = Subject("item", Behavior.NOTHING) if _UNIT_FIELDS.fullmatch(holds) else None
        return empty or _of_type(outline, item.name, item.end)
    if item.block is None:
        return None
    if item.kind == b"fn":
        return Subject("function", of_function(outline, item.block, wide=beside.wide))
    if item.kind.startswith(b"macro_rules"):
        return _of_macro(outline, item.block)
    return Subject("item", _of_functions(outline, item.block))


def around(beside: Beside) -> Subject | None:
    """Return what the smallest function or branch around a comment does, if that is no work."""
    outline, wide = beside.outline, beside.wide
    for one in frames(outline, beside.start):
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
    return None


def of_function(outline: Outline, block: int, *, wide: bool = False) -> Behavior:
    """Return what a function does whose body is this block."""
    header = outline.code[outline.blocks.header_start(block) : outline.blocks.opens[block]]
    body = body_of(outline, block)
    done = behavior(body, Known(parameters(header), canned=wide))
    if not wide and done is Behavior.CONSTANT and b"{" in body and b"self" not in parameters(header):
        return Behavior.WORK  # values are what a constructor is asked for
    return Behavior.CONSTANT if wide and done is Behavior.WORK and _asks_nothing(outline, block) else done


def unread_parameter(outline: Outline, block: int) -> bytes:
    """Return a parameter that a function never says, where it says none of them; b"" for others."""
    header = outline.code[outline.blocks.header_start(block) : outline.blocks.opens[block]]
    names = sorted(parameters(header) - {b"self"})
    body = outline.text[outline.blocks.opens[block] : outline.blocks.closes[block]]
    said = any(re.search(rb"(?<!\w)%b(?!\w)" % re.escape(name), body) for name in names)
    return b"" if said or not names else names[0]


def parameters(header: bytes) -> frozenset[bytes]:
    """Return the names of a function's parameters."""
    opened = header.find(b"(", header.find(b"fn ") if b"fn " in header else 0)
    closed = next((at for at, edge in _edges(header, opened + 1, len(header)) if edge == b")"), len(header))
    names = (_PARAMETER.match(part) for part in split(header[opened + 1 : closed]))
    return frozenset(name[1] for name in names if name)


def known_at(outline: Outline, at: int) -> Known:
    """Return what names stand for at an offset: the parameters of the function around it."""
    function = next((f for f in frames(outline, at) if f.kind == "fn"), None)
    return Known(parameters(function.header)) if function else Known()


def body_of(outline: Outline, block: int) -> bytes:
    """Return the code of a block, without its braces."""
    return outline.code[outline.blocks.opens[block] + 1 : outline.blocks.closes[block]]


def _asks_nothing(outline: Outline, block: int) -> bool:
    """Whether a function is one expression that none of its parameters, nor the world, is a part of."""
    body = body_of(outline, block)
    gives = b"->" in outline.blocks.header(block)
    return gives and not _ASKS.search(body) and b"self" not in body and bool(unread_parameter(outline, block))


def _of_branch(outline: Outline, branch: Frame, *, wide: bool) -> Behavior:
    """Return what a branch, a loop's body or a closure does; if not ``wide``, only what is empty counts."""
    header, inside = branch.header, body_of(outline, branch.block)
    if branch.kind == "other" and (not _BRANCH.search(header) or _MATCH.search(header)):
        return Behavior.WORK
    if logs(inside, only_failures=wide) or _leaves(header, inside, wide=wide):
        return Behavior.WORK  # to say that something failed, or to leave early, is what the branch is for
    done = behavior(inside, known_at(outline, outline.blocks.opens[branch.block])._replace(canned=wide))
    if done is Behavior.CONSTANT and not wide and not is_constant(inside.strip(b"; \t\r\n"), wide=False):
        return Behavior.WORK
    return done if done in (*IDLE, Behavior.REFUSAL) else Behavior.WORK


def _leaves(header: bytes, inside: bytes, *, wide: bool) -> bool:
    """Whether a branch is there to leave early; to return nothing where a word says so is made up."""
    bare = inside.strip(b"; \t\r\n")
    if not bare.startswith(b"return") or not _CONDITION.search(header):
        return False
    return not (wide and is_constant(bare, wide=False) and not _UNIT.match(bare) and not _TRUTH.search(bare))


def _of_value(beside: Beside) -> Subject | None:
    """Return what a binding, a field, an argument or an arm beside a comment does, or what is below it."""
    statement, inside, known, wide = (
        _UNSAFE.sub(rb"\1", beside.statement).strip(),
        beside.inner,
        beside.known,
        beside.wide,
    )
    if inside is None or inside.kind in (*_ITEM_LEVEL, "enum", "struct"):
        return None
    is_block = inside.kind != "other" or _BRANCH.search(inside.header) is not None
    if inside.kind == "other" and _MATCH.search(inside.header):
        return Subject("branch", Behavior.CONSTANT) if _is_idle_arm(statement, known) else None
    bound = (_VALUE_ADDED if wide else _VALUE).match(statement)
    if bound := bound or (_FIELD.match(statement) if wide and not is_block else None):
        value = statement[bound.end() :].strip(b"; ,\r\n\t")
        return Subject("value", Behavior.CONSTANT) if _is_idle(value, known) else None
    if wide and beside.is_trailing and statement.endswith(b",") and is_constant(statement[:-1], known):
        return Subject("value", Behavior.CONSTANT)
    return _of_rest(beside)


def _of_rest(beside: Beside) -> Subject | None:
    """Return what stands below a comment up to the end of its block, if that is no work.

    ``Ok(())`` behind work is how a function ends that has nothing to give: it counts only where the function
    did nothing but refuse some input before, or where a log stands in for what was to be done.
    """
    outline, wide, known = beside.outline, beside.wide, beside.known
    block = outline.blocks.around(beside.at)
    bare = beside.statement.strip(b"; \t\r\n")
    if block < 0 or not bare or _leaves(outline.blocks.header(block).strip(), bare, wide=wide):
        return None
    if not beside.rest[len(beside.statement) :].strip(b"; \t\r\n)"):
        if _UNIT.match(bare):
            before = outline.code[outline.blocks.opens[block] + 1 : beside.at]
            refused = (
                wide
                and not beside.is_trailing
                and frame(outline, block).kind == "fn"
                and guards(before, known)
            )
            return Subject("function", Behavior.CONSTANT) if refused else None
        if gives_back(bare, known) and bare not in known.inputs:
            return Subject("value", Behavior.INPUT)
        if is_constant(bare, known, wide=wide):
            return Subject("value", Behavior.CONSTANT)
    done = behavior(beside.rest, known) if wide and not beside.is_trailing else Behavior.WORK
    return Subject("rest", done) if done in IDLE else None


def _is_idle(value: bytes, known: Known) -> bool:
    """Whether a value is made up; where no word says so, only what is empty: a truth value is an answer."""
    if known.canned:
        return is_constant(value, known) or gives_back(value, known)
    return is_constant(value, known, wide=False) and _TRUTH.search(value) is None


def _is_idle_arm(statement: bytes, known: Known) -> bool:
    """Whether an arm gives nothing; where no word says so, a constant may be what the match maps to."""
    value = _arm_value(statement)
    if value is None or value in (b"{}", b"()"):
        return value is not None
    passes_on = value.removeprefix(b"return").strip() == b"Ok(())" or _PASSES_ON.match(statement)
    return _is_idle(value, known) and (known.canned or not passes_on)


def _arm_value(statement: bytes) -> bytes | None:
    """Return what stands behind an arm's arrow, a block without its braces; "{}" for an empty one."""
    value = next(iter(arms(statement)), None)
    if value is None:
        return None
    is_block = value.startswith(b"{") and value.endswith(b"}")
    return (value[1:-1] if is_block else value.rstrip(b"} \n")).strip(b"; \t\r\n") or b"{}"


def _statement_end(code: bytes, at: int) -> int:
    """Return where a statement ends that begins here: at ``;`` or ``,``, or where its surroundings close."""
    stop = min(len(code), at + _NEXT)
    return next((where for where, edge in _edges(code, at, stop) if edge not in b"([{"), stop)


def _edges(code: bytes, at: int, stop: int) -> Iterator[tuple[int, bytes]]:
    """Yield the brackets and separators from an offset on that stand in no others, and what closes these."""
    depth = 0
    for edge in _EDGE.finditer(code, at, stop):
        closes = edge.group() in b")]}"
        depth -= closes
        if depth < (0 if closes else 1):
            yield edge.start(), edge.group()
        depth += edge.group() in b"([{"


class _Item(NamedTuple):
    kind: bytes
    name: bytes
    end: int
    block: int | None


def _item(outline: Outline, end: int) -> _Item | None:
    """Return the item above which a comment ends; its block is None for a declaration."""
    found = _ITEM.match(outline.code, behind_attributes(outline.code, end, len(outline.code)))
    return _Item(found[1], found[2], found.end(), _body_at(outline, found.end())) if found else None


def _body_at(outline: Outline, at: int) -> int | None:
    """Return the block that the item opens whose header goes on at ``at``; None for a declaration."""
    edges = _edges(outline.code, at, len(outline.code))
    where, edge = next((one for one in edges if one[1] in b"{};"), (0, b""))
    return bisect_left(outline.blocks.opens, where) if edge == b"{" else None


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
