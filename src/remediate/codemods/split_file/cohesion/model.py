"""What the grouping speaks in: parts of a file, links between them, and the groups it makes of them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Part:
    """The smallest thing that moves: an item, or one member of an inherent impl that may be cut.

    Attributes:
        key: Unique in the file and independent of the order of its items where names allow ("struct Foo").
        lines: Lines it takes in a file of its own, its free-standing comments included.
        kind: The item's kind ("struct", "impl", "fn", ..); "member" for a member of an impl.
        name: The declared name, None for an impl.
        position: Its place among the parts of the file, from 0.
        item: Index into ``rust.items.items(source)``.
        member: Index into ``children(source, item)`` for a "member", else None. Members of one item that end
            up in one group are one impl block there, in order of ``member``.
        frame: Lines of the impl block around members, counted once for all members of an item in a group.
        defines: Names by which other parts may mention it.
        self_type: The type of this file that an impl is for; for a type's own item its name; else "".
        foreign_type: For an impl for a type of elsewhere, that type's name.
        trait: Head of the implemented trait, "" for others.
        banner: Text of the section comment it stands under, None where the file has none above it.
        words: Stems of the words in its name, docs and comments; repeated as often as they occur.
        vocabulary: Stems of the names in its code.
        imports: Which ``use`` declarations (indexes into the items) it draws names from.
        movable: False for what has to stay in the facade.
        bond: Parts with the same non-empty bond are never parted (cfg duplicates, a macro and its callers).
    """

    key: str
    lines: int
    kind: str
    name: str | None
    position: int
    item: int = 0
    member: int | None = None
    frame: int = 0
    defines: frozenset[str] = frozenset()
    self_type: str = ""
    foreign_type: str = ""
    trait: str = ""
    banner: str | None = None
    words: tuple[str, ...] = ()
    vocabulary: frozenset[str] = frozenset()
    imports: frozenset[int] = frozenset()
    movable: bool = True
    bond: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """``source`` mentions what ``target`` defines (keys of parts).

    Attributes:
        weight: How often; 0 when it says nothing about cohesion (tests mention everything).
        edits: The private names of the target it uses ("parse", "Cursor.at"). If the target sits in a child
            module and the source does not sit in the same one, each of them needs a ``pub(super)``. Empty
            when everything used is visible already.
        via: The names of the target that are mentioned, for the imports.
    """

    source: str
    target: str
    weight: float
    edits: frozenset[str] = frozenset()
    via: frozenset[str] = frozenset()

    @property
    def private(self) -> bool:
        """Whether parting the two costs visibility edits."""
        return bool(self.edits)


@dataclass(frozen=True, slots=True)
class Limits:
    """Sizes in lines.

    Attributes:
        max_lines: The largest file a split may leave.
        min_lines: The smallest file a split should make.
        facade_lines: What the facade holds besides its parts: head, imports.
    """

    max_lines: int = 300
    min_lines: int = 30
    facade_lines: int = 0


@dataclass(frozen=True, slots=True)
class Group:
    """A module to be made.

    Attributes:
        name: Its file stem.
        members: Keys of its parts in file order.
        reason: One sentence why they belong together, for people.
        planned: Whether the audit asked for it.
        public: Whether the audit wants ``pub mod``.
        lines: Estimate of the file's lines, imports included.
    """

    name: str
    members: tuple[str, ...]
    reason: str
    planned: bool = False
    public: bool = False
    lines: int = 0


@dataclass(frozen=True, slots=True)
class Grouping:
    """The result.

    Attributes:
        groups: The modules, in order of their first part.
        facade: Keys of the parts that stay, in file order.
        edits: Private names that need ``pub(super)``, each as (key of the part, name).
        notes: Sentences for the report: planned modules that were left out, parts that are too large to cut.
    """

    groups: tuple[Group, ...]
    facade: tuple[str, ...]
    edits: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = ()
