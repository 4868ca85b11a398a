"""What patterns in code show: damage, markers, what gives up or prints, unsafe code, locks, allocation."""

import re
from collections.abc import Iterator

from remediate.audit.markers.detect import markers as detected
from remediate.audit.scan.calls import arguments, receiver
from remediate.audit.scan.facts import Found
from remediate.audit.scan.scopes import Scopes
from remediate.rust.syntax.lexer import line_span
from remediate.rust.syntax.outline import Outline, statement_start
from remediate.rust.syntax.source import Source

_CONFLICT = re.compile(rb"^(?:<{7} |>{7} |={7}\r?$)", re.MULTILINE)
_SHOWN = 3
# The letters first, what may not stand before them last: so the search skips at memchr's speed.
_METHODS = (
    (b"unwrap", re.compile(rb"unwrap(?<!\wunwrap)(?:_err|_unchecked|_err_unchecked)?\b\s*(\(?)")),
    (b"expect", re.compile(rb"expect(?<!\wexpect)(?:_err)?\b\s*(\(?)")),
)
_MACRO_RULES = {
    b"panic": "panic",
    b"todo": "unimplemented",
    b"unimplemented": "unimplemented",
    b"print": "debug-print",
    b"eprint": "debug-print",
    b"dbg": "debug-print",
}
_MACROS = [
    (name, re.compile(rb"(%b(?<!\w%b)(?:ln)?)\s*!\s*[(\[{]" % (name, name)), rule)
    for name, rule in _MACRO_RULES.items()
]
_LOCKS = re.compile(rb"\.\s*(?:lock|read|write|into_inner|get_mut|join|wait)\s*\(\s*[^()]*\)\s*\Z")
_MESSAGE = re.compile(rb'\A(?:"|&|concat!|format!|[A-Z_]+\b|\w+\Z)')
_UNSAFE = re.compile(
    rb'unsafe(?<!\wunsafe)\b\s*(?:(?P<block>\{)|(?P<impl>impl\b)|(?P<trait>(?:auto\s+)?trait\b)|(?P<extern>extern\s*"*\s*\{)'
    rb'|(?P<fn>(?:extern\s*"*\s*)?fn\s+\w))'
)
_ARGUED = re.compile(rb"(?i)//.*\bsafety\b|/\*[^*]*\bsafety\b")
_LOCK = re.compile(
    rb"\b(?:Mutex|RwLock|ReentrantMutex|ReentrantLock|FairMutex|Condvar|SpinLock)\b(?=\s*(?:<|::))"
    rb"|\.\s*(?:lock|try_lock)\s*\(\s*\)"
)
_ALLOCATION = re.compile(
    rb"\b(?:Vec|String|Box|Rc|Arc|HashMap|HashSet|BTreeMap|BTreeSet|VecDeque|CString|PathBuf|OsString)"
    rb"\s*(?:::\s*<[^<>]*>\s*)?::\s*(?:new|from|with_capacity|from_iter|pin|from_utf8_lossy)\b"
    rb"|\b(?:vec|format)\s*!\s*[(\[{]"
    rb"|\.\s*(?:to_string|to_owned|to_vec|into_boxed_\w+|into_owned|collect|clone)\s*(?:::\s*<|\()"
)
_USE = re.compile(rb"\A\s*(?:pub(?:\s*\([^)]*\))?\s+)?use\b")


def health(outline: Outline, *, parse: bool) -> Iterator[Found]:
    """Yield what is broken; the syntax tree is asked only if ``parse``, or if delimiters do not match."""
    if b"\n<<<<<<<" in outline.text or b"\n=======" in outline.text:
        for match in _CONFLICT.finditer(outline.code):
            yield Found(
                "parse-health", "conflict", match.start(), match.end(), "error", "a merge conflict marker"
            )
    if parse or not outline.balanced:
        source = Source("", outline.text)
        kind = "macro" if source.confined else "syntax"
        note = (
            "our parser cannot read this; codemods leave the file alone"
            if kind == "syntax"
            else "in a macro body only"
        )
        for start, end in source.errors[:_SHOWN]:
            yield Found(
                "parse-health", kind, start, max(end, start + 1), "note" if kind == "macro" else "", note
            )


def markers(outline: Outline, scopes: Scopes) -> Iterator[Found]:
    """Yield the markers of a file; one in code that only a test build holds is a note."""
    for one in detected(outline):
        test = scopes.covers(one.start)
        kind, severity = ("test", "note") if test else (one.kind, "")
        yield Found(one.rule, kind, one.start, one.end, severity, one.note, test)


def abrupt(outline: Outline, scopes: Scopes) -> Iterator[Found]:
    """Yield the places of a file where code outside of tests gives up or prints."""
    code = outline.code
    for rule, pattern in _METHODS:
        if rule in code:
            for match in pattern.finditer(code):
                if not scopes.covers(match.start()):
                    yield from _method(rule.decode(), code, match)
    for name, pattern, id_ in _MACROS:
        if name in code:
            for match in pattern.finditer(code):
                if not scopes.covers(match.start()):
                    yield Found(id_, match[1].decode(), match.start(), match.end(1) + 1)


def _method(rule: str, code: bytes, match: re.Match[bytes]) -> Iterator[Found]:
    start, end = match.start(), match.start() + len(match.group().rstrip(b"( \t\r\n"))
    before = code[max(0, start - 80) : start].rstrip()
    if before.endswith((b"Option::", b"Result::")):
        yield Found(rule, "value", start, end)
        return
    is_call = match[1] and before.endswith(b".")
    if not is_call or (rule == "expect" and not _is_expect(code, match)):
        return
    if _LOCKS.search(before[:-1].rstrip()):
        yield Found(rule, "poison", start, end, "note", "gives up only if another thread has panicked before")
    else:
        yield Found(rule, "call", start, end)


def _is_expect(code: bytes, match: re.Match[bytes]) -> bool:
    """Whether it is Option's or Result's: one message, and no parser's method."""
    given = arguments(code, match.end() - 1)
    if len(given) != 1 or not _MESSAGE.match(given[0]):
        return False
    return receiver(code, code.rfind(b".", 0, match.start())) != b"self"


def unsafe_code(outline: Outline, scopes: Scopes) -> Iterator[Found]:
    """Yield the unsafe code of a file outside of tests."""
    if b"unsafe" not in outline.code:
        return
    for match in _UNSAFE.finditer(outline.code):
        start = match.start()
        if scopes.covers(start):
            continue
        kind = match.lastgroup or ""
        reason = _documented(outline, start)
        yield Found("unsafe", kind, start, start + 6, "note" if reason else "", reason)


def _documented(outline: Outline, start: int) -> str:
    """Return where its safety is argued: in a comment in front of its statement, or on its line."""
    near = outline.text[statement_start(outline.code, start) : line_span(outline.text, start)[1]]
    return "a SAFETY comment argues for it" if _ARGUED.search(near) else ""


def constraints(outline: Outline, scopes: Scopes) -> Iterator[Found]:
    """Yield every lock and allocation of a file outside of tests; the configuration says where they count."""
    for rule, pattern in (("locking", _LOCK), ("allocation", _ALLOCATION)):
        for match in pattern.finditer(outline.code):
            start = match.start() + len(match.group()) - len(match.group().lstrip(b". \t\r\n"))
            begin = statement_start(outline.code, start)
            if not scopes.covers(start) and not _USE.match(outline.code[begin : begin + 80]):
                kind = outline.text[start : match.end()].split(b"(")[0].split(b"<")[0]
                yield Found(rule, kind.decode(errors="replace").strip(" :"), start, match.end())
