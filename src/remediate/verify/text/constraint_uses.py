"""What a constraint forbids, found in one file: each occurrence with its line. By tokens and words, no types.

A heuristic where types would be needed: `let _ =` of a call is taken for a dropped result whatever it is.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache, partial

from remediate.audit.rules.catalog import rule
from remediate.audit.scan.patterns import constraints as scanned
from remediate.audit.scan.patterns import markers
from remediate.audit.scan.scopes import Scopes
from remediate.audit.scan.where import item_path
from remediate.audit.tree import is_test_path
from remediate.rust.syntax.bodies import scopes as scopes_at
from remediate.rust.syntax.outline import Outline
from remediate.rust.syntax.source import Source

_Places = Iterator[tuple[str, int]]
_UNSAFE = re.compile(rb"\bunsafe\b")
_UNWRAP = re.compile(rb"(?:\.|::)\s*(unwrap|unwrap_unchecked|unwrap_err|expect|expect_err)\b")
_PANIC = re.compile(rb"\b(panic|unreachable|todo|unimplemented)\s*!")
_BLOCKING = re.compile(
    rb"\b(block_on(?:_stream)?|block_in_place|spawn_blocking|SyncIoBridge|run_until"
    rb"|blocking_(?:recv|recv_many|send|lock|read|write)\w*|(?:thread|std\s*::\s*thread)\s*::\s*(?:sleep|park\w*)"
    rb"|reqwest\s*::\s*blocking)\b"
)
_BLOCKS_IN_ASYNC = re.compile(
    rb"\b(?:std\s*::\s*)?(fs\s*::\s*\w+|net\s*::\s*(?:TcpStream|TcpListener|UdpSocket))"
    rb"|\b(stdin\s*\(\s*\)\s*\.\s*read\w*)"
)
_DROPPED = re.compile(rb"\blet\s+_\s*(?::[^=;]*)?=(?!=)([^;]*\([^;]*)|(?<=[;{}])\s*_\s*=(?!=)([^;]*\([^;]*)")
_OK = re.compile(rb"(?<=[;{}])[^;{}=]*\.\s*(?:ok|err)\s*\(\s*\)\s*;")
_NAMES = re.compile(rb"\b(?:" + rule("placeholder").code.encode() + rb")\b")
_FOREIGN = re.compile(rb"\bfs\s*::|\btokio\b|async_std")
_MARK = b"remediate: no-allocation"


@dataclass(frozen=True, slots=True)
class Use:
    """One occurrence.

    Attributes:
        construct: What it is: ``unsafe``, ``.unwrap()``, ``todo-marker``.
        item: The item around it.
        text: Its line, trimmed.
    """

    construct: str
    path: str
    line: int
    item: str
    text: str

    def __str__(self) -> str:
        """Return the evidence line."""
        return f"{self.path}:{self.line}: {self.text}"


@lru_cache(maxsize=2048)
def uses(name: str, path: str, text: bytes, *, test: bool = False) -> tuple[Use, ...]:
    """Return what a constraint of this name forbids in a file, in order.

    ``test`` is whether the file as a whole is test code. What the constraint is kept to by its globs is the
    caller's to see to.
    """
    if test and name not in _EVERYWHERE:
        return ()
    outline = _outline(text)
    found = _FAMILIES[name](path, outline, Scopes(outline))
    places = sorted(set(found), key=lambda f: (f[1], f[0]))
    return tuple(_use(path, outline, construct, at) for construct, at in places)


def is_marked(text: bytes) -> bool:
    """Whether a module says in a comment that nothing in it may allocate."""
    return any(_MARK in text[start:end] for start, end in _outline(text).comments) if _MARK in text else False


@lru_cache(maxsize=512)
def _outline(text: bytes) -> Outline:
    return Outline(text)


def _use(path: str, outline: Outline, construct: str, at: int) -> Use:
    start, end = outline.text.rfind(b"\n", 0, at) + 1, outline.text.find(b"\n", at)
    line = outline.text[start : end if end >= 0 else None].decode(errors="replace").strip()
    return Use(construct, path, outline.text.count(b"\n", 0, at) + 1, item_path(outline, at), line)


def _matches(
    pattern: re.Pattern[bytes], path: str, outline: Outline, scopes: Scopes
) -> list[re.Match[bytes]]:
    """Return where a pattern stands in code that is no test."""
    return [m for m in pattern.finditer(outline.code) if not _in_tests(path, scopes, m.start())]


def _unsafe(path: str, outline: Outline, scopes: Scopes) -> _Places:  # noqa: ARG001
    yield from (("unsafe", match.start()) for match in _UNSAFE.finditer(outline.code))


def _unwrap(path: str, outline: Outline, scopes: Scopes) -> _Places:
    yield from ((f".{m[1].decode()}()", m.start(1)) for m in _matches(_UNWRAP, path, outline, scopes))


def _panic(path: str, outline: Outline, scopes: Scopes) -> _Places:
    yield from ((f"{m[1].decode()}!", m.start()) for m in _matches(_PANIC, path, outline, scopes))


def _blocking(path: str, outline: Outline, scopes: Scopes) -> _Places:
    yield from ((_word(m[1]), m.start()) for m in _matches(_BLOCKING, path, outline, scopes))
    source = Source(path, outline.text)
    for match in _matches(_BLOCKS_IN_ASYNC, path, outline, scopes):
        around = outline.code[max(0, match.start() - 12) : match.start()]
        inner = next(iter(scopes_at(source, match.start())), None)
        if inner is not None and inner.is_async and not _FOREIGN.search(around):
            yield f"{_word(match[1] or match[2])} in async code", match.start()


def _forbidden(rule_id: str, path: str, outline: Outline, scopes: Scopes) -> _Places:
    if not is_test_path(path):
        for found in scanned(outline, scopes):
            if found.rule == rule_id:
                yield found.kind, found.start


def _placeholders(path: str, outline: Outline, scopes: Scopes) -> _Places:
    for found in markers(outline, scopes):
        if not found.test and not is_test_path(path):
            yield found.rule, found.start
    unfinished = (m for m in _matches(_PANIC, path, outline, scopes) if m[1] in {b"todo", b"unimplemented"})
    for match in (*_matches(_NAMES, path, outline, scopes), *unfinished):
        yield _word(match.group()), match.start()


def _embedded(path: str, outline: Outline, scopes: Scopes) -> _Places:  # noqa: ARG001
    if not is_test_path(path):
        yield from (("embedded test", item.own) for item in scopes.items if item.kind == "fn")


def _dropped(path: str, outline: Outline, scopes: Scopes) -> _Places:
    for pattern, construct in ((_DROPPED, "let _ = .."), (_OK, ".ok();")):
        for match in pattern.finditer(outline.code):
            at = match.start() + len(match.group()) - len(match.group().lstrip())
            if not _in_tests(path, scopes, at):
                yield construct, at


def _in_tests(path: str, scopes: Scopes, at: int) -> bool:
    return is_test_path(path) or scopes.covers(at)


def _word(text: bytes) -> str:
    return re.sub(r"\s+", "", text.decode(errors="replace"))


_EVERYWHERE = {"no-unsafe", "tests-in-tests"}
"""The constraints that hold for test code as well."""
_FAMILIES: dict[str, Callable[[str, Outline, Scopes], _Places]] = {
    "no-unsafe": _unsafe,
    "no-unwrap": _unwrap,
    "no-panic": _panic,
    "no-blocking": _blocking,
    "lock-free": partial(_forbidden, "locking"),
    "no-allocation": partial(_forbidden, "allocation"),
    "no-placeholders": _placeholders,
    "tests-in-tests": _embedded,
    "error-handling": _dropped,
}
