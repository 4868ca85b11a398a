"""Bindings: what a walk does with the nodes that bring names into scope for a while."""

from tree_sitter import Node

from remediate.rust.mentions.attributes import attribute_of
from remediate.rust.mentions.local_names import Chain
from remediate.rust.mentions.paths import literal_fields
from remediate.rust.mentions.references import Mention, Space
from remediate.rust.mentions.stack import COMMENTS, MentionWalk, Task
from remediate.rust.mentions.type_hints import written

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
