"""Items and blocks: what a walk does with the nodes that have a scope of their own."""

from tree_sitter import Node

from remediate.rust.mentions.references import Space
from remediate.rust.mentions.stack import MentionWalk
from remediate.rust.mentions.type_hints import head
from remediate.rust.syntax.use_tree import leaves, use_tree

_ITEMS = {
    "function_item": Space.VALUE,
    "const_item": Space.VALUE,
    "static_item": Space.VALUE,
    "struct_item": Space.TYPE | Space.VALUE,
    "enum_item": Space.TYPE,
    "union_item": Space.TYPE,
    "trait_item": Space.TYPE,
    "type_item": Space.TYPE,
    "macro_definition": Space.MACRO,
    "mod_item": Space.TYPE,
}


def block(walk: MentionWalk, node: Node) -> None:
    """A block of statements."""

    def leave() -> None:
        walk.blocks -= 1

    walk.blocks += 1
    walk.scoped(lambda: _hoist(walk, node), lambda: walk.children(node), leave)


def _hoist(walk: MentionWalk, node: Node) -> None:
    """Local items are in scope in all of their block."""
    for child in node.children:
        if child.type in _ITEMS:
            walk.scopes.declare(walk.text(child.child_by_field_name("name")), _ITEMS[child.type])
        elif child.type == "use_declaration":
            for leaf in leaves(use_tree(walk.source.text, child.start_byte, child.end_byte)):
                if not leaf.glob:
                    walk.scopes.declare(leaf.name, Space.ANY)


def use(walk: MentionWalk, node: Node) -> None:
    """A ``use`` in a body; those of modules are read by ``rust.scope``."""
    if not walk.blocks:
        return
    for leaf in leaves(use_tree(walk.source.text, node.start_byte, node.end_byte)):
        if leaf.glob:
            walk.add((*leaf.path, "*"), Space.TYPE, leaf.start)
        elif leaf.path:
            walk.add(leaf.path, Space.ANY if len(leaf.path) == 1 else Space.TYPE, leaf.start)


def item(walk: MentionWalk, node: Node) -> None:
    """Any item with generics or a body of its own."""
    before = walk.self_type
    if node.type == "impl_item":
        walk.traits.add(head(walk.source, node.child_by_field_name("trait")))
        walk.self_type = head(walk.source, node.child_by_field_name("type"))
    elif node.type in ("struct_item", "enum_item", "union_item"):
        walk.self_type = walk.text(node.child_by_field_name("name"))
    elif node.type == "trait_item":
        walk.self_type = ""
    name = node.child_by_field_name("name")
    is_body = node.type == "function_item"
    walk.depth += is_body
    wall = is_body and walk.depth > 1

    def leave() -> None:
        walk.self_type = before
        walk.depth -= is_body

    generics = node.child_by_field_name("type_parameters")
    walk.scoped(
        lambda: _declare_generics(walk, generics),
        lambda: walk.children(node, [name] if name is not None else []),
        leave,
        wall=wall,
    )


def _declare_generics(walk: MentionWalk, node: Node | None) -> None:
    for parameter in node.named_children if node is not None else []:
        name = parameter.child_by_field_name("name")
        if name is not None and parameter.type == "type_parameter":
            walk.scopes.declare(walk.text(name), Space.TYPE)
        elif name is not None and parameter.type == "const_parameter":
            walk.scopes.declare(walk.text(name), Space.VALUE | Space.TYPE)


def generic_parameter(walk: MentionWalk, node: Node) -> None:
    """A generic parameter: its bounds and default."""
    name = node.child_by_field_name("name")
    walk.children(node, [name] if name is not None else [])


def named(walk: MentionWalk, node: Node) -> None:
    """Visit all but the ``name`` field: it declares rather than mentions."""
    generic_parameter(walk, node)


def module_item(walk: MentionWalk, node: Node) -> None:
    """An inline module."""
    body = node.child_by_field_name("body")
    if body is None:
        return
    before = walk.module

    def enter() -> None:
        walk.module = (*before, walk.text(node.child_by_field_name("name")))

    def leave() -> None:
        walk.module = before

    walk.later(enter, lambda: walk.children(body), leave)


def nothing(walk: MentionWalk, node: Node) -> None:
    """Labels, lifetimes, visibilities: no names of items."""


def bounds(walk: MentionWalk, node: Node) -> None:
    """``A + B`` behind a type parameter or ``dyn``."""
    for child in node.named_children:
        inner = child.child_by_field_name("type") if child.type == "higher_ranked_trait_bound" else child
        walk.traits.add(head(walk.source, inner))
    walk.children(node)


def trait_type(walk: MentionWalk, node: Node) -> None:
    """``dyn A`` and ``impl A``."""
    walk.traits.add(head(walk.source, node.child_by_field_name("trait")))
    walk.children(node)


def qualified(walk: MentionWalk, node: Node) -> None:
    """``T as A`` in a path."""
    walk.traits.add(head(walk.source, node.child_by_field_name("alias")))
    walk.children(node)
