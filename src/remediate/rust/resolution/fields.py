"""Fields of structs and unions, and what signatures say: where a visibility goes, which type a name has."""

from dataclasses import dataclass

from tree_sitter import Node

from remediate.rust.mentions.heuristic_types import written
from remediate.rust.syntax.items import Item
from remediate.rust.syntax.source import Source
from remediate.rust.syntax.visibility import PRIVATE, Visibility, visibility


@dataclass(frozen=True, slots=True)
class Field:
    """One field.

    Attributes:
        name: Its name, or its number in a tuple struct.
        start: Where its visibility begins, or would.
        end: Where its type ends.
        type_text: Its type as ``heuristic_types.written`` gives it; "" if it has no name.
    """

    name: str
    start: int
    end: int
    visibility: Visibility
    type_text: str


def fields(source: Source, item: Item) -> tuple[Field, ...]:
    """Return the fields of a struct or union; () for anything else."""
    body = item.node.child_by_field_name("body") if item.kind in ("struct", "union") else None
    if body is None:
        return ()
    if body.type == "field_declaration_list":
        nodes = [n for n in body.named_children if n.type == "field_declaration"]
        return tuple(_named(source, n) for n in nodes)
    return tuple(_positional(source, body))


def returned(source: Source, item: Item) -> str:
    """Return the type a function returns, as ``heuristic_types.written`` gives it; "" if it has no name."""
    return written(source, item.node.child_by_field_name("return_type"))


def signature_end(item: Item) -> int:
    """Return where what others see of an item ends: at a function's body or a constant's value."""
    part = item.node.child_by_field_name("value" if item.kind in ("const", "static") else "body")
    hidden = item.kind in ("fn", "const", "static") and part is not None
    return part.start_byte if hidden and part is not None else item.end


def _named(source: Source, node: Node) -> Field:
    name = node.child_by_field_name("name")
    text = source.slice(name).decode().removeprefix("r#") if name else ""
    modifier = next((c for c in node.children if c.type == "visibility_modifier"), None)
    start = modifier.start_byte if modifier else (name.start_byte if name else node.start_byte)
    type_ = node.child_by_field_name("type")
    return Field(text, start, node.end_byte, _visibility(source, modifier), written(source, type_))


def _positional(source: Source, body: Node) -> list[Field]:
    found: list[Field] = []
    modifier: Node | None = None
    for node in body.named_children:
        if node.type == "visibility_modifier":
            modifier = node
        elif node.type not in ("attribute_item", "line_comment", "block_comment"):
            start = modifier.start_byte if modifier else node.start_byte
            scope = _visibility(source, modifier)
            found.append(Field(str(len(found)), start, node.end_byte, scope, written(source, node)))
            modifier = None
    return found


def _visibility(source: Source, node: Node | None) -> Visibility:
    return visibility(source.slice(node)) if node else PRIVATE
