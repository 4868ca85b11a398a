"""The functions of a file, and what runs where inside of them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tree_sitter import Node

from remediate.rust.syntax.attributes import Attribute, attribute
from remediate.rust.syntax.source import Source, span_of, walk

Bytes = tuple[int, int]
"""The bytes ``start`` to ``end`` of a file."""


@dataclass(frozen=True, slots=True)
class Function:
    """A function that is written out, a method or an associated function too.

    Attributes:
        name: Its name, at the bytes ``name_span``.
        span: The item without its attributes.
        keyword: Where ``fn`` stands.
        body: Its block, None for a declaration.
        modifiers: "async", "const", "unsafe", "extern", "default".
        visibility: "pub", "pub(crate)", ..; "" for none.
        owner: What it stands in: "" (a module or a block), "impl", "trait impl" or "trait".
        trait: The trait of its impl, as written; of a trait's own method the name of the trait.
        owner_span: All of its impl or trait without attributes; (0, 0) for none.
        self_type: The type of its impl, as written.
        attributes: Its own and, behind them, those of its impl or trait.
        parameters: Each as written, ``self`` among them.
        output: The return type as written.
        nested: Whether it stands inside of a function.
    """

    name: str
    name_span: Bytes
    span: Bytes
    keyword: int
    body: Bytes | None
    modifiers: tuple[str, ...] = ()
    visibility: str = ""
    owner: str = ""
    trait: str = ""
    self_type: str = ""
    attributes: tuple[Attribute, ...] = ()
    output: str = ""
    parameters: tuple[str, ...] = ()
    nested: bool = False
    owner_span: Bytes = (0, 0)

    @property
    def is_async(self) -> bool:
        """Whether it is an ``async fn``."""
        return "async" in self.modifiers

    @property
    def takes_self(self) -> bool:
        """Whether it is a method: its first parameter is ``self``, however borrowed."""
        return bool(self.parameters) and _SELF.match(self.parameters[0]) is not None

    @property
    def trait_name(self) -> str:
        """The last name of its trait, without parameters."""
        return last_name(self.trait)

    @property
    def type_name(self) -> str:
        """The last name of its impl's type, without parameters."""
        return last_name(self.self_type)


def last_name(path: str) -> str:
    """Return the last name of a path as written, without its parameters: ``Store`` for ``m::Store<T>``."""
    return _PARAMETERS.sub("", path.strip()).rpartition("::")[2]


