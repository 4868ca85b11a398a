"""Names, paths, members, macro calls: what a walk does with the nodes that mention something."""

from tree_sitter import Node

from remediate.rust.mentions.references import Space
from remediate.rust.mentions.stack import MentionWalk
from remediate.rust.mentions.type_hints import head


def identifier(walk: MentionWalk, node: Node) -> None:
    """A name in an expression; ``Self`` there is the constructor, which every private field narrows."""
    name = walk.text(node)
    if name == "Self":
        walk.member("*", "literal", walk.own(name), node.start_byte)
    elif not walk.scopes.hides(name, Space.VALUE):
        walk.add((name,), Space.VALUE, node.start_byte)


def type_identifier(walk: MentionWalk, node: Node) -> None:
    """A name in a type."""
    name = walk.text(node)
    if name != "Self" and not walk.scopes.hides(name, Space.TYPE):
        walk.add((name,), Space.TYPE, node.start_byte)


def scoped(walk: MentionWalk, node: Node) -> None:
    """A path: record its head; visit type arguments on the way."""
    segments: list[str] = []
    start, current = node.start_byte, node
    while current.type in ("scoped_identifier", "scoped_type_identifier"):
        segments.append(walk.text(current.child_by_field_name("name")))
        inner = current.child_by_field_name("path")
        if inner is None:
            segments.append("")
            break
        if inner.type in ("generic_type", "generic_type_with_turbofish"):
            walk.later(walk.visit(inner.child_by_field_name("type_arguments")))
            inner = inner.child_by_field_name("type") or inner
        current = inner
    _head(walk, current, segments, start)


def _head(walk: MentionWalk, node: Node, segments: list[str], start: int) -> None:
    if node.type == "bracketed_type":
        walk.member(segments[0], "path", (), start)
        walk.later(walk.visit(node))
        return
    if node.type == "metavariable":
        return
    if segments[-1:] != [""]:
        segments.append(walk.text(node))
    path = tuple(reversed(segments))
    walk.path_member(path, start)
    if path[0] != "Self" and not walk.scopes.hides(path[0], Space.TYPE):
        walk.add(path, Space.TYPE if len(path) > 1 else Space.ANY, node.start_byte)


def field(walk: MentionWalk, node: Node) -> None:
    """``value.field``."""
    _field_member(walk, node, "field")
    walk.later(walk.visit(node.child_by_field_name("value")))


def _field_member(walk: MentionWalk, node: Node, form: str) -> None:
    name = node.child_by_field_name("field")
    if name is not None:
        receiver = walk.chain(node.child_by_field_name("value"))
        walk.member(walk.text(name), form, receiver, name.start_byte)


def call(walk: MentionWalk, node: Node) -> None:
    """A call: of a method it is a member, else an expression."""
    function = node.child_by_field_name("function")
    generic = function if function is not None and function.type == "generic_function" else None
    inner = generic.child_by_field_name("function") if generic is not None else function
    if inner is None or inner.type != "field_expression":
        walk.children(node)
        return
    _field_member(walk, inner, "method")
    walk.later(
        walk.visit(inner.child_by_field_name("value")),
        walk.visit(generic.child_by_field_name("type_arguments") if generic is not None else None),
        walk.visit(node.child_by_field_name("arguments")),
    )


def struct_expression(walk: MentionWalk, node: Node) -> None:
    """A struct literal."""
    literal_fields(walk, node, node.child_by_field_name("name"), node.child_by_field_name("body"))
    walk.children(node)


def literal_fields(walk: MentionWalk, node: Node, type_: Node | None, body: Node | None) -> None:
    """Record the fields that a literal or pattern of a struct names."""
    generic = type_ is not None and type_.type == "generic_type_with_turbofish"
    type_ = type_.child_by_field_name("type") if generic and type_ is not None else type_
    owner = head(walk.source, type_) or walk.text(type_).rpartition("::")[2]
    owner = walk.self_type if owner == "Self" else owner
    for part in (body or node).named_children:
        name = part.child_by_field_name("field") or part.child_by_field_name("name")
        if part.type == "shorthand_field_initializer":
            name = part
        if part.type == "base_field_initializer" and owner:
            walk.member("*", "literal", (owner,), part.start_byte)
        if name is not None and name.type in (
            "field_identifier",
            "shorthand_field_identifier",
            part.type,
        ):
            walk.member(walk.text(name), "literal", (owner,) if owner else (), name.start_byte)


def macro_call(walk: MentionWalk, node: Node) -> None:
    """A macro call: its name, and what its tokens may mention."""
    macro = node.child_by_field_name("macro")
    if macro is not None and macro.type == "identifier":
        walk.add((walk.text(macro),), Space.MACRO, macro.start_byte)
    elif macro is not None:
        walk.later(walk.visit(macro))
    for child in node.children:
        if child.type == "token_tree":
            walk.scan(child.start_byte + 1, child.end_byte - 1, "macro")


def macro_definition(walk: MentionWalk, node: Node) -> None:
    """A ``macro_rules!``: what its rules may mention."""
    name = node.child_by_field_name("name")
    walk.scan(name.end_byte if name is not None else node.start_byte, node.end_byte, "definition")


def error(walk: MentionWalk, node: Node) -> None:
    """What the parser could not read: tokens."""
    walk.scan(node.start_byte, node.end_byte, "macro")
