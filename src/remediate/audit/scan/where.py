"""Where a place is, in words that outlive its line: the item around it and the tokens of its statement.

An outline is enough for that, so that the scanner and the readers of audits give a place one fingerprint.
"""

import re
from collections.abc import Iterable, Iterator

from remediate.audit.scan.calls import angle_end
from remediate.audit.scan.facts import Found, Place
from remediate.rust.syntax.lexer import TokenKind, is_outer_doc, line_span, tokens
from remediate.rust.syntax.outline import (
    Outline,
    behind_attributes,
    frames,
    item_start,
    statement_end,
    statement_start,
)

LONGEST_LINE = 200
_REACH = 24
_WIDEST = 4000
_WORDS = re.compile(r"\w+")
_DESCENDS = {"mod", "impl", "trait", "extern"}
_STATEMENT = re.compile(
    rb"\A(?:pub(?:\s*\([^)]*\))?\s+)?(?:(?:default|async|unsafe|safe|const|extern\s*\"*)\s+)*"
    rb"(?:(?:fn|mod|struct|enum|union|trait|type|static(?:\s+mut)?)\s+(?:r#)?([\w\x80-\xff]+)|(?:r#)?([\w\x80-\xff]+)\s*:)"
)
_MACRO = re.compile(rb"\A(?:macro_rules\s*!\s*(?:r#)?([\w\x80-\xff]+)|([\w:]+)\s*!)")
_SPLIT = re.compile(rb"[<(\[]|->|[>)\]]|\bfor\b(?!\s*<)|\bwhere\b")


def places(outline: Outline, found: Iterable[Found]) -> Iterator[Place]:
    """Give each found place its line, its item and its words; in order of the file, doublets once."""
    line, done = 1, 0
    seen: dict[tuple[str, str, str], int] = {}
    for one in sorted(set(found), key=lambda f: (f.start, f.rule, f.kind)):
        line += outline.text.count(b"\n", done, one.start)
        done = one.start
        start, end = line_span(outline.text, one.start)
        item, words = item_path(outline, one.start), place_words(outline, one.start)
        count = seen[one.rule, item, words] = seen.get((one.rule, item, words), 0) + 1
        yield Place(
            rule=one.rule,
            kind=one.kind,
            line=line,
            column=one.start - start + 1,
            end_column=min(one.end, end) - start + 1,
            text=outline.text[start:end].decode(errors="replace").strip()[:LONGEST_LINE],
            item=item,
            words=words if count == 1 else f"{words} #{count}",
            severity=one.severity,
            note=one.note,
            test=one.test,
        )


def place_words(outline: Outline, offset: int) -> str:
    """Return the normalised tokens of the statement at an offset; elsewhere the words of its line."""
    span = outline.opaque_at(offset)
    if span is None:
        return statement_words(outline, offset)
    start, end = line_span(outline.text, offset)
    line = outline.text[max(span[0], start) : min(span[1], end)]
    return " ".join(_WORDS.findall(line.decode(errors="replace").lower()))


def item_path(outline: Outline, offset: int) -> str:
    """Return the names of the items around an offset, outermost first: "Engine::run"; "" at the top level."""
    names: list[str] = []
    offset = _trailed(outline, offset)
    for frame in reversed(frames(outline, offset)):
        name = frame.name
        if frame.kind == "impl":
            name = _impl_names(outline.text, frame.own, outline.blocks.opens[frame.block])
        if frame.kind not in _DESCENDS:
            name = name or _declared(frame.header)
        names += [name] if name else []
        if frame.kind not in _DESCENDS:
            return "::".join(names)
    name = _own_item(outline, offset)
    return "::".join([*names, name] if name else names)


def statement_words(outline: Outline, offset: int) -> str:
    """Return the normalised tokens of the statement around the token at an offset."""
    code = outline.code
    start = max(statement_start(code, offset), _token_edge(code, offset - _WIDEST))
    end = min(statement_end(code, offset), offset + _WIDEST)
    found = list(tokens(outline.text, start, end))
    index = next((i for i, t in enumerate(found) if t.start >= offset), 0)
    near = found[max(0, index - _REACH) : index + _REACH + 1]
    return " ".join(t.text.decode(errors="replace") for t in near if t.kind is not TokenKind.COMMENT)


def _token_edge(code: bytes, offset: int) -> int:
    """Return an offset at or before this one that is inside no token."""
    return max(0, code.rfind(b" ", 0, offset)) if offset > 0 else 0


def _own_item(outline: Outline, offset: int) -> str:
    """Return the name of the item whose statement, or whose attached comment, is at the offset."""
    code = outline.code
    start, end = item_start(code, offset), statement_end(code, offset)
    own = behind_attributes(code, start, end)
    text = code[own:end]
    if not text.strip():
        return ""
    if outline.opaque_at(offset) and own > offset and not _is_attached(outline, offset, own):
        return ""
    if text.startswith((b"impl", b"unsafe impl", b"default impl")):
        return _impl_names(outline.text, own, end) if end in outline.blocks.opens else ""
    return _declared(text)


def _declared(text: bytes) -> str:
    match = _MACRO.match(text) or _STATEMENT.match(text)
    return (match[1] or match[2] or b"").decode(errors="replace") if match else ""


def _trailed(outline: Outline, offset: int) -> int:
    """Return the offset of the item that a comment stands behind on the same line, or the offset itself."""
    span = outline.opaque_at(offset)
    if span is None or outline.text[span[0] : span[0] + 1] != b"/":
        return offset
    line = outline.text.rfind(b"\n", 0, span[0]) + 1
    before = outline.code[line : span[0]].rstrip()
    is_first = outline.text.count(b"\n", span[0], offset) == 0
    return line + len(before) - 1 if before.strip() and is_first else offset


def _is_attached(outline: Outline, offset: int, own: int) -> bool:
    """Whether a comment belongs to the item behind it: it is a doc, or no blank line parts them."""
    start, end = outline.opaque_at(offset) or (offset, offset)
    line = max(start, outline.text.rfind(b"\n", 0, offset) + 1)
    comment = outline.text[line:end].lstrip()
    if comment.startswith((b"//!", b"/*!")) or outline.code[end:own].lstrip().startswith(b"#!"):
        return False
    return (
        is_outer_doc(comment) or outline.text.count(b"\n", end, own - len(outline.text[end:own].lstrip())) < 2
    )


def _impl_names(text: bytes, start: int, end: int) -> str:
    """Return "Trait for Type" or "Type" of an impl header, as the source writes them."""
    header = text[start:end]
    at = header.index(b"impl") + 4
    at += len(header[at:]) - len(header[at:].lstrip())
    if header[at : at + 1] == b"<":
        at = angle_end(header, at + 1, len(header))
    depth, splits, stop = 0, -1, len(header)
    for match in _SPLIT.finditer(header, at):
        word = match.group()
        if word in (b"<", b"(", b"["):
            depth += 1
        elif word in (b">", b")", b"]"):
            depth -= 1
        elif word == b"for" and not depth and splits < 0:
            splits = match.start()
        elif word == b"where" and not depth:
            stop = match.start()
            break
    if splits < 0:
        return header[at:stop].strip().decode(errors="replace")
    trait = header[at:splits].strip().removeprefix(b"const ").lstrip(b"! ")
    return (
        f"{trait.decode(errors='replace')} for {header[splits + 3 : stop].strip().decode(errors='replace')}"
    )
