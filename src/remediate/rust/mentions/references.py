"""What a file mentions: paths by their first segment, and members behind ``.`` or ``::``.

A superset by design: what cannot be told apart from a mention counts as one (names in macro tokens, in
strings of attributes, format captures). Left out is only what the syntax shows to be something else: fields,
labels, bindings and what a binding, a generic parameter or a local item in scope hides.
"""

from bisect import bisect_left
from dataclasses import dataclass
from enum import Flag

from remediate.rust.syntax.cfg import Predicate


class Space(Flag):
    """Rust's namespaces: one name may denote three things."""

    TYPE = 1
    VALUE = 2
    MACRO = 4
    ANY = 7


@dataclass(frozen=True, slots=True)
class Mention:
    """A path, by its segments without ``r#``.

    Attributes:
        path: ("Foo", "new"), ("super", "x"), ("crate", "a", "b"), ("", "std") for ``::std``. A glob import
            in a body ends in "*". Never ("Self", ..).
        space: The namespaces the first segment may be looked up in.
        start: Offset of the first segment.
        cfg: What must hold for the code around it, from the module's own level down.
        origin: "code", "macro" (tokens of a call), "definition" (of a macro), "attribute", "string" or "doc".
        module: The inline modules around it, from the file's level down.
        pattern: Whether it is a lone name in a pattern: a mention of a constant, or else a new binding.
    """

    path: tuple[str, ...]
    space: Space
    start: int
    cfg: tuple[Predicate, ...] = ()
    origin: str = "code"
    module: tuple[str, ...] = ()
    pattern: bool = False

    @property
    def name(self) -> str:
        """The first segment."""
        return self.path[0]


@dataclass(frozen=True, slots=True)
class Member:
    """A name behind ``.`` or ``::``, or a field in a literal or pattern.

    Attributes:
        form: "method", "field", "path" (``T::name``) or "literal" (a field in a struct literal or pattern).
        receiver: What it is a member of, as far as syntax tells: a type, then fields ("x"), calls ("f()"),
            associated calls ("::new()"), "?" and "[]"; () where unknown.
    """

    name: str
    form: str
    receiver: tuple[str, ...]
    start: int
    cfg: tuple[Predicate, ...] = ()
    module: tuple[str, ...] = ()


@dataclass(frozen=True)
class References:
    """All mentions and members of a file, sorted by offset.

    ``traits`` are the names that stand where only a trait can: in bounds, after ``dyn``, in ``impl .. for``.
    """

    mentions: tuple[Mention, ...]
    members: tuple[Member, ...]
    traits: frozenset[str] = frozenset()

    def within(self, start: int, end: int) -> "References":
        """Return those that start in ``start:end``."""
        return References(
            self.mentions[_at(self.mentions, start) : _at(self.mentions, end)],
            self.members[_at(self.members, start) : _at(self.members, end)],
            self.traits,
        )


def _at(found: tuple[Mention, ...] | tuple[Member, ...], offset: int) -> int:
    return bisect_left(found, offset, key=lambda f: f.start)
