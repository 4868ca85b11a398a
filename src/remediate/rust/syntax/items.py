"""Items of a file or body, each with the comments and attributes that belong to it.

The items of one body tile it: ``lead`` of each is after ``tail`` of the one before, and what lies between
(blank lines, free-standing comments such as banners) is the item's ``gap``. So a file is its head, then gap +
item for each item, then its rest, and nothing can be lost by moving items about.

And what a named item promises: its path, its signature and its documentation, as the source writes them.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest

from tree_sitter import Node

from remediate.rust.syntax.attributes import Attribute, attribute
from remediate.rust.syntax.lexer import is_outer_doc, preamble_end
from remediate.rust.syntax.licence import licence_header
from remediate.rust.syntax.source import Source, span_of

KINDS = {
    "function_item": "fn",
    "function_signature_item": "fn",
    "struct_item": "struct",
    "enum_item": "enum",
    "union_item": "union",
    "trait_item": "trait",
    "impl_item": "impl",
    "mod_item": "mod",
    "const_item": "const",
    "static_item": "static",
    "type_item": "type",
    "associated_type": "type",
    "use_declaration": "use",
    "extern_crate_declaration": "extern crate",
    "foreign_mod_item": "extern",
    "macro_definition": "macro_rules",
    "macro_invocation": "macro",
    "ERROR": "error",
}
COMMENTS = frozenset({"line_comment", "block_comment"})
_DOC = re.compile(rb"///(?!/)[^\n]*|/\*\*(?![*/]).*?\*/|#\s*\[\s*doc\s*=[^\n]*\]", re.DOTALL)
_BLANKS = re.compile(r"\s+")
_DEFINED_BY_BODY = {"struct", "enum", "union"}
_LISTED = {"trait", "impl"}


@dataclass(frozen=True, slots=True)
class Item:
    """One item. All positions are byte offsets into the file.

    Attributes:
        kind: "fn", "struct", "enum", "union", "trait", "impl", "mod", "const", "static", "type", "use",
            "extern crate", "extern", "macro_rules", "macro" (an invocation), "error" or the parser's name.
        name: The declared name without ``r#``; of a "macro" the invoked path; None for impl, use, extern.
        gap: End of the item before (or start of the body); ``gap:lead`` holds only blanks and free comments.
        lead: Start of the first attached comment or attribute, or of the item itself.
        start: Start of the item proper (its visibility or keyword).
        end: End of the item proper.
        tail: End including a comment on the same line.
        visibility: Span of ``pub`` or ``pub(..)``, or None.
        name_span: Span of the declared name, or None.
        attributes: Outer attributes in order.
        body: Span between the braces, for items that have braces; else None.
        self_type: For an impl, the text of its type; "" otherwise.
        trait: For a trait impl, the text of its trait; "" otherwise.
        node: The syntax node, for ``rust/`` only.
    """

    kind: str
    name: str | None
    gap: int
    lead: int
    start: int
    end: int
    tail: int
    visibility: tuple[int, int] | None
    name_span: tuple[int, int] | None
    attributes: tuple[Attribute, ...]
    body: tuple[int, int] | None
    self_type: str
    trait: str
    node: Node


def items(source: Source) -> tuple[Item, ...]:
    """Return the top-level items of a file."""
    root = source.tree.root_node
    return tuple(_items(source, root.children, head_end(source)))


def children(source: Source, item: Item) -> tuple[Item, ...]:
    """Return the items in the braces of a mod, impl, trait or extern block; () for others."""
    body = item.node.child_by_field_name("body")
    if body is None or body.type != "declaration_list":
        return ()
    return tuple(_items(source, body.children[1:-1], body.start_byte + 1))


def inner_attributes(source: Source, item: Item | None = None) -> tuple[Attribute, ...]:
    """Return the ``#![..]`` of a file, or of a braced item."""
    node = source.tree.root_node if item is None else item.node.child_by_field_name("body")
    nodes = node.children if node is not None else []
    return tuple(attribute(source, n) for n in nodes if n.type == "inner_attribute_item")


