"""The state of a walk through a syntax tree: its scopes and conditions, its stack, what it has recorded.

Tasks on a stack instead of recursion, since expressions nest deeply.
"""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence

from tree_sitter import Node

from remediate.rust.mentions.heuristic_types import Chain, Scopes, chain
from remediate.rust.mentions.references import Member, Mention, Space, code_in, members, paths
from remediate.rust.syntax.attributes import attribute
from remediate.rust.syntax.cfg import Predicate, parse, resolved
from remediate.rust.syntax.doc_links import doc_links
from remediate.rust.syntax.items import COMMENTS
from remediate.rust.syntax.known_names import (
    ATTRIBUTE_TOOLS,
    BUILTIN_ATTRIBUTES,
    COMPILER_TESTS,
    STANDARD_DERIVES,
)
from remediate.rust.syntax.lexer import Token, TokenKind, is_outer_doc, tokens
from remediate.rust.syntax.source import Source

Task = Callable[[], None]


class MentionWalk:
    """A walk that knows what to do with each kind of node: its state, and what it has found so far."""

    def __init__(self, source: Source, handlers: Mapping[str, Callable[["MentionWalk", Node], None]]) -> None:
        self.source = source
        self.handlers = handlers
        self.stack: list[Task] = []
        self.mentions: list[Mention] = []
        self.members: list[Member] = []
        self.traits: set[str] = set()
        self.scopes = Scopes()
        self.cfg: tuple[Predicate, ...] = ()
        self.module: tuple[str, ...] = ()
        self.self_type = ""
        self.depth = self.blocks = 0
        self.stream = [t for t in source.tokens if t.kind is not TokenKind.COMMENT]
        self.starts = [t.start for t in self.stream]

    def run(self, root: Node) -> None:
        """Walk everything below a node."""
        self.stack = [lambda: self.children(root)]
        while self.stack:
            self.stack.pop()()

    def later(self, *tasks: Task) -> None:
        """Do these tasks next, in this order."""
        self.stack.extend(reversed(tasks))

    def visit(self, node: Node | None) -> Task:
        """Return the task of visiting a node."""
        return lambda: self.node(node) if node is not None else None

    def node(self, node: Node) -> None:
        """Visit a node."""
        handler = self.handlers.get(node.type)
        if handler is not None:
            handler(self, node)
        elif node.child_count:
            self.children(node)

    def children(self, node: Node, skip: Sequence[Node] = ()) -> None:
        """Visit the children of a node."""
        self.sequence([c for c in node.children if c not in skip] if skip else node.children)

    def sequence(self, nodes: Iterable[Node]) -> None:
        """Visit siblings; attributes apply to the one that follows them."""
        tasks: list[Task] = []
        cfg: tuple[Predicate, ...] = ()
        for node in nodes:
            if node.type == "attribute_item":
                cfg += attribute_of(self, node, cfg)
            elif node.type in COMMENTS:
                comment_of(self, node, cfg)
            elif cfg and node.is_named:
                tasks += [self.under(cfg), self.visit(node), self.restore(self.cfg)]
                cfg = ()
            elif node.is_named or node.type in self.handlers:
                tasks.append(self.visit(node))
        self.later(*tasks)

    def under(self, cfg: tuple[Predicate, ...]) -> Task:
        """Return the task of adding conditions."""

        def task() -> None:
            self.cfg += cfg

        return task

    def restore(self, cfg: tuple[Predicate, ...]) -> Task:
        """Return the task of going back to these conditions."""

        def task() -> None:
            self.cfg = cfg

        return task

    def scoped(self, *tasks: Task, wall: bool = False) -> None:
        """Do tasks in a scope of their own."""
        self.later(lambda: self.scopes.open(wall=wall), *tasks, self.scopes.close)

    def add(
        self,
        path: tuple[str, ...],
        space: Space,
        start: int,
        origin: str = "code",
        cfg: tuple[Predicate, ...] = (),
    ) -> None:
        """Record a mention, under the conditions around it and ``cfg``."""
        self.mentions.append(Mention(path, space, start, self.cfg + cfg, origin, self.module))

    def member(self, name: str, form: str, receiver: Chain, start: int) -> None:
        """Record a member."""
        self.members.append(Member(name, form, receiver, start, self.cfg, self.module))

    def text(self, node: Node | None) -> str:
        """Return a node's text, a name's without ``r#``."""
        return self.source.name_of(node)

    def tokens(self, start: int, end: int) -> list[Token]:
        """Return the tokens of a span, comments left out."""
        return self.stream[bisect_left(self.starts, start) : bisect_left(self.starts, end)]

    def scan(self, start: int, end: int, origin: str) -> None:
        """Record what tokens of unknown grammar may mention."""
        stream = self.tokens(start, end)
        for path, space, offset in paths(stream):
            if path[0] == "Self":
                self.path_member(path, offset)
            elif len(path) > 1 or space is Space.MACRO or not self.scopes.hides_any(path[0]):
                self.add(path, space, offset, origin)
        for name, form, token, offset in members(stream):
            self.member(name, form, self.receiver(token, form), offset)

    def receiver(self, token: Token | None, form: str) -> Chain:
        """Return what is known of the token a member is of."""
        if token is None or token.kind is not TokenKind.IDENT:
            return ()
        name = token.text.decode(errors="replace")
        if name in ("self", "Self"):
            return (self.self_type,) if self.self_type else ()
        return (name,) if form == "path" else self.scopes.binding(name) or ()

    def path_member(self, path: tuple[str, ...], start: int) -> None:
        """Record the last segment of a path as a member of the one before."""
        if len(path) > 1:
            owner = self.self_type if path[-2] == "Self" else path[-2]
            self.member(path[-1], "path", (owner,) if owner else (), start)

    def chain(self, value: Node | None) -> Chain:
        """Return what an expression is made of."""
        return chain(self.source, value, self.scopes, self.self_type)

    def own(self, name: str) -> Chain:
        """Return a written type as the beginning of a chain, ``Self`` resolved."""
        name = re.sub(r"\bSelf\b", self.self_type or "_", name)
        return (name,) if name else ()


