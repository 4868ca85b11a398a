"""What Rust text holds, found without the program that is measured: its literals, its inline test modules."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

_TOKEN = re.compile(
    r"""(?P<line>//[^\n]*) | (?P<block>/\*)
    | (?P<raw>\b[bc]?r(?P<hashes>\#*)"(?s:.*?)"(?P=hashes))
    | (?P<string>\b[bc]?"(?:[^"\\]|\\(?s:.))*"|"(?:[^"\\]|\\(?s:.))*")
    | (?P<char>b?'(?:[^'\\\n]|\\(?:x..|u\{[^}]*\}|.))')
    | (?P<life>'\w+)
    | (?P<number>\b[0-9][0-9A-Za-z_]*(?:\.[0-9][0-9A-Za-z_]*)?)
    | (?P<word>(?:r\#)?[A-Za-z_]\w*)""",
    re.VERBOSE,
)
_MODULE = re.compile(r"\bmod\s+(\w+)\s*\{")
_ATTRIBUTES = re.compile(r"((?:#\s*\[[^\]]*(?:\[[^\]]*\][^\]]*)*\]\s*)+)(?:pub(?:\s*\([^)]*\))?\s+)?$")
_TEST_ONLY = re.compile(r"#\s*\[\s*cfg\s*\(\s*(?:all\s*\((?:[^)]*,)?\s*)?test\b")
_FILE_NAMES = re.compile(r"(?:\bpath\s*=|\binclude(?:_str|_bytes)?\s*!\s*[(\[{])\s*$")


def texts(root: Path) -> dict[str, str]:
    """Return every ``.rs`` file of a checkout, by path."""
    found = (p for p in sorted(root.rglob("*.rs")) if not {"target", ".git"} & set(p.relative_to(root).parts))
    return {p.relative_to(root).as_posix(): p.read_text(errors="surrogateescape") for p in found}


def tokens(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield kind, start and end of each comment, literal and word; block comments nest."""
    at = 0
    while found := _TOKEN.search(text, at):
        start, at = found.span()
        if found.lastgroup == "block":
            at = _end_of_block(text, start)
        kind = "raw" if found["raw"] is not None else found.lastgroup or ""
        yield kind, start, at


def _end_of_block(text: str, start: int) -> int:
    depth = 0
    for mark in re.compile(r"/\*|\*/").finditer(text, start):
        depth += 1 if mark[0] == "/*" else -1
        if not depth:
            return mark.end()
    return len(text)


def literals(files: Mapping[str, str]) -> tuple[Counter[str], int]:
    """Return every literal of all files, and how many file names (``#[path]``, ``include``) were left out.

    File names have to change when their file moves; rustc says whether they still lead to the same place.
    """
    found: Counter[str] = Counter()
    names = 0
    for text in files.values():
        for kind, start, end in tokens(text):
            if kind in {"raw", "string", "char", "number"}:
                if _FILE_NAMES.search(text, max(0, start - 60), start):
                    names += 1
                else:
                    found[text[start:end]] += 1
    return found, names


def inline_test_modules(files: Mapping[str, str]) -> list[str]:
    """Return file and name of each outermost ``#[cfg(test)] mod x { .. }`` outside of ``tests/``."""
    production = {
        p: t for p, t in files.items() if p.partition("/")[0] not in {"tests", "benches", "examples"}
    }
    return [f"{path} {name}" for path, text in production.items() for name in _modules(_masked(text))]


def _modules(text: str) -> Iterator[str]:
    done = 0
    for found in _MODULE.finditer(text):
        before = _ATTRIBUTES.search(text, max(0, found.start() - 400), found.start())
        if found.start() >= done and before and _TEST_ONLY.search(before[1]):
            done = _closing(text, found.end())
            yield found[1]


def _closing(text: str, start: int) -> int:
    depth = 1
    for brace in re.compile(r"[{}]").finditer(text, start):
        depth += 1 if brace[0] == "{" else -1
        if not depth:
            return brace.end()
    return len(text)


def _masked(text: str) -> str:
    """Return the text with comments and quoted literals blanked."""
    pieces, done = [], 0
    for kind, start, end in tokens(text):
        if kind in {"line", "block", "raw", "string", "char"}:
            pieces += [text[done:start], " " * (end - start)]
            done = end
    return "".join([*pieces, text[done:]])
