"""What attributes and doc comments mention."""

from collections.abc import Sequence

from tree_sitter import Node

from remediate.rust.mentions.known_names import BUILTIN_ATTRIBUTES, STANDARD_DERIVES
from remediate.rust.mentions.record import MentionRecord
from remediate.rust.mentions.references import Space
from remediate.rust.mentions.tokens import code_in, paths
from remediate.rust.syntax.attributes import attribute
from remediate.rust.syntax.cfg import Predicate, parse, resolved
from remediate.rust.syntax.doc_links import doc_links
from remediate.rust.syntax.lexer import Token, TokenKind, tokens

_TESTS = {"test", "bench"}
"""The compiler's own: what they stand on is compiled for tests alone."""


def attribute_of(walk: MentionRecord, node: Node, before: tuple[Predicate, ...]) -> tuple[Predicate, ...]:
    """Record what an attribute mentions; return what it requires of the configuration."""
    required: list[Predicate] = []
    for conditional in resolved(attribute(walk.source, node)):
        if conditional.path == "cfg":
            required.append(parse(conditional.arguments))
        elif conditional.path in _TESTS and not conditional.when:
            required.append(Predicate(name="test"))
        elif conditional.path not in BUILTIN_ATTRIBUTES or conditional.path == "derive":
            _attribute_tokens(
                walk, conditional.path, conditional.arguments, node, (*before, *conditional.when)
            )
    return tuple(required)


def _attribute_tokens(
    walk: MentionRecord, path: str, arguments: Sequence[Token], node: Node, cfg: tuple[Predicate, ...]
) -> None:
    tool = path.split("::", maxsplit=1)[0] in ("clippy", "rustfmt", "rust_analyzer", "diagnostic", "miri")
    if tool:
        return
    if path != "derive":
        walk.add(tuple(path.split("::")), Space.MACRO, node.start_byte + 2, "attribute", cfg)
    for found, _, start in paths(arguments):
        if path != "derive" or found[0] not in STANDARD_DERIVES:
            walk.add(found, Space.ANY, start, "attribute", cfg)
    for index, token in enumerate(arguments):
        if token.kind is TokenKind.LITERAL and index and arguments[index - 1].text == b"=":
            for found, _, _ in paths(code_in(token.text, lambda text: list(tokens(text)))):
                walk.add(found, Space.ANY, token.start, "string", cfg)


def comment_of(walk: MentionRecord, node: Node, cfg: tuple[Predicate, ...]) -> None:
    """Record what a doc comment links to."""
    text = walk.source.slice(node)
    if text.startswith((b"///", b"/**")) and not text.startswith((b"////", b"/***", b"/**/")):
        for path in doc_links(text):
            if path[0] != "Self":
                walk.add(path, Space.ANY, node.start_byte, "doc", cfg)
