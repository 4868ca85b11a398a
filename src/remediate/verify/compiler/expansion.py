"""The gates "expansion" and "location": after macro expansion a move has changed no literal, no definition.

What a macro makes is not spelled in the file: the path of the module by ``module_path!()`` in a macro of
another crate, a constant that a build script counted, a table that a procedural macro read from a file. So
the literals and the names of definitions are counted in what rustc writes after expansion, before the change
and after it. A literal that differs only in the location it names (the module's path, the file's, a line) is
told, with its function; any other difference fails.
"""

import hashlib
import re
from collections import Counter, deque
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from posixpath import normpath

from remediate.cargo.check import Configuration
from remediate.cargo.command import Cargo
from remediate.cargo.compiler_output import Expansion, ScriptOutput, expanded
from remediate.edits import Change
from remediate.feedback import LOCATION, Evidence, GateFailure
from remediate.rust.modules.module_tree import module_tree
from remediate.rust.package import LIBRARIES, Package, Target
from remediate.rust.syntax.lexer import Token, TokenKind, code, tokens

_LONGEST = 120
_LINE = re.compile(r"\d+u32")


CALLER = "Location::caller"
_NAMED = {b"fn", b"const", b"static"}
_DEFINES = {*_NAMED, b"struct", b"enum", b"union", b"trait", b"type"}
_NO_NAMES = {b"fn", b"unsafe", b"extern", b"async", b"mut", b"_", b"super", b"self", b"crate"}
_ABI = b'"C"'


@dataclass(frozen=True, slots=True)
class Word:
    """A literal, a definition (``fn name``), or ``Location::caller``.

    Attributes:
        module: The path of the module around it, without the crate.
        owner: The function, constant or static that was begun last before it.
    """

    text: str
    module: tuple[str, ...] = ()
    owner: str = ""


@dataclass(frozen=True, slots=True)
class Expanded:
    """One target after expansion: each word with how often it stands there; ``made``: whether it expands."""

    configuration: str
    label: str
    words: tuple[tuple[str, int], ...] = ()
    scripts: tuple[ScriptOutput, ...] = ()
    made: bool = True


@dataclass
class Expansions:
    """Expanded targets: what is remembered of them, and every word with where it stands."""

    targets: list[Expanded] = field(default_factory=list)
    words: list[Word] = field(default_factory=list)


def targets_of(package: Package, paths: Collection[str]) -> tuple[Target, ...]:
    """Return the targets that files of a package are compiled into, build scripts aside."""
    roots = {t.root for path in paths for m in module_tree(package).of_file(path) for t in m.targets}
    roots |= {path for path in paths if path.endswith(".rs")}
    return tuple(t for t in package.targets if t.root in roots and "custom-build" not in t.kinds)


def expand(
    cargo: Cargo,
    configuration: Configuration,
    spec: str,
    targets: Sequence[Target],
    known: Mapping[str, str] | None = None,
) -> Expansions:
    """Expand targets of a package as it stands on the disk, for tests where they have some.

    ``known`` has what a build has expanded of it already, by the target's label: see ``along``.

    Raises:
        ToolError: cargo is missing.
    """
    found = Expansions()
    for target in targets:
        kind = "lib" if LIBRARIES & set(target.kinds) else target.kinds[0]
        tested = target.test or kind == "test"
        chosen = ("--lib",) if kind == "lib" else (f"--{kind}", target.name)
        text = (known or {}).get(target.label)
        made = Expansion(text) if text else expanded(cargo, configuration, spec, chosen, test=tested)
        own = list(words(made.text.encode()))
        counted = tuple(sorted(Counter(_remembered(word.text) for word in own).items()))
        found.words += own
        found.targets.append(
            Expanded(configuration.name, target.label, counted, made.scripts, bool(made.text))
        )
    return found


def along(package: Package, paths: Collection[str], expanded: Collection[Expanded]) -> tuple[str, ...]:
    """Return the crates that a build for tests may expand along, as they will be compared with ``expanded``.

    Not where there are build scripts: what those make is to be compared too, and they may ask for wrappers.
    """
    if any("custom-build" in t.kinds for one in (package, *package.others) for t in one.targets):
        return ()
    known = {one.label for one in expanded}
    return tuple(t.name.replace("-", "_") for t in targets_of(package, paths) if t.test and t.label in known)


