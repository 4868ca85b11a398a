"""Conservation: a move is a move. Knows no codemod; compares bytes before and after with what was declared.

Every unit (see ``units``) of the input is in the output, once, except for what the codemod's
``Proofs`` exempt. Comments are never exempt. Bare ``pub`` and ``pub(crate)`` are ordinary tokens, so they
can be neither added nor dropped: only visibilities relative to a module may, ``pub(super)``, ``pub(in ..)``.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import PurePosixPath
from types import MappingProxyType

from remediate.edits import Edit, apply
from remediate.model import Files
from remediate.proofs import Moves, Proof, Proofs
from remediate.rust.syntax.lexer import TokenKind, tokens
from remediate.rust.syntax.licence import without_copied_headers
from remediate.verify.text.formatting import OPTIONAL
from remediate.verify.text.units import (
    Normal,
    Pair,
    Unit,
    UnitKind,
    normal,
    units,
    without_attribute,
    without_imports,
)

Texts = Mapping[str, bytes | None]
_BOM = b"\xef\xbb\xbf"
_TEST_INCLUDE = ["#", "[", "cfg", "(", "test", ")", "]", "include", "!", "("]
_CONFIGURATION = {"Cargo.toml", "nextest.toml"}


@dataclass(frozen=True, slots=True)
class Violation:
    """Something that is not conserved: ``what`` is "lost" or "added", ``text`` its first line."""

    what: str
    kind: str
    path: str
    line: int
    text: str

    def __str__(self) -> str:
        """Return one line for a person."""
        return f"{self.path}:{self.line}: {self.what} {self.kind}: {self.text}"


@dataclass(frozen=True, slots=True)
class _Occurrence:
    path: str
    line: int
    text: str


def conserve(  # noqa: PLR0913 - the two sides, what may change, and what the change declares
    before: Texts,
    after: Texts,
    proofs: Proofs,
    new_modules: frozenset[str] = frozenset(),
    rewritten: Mapping[bytes, bytes] | None = None,
    *,
    laid_out: frozenset[str] = frozenset(),
    crates: frozenset[str] = frozenset(),
) -> tuple[Violation, ...]:
    """Return what of ``before`` is not in ``after``, and what is in ``after`` from nowhere.

    Both map every touched path to its bytes, None where the file does not exist. ``rewritten`` maps literals
    the change declares to have re-anchored (``include_str!`` paths) to their new spelling. ``laid_out`` are
    files known to be as rustfmt lays them out: what it adds, drops and breaks there counts for nothing.
    ``crates`` are the libraries whose tests move to another target: these change their imports, and
    say ``library::`` for ``crate::``. Other code must not have changed at all: see ``verify.production``.
    A new file may begin with a copy of the licence header that an old one begins with.
    """
    before, after = without_copied_headers(before, after)
    told = {old: new for old, new in (rewritten or {}).items() if _may_be_rewritten(old, new)}
    census = _Census(proofs, new_modules, told, crates if proofs.moves.targets else frozenset())
    old, new = census.count(before), census.count(after)
    lost, added = _excess(old, new, census.may_drop), _excess(new, old, census.may_add)
    if laid_out:
        lost, added = _unpaired(lost, added, laid_out)
    found = [*(_violation("lost", *one) for one in lost), *(_violation("added", *one) for one in added)]
    return tuple(sorted(found, key=lambda v: (v.path, v.line, v.what, v.text)))


_TARGETS = re.compile(rb"\]\([^()\s]*(?:\(\))?\)|\]\[[^\]]*\]|(?<=\]:)[ \t]*\S+")
_DISAMBIGUATORS = re.compile(rb"(?<=\[)\w+@|(?<=\[`)\w+@")


def _may_be_rewritten(old: bytes, new: bytes) -> bool:
    """Whether a token may be spelled anew: a literal as declared, a comment in its links' targets only."""
    if not old.startswith((b"//", b"/*")):
        return True
    return _without_targets(old) == _without_targets(new)


def _without_targets(comment: bytes) -> bytes:
    return _DISAMBIGUATORS.sub(b"", _TARGETS.sub(b"]", comment)).replace(b"]:", b"]")


def _violation(what: str, key: "_Key", occurrence: "_Occurrence") -> Violation:
    return Violation(what, key[0], occurrence.path, occurrence.line, occurrence.text)


_Key = tuple[str, Normal, Normal]
_Counted = dict[_Key, list[_Occurrence]]


