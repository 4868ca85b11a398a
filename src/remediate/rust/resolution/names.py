"""Names: what an item defines, its fields, what is in scope in a module, and the words of a name."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeVar

from tree_sitter import Node

from remediate.rust.mentions.heuristic_types import written
from remediate.rust.mentions.references import SPACES, Space
from remediate.rust.modules.module import Module, items_of
from remediate.rust.package import Package
from remediate.rust.syntax.cfg import Predicate, predicates
from remediate.rust.syntax.items import Item, children
from remediate.rust.syntax.lexer import Token, TokenKind, code
from remediate.rust.syntax.relative import PRIVATE, Visibility, visibility
from remediate.rust.syntax.source import Source
from remediate.rust.syntax.use_tree import Leaf, UseTree, leaves, use_tree

Named = tuple[str, Space]

_DECLARES = {kind.encode(): space for kind, space in SPACES.items() if kind != "macro_rules"}
_BODIED = {b"fn", b"impl", b"trait", b"enum", b"struct", b"union"}
_MODIFIERS = {b"ref", b"mut", b"unsafe", b"async", b"extern"}


def defined(source: Source, item: Item) -> tuple[Named, ...]:
    """Return the names an item certainly defines, in order; () for impls, uses and macro calls."""
    if item.kind == "extern":
        return tuple(n for member in children(source, item) for n in defined(source, member))
    if item.kind == "extern crate":
        return ((_alias(source, item), Space.TYPE),)
    space = SPACES.get(item.kind)
    if item.name is None or space is None or item.name == "_":
        return ()
    named_fields = item.kind == "struct" and not has_constructor(item)
    return ((item.name, Space.TYPE if named_fields else space),)


def has_constructor(item: Item) -> bool:
    """Whether a struct is a unit or tuple struct, whose name is a value too."""
    body = item.node.child_by_field_name("body")
    return body is None or body.type != "field_declaration_list"


def generated(source: Source, item: Item) -> tuple[Named, ...]:
    """Return the names that a macro call in item position seems to define, by what its tokens declare."""
    stream = code(source.text, item.start, item.end)
    found: dict[str, Space] = {}
    index = 0
    while index < len(stream) - 1:
        token = stream[index]
        if token.kind is TokenKind.IDENT and token.text in _DECLARES:
            name = _declared(stream, index + 1)
            if name:
                found[name] = found.get(name, Space(0)) | _DECLARES[token.text]
        index = _behind_body(stream, index) if token.text in _BODIED else index + 1
    return tuple(found.items())


def variants(source: Source, item: Item) -> tuple[str, ...]:
    """Return the names of an enum's variants."""
    body = item.node.child_by_field_name("body")
    nodes = body.named_children if body is not None else []
    named = [n.child_by_field_name("name") for n in nodes if n.type == "enum_variant"]
    return tuple(source.name_of(n) for n in named if n is not None)


def trait_members(source: Source, item: Item) -> frozenset[str] | None:
    """Return the names a trait declares, None where a macro call among them hides some."""
    members = children(source, item)
    if any(m.kind in ("macro", "error") for m in members):
        return None
    return frozenset(m.name for m in members if m.name)


def words(name: str) -> tuple[str, ...]:
    """Return a name's words in lower case: ``HTTPServer2`` and ``http_server2`` both give http, server2."""
    return tuple(w.lower() for w in re.findall(r"[A-Z]+(?![a-z])\d*|[A-Z]?[a-z]+\d*|\d+", name))


def snake(name: str) -> str:
    """Return a type's name as a module's: ``SearchEngine`` as ``search_engine``."""
    return "_".join(words(name))


def _alias(source: Source, item: Item) -> str:
    alias = item.node.child_by_field_name("alias")
    return source.slice(alias).decode() if alias is not None else item.name or ""


def _declared(stream: list[Token], index: int) -> str:
    while index < len(stream) and stream[index].text in _MODIFIERS:
        index += 1
    if index >= len(stream) or stream[index].kind is not TokenKind.IDENT or stream[index].text in _DECLARES:
        return ""
    return stream[index].name


def _behind_body(stream: list[Token], index: int) -> int:
    """Return where an item's braces end: what is declared inside them is not the module's."""
    depth = 0
    for at in range(index + 1, len(stream)):
        text = stream[at].text
        if text == b";" and not depth:
            return at + 1
        depth += (text in (b"{", b"(", b"[")) - (text in (b"}", b")", b"]"))
        if depth < 0 or (text == b"}" and depth == 0):
            return at + 1
    return len(stream)


@dataclass(frozen=True)
class Definition:
    """One name that an item defines; ``sure`` is False for names read from a macro call's tokens."""

    name: str
    space: Space
    item: Item
    cfg: tuple[Predicate, ...]
    sure: bool = True