def _remembered(text: str) -> str:
    """Return a word as it is kept: the beginning of a very long literal, and a digest of it."""
    if len(text) <= _LONGEST:
        return text
    return f"{text[:_LONGEST]}.. ({len(text)} characters, {hashlib.sha256(text.encode()).hexdigest()[:16]})"


@dataclass(frozen=True, slots=True)
class Located:
    """A word that names its location: what it says now, and what it said before ("" where it asks anew)."""

    word: Word
    before: str

    def __str__(self) -> str:
        """Return the evidence for a person."""
        where = "::".join((*self.word.module, self.word.owner))
        if not self.before:
            return f"{where} calls {CALLER}"
        return f"{where} has {_remembered(self.word.text)}, had {self.before}"


@dataclass(frozen=True, slots=True)
class Difference:
    """What differs between two expansions: words that name their location, and all others."""

    located: tuple[Located, ...] = ()
    lost: tuple[str, ...] = ()
    added: tuple[Word, ...] = ()

    @property
    def sentences(self) -> tuple[str, ...]:
        """What differs in more than the location it names."""
        new = (f"`{_remembered(w.text)}` is new in {'::'.join((*w.module, w.owner))}" for w in self.added)
        return (*(f"`{text}` is gone" for text in self.lost), *new)


@dataclass(frozen=True)
class Locations:
    """The modules and files whose names may stand in an expansion for "here"."""

    modules: Mapping[str, str]
    files: frozenset[str]
    new: frozenset[tuple[str, ...]]

    @classmethod
    def of(cls, before: Package, after: Package, change: Change) -> "Locations":
        """Return the names that a change gives: those of its new modules and of the files it touches."""
        old = {(t.name, m.path) for m in module_tree(before).modules for t in m.targets}
        now = {(t.name, m.path) for m in module_tree(after).modules for t in m.targets}
        named = {
            "::".join((name.replace("-", "_"), *path[1:])): "::".join((name.replace("-", "_"), *path[1:-1]))
            for name, path in now - old
            if len(path) > 1
        }
        files = {*change.originals(), *change.creations, *change.moves.values()}
        return cls(named, frozenset(files), frozenset(path[1:] for _, path in now - old))

    def plain(self, text: str) -> str:
        """Return a word with one name for every location that the change moves code between."""
        if _LINE.fullmatch(text):
            return "a line"
        inner = text.strip('"')
        if inner.endswith(".rs") and normpath(inner) in self.files:
            return "a file"
        for name in sorted(self.files, key=len, reverse=True) if ".rs" in text else ():
            text = text.replace(name, "a file")
        for name in sorted(self.modules, key=len, reverse=True):
            text = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", self.modules[name], text)
        return text


def difference(
    before: Sequence[Expanded], after: Expansions, locations: Locations, rewritten: Mapping[bytes, bytes]
) -> Difference:
    """Compare all words of the targets before with all after.

    ``rewritten`` maps literals that the change declares to have re-anchored to their new spelling.
    """
    spelled = {old.decode(): new.decode() for old, new in rewritten.items()}
    old: Counter[str] = Counter()
    for target in before:
        old.update({spelled.get(text, text): 0 for text, _ in target.words})
        for text, count in target.words:
            old[spelled.get(text, text)] += count
    new = Counter(_remembered(word.text) for word in after.words)
    lost, added = sorted((old - new).elements()), sorted((new - old).elements())
    where = _where(after.words, locations)
    located, rest = [], []
    for text in added:
        word = where[text].popleft()
        pair = next((one for one in lost if locations.plain(one) == locations.plain(text)), None)
        if pair is None:
            rest.append(word)
        else:
            lost.remove(pair)
            located.append(Located(word, pair))
    asks = [Located(w, "") for w in after.words if w.text == CALLER and w.module in locations.new]
    return Difference((*located, *asks), tuple(lost), tuple(rest))


def _where(found: Sequence[Word], locations: Locations) -> Mapping[str, deque[Word]]:
    """Return for each word its occurrences, those in new modules first."""
    by_text: dict[str, list[Word]] = {}
    for word in found:
        by_text.setdefault(_remembered(word.text), []).append(word)
    return {
        text: deque(sorted(those, key=lambda w: w.module not in locations.new))
        for text, those in by_text.items()
    }


