"""Whether expansion can make anything of a target but what its own tokens say, wherever they stand.

It cannot where only macros of the target itself are called, and those of the standard library that read no
file, no variable and no location; where derives and attributes are the compiler's; and where no build script
of the workspace may read the sources. Then conserved tokens expand to the same, and rustc need not be asked.
What cannot be told counts as something else.
"""

from collections.abc import Iterator, Sequence

from remediate.rust.modules.module_tree import module_tree
from remediate.rust.package import Package, Target
from remediate.rust.syntax.attributes import attribute_at
from remediate.rust.syntax.cfg import attribute_macros, resolved, split
from remediate.rust.syntax.known_names import KEYWORDS, PRELUDE_MACROS, STANDARD_CRATES, STANDARD_DERIVES
from remediate.rust.syntax.lexer import Token, TokenKind, tokens

_OPENING, _CLOSING = {b"(", b"[", b"{"}, {b")", b"]", b"}"}
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
    own = frozenset().union(*(known[file][0] for file in files))
    return all(known[file][1] <= own for file in files)


_Read = dict[str, tuple[frozenset[str], frozenset[str]]]


def _read_files(package: Package) -> _Read:
    """Return by file the macros it defines, and what it expands beside the standard library's."""
    return {path: _read(package.files[path]) for path in package.rust_files}


def _read(text: bytes) -> tuple[frozenset[str], frozenset[str]]:
    code = [t for t in tokens(text) if t.kind is not TokenKind.COMMENT]
    defined, foreign = set[str](), set[str]()
    for index, token in enumerate(code):
        behind = [t.text for t in code[index + 1 : index + 3]]
        if token.text == b"macro_rules" and behind[:1] == [b"!"]:
            defined.update(t.text.decode() for t in code[index + 2 : index + 3])
        elif token.kind is TokenKind.IDENT and behind[:1] == [b"!"] and {*behind[1:]} & _OPENING:
            foreign.update(_called(code, index))
        elif token.text == b"#" and b"[" in behind[: 1 + (behind[:1] == [b"!"])]:
            foreign.update(_attribute(text, code, index))
        elif token.text == b"use":
            foreign.update(_hidden(code, index))
        elif token.text == b"caller" or (token.text == b"extern" and _brings_macros(code, index)):
            foreign.add("#")
    return frozenset(defined), frozenset(foreign)


def _called(code: Sequence[Token], index: int) -> Iterator[str]:
    name = code[index].text.decode()
    first = index
    while first > 2 and [t.text for t in code[first - 2 : first]] == [b":", b":"]:
        first -= 3
    if code[first].text.decode() not in _OWN and first != index:
        yield "#"
    elif name not in KEYWORDS and name not in _CALLING:
        yield name


def _attribute(text: bytes, code: Sequence[Token], index: int) -> Iterator[str]:
    """Yield what is no attribute or derive of the compiler's own in the attribute that begins at a token."""
    depth, end = 0, index
    for end in range(index + 1, len(code)):
        depth += (code[end].text in _OPENING) - (code[end].text in _CLOSING)
        if code[end].text in _CLOSING and not depth:
            break
    found = attribute_at(text, code[index].start, code[end].end)
    yield from (path for path in attribute_macros((found,)) if path not in _KNOWN)
    for one in resolved(found):
        for part in split(one.arguments) if one.path == "derive" else ():
            yield from (name for name in [part[-1].text.decode()] if name not in STANDARD_DERIVES)


def _brings_macros(code: Sequence[Token], index: int) -> bool:
    """Whether ``extern`` begins an ``extern crate`` of another crate under ``#[macro_use]``."""
    words = [t.text for t in code[index + 1 : index + 3]]
    named = words[:1] == [b"crate"] and words[1].decode() not in STANDARD_CRATES
    return named and any(t.text == b"macro_use" for t in code[max(0, index - 4) : index])


def _hidden(code: Sequence[Token], index: int) -> Iterator[str]:
    """Yield "#" where an import from elsewhere could hide a macro of the standard library's."""
    path = next((t.text.decode() for t in code[index + 1 :] if t.kind is TokenKind.IDENT), "")
    for token in code[index + 1 :]:
        if token.text == b";":
            return
        hides = token.text == b"*" or token.text.decode() in _CALLING
        if hides and path not in _OWN:
            yield "#"