class _Census:
    """Counts the units of a set of files in their normal form."""

    def __init__(
        self,
        proofs: Proofs,
        new_modules: frozenset[str],
        rewritten: dict[bytes, bytes],
        crates: frozenset[str],
    ) -> None:
        moves = proofs.moves
        self.may = replace(moves, uses=True, path_prefixes=True) if crates else moves
        self.manifest = proofs.manifest is Proof.DECLARED
        self.new_modules, self.rewritten, self.crates = new_modules, rewritten, crates

    def count(self, texts: Texts) -> _Counted:
        counted: _Counted = defaultdict(list)
        for path, text in sorted(texts.items()):
            for key, line, shown in self._file(path, text) if text is not None else ():
                counted[key].append(_Occurrence(path, line, shown))
        if self.may.impl_headers:
            for key, occurrences in counted.items():
                del occurrences[1 if key[0] == UnitKind.IMPL else len(occurrences) :]
        return counted

    def may_drop(self, key: _Key) -> bool:
        """Whether a unit may go: a use, unless it is a re-export (a path would go with it)."""
        return key[0] == UnitKind.USE and self.may.uses and not _is_reexport(key[1])

    def may_add(self, key: _Key) -> bool:
        """Whether a unit may come from nowhere: a use, or what brings in a declared new file."""
        if key[0] == UnitKind.USE:
            return self.may.uses
        if self.crates and is_of_root(key[0], key[1]):
            return True
        if key[0] == UnitKind.ITEM:
            return self.may.modules and _included(key[1]) in self.new_modules
        return key[0] == UnitKind.MODULE and self.may.modules and key[1][-1] in self.new_modules

    def _file(self, path: str, text: bytes) -> Iterable["_Entry"]:
        if path.endswith(".rs"):
            return _entries(text, self.may, frozenset(self.rewritten.items()), self.crates)
        name = PurePosixPath(path).name
        if self.manifest and name in _CONFIGURATION:
            return ()
        return [(("file", (text.decode("latin-1"),), ()), 1, name)]


_Entry = tuple[_Key, int, str]
"""A unit's key, its line, and its first words."""


# Every round of a fix counts the originals, and most new files as they were: a text is read once.
@lru_cache(maxsize=64)
def _entries(
    text: bytes, may: Moves, rewritten: frozenset[tuple[bytes, bytes]], crates: frozenset[str]
) -> tuple[_Entry, ...]:
    """Return the entries of one Rust file."""
    lines, texts = _LineCounter(text), dict(rewritten)
    found = list(_head(text))
    for unit in units(text):
        line = lines.at(unit.start)
        found += (_entry(*one, may, texts, line) for one in _parts(unit, may, crates))
    return tuple(found)


def _parts(
    unit: Unit, may: Moves, crates: frozenset[str]
) -> Iterator[tuple[UnitKind, tuple[Pair, ...], tuple[Pair, ...]]]:
    """Yield the unit, and first, if it may go or change, its comments as units of their own."""
    pairs = unit.tokens
    if unit.kind is UnitKind.USE and may.uses:
        comments = [p for p in pairs if p[1].kind is TokenKind.COMMENT]
        pairs = tuple(p for p in pairs if p[1].kind is not TokenKind.COMMENT)
        yield from ((UnitKind.COMMENT, (p,), ()) for p in comments)
    if unit.kind is UnitKind.MODULE and may.modules:
        pairs = without_attribute(pairs, b"path")
    if crates and unit.kind is not UnitKind.USE:
        pairs = without_imports(pairs, crates)
    yield unit.kind, pairs, unit.header if unit.kind is UnitKind.ITEM else ()


def _entry(  # noqa: PLR0913, PLR0917 - a unit, what may change in it, and where it stands
    kind: UnitKind,
    pairs: tuple[Pair, ...],
    header: tuple[Pair, ...],
    may: Moves,
    rewritten: Mapping[bytes, bytes],
    line: int,
) -> _Entry:
    key = normal(pairs, may, rewritten)
    shown = " ".join(t for t in key if t.strip())[:100]
    return (kind.value, key, normal(header, may, rewritten)), line, shown


class _LineCounter:
    """Line numbers of ascending offsets, in one pass."""

    def __init__(self, text: bytes) -> None:
        self.text, self.offset, self.line = text, 0, 1

    def at(self, offset: int) -> int:
        """Return the line of an offset that is not before the last one asked for."""
        self.line += self.text.count(b"\n", self.offset, offset)
        self.offset = offset
        return self.line


def _head(text: bytes) -> Iterator[_Entry]:
    """Yield what stands before the first token and is none: byte order mark, shebang."""
    if text.startswith(_BOM):
        yield ("byte order mark", (), ()), 1, "BOM"
    line = text.removeprefix(_BOM).split(b"\n", 1)[0].decode("latin-1")
    if line.startswith("#!") and not line[2:].lstrip().startswith("["):
        yield ("shebang", (line,), ()), 1, line


