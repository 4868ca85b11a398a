"""Expressions in the bodies of functions: calls with their exact spans, blocks, and what is bound around."""

from collections.abc import Iterator
from dataclasses import dataclass

from tree_sitter import Node

from remediate.rust.syntax.bodies import NO_CODE, Bytes
from remediate.rust.syntax.source import Source, span_of, walk


@dataclass(frozen=True, slots=True)
class Invocation:
    """A call of a function or a method.

    Attributes:
        span: The whole expression.
        callee: What is called: a path, or receiver, dot and name.
        receiver: The expression in front of the dot; None for a path.
        arguments: Their spans.
        kinds: The grammar's word for each argument.
        awaited: Where ``.await`` behind it ends; 0 for none.
        statement: Whether it is a statement of its own, its value dropped.
        parent: The grammar's word for what it stands in.
    """

    span: Bytes
    callee: Bytes
    receiver: Bytes | None
    arguments: tuple[Bytes, ...]
    kinds: tuple[str, ...]
    awaited: int
    statement: bool
    parent: str


def invocation(source: Source, offset: int) -> Invocation | None:
    """Return the call whose function is named at an offset; None where the grammar sees no call."""
    node = source.node_at(offset)
    while node is not None and node.type in _NAMES:
        above = node.parent
        if above is not None and above.type == "call_expression":
            return _invocation(above) if above.child_by_field_name("function") == node else None
        if above is not None and above.type in _NAMES and not _names_last(above, node):
            return None
        node = above
    return None


def awaits(source: Source, span: Bytes) -> tuple[Bytes, ...]:
    """Return the operand of each ``.await`` that this piece of code itself waits for, inner blocks aside."""
    return tuple(span_of(n.children[0]) for n in _own(source, span) if n.type == "await_expression")


def leaves(source: Source, span: Bytes) -> tuple[str, ...]:
    """Return how this piece of code may leave early ("return", "?", "break"), inner blocks aside."""
    return tuple(_LEAVES[n.type] for n in _own(source, span) if n.type in _LEAVES)


def macros(source: Source, span: Bytes) -> tuple[str, ...]:
    """Return the macros called in a piece of code, as written."""
    found = (n for n in _within(source, span) if n.type == "macro_invocation")
    return tuple(source.text_of(n.child_by_field_name("macro")) for n in found)


def loops(source: Source, span: Bytes) -> tuple[str, ...]:
    """Return the loops in a piece of code, closures included, as the grammar calls them."""
    return tuple(n.type for n in _within(source, span) if n.type in _LOOPS)


@dataclass(frozen=True, slots=True)
class Block:
    """A block: its statements, and the expression that it ends with.

    Attributes:
        statements: Spans, comments aside.
        tail: The span of the last expression, None for none.
    """

    span: Bytes
    statements: tuple[Bytes, ...]
    tail: Bytes | None
    tail_kind: str = ""


def block(source: Source, span: Bytes) -> Block | None:
    """Return the block at exactly these bytes, that of an ``async {}`` too; None for none."""
    node = _outermost(source, span)
    if node is None:
        return None
    if node.type != "block":
        inner = [n for n in node.children if n.type == "block"]
        if node.type != "async_block" or not inner:
            return None
        node = inner[0]
    parts = [n for n in node.named_children if n.type not in NO_CODE]
    # The grammar calls an expression that ends with a brace a statement, also at the end of a block.
    ends = bool(parts) and not source.slice(parts[-1]).endswith(b";") and parts[-1].type not in _ITEMS
    tail = parts.pop() if ends else None
    kind = "" if tail is None else tail.type
    return Block(span_of(node), tuple(map(span_of, parts)), None if tail is None else span_of(tail), kind)


def kind_of(source: Source, span: Bytes) -> str:
    """Return the grammar's word for the expression at exactly these bytes, "" for none."""
    node = _outermost(source, span)
    return node.type if node is not None else ""


def _outermost(source: Source, span: Bytes) -> Node | None:
    """Return the outermost node with exactly these bytes."""
    node = source.tree.root_node.descendant_for_byte_range(span[0], span[1] - 1)
    while node is not None and node.parent is not None and span_of(node.parent) == span:
        node = node.parent
    return node if node is not None and span_of(node) == span else None