def attribute_of(walk: MentionWalk, node: Node, before: tuple[Predicate, ...]) -> tuple[Predicate, ...]:
    """Record what an attribute mentions; return what it requires of the configuration."""
    required: list[Predicate] = []
    for conditional in resolved(attribute(walk.source, node)):
        if conditional.path == "cfg":
            required.append(parse(conditional.arguments))
        elif conditional.path in COMPILER_TESTS and not conditional.when:
            required.append(Predicate(name="test"))
        elif conditional.path not in BUILTIN_ATTRIBUTES or conditional.path == "derive":
            _attribute_tokens(
                walk, conditional.path, conditional.arguments, node, (*before, *conditional.when)
            )
    return tuple(required)


def _attribute_tokens(
    walk: MentionWalk, path: str, arguments: Sequence[Token], node: Node, cfg: tuple[Predicate, ...]
) -> None:
    if path.split("::", maxsplit=1)[0] in ATTRIBUTE_TOOLS:
        return
    if path != "derive":
        walk.add(tuple(path.split("::")), Space.MACRO, node.start_byte + 2, "attribute", cfg)
    for found, _, start in paths(arguments):
        if path != "derive" or found[0] not in STANDARD_DERIVES:
            walk.add(found, Space.ANY, start, "attribute", cfg)
    for index, token in enumerate(arguments):
        if token.kind is TokenKind.LITERAL and index and arguments[index - 1].text == b"=":
            for found, _, _ in paths(code_in(token.text, lambda text: list(tokens(text)))):
                walk.add(found, Space.ANY, token.start, "string", cfg)


def comment_of(walk: MentionWalk, node: Node, cfg: tuple[Predicate, ...]) -> None:
    """Record what a doc comment links to."""
    text = walk.source.slice(node)
    if is_outer_doc(text):
        for path in doc_links(text):
            if path[0] != "Self":
                walk.add(path, Space.ANY, node.start_byte, "doc", cfg)
