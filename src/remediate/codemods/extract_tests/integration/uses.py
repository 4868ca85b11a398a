"""The ``use`` declarations in a test module's text, at its top, in modules below it, in function bodies."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from remediate.rust.syntax.lexer import Token
from remediate.rust.syntax.use_tree import Leaf, leaves, use_tree

_BEFORE = {b"{", b"}", b";", b"]", b")", b"pub"}


@dataclass(frozen=True)
class Use:
    """One declaration.

    Attributes:
        start: Where ``use`` stands.
        end: Behind the ``;``.
        single: Whether it has to stay one declaration: something before it belongs to it alone.
        prefix: The text before ``use`` that each of several would repeat: ``pub ``, say.
        reduced: Whether it has to be written anew, for what is meant does not need all of it.
    """

    start: int
    end: int
    single: bool
    prefix: str
    leaves: tuple[Leaf, ...]
    reduced: bool = False


def uses(text: bytes, code: Sequence[Token]) -> Iterator[Use]:
    """Yield the declarations among the tokens ``code``, comments left out, of ``text``."""
    for index, token in enumerate(code):
        if token.text != b"use" or (index and code[index - 1].text not in _BEFORE):
            continue
        end = next((t.end for t in code[index:] if t.text == b";"), None)
        if end is None:
            continue
        before = code[index - 1].text if index else b""
        prefix = "pub " if before == b"pub" else ""
        attributed = before in (b"]", b")") or (prefix != "" and index > 1 and code[index - 2].text == b"]")
        found = leaves(use_tree(text, token.start, end))
        yield Use(token.start, end, attributed, prefix, found)


def reduced(text: bytes, use: Use, needed: Collection[int]) -> Use:
    """Return a declaration with those of its leaves that begin at one of the offsets ``needed``.

    A comment in it stays with the declaration that it was copied from.
    """
    kept = tuple(leaf for leaf in use.leaves if leaf.start in needed)
    inside = text[use.start : use.end]
    anew = len(kept) < len(use.leaves) or b"//" in inside or b"/*" in inside
    return replace(use, leaves=kept, reduced=anew)


def spelled(leaf: Leaf) -> str:
    """Return a leaf as a declaration of its own says it."""
    alias = "" if leaf.glob or leaf.path[-1:] == (leaf.name,) else f" as {leaf.name}"
    return "::".join(leaf.path) + ("::*" if leaf.glob else alias)


def rendered(paths: Iterable[str], use: Use, indent: bytes) -> bytes:
    """Return declarations of some paths in place of ``use``; names of one module share one."""
    every = sorted(set(paths))
    plain, conditional = [p for p in every if not is_under(p)], [p for p in every if is_under(p)]
    trees = [_tree(module, list(found)) for module, found in groupby(plain, _module)]
    if use.single and len(trees) > 1:
        return f"use {{{', '.join(trees)}}};".encode()
    gap = b"\n" + indent + use.prefix.encode()
    lines = [f"use {tree};".encode() for tree in trees]
    split = (p.rpartition("] ") for p in conditional)
    for (cfg, module), found in groupby(split, lambda p: (p[0], _module(p[2]))):
        tree = _tree(module, [path for _, _, path in found])
        lines.append(f"{cfg}]\n".encode() + indent + f"use {tree};".encode())
    return gap.join(lines)


def under(cfg: str, path: str) -> str:
    """Return an imported path that is there under a condition."""
    return f"#[cfg({cfg})] {path}"


def is_under(path: str) -> bool:
    """Whether an imported path is there under a condition."""
    return path.startswith("#")


def always(path: str) -> str:
    """Return an imported path without its condition."""
    return path.rpartition("] ")[2]


def _module(path: str) -> str:
    return path.partition(" as ")[0].rpartition("::")[0]


def _tree(module: str, paths: Sequence[str]) -> str:
    if len(paths) == 1:
        return paths[0]
    return f"{module}::{{{', '.join(p.removeprefix(f'{module}::') for p in paths)}}}"
