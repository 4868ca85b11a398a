"""The stack of a walk through a syntax tree: tasks instead of recursion, since expressions nest deeply."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from tree_sitter import Node

from remediate.rust.mentions.attributes import attribute_of, comment_of
from remediate.rust.mentions.record import MentionRecord
from remediate.rust.syntax.cfg import Predicate
from remediate.rust.syntax.source import Source

Task = Callable[[], None]
COMMENTS = {"line_comment", "block_comment"}


class MentionWalk(MentionRecord):
    """A walk that knows what to do with each kind of node."""

    def __init__(self, source: Source, handlers: Mapping[str, Callable[["MentionWalk", Node], None]]) -> None:
        super().__init__(source)
        self.handlers = handlers
        self.stack: list[Task] = []

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
