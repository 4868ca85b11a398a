"""Which names any text of a package says behind a module's name: ``types::Beta``, ``types::{Beta}``.

Read from tokens alone, so that code under any cfg, in macros and in files of no target counts as well.
"""

from remediate.rust.modules.module_tree import module_tree
from remediate.rust.package import Package
from remediate.rust.syntax.lexer import Token, TokenKind, tokens

_COLONS = [b":", b":"]


def spelled_behind(package: Package, module: str, without: str) -> frozenset[str]:
    """Return the names that files other than ``without`` say behind ``module::``."""
    found = package.derived(_spelled)
    return frozenset().union(*(names.get(module, ()) for path, names in found.items() if path != without))


def words_of_orphans(package: Package) -> dict[str, frozenset[str]]:
    """Return the words of every file that no target reaches."""
    return package.derived(_words_of_orphans)


def _spelled(package: Package) -> dict[str, dict[str, set[str]]]:
    return {path: _behind(package.files[path]) for path in package.rust_files}


def _behind(text: bytes) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    stream = [t for t in tokens(text) if t.kind is not TokenKind.COMMENT]
    for index, token in enumerate(stream[:-3]):
        if token.kind is TokenKind.IDENT and [t.text for t in stream[index + 1 : index + 3]] == _COLONS:
            found.setdefault(token.name, set()).update(_first_names(stream, index + 3))
    return found


def _first_names(stream: list[Token], index: int) -> set[str]:
    """Return the names a path goes on with at an index: one, or those that begin the branches of a group."""
    if stream[index].kind is TokenKind.IDENT:
        return {stream[index].name}
    names: set[str] = set()
    depth = 0
    for before, token in zip(stream[index - 1 :], stream[index:], strict=False):
        depth += (token.text == b"{") - (token.text == b"}")
        if depth < 1:
            break
        if depth == 1 and token.kind is TokenKind.IDENT and before.text in (b"{", b","):
            names.add(token.name)
    return names


def _words_of_orphans(package: Package) -> dict[str, frozenset[str]]:
    return {
        path: frozenset(t.name for t in tokens(text) if t.kind is TokenKind.IDENT)
        for path in module_tree(package).orphans
        if (text := package.files.get(path)) is not None
    }
