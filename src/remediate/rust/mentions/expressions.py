"""Expressions and patterns: what a walk does with names, paths, members, macro calls and bindings."""

from tree_sitter import Node

from remediate.rust.mentions.heuristic_types import Chain, head, written
from remediate.rust.mentions.references import Mention, Space
from remediate.rust.mentions.walk import MentionWalk, Task, attribute_of
from remediate.rust.syntax.items import COMMENTS


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
        if name is not None and name.type in ("field_identifier", "shorthand_field_identifier", part.type):
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


_NESTED_PATTERNS = {"tuple_pattern", "slice_pattern", "or_pattern", "field_pattern", "parenthesized_pattern"}


def let(walk: MentionWalk, node: Node) -> None:
    """``let``: its value does not see what it binds."""
    pattern, value = node.child_by_field_name("pattern"), node.child_by_field_name("value")
    annotation = node.child_by_field_name("type")
    name = written(walk.source, annotation)

    def bind_value() -> None:
        known = walk.chain(value)
        bind(walk, pattern, walk.own(name) if annotation is not None else known)

    walk.later(
        walk.visit(annotation),
        walk.visit(value),
        walk.visit(node.child_by_field_name("alternative")),
        bind_value,
    )


def let_condition(walk: MentionWalk, node: Node) -> None:
    """``let`` in a condition."""
    pattern, value = node.child_by_field_name("pattern"), node.child_by_field_name("value")
    walk.later(walk.visit(value), lambda: bind(walk, pattern, walk.chain(value)))


def parameter(walk: MentionWalk, node: Node) -> None:
    """A parameter of a function or a typed one of a closure."""
    type_ = node.child_by_field_name("type")
    bind(walk, node.child_by_field_name("pattern"), walk.own(written(walk.source, type_)))
    walk.later(walk.visit(type_))


def closure(walk: MentionWalk, node: Node) -> None:
    """A closure."""
    parameters = node.child_by_field_name("parameters")
    named = parameters.named_children if parameters is not None else []
    lone = [n for n in named if n.type not in ("parameter", "attribute_item", *COMMENTS)]
    rest = [n for n in named if n.type == "parameter"]
    walk.scoped(
        *(binding(walk, n) for n in lone),
        *(walk.visit(n) for n in rest),
        walk.visit(node.child_by_field_name("return_type")),
        walk.visit(node.child_by_field_name("body")),
    )


def match_arm(walk: MentionWalk, node: Node) -> None:
    """An arm of a ``match``."""
    pattern = node.child_by_field_name("pattern")
    inner = [c for c in node.children if c.type == "attribute_item"]
    guard = pattern.child_by_field_name("condition") if pattern is not None else None
    cfg = tuple(p for n in inner for p in attribute_of(walk, n, ()))
    walk.scoped(
        walk.under(cfg),
        lambda: bind(walk, pattern, _scrutinee(walk, node)),
        walk.visit(guard),
        walk.visit(node.child_by_field_name("value")),
        walk.restore(walk.cfg),
    )


def _scrutinee(walk: MentionWalk, arm: Node) -> Chain:
    match = arm.parent.parent if arm.parent is not None else None
    return walk.chain(match.child_by_field_name("value")) if match is not None else ()


def for_loop(walk: MentionWalk, node: Node) -> None:
    """``for``."""
    pattern, body = node.child_by_field_name("pattern"), node.child_by_field_name("body")
    value = node.child_by_field_name("value")

    def bind_value() -> None:
        known = walk.chain(value)
        bind(walk, pattern, (*known, "for") if known else ())

    walk.later(walk.visit(value), lambda: walk.scoped(bind_value, walk.visit(body)))


def if_else(walk: MentionWalk, node: Node) -> None:
    """``if``: what its condition binds ends with its block."""
    walk.later(
        lambda: walk.scoped(
            walk.visit(node.child_by_field_name("condition")),
            walk.visit(node.child_by_field_name("consequence")),
        ),
        walk.visit(node.child_by_field_name("alternative")),
    )


def scope(walk: MentionWalk, node: Node) -> None:
    """A node with a scope of its own."""
    walk.scoped(lambda: walk.children(node))


def binding(walk: MentionWalk, pattern: Node) -> Task:
    """Return the task of binding a pattern."""
    return lambda: bind(walk, pattern)


def bind(walk: MentionWalk, pattern: Node | None, known: Chain = ()) -> None:
    """Bind the names of a pattern in the innermost scope; record the constants and paths it mentions."""
    if pattern is None:
        return
    if pattern.type in ("identifier", "shorthand_field_identifier"):
        _bind_name(walk, pattern, known)
    elif pattern.type == "match_pattern":
        bind(walk, pattern.named_children[0] if pattern.named_children else None, known)
    elif pattern.type in ("reference_pattern", "mut_pattern", "ref_pattern"):
        bind(walk, pattern.named_children[-1] if pattern.named_children else None, known)
    elif pattern.type == "captured_pattern":
        walk.scopes.bind(walk.text(pattern.named_children[0]), known)
        for part in pattern.named_children[1:]:
            bind(walk, part)
    elif pattern.type in ("struct_pattern", "tuple_struct_pattern"):
        _bind_struct(walk, pattern, known)
    elif pattern.type in _NESTED_PATTERNS:
        walk.later(*(binding(walk, p) for p in pattern.named_children if p.type != "field_identifier"))
    elif pattern.type not in ("mutable_specifier", *COMMENTS):
        walk.later(walk.visit(pattern))


def _bind_name(walk: MentionWalk, node: Node, known: Chain) -> None:
    name = walk.text(node)
    shorthand = node.type != "identifier"
    if not shorthand and not walk.scopes.hides(name, Space.VALUE):
        mention = Mention((name,), Space.VALUE, node.start_byte, walk.cfg, "code", walk.module, pattern=True)
        walk.mentions.append(mention)
    if shorthand or name[:1].islower() or name.startswith("_"):
        walk.scopes.bind(name, known)


def _bind_struct(walk: MentionWalk, pattern: Node, known: Chain) -> None:
    type_ = pattern.child_by_field_name("type")
    if pattern.type == "struct_pattern":
        literal_fields(walk, pattern, type_, None)
    walk.later(walk.visit(type_))
    held = (*known, "?") if known and walk.text(type_) in ("Some", "Ok") else ()
    for part in pattern.named_children:
        if part != type_:
            bind(walk, part, held)
