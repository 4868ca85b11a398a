"""Whether expansion can make anything of a target but what its own tokens say, wherever they stand.

It cannot where only macros of the target itself are called, and those of the standard library that read no
file, no variable and no location; where derives and attributes are the compiler's; and where no build script
of the workspace may read the sources. Then the same tokens expand to the same, and rustc need not be asked,
if each macro has one definition wherever it is called, and is given the same tokens: some write them out, and
a path in them may have changed its beginning. What cannot be told counts as something else.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from remediate.rust.modules.module_tree import module_tree
from remediate.rust.package import Package, Target
from remediate.rust.syntax.attributes import Attribute, attribute_at
from remediate.rust.syntax.cfg import Predicate, is_macro, resolved, split
from remediate.rust.syntax.known_names import KEYWORDS, PRELUDE_MACROS, STANDARD_CRATES, STANDARD_DERIVES
from remediate.rust.syntax.lexer import Token, TokenKind, closing, code

_OPENING = {b"(", b"[", b"{"}
_CALLING = (PRELUDE_MACROS | {"pin", "ready"}) - {
    *("column", "dbg", "env", "file", "include", "include_bytes", "include_str", "line", "module_path"),
    *("option_env", "is_x86_feature_detected", "concat_idents"),
}
"""Macros of the standard library that make nothing but of their arguments."""
_KNOWN = {"derive", "no_std", "no_core", "no_main"}
"""Attributes of the compiler's own that are not in the list of those that items have."""
_OWN = STANDARD_CRATES | {"crate", "self", "super"}


def expands_by_itself(package: Package, targets: Sequence[Target]) -> bool:
    """Whether all that targets of a package expand to is determined by their tokens alone."""
    if any("custom-build" in t.kinds for one in (package, *package.others) for t in one.targets):
        return False
    roots = {target.root for target in targets}
    files = {m.file for m in module_tree(package).modules for t in m.targets if t.root in roots}
    if not files or any(file not in package.files for file in files):
        return False
    known = package.derived(_read_files)
    own = Counter(name for file in files for name in known[file][0])
    # Of two of a name, or of one of the standard library's name, the location decides which is called.
    if any(count > 1 or name in PRELUDE_MACROS for name, count in own.items()):
        return False
    return all(known[file][1] <= own.keys() for file in files)


def calls(texts: Iterable[bytes]) -> Counter[tuple[bytes, ...]]:
    """Return what the macro calls of some files are given, comments left out, each with its macro's name."""
    found: Counter[tuple[bytes, ...]] = Counter()
    for text in texts:
        stream = code(text)
        for index, token in enumerate(stream[:-2]):
            called = stream[index + 1].text == b"!" and stream[index + 2].text in _OPENING
            if token.kind is TokenKind.IDENT and called:
                given = stream[index + 2 : closing(stream, index + 2)]
                found[token.text, *(t.text for t in given)] += 1
    return found


_Read = dict[str, tuple[tuple[str, ...], frozenset[str]]]


def _read_files(package: Package) -> _Read:
    """Return by file the macros it defines, and what it expands beside the standard library's."""
    return {path: _read(package.files[path]) for path in package.rust_files}


def _read(text: bytes) -> tuple[tuple[str, ...], frozenset[str]]:
    stream, defined, foreign = code(text), list[str](), set[str]()
    for index, token in enumerate(stream):
        behind = [t.text for t in stream[index + 1 : index + 3]]
        if token.text == b"macro_rules" and behind[:1] == [b"!"]:
            defined.extend(t.text.decode() for t in stream[index + 2 : index + 3])
        elif token.kind is TokenKind.IDENT and behind[:1] == [b"!"] and {*behind[1:]} & _OPENING:
            foreign.update(_called(stream, index))
        elif token.text == b"#" and b"[" in behind[: 1 + (behind[:1] == [b"!"])]:
            foreign.update(_attribute(text, stream, index))
        elif token.text == b"use":
            foreign.update(_hidden(stream, index))
        elif token.text == b"caller" or (token.text == b"extern" and _brings_macros(stream, index)):
            foreign.add("#")
    return tuple(defined), frozenset(foreign)


def _called(stream: Sequence[Token], index: int) -> Iterator[str]:
    name = stream[index].text.decode()
    first = index
    while first > 2 and [t.text for t in stream[first - 2 : first]] == [b":", b":"]:
        first -= 3
    if stream[first].text.decode() not in _OWN and first != index:
        yield "#"
    elif name not in KEYWORDS and name not in _CALLING:
        yield name


def _attribute(text: bytes, stream: Sequence[Token], index: int) -> Iterator[str]:
    """Yield what is no attribute or derive of the compiler's own in the attribute that begins at a token."""
    bracket = index + 1 + (stream[index + 1].text == b"!")
    end = min(closing(stream, bracket), len(stream) - 1)
    found = attribute_at(text, stream[index].start, stream[end].end)
    yield from (name for _, name in foreign_macros(found))


def foreign_macros(attribute: Attribute) -> Iterator[tuple[tuple[Predicate, ...], str]]:
    """Yield what is no attribute or derive of the compiler's own, with the cfgs under which it is asked."""
    for one in resolved(attribute):
        derived = (part[-1].text.decode() for part in split(one.arguments)) if one.path == "derive" else ()
        yield from ((one.when, name) for name in derived if name not in STANDARD_DERIVES)
        if is_macro(one.path) and one.path not in _KNOWN:
            yield one.when, one.path


def _brings_macros(stream: Sequence[Token], index: int) -> bool:
    """Whether ``extern`` begins an ``extern crate`` of another crate under ``#[macro_use]``."""
    words = [t.text for t in stream[index + 1 : index + 3]]
    named = words[:1] == [b"crate"] and words[1].decode() not in STANDARD_CRATES
    return named and any(t.text == b"macro_use" for t in stream[max(0, index - 4) : index])


def _hidden(stream: Sequence[Token], index: int) -> Iterator[str]:
    """Yield "#" where an import from elsewhere could hide a macro of the standard library's."""
    path = next((t.text.decode() for t in stream[index + 1 :] if t.kind is TokenKind.IDENT), "")
    for token in stream[index + 1 :]:
        if token.text == b";":
            return
        named = token.text.decode(errors="replace") in PRELUDE_MACROS and path not in STANDARD_CRATES
        if named or (token.text == b"*" and path not in _OWN):
            yield "#"