@dataclass(frozen=True)
class Import:
    """One leaf of a ``use`` declaration of the module."""

    leaf: Leaf
    tree: UseTree = field(repr=False)
    item: Item = field(repr=False)
    cfg: tuple[Predicate, ...]
    visibility: Visibility

    @property
    def name(self) -> str:
        """The name it binds; "*" for a glob."""
        return self.leaf.name


@dataclass(frozen=True)
class ModuleScope:
    """The names of one module, by syntax alone.

    Attributes:
        items: The module's items in order.
        definitions: What its items define, in order.
        imports: What its ``use`` declarations bind, in order.
    """

    items: tuple[Item, ...]
    definitions: tuple[Definition, ...]
    imports: tuple[Import, ...]

    @cached_property
    def defined(self) -> dict[str, tuple[Definition, ...]]:
        """Definitions by name."""
        return _by_name(self.definitions)

    @cached_property
    def imported(self) -> dict[str, tuple[Import, ...]]:
        """Imports by the name they bind; globs and ``as _`` left out."""
        return _by_name(i for i in self.imports if i.name not in ("*", "_"))

    @cached_property
    def globs(self) -> tuple[Import, ...]:
        """The glob imports."""
        return tuple(i for i in self.imports if i.leaf.glob)

    def definitions_of(self, name: str, space: Space) -> tuple[Definition, ...]:
        """Return the definitions of a name in any of the namespaces."""
        return tuple(d for d in self.defined.get(name, ()) if d.space & space)


_T = TypeVar("_T", Definition, Import)


def module_scope(package: Package, module: Module) -> ModuleScope:
    """Read the scope of a module; empty for a file that could not be read."""
    if module.file not in package.files:
        return ModuleScope((), (), ())
    source = package.source(module.file)
    return scope(source, items_of(source, module))


def scope(source: Source, found: tuple[Item, ...]) -> ModuleScope:
    """Read the scope of the module whose items these are."""
    definitions: list[Definition] = []
    imports: list[Import] = []
    for item in found:
        cfg = predicates(item.attributes)
        definitions += [Definition(name, space, item, cfg) for name, space in defined(source, item)]
        if item.kind == "use":
            tree = use_tree(source.text, item.start, item.end)
            imports += [Import(leaf, tree, item, cfg, visibility_of(source, item)) for leaf in leaves(tree)]
    known = {d.name for d in definitions} | {i.name for i in imports}
    rules = {i.name: i for i in found if i.kind == "macro_rules"}
    for item in found:
        if item.kind == "macro":
            cfg = predicates(item.attributes)
            # What a call defines stands in its own tokens, or in the rules of a macro of this module.
            written = (item, *([rules[item.name]] if item.name in rules else []))
            guesses = dict(n for w in written for n in generated(source, w) if n[0] not in known).items()
            definitions += [Definition(name, space, item, cfg, sure=False) for name, space in guesses]
    return ModuleScope(found, tuple(definitions), tuple(imports))


def visibility_of(source: Source, item: Item) -> Visibility:
    """Return an item's visibility as written."""
    return visibility(source.text[slice(*item.visibility)] if item.visibility else b"")


def _by_name(found: Iterable[_T]) -> dict[str, tuple[_T, ...]]:
    grouped: dict[str, list[_T]] = {}
    for one in found:
        grouped.setdefault(one.name, []).append(one)
    return {name: tuple(many) for name, many in grouped.items()}


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
        return tuple(_named_field(source, n) for n in nodes)
    return tuple(_positional_fields(source, body))


def returned(source: Source, item: Item) -> str:
    """Return the type a function returns, as ``heuristic_types.written`` gives it; "" if it has no name."""
    return written(source, item.node.child_by_field_name("return_type"))


def signature_end(item: Item) -> int:
    """Return where what others see of an item ends: at a function's body or a constant's value."""
    part = item.node.child_by_field_name("value" if item.kind in ("const", "static") else "body")
    hidden = item.kind in ("fn", "const", "static") and part is not None
    return part.start_byte if hidden and part is not None else item.end


def _named_field(source: Source, node: Node) -> Field:
    name = node.child_by_field_name("name")
    text = source.name_of(name)
    modifier = next((c for c in node.children if c.type == "visibility_modifier"), None)
    start = modifier.start_byte if modifier else (name.start_byte if name else node.start_byte)
    type_ = node.child_by_field_name("type")
    return Field(text, start, node.end_byte, _visibility(source, modifier), written(source, type_))


def _positional_fields(source: Source, body: Node) -> list[Field]:
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