def head_end(source: Source) -> int:
    """Return where a file's own head ends: preamble, inner docs, inner attributes, licence comment.

    A licence is the first comment of the file, if it is a plain one that a blank line, inner docs or inner
    attributes part from the rest, or that its words show to be one. Plain comments further down are banners,
    unless more of the head follows.
    """
    nodes = source.tree.root_node.children
    end = start = preamble_end(source.text)
    for node, after in zip_longest(nodes, nodes[1:]):
        if node.type == "inner_attribute_item" or _is_inner_doc(source, node):
            end = _comment_end(source, node)
        elif node.type in COMMENTS and not _is_outer_doc(source, node):
            plain = _comment_end(source, node)
            apart = (
                after is None
                or after.type == "inner_attribute_item"
                or _is_inner_doc(source, after)
                or _blank_between(source, plain, after.start_byte)
            )
            end = plain if end == start and apart else end
        else:
            break
    return max(end, len(licence_header(source.text).rstrip()))


def _items(source: Source, nodes: list[Node], start: int) -> Iterator[Item]:
    gap, attached = start, []
    for node in nodes:
        if node.end_byte <= start or node.type in ("inner_attribute_item", "{", "}"):
            gap = max(gap, node.end_byte) if node.type == "inner_attribute_item" else gap
            continue
        if node.type in COMMENTS or node.type == "attribute_item":
            attached.append(node)
        elif node.type == "empty_statement":
            continue
        else:
            item = _item(source, node, gap, _own(source, attached, node, gap))
            yield item
            gap, attached = item.tail, []


def _own(source: Source, nodes: list[Node], item: Node, gap: int) -> list[Node]:
    """Return those of the comments and attributes before ``item`` that belong to it, in order.

    From the first attribute or doc comment on all do; plain comments when no blank line parts them from it.
    """
    nodes = [n for n in nodes if n.start_byte >= gap and not _is_inner_doc(source, n)]
    first = next(
        (i for i, n in enumerate(nodes) if n.type == "attribute_item" or _is_outer_doc(source, n)), len(nodes)
    )
    following = nodes[first].start_byte if first < len(nodes) else item.start_byte
    while first and not _blank_between(source, _comment_end(source, nodes[first - 1]), following):
        first -= 1
        following = nodes[first].start_byte
    return nodes[first:]


def _item(source: Source, node: Node, gap: int, own: list[Node]) -> Item:
    kind, proper = _kind(node)
    name = _name_node(kind, proper)
    body = proper.child_by_field_name("body")
    visibility = next((n for n in node.children if n.type == "visibility_modifier"), None)
    last = _last_node(node)
    return Item(
        kind=kind,
        name=source.name_of(name) if name else None,
        gap=gap,
        lead=own[0].start_byte if own else node.start_byte,
        start=node.start_byte,
        end=last.end_byte,
        tail=_tail(source, last),
        visibility=span_of(visibility) if visibility else None,
        name_span=span_of(name) if name else None,
        attributes=tuple(attribute(source, n) for n in own if n.type == "attribute_item"),
        body=(body.start_byte + 1, body.end_byte - 1) if body and source.slice(body)[:1] == b"{" else None,
        self_type=source.text_of(proper.child_by_field_name("type")) if kind == "impl" else "",
        trait=source.text_of(proper.child_by_field_name("trait")) if kind == "impl" else "",
        node=proper,
    )


def _last_node(node: Node) -> Node:
    """Return the ``;`` of a macro's call in an impl or trait: it is a node of its own there."""
    after = node.next_sibling
    closed = node.type == "macro_invocation" and after is not None and after.type == "empty_statement"
    return after if closed and after is not None else node


def _kind(node: Node) -> tuple[str, Node]:
    if node.type == "expression_statement" and node.children and node.children[0].type == "macro_invocation":
        return "macro", node.children[0]
    return KINDS.get(node.type, node.type), node