_SELF = re.compile(r"(?:&\s*(?:'\w+\s+)?)?(?:mut\s+)?self\b")
_PARAMETERS = re.compile(r"[<\s].*", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Scope:
    """A piece of code that runs on its own terms.

    Attributes:
        kind: "fn", "async fn", "async" (a block), "closure", "async closure", "const" (an initialiser) or
            "macro" (the tokens of a macro's call or definition).
        span: All of it.
        body: What runs: the block or the expression.
        taker: The function or method that the closure or block is an argument of, as written; the name of a
            macro; "" for none.
        function: For the two kinds of functions.
    """

    kind: str
    span: Bytes
    body: Bytes
    taker: str = ""
    function: Function | None = None

    @property
    def is_async(self) -> bool:
        """Whether code may ``.await`` in it."""
        return self.kind.startswith("async")


def functions(source: Source) -> tuple[Function, ...]:
    """Return every function of a file, in its order; those in the tokens of macros are not seen."""
    if b"fn" not in source.text:
        return ()
    nodes = (n for n in walk(source.tree.root_node) if n.type in _FUNCTIONS)
    return tuple(_function(source, node) for node in nodes)


def function_at(source: Source, offset: int) -> Function | None:
    """Return the function whose name is at an offset, or the innermost one around it."""
    node = source.node_at(offset)
    while node is not None and node.type not in _FUNCTIONS:
        node = node.parent
    return None if node is None else _function(source, node)


def scopes(source: Source, offset: int) -> tuple[Scope, ...]:
    """Return the scopes around an offset, innermost first, to the innermost function."""
    return tuple(_scopes(source, source.node_at(offset)))


_FUNCTIONS = ("function_item", "function_signature_item")
NO_CODE = ("line_comment", "block_comment", "attribute_item", "inner_attribute_item")
"""What the grammar calls comments and attributes."""


def _function(source: Source, node: Node) -> Function:
    name = node.child_by_field_name("name")
    body = node.child_by_field_name("body")
    keyword = next(c for c in node.children if c.type == "fn")
    modifiers = next((c for c in node.children if c.type == "function_modifiers"), None)
    visibility = next((c for c in node.children if c.type == "visibility_modifier"), None)
    owner = _owner(node)
    trait = None if owner is None else owner.child_by_field_name("trait")
    kind = (
        "" if owner is None else "trait" if owner.type == "trait_item" else "trait impl" if trait else "impl"
    )
    above = node.parent
    while above is not None and above.type != "function_item":
        above = above.parent
    return Function(
        name=source.name_of(name),
        name_span=span_of(name or keyword),
        span=span_of(node),
        keyword=keyword.start_byte,
        body=None if body is None else span_of(body),
        modifiers=()
        if modifiers is None
        else tuple(c.type.removesuffix("_modifier") for c in modifiers.children),
        visibility=source.text_of(visibility),
        owner=kind,
        trait=source.text_of(owner.child_by_field_name("name") if kind == "trait" and owner else trait),
        self_type="" if owner is None else source.text_of(owner.child_by_field_name("type")),
        attributes=(*_attributes(source, node), *(_attributes(source, owner) if owner is not None else ())),
        output=source.text_of(node.child_by_field_name("return_type")),
        parameters=tuple(_parameters(source, node)),
        nested=above is not None,
        owner_span=(0, 0) if owner is None else span_of(owner),
    )


def _parameters(source: Source, node: Node) -> Iterator[str]:
    listed = node.child_by_field_name("parameters")
    for one in listed.named_children if listed is not None else ():
        if one.type not in NO_CODE:
            yield source.text_of(one)


def _owner(node: Node) -> Node | None:
    around = node.parent
    if around is not None and around.type == "declaration_list":
        above = around.parent
        return above if above is not None and above.type in {"impl_item", "trait_item"} else None
    return None


def _attributes(source: Source, node: Node) -> Iterator[Attribute]:
    before = node.prev_sibling
    while before is not None and before.type in NO_CODE:
        if before.type == "attribute_item":
            yield attribute(source, before)
        before = before.prev_sibling


def _scopes(source: Source, node: Node | None) -> Iterator[Scope]:
    below = None
    while node is not None:
        span = span_of(node)
        if node.type == "function_item":
            function = _function(source, node)
            kind = "async fn" if function.is_async else "fn"
            yield Scope(kind, span, function.body or span, "", function)
            return
        if node.type == "closure_expression":
            body = node.child_by_field_name("body")
            kind = "async closure" if node.children[0].type == "async" else "closure"
            if below is not None and body == below:
                yield Scope(kind, span, span_of(below), _taker(source, node))
        elif node.type == "async_block":
            yield Scope("async", span, span_of(node.children[-1]), _taker(source, node))
        elif node.type in {"const_item", "static_item", "const_block"}:
            yield Scope("const", span, span)
            return
        elif node.type in {"macro_invocation", "macro_definition"}:
            yield Scope("macro", span, span, source.text_of(node.child_by_field_name("macro")))
        below, node = node, node.parent


def _taker(source: Source, node: Node) -> str:
    """Return the callee that an expression is an argument of, as written."""
    around = node.parent
    call = around.parent if around is not None and around.type == "arguments" else None
    callee = source.text_of(call.child_by_field_name("function")) if call is not None else ""
    return " ".join(callee.split())
