"""What a split did to the text: sizes, comments, literals, visibilities, glob imports."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from benchmarks.split.corpus import Changes, Texts
from remediate.rust.syntax.lexer import Token, TokenKind, tokens

SHORT = 30
_GLOB = re.compile(rb"^use super::\*;", re.MULTILINE)
_INLINE = re.compile(
    r"^(?:pub(?:\([^)]*\))? )?mod (\w+) \{\n(?:\s*(?:use|//)[^\n]*\n)*?\s+use super::\*;", re.MULTILINE
)
_TESTS = re.compile(r"(^|/)(\w+_)?tests?(_\w+)?(\.rs|/)")
# [label], [label](path) and [label][path], a code span or not: what a documentation link may be written as.
_LINK = re.compile(r"\[(`?)(?:\w+@)?([^\]\[`]+)\1\](?:\(([^()\s]+(?:\(\))?)\)|\[([^\]\[]+)\])?")
_DEFINITION = re.compile(r"([\s/!*]*\[[^\]]+\]:\s*)(\S+)")
_URL = re.compile(r"[a-z]+:(?!:)|#|/|\.")
# Words that stand behind the visibility of a definition; a field's is followed by its name.
_NO_DEFINITION = {b"use", b"mod"}


@dataclass
class Text:
    """Figures of one split.

    Attributes:
        sizes: Lines by path, of every file that is new or changed.
        new: The files that are new; a file that moved as a whole is not.
        comments_lost: Lines of comments that are gone; the path before a link's target may be another one.
        widened: Definitions that are visible further than before: further ``pub``, ``pub(crate)``.
        supers: Further ``pub(super)`` and ``pub(in ..)``.
        globs: New files outside of tests with a ``use super::*`` that no inline module had before.
        unrelated: Files that changed although the split is not about them.
    """

    sizes: dict[str, int]
    new: list[str]
    widened: int
    supers: int
    comments_lost: list[str]
    literals_changed: list[str]
    globs: list[str]
    unrelated: list[str]


def text(base: Texts, path: str, changes: Changes) -> Text:
    """Compare the files of a crate before and after its file ``path`` was split."""
    rust = {p: t for p, t in changes.items() if p.endswith(".rs")}
    before = [base[p] for p in rust if p in base]
    after = [t for t in rust.values() if t is not None]
    new = [p for p, t in rust.items() if t is not None and p not in base and p != _facade(base, path, rust)]
    old_marks, new_marks = _marks(before), _marks(after)
    lost = _comments(before) - _comments(after)
    literals = _of(TokenKind.LITERAL, before), _of(TokenKind.LITERAL, after)
    return Text(
        sizes={p: t.count(b"\n") for p, t in sorted(rust.items()) if t is not None},
        new=sorted(new),
        widened=sum(((new_marks - old_marks)[kind]) for kind in ("pub", "crate")),
        supers=(new_marks - old_marks)["relative"],
        comments_lost=sorted(lost.elements()),
        literals_changed=_shown(literals[0] - literals[1]),
        globs=sorted(p for p in new if _GLOB.search(rust[p] or b"") and not _TESTS.search(p))[
            _own(base[path]) :
        ],
        unrelated=sorted(p for p in changes if p in base and p != path and not _is_about(base, changes, p)),
    )


def _own(text: bytes) -> int:
    """Return how many inline modules, those of tests aside, have such an import already."""
    return sum(not _TESTS.search(name + "/") for name in re.findall(_INLINE, text.decode(errors="replace")))


def _facade(base: Texts, path: str, rust: Changes) -> str:
    """Return where the file itself stands now."""
    folder, _, name = path.rpartition("/")
    stem = name.removesuffix(".rs")
    places = [path, f"{folder}/{stem}/mod.rs", f"{folder}/{stem}/main.rs"]
    return next((p for p in places if rust.get(p) is not None and (p == path or p not in base)), path)


def _is_about(base: Texts, changes: Changes, path: str) -> bool:
    """Whether another changed file has to change: the manifest that names a file which moved."""
    return path == "Cargo.toml" and any(p in base and t is None for p, t in changes.items())


def _marks(texts: Iterable[bytes]) -> Counter[str]:
    return Counter(mark for text in texts for mark in _visibilities(text))


def _visibilities(text: bytes) -> Iterator[str]:
    """Yield how far each definition with a visibility is visible: "pub", "crate" or "relative"."""
    code = [t for t in tokens(text) if t.kind is not TokenKind.COMMENT]
    for index, token in enumerate(code):
        if token.text != b"pub" or token.kind is not TokenKind.IDENT:
            continue
        scope, behind = _scope(code, index + 1)
        if behind < len(code) and code[behind].text not in _NO_DEFINITION:
            yield scope


def _scope(code: list[Token], at: int) -> tuple[str, int]:
    words = [t.text for t in code[at : at + 3]]
    if words[:1] != [b"("] or words[1:2] not in ([b"crate"], [b"super"], [b"self"], [b"in"]):
        return "pub", at
    end = next(i for i in range(at, len(code)) if code[i].text == b")")
    return ("crate" if words[1] == b"crate" else "relative"), end + 1


def _comments(texts: Iterable[bytes]) -> Counter[str]:
    lines = (line.strip() for t in texts for c in _tokens(t, TokenKind.COMMENT) for line in c.splitlines())
    return Counter(_without_paths(line.decode(errors="replace")) for line in lines if line.strip(b"/*! "))


def _without_paths(line: str) -> str:
    """Return a line of a comment with only the last name of each link's target."""
    if defined := _DEFINITION.match(line):
        return f"{defined[1]}{_last(defined[2])}{line[defined.end() :]}"
    return _LINK.sub(lambda m: f"[{m[2]}]({_last(m[3] or m[4] or m[2])})", line)


def _last(target: str) -> str:
    """Return the last name of a path; a target that is none as it is."""
    if _URL.match(target):
        return target
    return re.sub(r"<.*>|[`!()]", "", target).rpartition("@")[2].rpartition("::")[2]


def _of(kind: TokenKind, texts: Iterable[bytes]) -> Counter[bytes]:
    return Counter(token for text in texts for token in _tokens(text, kind))


def _tokens(text: bytes, kind: TokenKind) -> Iterator[bytes]:
    return (t.text for t in tokens(text) if t.kind is kind)


def _shown(found: Counter[bytes]) -> list[str]:
    return sorted(token.decode(errors="replace")[:80] for token in found.elements())