def _name_node(kind: str, node: Node) -> Node | None:
    if kind == "impl":
        return None
    return node.child_by_field_name("macro" if kind == "macro" else "name")


def _tail(source: Source, node: Node) -> int:
    after = node.next_sibling
    if after is None or after.type not in COMMENTS or _is_outer_doc(source, after):
        return node.end_byte
    apart = source.text[node.end_byte : after.start_byte]
    return _comment_end(source, after) if b"\n" not in apart else node.end_byte


def _comment_end(source: Source, node: Node) -> int:
    """Return a comment's end without the line end that the grammar counts into doc comments."""
    return node.start_byte + len(source.slice(node).rstrip(b"\r\n"))


def _blank_between(source: Source, start: int, end: int) -> bool:
    return source.text.count(b"\n", start, end) > 1


def _is_outer_doc(source: Source, node: Node) -> bool:
    return is_outer_doc(source.slice(node))


def _is_inner_doc(source: Source, node: Node) -> bool:
    return node.type in COMMENTS and source.slice(node).startswith((b"//!", b"/*!"))


@dataclass(frozen=True, slots=True)
class Symbol:
    """A named item, or an impl block.

    Attributes:
        kind: As ``items.Item.kind``.
        name: Its own name; the type of an impl.
        path: The names of the items around it and its own: ``Engine::run``.
        span: All of it, with its documentation and attributes.
        line: The line on which the item proper begins.
        signature: A function's header; the whole definition of a type; the headers in a trait or an impl.
        documentation: Its doc comments and attributes as written.
        visibility: ``pub``, ``pub(crate)``, ..; "" for none.
        body: What its braces enclose, where it has any.
        trait: The trait of the impl that it stands in, as written.
    """

    kind: str
    name: str
    path: str
    span: tuple[int, int]
    line: int
    signature: str
    documentation: str
    visibility: str
    body: tuple[int, int] | None = None
    trait: str = ""


def symbol_at(source: Source, offset: int) -> Symbol | None:
    """Return the innermost item around an offset, its comments included; None between the items."""
    around = list(_around(source, items(source), offset))
    return _symbol(source, around) if around else None


def _around(source: Source, found: tuple[Item, ...], offset: int) -> Iterator[Item]:
    for item in found:
        if item.lead <= offset < max(item.tail, item.end):
            yield item
            yield from _around(source, children(source, item), offset)
            return


def _symbol(source: Source, around: list[Item]) -> Symbol:
    item = around[-1]
    names = [one.name or " for ".join(filter(None, (one.trait, one.self_type))) for one in around]
    return Symbol(
        kind=item.kind,
        name=item.name or item.self_type,
        path="::".join(name for name in names if name),
        span=(item.lead, item.tail),
        line=source.line_of(item.start),
        signature=_signature(source, item),
        documentation="\n".join(
            _decoded(match.group()).strip() for match in _DOC.finditer(source.text, item.lead, item.start)
        ),
        visibility=_decoded(source.text[slice(*item.visibility)]) if item.visibility else "",
        body=item.body,
        trait=next((one.trait for one in reversed(around) if one.trait), ""),
    )


def _signature(source: Source, item: Item) -> str:
    """Return what a user of the item has to know: all of a type, the header of what has a body."""
    text = source.text
    if item.kind in _DEFINED_BY_BODY or item.body is None:
        return _decoded(text[item.start : item.end])
    header = _BLANKS.sub(" ", _decoded(text[item.start : item.body[0] - 1])).strip()
    if item.kind not in _LISTED:
        return header
    inner = [f"    {_BLANKS.sub(' ', _signature(source, one))};" for one in children(source, item)]
    return "\n".join([f"{header} {{", *(line.replace(";;", ";") for line in inner), "}"])


def _decoded(text: bytes) -> str:
    return text.decode(errors="replace")
