"""Calls in the examples of documentation, which are compiled and run as tests: by their name alone.

No fact tells of them. Where a call is of something else of that name, its example does not compile any more,
and the change is not made.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from remediate.audit.scan.calls import receiver
from remediate.codemods.replace_block_on.contexts import ends_in_async
from remediate.codemods.replace_block_on.known import Known, users_of
from remediate.edits import Edit
from remediate.rust.package import Package
from remediate.rust.syntax.bodies import Bytes, Function, function_at
from remediate.rust.syntax.expressions import invocation
from remediate.rust.syntax.source import Source

_LINE = re.compile(rb"[ \t]*//[/!] ?")
_FENCE = re.compile(rb"\s*(?:```+|~~~+)\s*(.*?)\s*\Z")
_RUST = re.compile(rb"rust|no_run|should_panic|edition\d+|standalone(?:_crate)?|test_harness")
_HIDDEN = re.compile(rb"\s*#(?= |$)")


@dataclass(frozen=True, slots=True)
class Example:
    """A call in an example.

    Attributes:
        start, end: The call, in the file's bytes.
        is_async: Whether its function is, or a block around it.
        main: Where the word ``fn`` of a synchronous ``main`` around it stands; -1 for none.
    """

    path: str
    start: int
    end: int
    is_async: bool
    main: int


def calls_in_examples(known: Known, path: str, function: Function) -> tuple[Example, ...]:
    """Return the calls of a function in the examples of its package and of those that may use it."""
    memory = known.memory(calls_in_examples)
    package, name = known.codebase.home(path), function.name.encode()
    if (package.name, name) not in memory:
        memory[package.name, name] = tuple(_in_package(known, package, name))
    return memory[package.name, name]


def _in_package(known: Known, package: Package, name: bytes) -> Iterator[Example]:
    pattern = re.compile(rb"(?<![\w!])" + re.escape(name) + rb"\s*\(")
    for file in sorted(p for user in users_of(known.codebase, package) for p in user.rust_files):
        text = known.codebase.files[file]
        if pattern.search(text) is None or known.in_tests(file, 0):
            continue
        for start, end in known.outline(file).comments:
            if pattern.search(text, start, end):
                yield from _calls(file, start, _code(text[start:end]), pattern)


def _calls(path: str, offset: int, code: bytes, pattern: re.Pattern[bytes]) -> Iterator[Example]:
    source = Source(path, code)
    for match in pattern.finditer(code):
        before = code[: match.start()].rstrip()
        span = None if before.endswith(b"fn") else _span(source, code, match)
        if span is None:
            continue
        around = function_at(source, match.start())
        body = around.body[0] if around is not None and around.body is not None else 0
        is_async = (around is not None and around.is_async) or ends_in_async(code[body : match.start()])
        begins = around is not None and around.name == "main" and not is_async and not around.attributes
        main = offset + around.keyword if around is not None and begins else -1
        yield Example(path, offset + span[0], offset + span[1], is_async, main)


def _span(source: Source, code: bytes, match: re.Match[bytes]) -> Bytes | None:
    """Return the bytes of the call whose name and parenthesis match, also among the tokens of a macro."""
    found = invocation(source, len(match[0][:-1].rstrip()) + match.start() - 1)
    if found is not None:
        return found.span
    at, depth = match.end() - 1, 0
    while at < len(code):
        depth += {b"(": 1, b")": -1}.get(code[at : at + 1], 0)
        at += 1
        if not depth:
            break
    before = code[: match.start()].rstrip()
    if before.endswith(b"."):
        start = len(before) - 1 - len(receiver(code, len(before) - 1))
    else:
        path = _PATH.search(code[: match.start()])
        start = path.start() if path is not None else match.start()
    return None if depth else (start, at)


_PATH = re.compile(rb"(?:\w+\s*::\s*)*\Z")


def _code(comment: bytes) -> bytes:
    """Return the Rust code of the examples in a comment, each byte where it stands; all else is blank."""
    kept, inside, fenced = [], False, False
    for line in comment.splitlines(keepends=True):
        prefix = _LINE.match(line)
        body = line[prefix.end() :] if prefix is not None else b""
        fence = _FENCE.match(body)
        if prefix is None or fence is not None:
            if fence is not None:
                fenced = not fenced
                words = re.split(rb"[,\s]+", fence[1])
                inside = fenced and all(not word or _RUST.fullmatch(word) for word in words)
            kept.append(_blank(line))
            continue
        hidden = _HIDDEN.match(body)
        at = prefix.end() + (hidden.end() if hidden is not None else 0)
        kept.append(_blank(line[:at]) + line[at:] if inside else _blank(line))
    return b"".join(kept)


def _blank(text: bytes) -> bytes:
    return re.sub(rb"[^\r\n]", b" ", text)


def in_comments(text: bytes, edits: list[Edit]) -> Iterator[Edit]:
    """Yield edits that insert into comments as edits of whole lines of comment, as a change declares them."""
    lines: dict[int, list[Edit]] = {}
    for edit in edits:
        lines.setdefault(text.rfind(b"\n", 0, edit.start) + 1, []).append(edit)
    for line, some in lines.items():
        start = text.index(b"//", line)
        end = text.find(b"\n", start)
        end = len(text) if end < 0 else end
        end -= text[start:end].endswith(b"\r")
        pieces, at = [], start
        for edit in sorted(some):
            pieces += [text[at : edit.start], edit.new]
            at = edit.end
        yield Edit(start, end, b"".join((*pieces, text[at:end])))