def told(located: Sequence[Located], after: Package) -> tuple[GateFailure, ...]:
    """Return what says which module or file it is in, with the function as evidence.

    A codemod may answer them. Lines shift with every edit, and callers with them: these are only told.
    """
    files = {m.path[1:]: m for m in reversed(module_tree(after).modules)}
    return tuple(
        GateFailure(
            LOCATION, str(one), (_evidence(one.word, files[one.word.module].file, after),), judged=False
        )
        for one in located
        if one.word.module in files and '"' in one.before
    )


def _evidence(word: Word, path: str, after: Package) -> Evidence:
    """Return a function in a file, with its line where its name is spelled there once."""
    code = list(tokens(after.files[path]))
    found = [
        two
        for one, two in pairwise(code)
        if one.text in {b"fn", b"const", b"static"} and two.text.decode(errors="replace") == word.owner
    ]
    line = after.source(path).line_of(found[0].start) if len(found) == 1 else 0
    return Evidence(path, word.owner, line)


def words(text: bytes) -> Iterator[Word]:
    """Yield the words of an expansion, without what the test harness says of tests."""
    stream = code(text)
    modules: list[tuple[str, int]] = []
    depth, index, owner = 0, 0, ""
    while index < len(stream):
        index += _passed_over(stream, index)
        if index >= len(stream):
            return
        token, following = stream[index], [t.text for t in stream[index + 1 : index + 4]]
        depth += (token.text == b"{") - (token.text == b"}")
        while modules and token.text == b"}" and depth < modules[-1][1]:
            modules.pop()
        found = _word(stream, index, following)
        if token.text == b"mod" and following[1:2] == [b"{"]:
            modules.append((following[0].decode(errors="replace"), depth + 1))
        if token.text in _NAMED and found:
            owner = found.partition(" ")[2]
        if found:
            yield Word(found, tuple(name for name, _ in modules), owner)
        index += 1


def _word(code: Sequence[Token], index: int, following: Sequence[bytes]) -> str:
    token = code[index]
    before = code[index - 1].text if index else b""
    name = following[0].decode(errors="replace") if following else ""
    if token.kind is TokenKind.LITERAL:
        # rustfmt writes out the ABI that `extern fn` has anyway.
        return "" if token.text == _ABI and before == b"extern" else token.text.decode(errors="replace")
    if token.text == b"Location" and following == [b":", b":", b"caller"]:
        return CALLER
    if token.text == b"macro_rules" and following[:1] == [b"!"] and len(following) > 1:
        return f"macro_rules {following[1].decode(errors='replace')}"
    if token.text == b"fn" and following[:1] == [b"main"]:
        return ""  # the harness makes one for each test target
    if token.text in _DEFINES and before not in {b"*", b"'", b"<", b","} and following:
        is_name = following[0][:1].isalpha() or following[0][:1] == b"_"
        return f"{token.text.decode()} {name}" if is_name and following[0] not in _NO_NAMES else ""
    return ""


def _passed_over(code: Sequence[Token], index: int) -> int:
    """Return how many tokens say nothing of what the program does and may differ after a move.

    The harness's description of a test tells where it stands, and every target with tests has a ``main`` of
    the harness; ``#[path]`` and documentation are no code; an impl may be divided, and then its header stands
    there twice.
    """
    done = index
    while done < len(code):
        texts = [t.text for t in code[done : done + 3]]
        before = code[done - 1].text if done else b";"
        if texts == [b"#", b"[", b"rustc_test_marker"]:
            done = _end(code, done, b";")
        elif texts == [b"#", b"[", b"rustc_main"]:
            opening = next((i for i in range(done, len(code)) if code[i].text == b"{"), done)
            done = _end(code, opening, b"}")
        elif texts[:2] == [b"#", b"["] and texts[2:] in ([b"path"], [b"doc"]):
            done = _end(code, done + 1, b"]")
        elif texts[:1] == [b"impl"] and before in {b"}", b";", b"]", b"{", b"unsafe", b"default"}:
            done = _end(code, done, b"{") - 1
            break
        else:
            break
    return done - index


def _end(code: Sequence[Token], start: int, end: bytes) -> int:
    """Return the index behind the next ``end`` that stands in no bracket opened after ``start``."""
    depth = 0
    for index in range(start + 1, len(code)):
        text = code[index].text
        if text == end and not depth:
            return index + 1
        depth += (text in {b"(", b"[", b"{"}) - (text in {b")", b"]", b"}"})
    return len(code)
