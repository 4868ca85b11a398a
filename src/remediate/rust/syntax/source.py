"""A Rust source file as a lossless syntax tree over its original bytes.

The tree comes from the masked bytes (``repair``), the text always from the original ones. Nothing
outside ``rust/`` sees a tree-sitter node; other layers work with items, tokens and spans.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from weakref import WeakValueDictionary

import tree_sitter_rust
from tree_sitter import Language, Node, Parser, Tree

from remediate.rust.syntax.lexer import Token, line_count, tokens
from remediate.rust.syntax.repair import broken, masked, repaired

_LANGUAGE = Language(tree_sitter_rust.language())
_MACROS = {"token_tree", "token_tree_pattern", "macro_definition", "macro_invocation"}


@dataclass(frozen=True)
class Source:
    """One file: where it is and its bytes. Parsing is lazy and done once."""

    path: str
    text: bytes

    @cached_property
    def tree(self) -> Tree:
        """The syntax tree; offsets are those of ``text``."""
        text = masked(self.text)
        tree = _parse(text)
        return repaired(text, tree, _parse) if tree.root_node.has_error else tree

    @cached_property
    def tokens(self) -> tuple[Token, ...]:
        """All tokens, comments included, whitespace not."""
        return tuple(tokens(self.text))

    @cached_property
    def errors(self) -> tuple[tuple[int, int], ...]:
        """Byte spans the parser could not read; an edit may touch none of them."""
        return tuple((n.start_byte, n.end_byte) for n in broken(self.tree.root_node))

    @cached_property
    def confined(self) -> bool:
        """Whether all that the parser could not read is inside macro bodies: every item boundary is sure."""

        def types_above(node: Node) -> Iterator[str]:
            while (above := node.parent) is not None:
                yield above.type
                node = above

        return all(not _MACROS.isdisjoint(types_above(n)) for n in broken(self.tree.root_node))

    def slice(self, node: Node) -> bytes:
        """Return a node's text from the original bytes."""
        return self.text[node.start_byte : node.end_byte]

    def text_of(self, node: Node | None) -> str:
        """Return a node's text as written, "" for none."""
        return self.slice(node).decode(errors="replace") if node is not None else ""

    def name_of(self, node: Node | None) -> str:
        """Return the name that a node is, without ``r#``; "" for none."""
        return self.text_of(node).removeprefix("r#")

    def node_at(self, offset: int) -> Node | None:
        """Return the innermost node at an offset."""
        return self.tree.root_node.descendant_for_byte_range(offset, offset)

    def line_of(self, offset: int) -> int:
        """Return the line number of a byte offset, from 1."""
        return self.text.count(b"\n", 0, offset) + 1

    @property
    def line_count(self) -> int:
        """The lines of the file."""
        return line_count(self.text)


_ALIVE: WeakValueDictionary[tuple[str, bytes], Source] = WeakValueDictionary()
_RECENT: deque[Source] = deque(maxlen=32)
"""What gates look at one after the other, a file that a change makes say, and nobody else has."""


def shared(path: str, text: bytes) -> Source:
    """Return a file as a source, the same one as long as anybody has it: parsed once for all packages."""
    found = _ALIVE.get((path, text))
    if found is None:
        found = _ALIVE[path, text] = Source(path, text)
        _RECENT.append(found)
    return found


def span_of(node: Node) -> tuple[int, int]:
    """Return the bytes of a node."""
    return node.start_byte, node.end_byte


def walk(node: Node) -> Iterator[Node]:
    """Yield ``node`` and all below it in source order."""
    waiting = [node]
    while waiting:
        node = waiting.pop()
        yield node
        waiting += reversed(node.children)


def _parse(text: bytes) -> Tree:
    return Parser(_LANGUAGE).parse(text)
