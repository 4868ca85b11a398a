"""What a walk over a file records: mentions, members, and the scopes and conditions it is in."""

import re
from bisect import bisect_left

from tree_sitter import Node

from remediate.rust.mentions.local_names import Chain, Scopes
from remediate.rust.mentions.references import Member, Mention, Space
from remediate.rust.mentions.tokens import members, paths
from remediate.rust.mentions.type_hints import chain
from remediate.rust.syntax.cfg import Predicate
from remediate.rust.syntax.lexer import Token, TokenKind
from remediate.rust.syntax.source import Source


class MentionRecord:
    """The state of a walk, and what it has found so far."""

    def __init__(self, source: Source) -> None:
        self.source = source
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
        return self.source.slice(node).decode(errors="replace").removeprefix("r#") if node else ""

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