def _included(key: Normal) -> str | None:
    """Return the stem of the file that exactly ``#[cfg(test)] include!("..");`` includes."""
    words = [t for t in key if t.strip()]
    if words[:10] == _TEST_INCLUDE and words[11:] == [")", ";"]:
        return PurePosixPath(words[10].strip('"')).stem
    return None


def _is_reexport(key: Normal) -> bool:
    return "use" in key and "pub" in key[: key.index("use")]


_Excess = list[tuple[_Key, _Occurrence]]


def _excess(one: _Counted, other: _Counted, exempt: Callable[[_Key], bool]) -> _Excess:
    """Return what ``one`` holds more often than ``other``, its last occurrences."""
    found: _Excess = []
    for key, occurrences in one.items():
        surplus = len(occurrences) - len(other.get(key, ()))
        if surplus > 0 and not exempt(key):
            found += [(key, occurrence) for occurrence in occurrences[-surplus:]]
    return found


def _unpaired(lost: _Excess, added: _Excess, laid_out: frozenset[str]) -> tuple[_Excess, _Excess]:
    """Return both without the pairs of which one is the other as rustfmt lays it out."""
    waiting: dict[_Key, list[tuple[_Key, _Occurrence]]] = defaultdict(list)
    for one in lost:
        waiting[_loose(one[0])].append(one)
    alone = []
    for key, occurrence in added:
        partners = waiting.get(_loose(key)) if occurrence.path in laid_out else None
        if partners:
            partners.pop()
        else:
            alone.append((key, occurrence))
    return [one for group in waiting.values() for one in group], alone


def _loose(key: _Key) -> _Key:
    kind, own, header = key
    return kind, tuple(_words(own)), tuple(_words(header))


def _words(form: Normal) -> Iterator[str]:
    return (text for text in form if text.strip() and text.encode("latin-1") not in OPTIONAL)


_ATTRIBUTES = {"feature", "recursion_limit"}


def is_of_root(kind: str, key: Normal) -> bool:
    """Whether a unit, in its normal form, is ``extern crate x;``, ``#![feature(..)]`` or its like."""
    words = [t for t in key if t.strip()]
    if kind == UnitKind.INNER_ATTRIBUTE:
        # Its name, not a word in it: `#![cfg(feature = "x")]` would switch tests off.
        return words[:3] == ["#", "!", "["] and not _ATTRIBUTES.isdisjoint(words[3:4])
    extern = any(words[i : i + 2] == ["extern", "crate"] for i in range(len(words)))
    return kind == UnitKind.ITEM and extern and words[-1] == ";"


def expected(files: Files, rewrites: Mapping[str, tuple[Edit, ...]]) -> dict[str, bytes | None]:
    """Return each rewritten file's text as the declared spans leave it.

    Raises:
        OverlapError: Two spans of a file overlap, or one reaches out of it.
    """
    return {path: apply(files[path], spans) for path, spans in rewrites.items()}


def lost_comments(
    files: Files,
    rewrites: Mapping[str, tuple[Edit, ...]],
    gone: Mapping[str, tuple[bytes, ...]] = MappingProxyType({}),
) -> tuple[Violation, ...]:
    """Return the comments inside of rewritten spans that what the span becomes does not hold.

    ``gone`` are those that the change names as going, by path.
    """
    return tuple(
        v
        for path, spans in sorted(rewrites.items())
        for v in _lost(path, files[path], spans, gone.get(path, ()))
    )


def _lost(path: str, text: bytes, spans: tuple[Edit, ...], gone: tuple[bytes, ...]) -> Iterator[Violation]:
    going = Counter(map(_unspaced, gone))
    comments = [t for t in tokens(text) if t.kind is TokenKind.COMMENT]
    for span in sorted(spans):
        touched = [t for t in comments if t.start < span.end and span.start < t.end]
        kept = Counter(_unspaced(t.text) for t in tokens(span.new) if t.kind is TokenKind.COMMENT)
        for comment in touched:
            words = _unspaced(comment.text)
            kept[words] -= 1
            if kept[words] < 0 and going[words]:
                going[words] -= 1
            elif kept[words] < 0:
                line = text.count(b"\n", 0, comment.start) + 1
                shown = comment.text.decode(errors="replace").split("\n", 1)[0]
                yield Violation("lost", "comment", path, line, shown)


def _unspaced(comment: bytes) -> bytes:
    return b" ".join(comment.split())
