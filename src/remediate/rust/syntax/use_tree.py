"""What a ``use`` declaration binds: its tree, its leaves, and the same declaration with fewer of them.

Read from tokens, so that it does not depend on how the parser names the parts of a use tree.
"""

from collections.abc import Callable, Container, Iterator
from dataclasses import dataclass, replace

from remediate.rust.syntax.lexer import Token, TokenKind, code

_WIDTH = 100


@dataclass(frozen=True, slots=True)
class Leaf:
    """One name (or glob) that a declaration imports.

    Attributes:
        path: Segments without ``r#``; the first is "" for a leading ``::``; that of ``a`` for ``a::{self}``.
        name: The name bound here; "*" for a glob, "_" for ``as _``.
        start: Byte offset of the leaf in the file.
        end: Where it ends, alias included.
    """

    path: tuple[str, ...]
    name: str
    start: int
    end: int

    @property
    def glob(self) -> bool:
        """Whether it imports all names of its path."""
        return self.name == "*"


@dataclass(frozen=True, slots=True)
class UseTree:
    """A use tree: ``segments`` as written, then a group, a glob, an alias or nothing.

    Attributes:
        segments: Leading segments as written (``r#`` kept), the first "" for a leading ``::``.
        ending: "" for a plain path, "*" for a glob, the alias of ``as``, or "{" for a group.
        group: The subtrees of a group.
        start: Byte offset of its first token.
        end: Byte offset behind its last token.
    """

    segments: tuple[str, ...]
    ending: str
    group: tuple["UseTree", ...]
    start: int
    end: int


def use_tree(text: bytes, start: int, end: int) -> UseTree:
    """Read the tree of the declaration at ``text[start:end]`` (visibility and ``;`` included or not)."""
    stream = code(text, start, end)
    begin, *_ = (i for i, t in enumerate(stream) if t.text == b"use")
    return _Reader(stream, begin + 1).tree()


def leaves(tree: UseTree) -> tuple[Leaf, ...]:
    """Return what the tree binds, in source order."""
    return tuple(_leaves(tree, ()))


def render(tree: UseTree, keep: Container[int], prefix: str = "", suffix: str = ";") -> str:
    """Return ``use tree;`` with the leaves that start at one of the offsets ``keep``; "" if none is left.

    Groups of one are written without braces; what is wider than a line is broken as rustfmt does.
    """
    kept = _kept(tree, keep)
    return "" if kept is None else f"{prefix}use {_text(kept, 0, len(prefix) + 4 + len(suffix))}{suffix}"


def rebased(tree: UseTree, base: Callable[[tuple[str, ...]], tuple[str, ...]]) -> UseTree:
    """Return the tree with every leading path, up to the first group, replaced by ``base`` of it."""
    if not tree.segments and tree.ending == "{":
        return replace(tree, group=tuple(rebased(t, base) for t in tree.group))
    return replace(tree, segments=base(tree.segments))


class _Reader:
    def __init__(self, stream: list[Token], index: int) -> None:
        self.stream, self.index = stream, index

    def _text(self) -> bytes:
        return self.stream[self.index].text if self.index < len(self.stream) else b";"

    def tree(self) -> UseTree:
        start = self.stream[self.index].start
        segments, ending = self._segments(), ""
        group: tuple[UseTree, ...] = ()
        if self._text() == b"{":
            ending, group = "{", self._group()
        elif self._text() == b"*":
            ending, self.index = "*", self.index + 1
        elif self._text() == b"as":
            self.index += 1
            ending = self._text().decode()
            self.index += 1
        self.index = min(self.index, len(self.stream))
        return UseTree(segments, ending, group, start, self.stream[self.index - 1].end)

    def _segments(self) -> tuple[str, ...]:
        segments = [""] if self._text() == b":" else []
        while True:
            if self._text() == b":":
                self.index += 2
            elif self.stream[self.index].kind is TokenKind.IDENT and self._text() != b"as":
                segments.append(self._text().decode())
                self.index += 1
            elif self._text() == b"$":
                self.index += 1
            else:
                return tuple(segments)
            if self.index >= len(self.stream):
                return tuple(segments)

    def _group(self) -> tuple[UseTree, ...]:
        found = []
        self.index += 1
        while self.index < len(self.stream) and self._text() != b"}":
            before = self.index
            if self._text() != b",":
                found.append(self.tree())
            # A comma, or what no declaration holds but the rule of a macro: `use a::{$($b),*};`.
            self.index += self.index == before
        self.index += 1
        return tuple(found)


def _leaves(tree: UseTree, before: tuple[str, ...]) -> Iterator[Leaf]:
    path = before + tuple(s.removeprefix("r#") for s in tree.segments)
    if tree.ending == "{":
        for child in tree.group:
            yield from _leaves(child, path)
        return
    path = path[:-1] if before and path[-1:] == ("self",) else path
    name = tree.ending.removeprefix("r#") or (path[-1] if path else "")
    yield Leaf(path, name, tree.start, tree.end)


def _kept(tree: UseTree, keep: Container[int]) -> UseTree | None:
    if tree.ending != "{":
        return tree if tree.start in keep else None
    group = tuple(k for k in (_kept(t, keep) for t in tree.group) if k is not None)
    if not group:
        return None
    return _collapsed(tree, group[0]) if len(group) == 1 else replace(tree, group=group)


def _collapsed(tree: UseTree, only: UseTree) -> UseTree:
    """Return ``a::{b}`` as ``a::b``, ``a::{self}`` as ``a``, ``a::{self as b}`` as ``a as b``."""
    segments = () if only.segments == ("self",) and tree.segments else only.segments
    if segments == () and only.ending == "{":
        return replace(only, segments=tree.segments)
    return replace(only, segments=tree.segments + segments)


def _text(tree: UseTree, depth: int, taken: int) -> str:
    path = "::".join(tree.segments)
    if tree.ending == "":
        return path
    if tree.ending == "*":
        return f"{path}::*" if path else "*"
    if tree.ending != "{":
        return f"{path} as {tree.ending}"
    return (path + "::" if path or tree.segments else "") + _group_text(tree, depth, taken + len(path) + 2)


def _group_text(tree: UseTree, depth: int, taken: int) -> str:
    flat = "{" + ", ".join(_text(t, 0, -10_000) for t in tree.group) + "}"
    nested = any(t.ending == "{" for t in tree.group)
    if taken + len(flat) <= _WIDTH or taken < 0:
        return flat
    pad = "    " * (depth + 1)
    parts = [_text(t, depth + 1, len(pad) + 1) + "," for t in tree.group]
    lines = parts if nested else _filled(parts, _WIDTH - len(pad))
    return "{\n" + "".join(f"{pad}{line}\n" for line in lines) + "    " * depth + "}"


def _filled(parts: list[str], width: int) -> list[str]:
    lines: list[str] = []
    for part in parts:
        if lines and len(lines[-1]) + 1 + len(part) <= width:
            lines[-1] += " " + part
        else:
            lines.append(part)
    return lines
