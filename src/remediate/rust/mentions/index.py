"""The walk that finds what a file mentions, and what the files of a package mention and say.

Mentions are found through the syntax tree with its scopes, through tokens without. Which names any text
says behind a module's name, ``types::Beta`` or ``types::{Beta}``, is read from tokens alone, so that code
under any cfg, in macros and in files of no target counts as well.
"""

import re
from collections.abc import Callable
from functools import cached_property

from tree_sitter import Node

from remediate.rust.mentions import expressions
from remediate.rust.mentions.heuristic_types import head
from remediate.rust.mentions.references import SPACES, References, Space
from remediate.rust.mentions.walk import MentionWalk
from remediate.rust.modules.module_tree import module_tree
from remediate.rust.package import Package
from remediate.rust.syntax.items import KINDS
from remediate.rust.syntax.lexer import Token, TokenKind, code, tokens
from remediate.rust.syntax.source import Source
from remediate.rust.syntax.use_tree import leaves, use_tree

_WORD = re.compile(rb"[A-Za-z_\x80-\xff][A-Za-z0-9_\x80-\xff]*")


class MentionIndex:
    """Mentions by file."""

    def __init__(self, package: Package) -> None:
        self.package = package
        self._found: dict[str, References] = {}

    def of(self, path: str) -> References:
        """Return what a file mentions; nothing for a file the tool could not read."""
        if path not in self._found:
            known = path in self.package.files
            self._found[path] = references(self.package.source(path)) if known else References((), ())
        return self._found[path]

    @cached_property
    def words(self) -> dict[str, frozenset[str]]:
        """The words of every Rust file, those of comments and strings included."""
        files = {path: self.package.files[path] for path in self.package.rust_files}
        return {p: frozenset(w.decode(errors="replace") for w in _WORD.findall(t)) for p, t in files.items()}


def mention_index(package: Package) -> MentionIndex:
    """Return the package's index; the same object every time."""
    return package.derived(MentionIndex)


def references(source: Source) -> References:
    """Return everything a file mentions. Costs a tenth of a second for 6,000 lines: call it once per file."""
    walk = MentionWalk(source, _HANDLERS)
    walk.run(source.tree.root_node)
    walk.mentions.sort(key=lambda m: m.start)
    walk.members.sort(key=lambda m: m.start)
    return References(tuple(walk.mentions), tuple(walk.members), frozenset(walk.traits) - {""})


def block(walk: MentionWalk, node: Node) -> None:
    """A block of statements."""

    def leave() -> None:
        walk.blocks -= 1

    walk.blocks += 1
    walk.scoped(lambda: _hoist(walk, node), lambda: walk.children(node), leave)


def _hoist(walk: MentionWalk, node: Node) -> None:
    """Local items are in scope in all of their block."""
    for child in node.children:
        space = SPACES.get(KINDS.get(child.type, ""))
        if space is not None:
            walk.scopes.declare(walk.text(child.child_by_field_name("name")), space)
        elif child.type == "use_declaration":
            for leaf in leaves(use_tree(walk.source.text, child.start_byte, child.end_byte)):
                if not leaf.glob:
                    walk.scopes.declare(leaf.name, Space.ANY)


def use(walk: MentionWalk, node: Node) -> None:
    """A ``use`` in a body; those of modules are read by ``resolution.names``."""
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


def named(walk: MentionWalk, node: Node) -> None:
    """Visit all but the ``name`` field: it declares rather than mentions."""
    name = node.child_by_field_name("name")
    walk.children(node, [name] if name is not None else [])


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


_HANDLERS: dict[str, Callable[[MentionWalk, Node], None]] = {
    "identifier": expressions.identifier,
    "type_identifier": expressions.type_identifier,
    "shorthand_field_initializer": MentionWalk.children,
    "scoped_identifier": expressions.scoped,
    "scoped_type_identifier": expressions.scoped,
    "field_expression": expressions.field,
    "call_expression": expressions.call,
    "struct_expression": expressions.struct_expression,
    "macro_invocation": expressions.macro_call,
    "macro_definition": expressions.macro_definition,
    "token_tree": expressions.error,
    "ERROR": expressions.error,
    "let_declaration": expressions.let,
    "let_condition": expressions.let_condition,
    "parameter": expressions.parameter,
    "closure_expression": expressions.closure,
    "match_arm": expressions.match_arm,
    "for_expression": expressions.for_loop,
    "if_expression": expressions.if_else,
    "while_expression": expressions.scope,
    "block": block,
    "declaration_list": MentionWalk.children,
    "use_declaration": use,
    "function_item": item,
    "function_signature_item": item,
    "struct_item": item,
    "enum_item": item,
    "union_item": item,
    "trait_item": item,
    "impl_item": item,
    "type_item": item,
    "associated_type": item,
    "higher_ranked_trait_bound": item,
    "trait_bounds": bounds,
    "dynamic_type": trait_type,
    "abstract_type": trait_type,
    "bounded_type": bounds,
    "qualified_type": qualified,
    "const_item": named,
    "static_item": named,
    "enum_variant": named,
    "type_binding": named,
    "type_parameter": named,
    "const_parameter": named,
    "lifetime_parameter": nothing,
    "mod_item": module_item,
    "extern_crate_declaration": nothing,
    "visibility_modifier": nothing,
    "lifetime": nothing,
    "label": nothing,
    "inner_attribute_item": nothing,
    "macro_rule": nothing,
}


_COLONS = [b":", b":"]


def spelled_behind(package: Package, module: str, without: str) -> frozenset[str]:
    """Return the names that files other than ``without`` say behind ``module::``."""
    found = package.derived(_spelled)
    return frozenset().union(*(names.get(module, ()) for path, names in found.items() if path != without))


def words_of_orphans(package: Package) -> dict[str, frozenset[str]]:
    """Return the words of every file that no target reaches."""
    return package.derived(_words_of_orphans)


def _spelled(package: Package) -> dict[str, dict[str, set[str]]]:
    found: dict[str, dict[str, set[str]]] = {}
    for path in package.rust_files:
        names = found.setdefault(path, {})
        stream = code(package.files[path])
        for index, token in enumerate(stream[:-3]):
            if token.kind is TokenKind.IDENT and [t.text for t in stream[index + 1 : index + 3]] == _COLONS:
                names.setdefault(token.name, set()).update(_first_names(stream, index + 3))
    return found


def _first_names(stream: list[Token], index: int) -> set[str]:
    """Return the names a path goes on with at an index: one, or those that begin the branches of a group."""
    if stream[index].kind is TokenKind.IDENT:
        return {stream[index].name}
    names: set[str] = set()
    depth = 0
    for before, token in zip(stream[index - 1 :], stream[index:], strict=False):
        depth += (token.text == b"{") - (token.text == b"}")
        if depth < 1:
            break
        if depth == 1 and token.kind is TokenKind.IDENT and before.text in (b"{", b","):
            names.add(token.name)
    return names


def _words_of_orphans(package: Package) -> dict[str, frozenset[str]]:
    return {
        path: frozenset(t.name for t in tokens(text) if t.kind is TokenKind.IDENT)
        for path in module_tree(package).orphans
        if (text := package.files.get(path)) is not None
    }
