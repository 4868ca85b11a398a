"""MIR as text, cut into bodies and normalised for what moving code changes: locations, numbers, order.

rustc's own text is for people and may change; what is not recognised stays as it is, so that a change of
the format shows as a difference and never hides one.
"""

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from posixpath import normpath

from remediate.rust.syntax.lexer import tokens

_ALLOCATION = re.compile(r"(alloc\d+) \(")
_REFERENCE = re.compile(r"╾─*(alloc\d+)(?:<imm>)?(\+0x[0-9a-f]+)?─*╼|\b(alloc\d+)\b")
_PLACE = re.compile(r"\{([a-z ]+)@([^{}]*?\.rs):(\d+):(\d+): (\d+):(\d+)(?: \(#\d+\))?\}")
_IMPL = re.compile(r"<impl at ([^<>]*?\.rs):(\d+):(\d+): (\d+):(\d+)>")
_OWNER = re.compile(r"^fn (.*?\{closure#\d+\})\(_1: [^{)]*(\{[a-z ]+@[^{}]*\})")
# The harness's own description of a test tells where it stands; that it is there, "test inventory" shows.
_HARNESS = re.compile(r"^const [^\n]*: (?:&\[&)?[\w:]*test::TestDescAndFn")
_NAMED_IMPL = re.compile(r"(?:\w+::)*\w*<impl (?!at )")
_FOR = re.compile(r"->|<|>| for ")
_ANGLE = re.compile(r"->|<|>|\n")
# `std::usize::MAX` is another name for `usize::MAX`.
_LEGACY = re.compile(r"\b(?:std|core)::([iu](?:8|16|32|64|128|size))::(MAX|MIN)\b")
# A static is named by its number too: `static(DefId(0:1826 ~ small[76fd]::a::NAME))`.
_NUMBERED = re.compile(r"\bDefId\(\d+:\d+ ~ (\w+)\[[0-9a-f]+\]::")
# rustc names a crate by any `extern crate` of it, such as those that derives write into constants without a
# name: `m::_::_serde::Serialize`. Which of several that is depends on where they stand.
_EXTERN = re.compile(r"(?<![\w:])(?:\w+::)*_::(_[a-z]\w*)::")
_LOOSE = re.compile(r'const \d+_u32|const "[^"]*\.rs"')

_SIGNATURE = re.compile(r"\(|: | =")
KIND = r"(?:fn |const |static (?:mut )?)?(?:promoted\[\d+\] in )?"
"""What stands in front of a body's path: ``fn ``, ``static mut ``, ``promoted[0] in ``."""


@dataclass(frozen=True, slots=True, order=True)
class Body:
    """One body: its name, a digest of it, and one blind to what ``line!()`` or ``file!()`` may have made."""

    name: str
    digest: str
    loose: str


def bodies(
    mir: str, files: Mapping[str, bytes], moved: Callable[[str], str] = lambda text: text
) -> tuple[Body, ...]:
    """Return the bodies of one compilation's MIR, sorted.

    Args:
        mir: What ``rustc --emit=mir`` wrote, with full paths.
        files: The sources it was made of, by the paths that stand in it.
        moved: Turns a text with today's paths into one with the old paths.
    """
    cut = list(_cut(mir))
    places = _Places(files, [head for head, _, _ in cut])

    def clean(text: str) -> str:
        plain = _LEGACY.sub(r"core::num::<impl \1>::\2", places.plain(text))
        plain = _EXTERN.sub(r"\1::", _NUMBERED.sub(r"DefId(\1::", plain))
        return _by_type(moved(plain.replace("::<", "<")))

    found = []
    for head, text, allocations in cut:
        if _HARNESS.match(head):
            continue
        plain = clean(_with_contents(text, allocations, clean))
        name = plain.split("\n", 1)[0][:200]
        found.append(Body(name, _digest(plain), _digest(_LOOSE.sub("const _", plain))))
    return tuple(sorted(found))


def path_of(body: str) -> str:
    """Return the path in a body's name: ``m::load::{closure#0}`` of ``fn m::load::{closure#0}(_1 ..``."""
    return _SIGNATURE.split(re.sub(f"^{KIND}", "", body), maxsplit=1)[0]


def within(mir: str, module: str) -> str:
    """Return the part of one compilation's MIR that is about what a module holds."""
    about = re.compile(rf"(?<![\w:]){re.escape(module)}::")
    kept = []
    for head, text, allocations in _cut(mir):
        if about.search(head.partition("(")[0].partition(": ")[0]):
            kept += [text, *(f"{name} ({rest}" for name, rest in allocations.items())]
    return "\n".join(kept)


def members(mir: str, module: str) -> frozenset[str]:
    """Return the paths of those functions, constants and modules in a module that have something in MIR."""
    named = re.compile(rf"^\w+ (?:mut )?({re.escape(module)}::\w+)")
    return frozenset(found[1] for head, _, _ in _cut(mir) if (found := named.match(head)))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _cut(mir: str) -> Iterator[tuple[str, str, dict[str, str]]]:
    """Yield each body: its first line, its text, and the allocations printed behind it."""
    text, allocations = "", dict[str, str]()
    for block in _blocks(mir):
        if found := _ALLOCATION.match(block):
            allocations[found[1]] = block[found.end() :]
            continue
        if text:
            yield text.split("\n", 1)[0], text, allocations
        text, allocations = block, {}
    if text:
        yield text.split("\n", 1)[0], text, allocations


