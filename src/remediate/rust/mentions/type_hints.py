"""What syntax alone tells of a type: the head of a written type, and the chain an expression is made of."""

import re
from functools import lru_cache

from tree_sitter import Node

from remediate.rust.mentions.local_names import Chain, Scopes
from remediate.rust.syntax.source import Source
from remediate.rust.syntax.type_text import name_of

_STEPS = 12
_TRANSPARENT = {"Box", "Rc", "Arc", "Pin", "MutexGuard", "RefMut", "Ref"}
_INNER = {
    "parenthesized_expression",
    "reference_expression",
    "unary_expression",
    "await_expression",
}


def head(source: Source, node: Node | None) -> str:
    """Return the name a type is known by: ``Foo`` of ``&mut m::Foo<'a>`` and of ``Box<Foo>``; "" if none."""
    return name_of(written(source, node))


def written(source: Source, node: Node | None, depth: int = 4) -> str:
    """Return a written type as ``rust.type_text`` knows types; "" for what it does not."""
    while node is not None and depth:
        if node.type in ("reference_type", "pointer_type"):
            node = node.child_by_field_name("type")
        elif node.type == "generic_type":
            return _generic(source, node, depth)
        elif node.type == "array_type":
            inner = written(source, node.child_by_field_name("element"), depth - 1)
            return f"[]<{inner}>" if inner else ""
        elif node.type == "scoped_type_identifier":
            node = node.child_by_field_name("name")
        elif node.type in ("type_identifier", "identifier", "primitive_type"):
            return _text(source, node)
        else:
            return ""
    return ""


def _generic(source: Source, node: Node, depth: int) -> str:
    name = written(source, node.child_by_field_name("type"), depth - 1)
    arguments = node.child_by_field_name("type_arguments")
    types = [n for n in arguments.named_children if n.type != "lifetime"] if arguments is not None else []
    held = [written(source, n, depth - 1) or "_" for n in types]
    if name in _TRANSPARENT and held and not _defines(source.text, name):
        return held[0]
    return f"{name}<{','.join(held)}>" if held else name


@lru_cache(maxsize=256)
def _defines(text: bytes, name: str) -> bool:
    """Whether a file has a type of its own that is called so."""
    return re.search(rb"\b(?:struct|enum|union|type)\s+" + name.encode() + rb"\b", text) is not None


def chain(  # noqa: PLR0911 - one return per kind of expression
    source: Source, node: Node | None, scopes: Scopes, self_type: str, steps: int = _STEPS
) -> Chain:
    """Return what an expression is made of, from a known type on: ("Foo", "x", "f()"); () if unknown.

    Chains of more than ``steps`` count as unknown: this runs for every link of a long one.
    """
    if node is None or steps == 0:
        return ()
    kind = node.type
    if kind == "self":
        return (self_type,) if self_type else ()
    if kind == "identifier":
        return scopes.binding(_text(source, node)) or ()
    if kind in _INNER:
        return chain(source, _operand(node), scopes, self_type, steps - 1)
    if kind == "struct_expression":
        return _type(source, node.child_by_field_name("name"), self_type)
    if kind in ("field_expression", "try_expression", "index_expression", "call_expression"):
        return _step(source, node, scopes, self_type, steps)
    return ()


def _step(source: Source, node: Node, scopes: Scopes, self_type: str, steps: int) -> Chain:
    if node.type == "call_expression":
        return _call(source, node.child_by_field_name("function"), scopes, self_type, steps)
    inner = node.child_by_field_name("value") or node.named_children[0]
    before = chain(source, inner, scopes, self_type, steps - 1)
    if not before:
        return ()
    if node.type == "field_expression":
        field = node.child_by_field_name("field")
        return (*before, _text(source, field)) if field else ()
    return (*before, "?" if node.type == "try_expression" else "[]")


def _call(source: Source, function: Node | None, scopes: Scopes, self_type: str, steps: int) -> Chain:
    if function is not None and function.type == "generic_function":
        function = function.child_by_field_name("function")
    if function is None:
        return ()
    if function.type == "identifier":
        return (_text(source, function) + "()",)
    if function.type == "field_expression":
        before = chain(source, function.child_by_field_name("value"), scopes, self_type, steps - 1)
        field = function.child_by_field_name("field")
        return (*before, _text(source, field) + "()") if before and field else ()
    if function.type == "scoped_identifier":
        owner = _type(source, function.child_by_field_name("path"), self_type)
        name = function.child_by_field_name("name")
        return (*owner, "::" + _text(source, name) + "()") if owner and name else ()
    return ()


def _type(source: Source, node: Node | None, self_type: str) -> Chain:
    if node is None:
        return ()
    if node.type == "generic_type_with_turbofish":
        node = node.child_by_field_name("type")
    name = head(source, node) if node is not None and node.type != "scoped_identifier" else ""
    if node is not None and node.type == "scoped_identifier":
        name = _text(source, node.child_by_field_name("name"))
    name = self_type if name == "Self" else name
    return (name,) if name else ()


def _operand(node: Node) -> Node | None:
    return node.child_by_field_name("value") or next(
        (
            c
            for c in node.named_children
            if c.type not in ("mutable_specifier", "line_comment", "block_comment")
        ),
        None,
    )


def _text(source: Source, node: Node | None) -> str:
    return source.slice(node).decode(errors="replace").removeprefix("r#") if node else ""