@dataclass(frozen=True, slots=True)
class Binding:
    """A ``let``, or the header of a ``match``, ``if``, ``while`` or ``for``, in force at some offset.

    Attributes:
        names: The names that it binds.
        value: The span of its expression.
        is_let: Whether it is a ``let`` statement: its temporaries are gone behind it.
    """

    names: tuple[str, ...]
    value: Bytes
    is_let: bool


def bindings(source: Source, offset: int) -> tuple[Binding, ...]:
    """Return what is bound, or held as a temporary, at an offset of a function, the innermost first."""
    return tuple(_bindings(source, source.node_at(offset)))


_NAMES = ("identifier", "field_identifier", "scoped_identifier", "field_expression", "generic_function")

_LEAVES = {
    "return_expression": "return",
    "try_expression": "?",
    "break_expression": "break",
    "continue_expression": "continue",
}

_LOOPS = ("for_expression", "while_expression", "loop_expression")

_CLOSED = ("async_block", "closure_expression", "function_item", "const_block", "gen_block")

_ITEMS = (
    "let_declaration",
    "function_item",
    "use_declaration",
    "struct_item",
    "const_item",
    "macro_definition",
)

_HEADERS = {
    "match_expression": "value",
    "if_expression": "condition",
    "while_expression": "condition",
    "for_expression": "value",
}


def _invocation(node: Node) -> Invocation:
    function, listed = node.child_by_field_name("function"), node.child_by_field_name("arguments")
    given = [n for n in listed.named_children if n.type not in NO_CODE] if listed is not None else []
    field = function
    if field is not None and field.type == "generic_function":
        field = field.child_by_field_name("function")
    receiver = (
        field.child_by_field_name("value") if field is not None and field.type == "field_expression" else None
    )
    above = node.parent
    awaited = above.end_byte if above is not None and above.type == "await_expression" else 0
    return Invocation(
        span=span_of(node),
        callee=span_of(function or node),
        receiver=None if receiver is None else span_of(receiver),
        arguments=tuple(map(span_of, given)),
        kinds=tuple(n.type for n in given),
        awaited=awaited,
        statement=above is not None and above.type == "expression_statement",
        parent="" if above is None else above.type,
    )


def _names_last(above: Node, node: Node) -> bool:
    """Whether a name is what the path or field access around it ends with, not what it begins with."""
    field = {"scoped_identifier": "name", "field_expression": "field", "generic_function": "function"}
    name = field.get(above.type)
    return name is not None and above.child_by_field_name(name) == node


def _within(source: Source, span: Bytes) -> Iterator[Node]:
    node = source.tree.root_node.descendant_for_byte_range(span[0], max(span[0], span[1] - 1))
    if node is not None:
        yield from (n for n in walk(node) if span[0] <= n.start_byte and n.end_byte <= span[1])


def _own(source: Source, span: Bytes) -> Iterator[Node]:
    """Yield what a piece of code consists of, without the closures and async blocks inside of it."""
    start = source.tree.root_node.descendant_for_byte_range(span[0], max(span[0], span[1] - 1))
    waiting = [] if start is None else [start]
    while waiting:
        node = waiting.pop()
        inside = span[0] <= node.start_byte and node.end_byte <= span[1]
        if inside and node.type in _CLOSED and span_of(node) != span:
            continue
        if inside:
            yield node
        waiting += reversed(node.children)


def _bindings(source: Source, node: Node | None) -> Iterator[Binding]:
    below = node
    while node is not None and node.type not in _CLOSED:
        if node.type == "block" and below is not None:
            for earlier in reversed([c for c in node.children if c.end_byte <= below.start_byte]):
                value = earlier.child_by_field_name("value") if earlier.type == "let_declaration" else None
                pattern = earlier.child_by_field_name("pattern")
                if value is not None:
                    bound = (n for n in walk(pattern) if n.type == "identifier") if pattern else ()
                    yield Binding(tuple(map(source.text_of, bound)), span_of(value), is_let=True)
        header = node.child_by_field_name(_HEADERS[node.type]) if node.type in _HEADERS else None
        if header is not None and header.type == "let_condition":
            header = header.child_by_field_name("value")
        if header is not None and not header.start_byte <= (below or node).start_byte < header.end_byte:
            yield Binding((), span_of(header), is_let=False)
        below, node = node, node.parent