def _blocks(mir: str) -> Iterator[str]:
    """Yield the top-level blocks: from an unindented line that opens one to the line that closes it."""
    lines: list[str] = []
    for line in mir.splitlines():
        if not lines and (not line or line.startswith("//")):
            continue
        lines.append(line)
        if line == "}" or (len(lines) == 1 and not line.endswith("{")):
            yield "\n".join(lines)
            lines = []
    if lines:
        yield "\n".join(lines)


def _with_contents(text: str, allocations: Mapping[str, str], clean: Callable[[str], str]) -> str:
    """Replace each numbered allocation by a digest of what it holds, the paths in it cleaned."""

    def content(name: str, above: tuple[str, ...]) -> str:
        if name not in allocations or name in above:
            return "alloc"
        inside = _REFERENCE.sub(lambda m: put(m, (*above, name)), allocations[name])
        return f"alloc {_digest(clean(inside))}"

    def put(found: re.Match[str], above: tuple[str, ...]) -> str:
        return f"{content(found[1] or found[3], above)}{found[2] or ''}"

    return _REFERENCE.sub(lambda m: put(m, ()), text)


def _by_type(text: str) -> str:
    """Name methods by type and trait alone: ``Type<T>::f`` for ``child<impl Type<T>>::f``.

    rustc prints the first where the impl stands in the type's own module, the second where it does not; so
    it does with ``<Type as Trait>::f`` and ``child<impl Trait for Type>::f``. Expects a text without
    turbofish.
    """
    pieces, done = [], 0
    for found in _NAMED_IMPL.finditer(text):
        end = _closing(text, found.end())
        # Behind a function's own `impl Fn()` stands what has no name: promoted constants, closures.
        if found.start() < done or not re.match(r">::(?!promoted\[|\{)", text[end : end + 12]):
            continue
        inside = _by_type(text[found.end() : end])
        cut = _outer_for(inside)
        name = inside if cut is None else f"<{inside[cut + 5 :]} as {inside[:cut]}>"
        pieces += [text[done : found.start()], name]
        done = end + 1
    return "".join([*pieces, text[done:]])


def _outer_for(text: str) -> int | None:
    """Return where `` for `` parts a trait from its type, outside all angle brackets."""
    depth = 0
    for found in _FOR.finditer(text):
        depth += {"<": 1, ">": -1}.get(found[0], 0)
        if found[0] == " for " and not depth:
            return found.start()
    return None


def _closing(text: str, start: int) -> int:
    """Return where the angle bracket that is open at ``start`` closes, or the end of the text."""
    depth = 1
    for found in _ANGLE.finditer(text, start):
        depth += {"<": 1, ">": -1}.get(found[0], 0)
        if not depth:
            return found.start()
    return len(text)


class _Places:
    """Replaces places in the workspace's sources by what stands there.

    rustc writes a file that ``#[path]`` names as it is named: ``src/../tests/unit/a.rs``.
    """

    def __init__(self, files: Mapping[str, bytes], heads: list[str]) -> None:
        self._files = files
        self._lines: dict[str, list[bytes]] = {}
        self._texts: dict[tuple[str, ...], str] = {}
        self._owners: dict[str, set[str]] = {}
        for head in heads:
            if found := _OWNER.match(head):
                self._owners.setdefault(found[2], set()).add(found[1])

    def plain(self, text: str) -> str:
        return _IMPL.sub(self._impl, _PLACE.sub(self._closure, text))

    def _closure(self, found: re.Match[str]) -> str:
        """Return a closure by the path of its body; where a macro made several at one place, by its text."""
        place = (normpath(found[2]), *found.groups()[2:])
        if place[0] not in self._files:
            return found[0]
        owners = self._owners.get(found[0], set())
        if len(owners) == 1:
            (owner,) = owners
            return f"{{{found[1]} {_IMPL.sub(self._impl, owner)}}}"
        return f"{{{found[1]} {self._text(place)}}}"

    def _impl(self, found: re.Match[str]) -> str:
        place = (normpath(found[1]), *found.groups()[1:])
        return f"{{impl {self._text(place)}}}" if place[0] in self._files else found[0]

    def _text(self, place: tuple[str, ...]) -> str:
        """Return the source at a place as tokens, without paths in front of names."""
        if place not in self._texts:
            path, *numbers = place
            self._texts[place] = _words(self._slice(path, *map(int, numbers)))
        return self._texts[place]

    def _slice(self, path: str, line: int, column: int, last: int, end: int) -> bytes:
        if path not in self._lines:
            self._lines[path] = self._files[path].split(b"\n")
        text = [part.decode(errors="replace") for part in self._lines[path][line - 1 : last]]
        if not text:
            return b""
        text[-1] = text[-1][: end - 1]
        text[0] = text[0][column - 1 :]
        return "\n".join(text).encode()


def _words(text: bytes) -> str:
    found = " ".join(t.text.decode(errors="replace") for t in tokens(text) if t.kind != "comment")
    return re.sub(r"(?:\w+ : : )+(?=\w)", "", found)


_STANDARD = re.compile(r"(?<![\w:])(?:core|alloc)::")
_SEEN_ELSEWHERE = {"std::collections::Bound": "std::ops::Bound", "std::rt::panic": "std::panicking::panic"}
_ELSEWHERE = re.compile(rf"(?<![\w:])(?:{'|'.join(_SEEN_ELSEWHERE)})")


def standard(text: str) -> str:
    """Return MIR with one name for each thing of the standard library, also in a ``no_std`` crate."""
    return _ELSEWHERE.sub(lambda match: _SEEN_ELSEWHERE[match[0]], _STANDARD.sub("std::", text))
