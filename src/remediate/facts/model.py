"""Values that facts are made of: locations, definitions, calls, types, and where each is known from."""

from dataclasses import dataclass, field, replace
from enum import Enum, StrEnum
from typing import Final, Literal


class Origin(StrEnum):
    """What a fact is known from, the best first.

    Attributes:
        TYPED: rustc's typed bodies (THIR): there only for targets without any error.
        RESOLVED: rustc's resolved syntax (HIR): names lead to definitions, methods do not; errors in bodies
            and names that are unknown do not stop it.
        LINKS: rustdoc's pages of the source, where most names and methods link to their definition.
        MIR: rustc's middle representation.
        SYNTAX: what is written; no fact of this module comes from it.
    """

    TYPED = "typed"
    RESOLVED = "resolved"
    LINKS = "links"
    MIR = "mir"
    SYNTAX = "syntax"


class Unknown(Enum):
    """The answer of a query that no source can answer: it says neither yes nor no."""

    UNKNOWN = "unknown"

    def __bool__(self) -> Literal[False]:
        """Be false, as an absent answer is; tell it from one with ``is UNKNOWN``."""
        return False


UNKNOWN: Final = Unknown.UNKNOWN


class UnreadableError(Exception):
    """rustc printed something in a form that was not tried."""


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Bytes ``start`` to ``end`` of a workspace-relative file."""

    file: str
    start: int
    end: int

    def __contains__(self, other: "Span") -> bool:
        """Whether all of another span lies within this one."""
        return self.file == other.file and self.start <= other.start and other.end <= self.end


@dataclass(frozen=True, slots=True)
class Definition:
    """Something that has a definition, equal to others by its path.

    Attributes:
        path: rustc's path of the definition itself, from the crate's name on, whatever it is re-exported as:
            ``core::fmt::Write::write_str``, ``csv::reader::{impl#3}::read``.
        kind: ``trait``, ``fn``, ``struct``, ``method``, ``closure``, ...; "" where the source does not say.
        span: The whole item without attributes, or the block of a body; None outside of the package.
    """

    path: str
    kind: str = field(default="", compare=False)
    span: Span | None = field(default=None, compare=False)

    @property
    def crate(self) -> str:
        """The name of the crate it is defined in."""
        return self.path.partition("::")[0]

    @property
    def name(self) -> str:
        """Its own name."""
        return self.path.rpartition("::")[2]

    @property
    def parent(self) -> str:
        """The path of what it is defined in; "" for a crate."""
        return self.path.rpartition("::")[0]

    @property
    def function(self) -> "Definition":
        """The function (or constant) that a closure, an async block or an inline constant is part of."""
        kept = self.path
        while kept.rpartition("::")[2].startswith(("{closure#", "{constant#")):
            kept = kept.rpartition("::")[0]
        return self if kept == self.path else replace(self, path=kept, kind="", span=None)


class Form(StrEnum):
    """How a call is written.

    Attributes:
        METHOD: ``receiver.name(..)``.
        PATH: ``path::to::name(..)``, a constructor among them.
        IMPLICIT: An overloaded operator or index. What ``?``, ``for`` and ``.await`` call is a PATH.
        VALUE: The function is named and not called there: ``.map(name)``.
        CONSTANT: No call: a constant is read, associated ones among them.
    """

    METHOD = "method"
    PATH = "path"
    IMPLICIT = "implicit"
    CONSTANT = "constant"
    VALUE = "value"


@dataclass(frozen=True, slots=True)
class Call:
    """A call, or the mention of a function or constant as a value, that the compiler resolved.

    Attributes:
        callee: What is called. A method of a trait is the trait's own, not that of an impl.
        trait: The trait the callee belongs to; None for inherent methods, free functions and constructors.
        span: The whole expression, arguments included.
        name: What names the callee: the method's name, or the path.
        form: How it is written.
        arguments: The callee's generic arguments as rustc writes types, the self type of a trait first.
        receiver: The type the method was called on, before any borrow; "" where it is no method call.
        result: The type of the whole expression.
        body: Whose body it is in: a function, a closure, a constant.
        expanded: Whether a macro, a derive or a desugaring made it. Its spans are then those of the tokens it
            was made of, which may lie in the macro's definition.
        generic_self: Whether the self type is a type parameter or ``dyn``: where the trait is one of its
            bounds, it need not be in scope.
        origin: Where this is known from.
    """

    callee: Definition
    trait: str | None
    span: Span
    name: Span
    form: Form
    arguments: tuple[str, ...]
    receiver: str
    result: str
    body: Definition
    expanded: bool = False
    generic_self: bool = False
    origin: Origin = Origin.TYPED

    @property
    def caller(self) -> Definition:
        """The function that calls; closures and async blocks count as their function."""
        return self.body.function


@dataclass(frozen=True, slots=True)
class Reference:
    """A name in the source and the definition it leads to."""

    span: Span
    definition: Definition
    origin: Origin


@dataclass(frozen=True, slots=True)
class Item:
    """An item of the package, written or made by a macro; of what macros make imports and fields as well.

    Attributes:
        definition: The item; its span is where its tokens come from.
        made: Whether a macro or a derive made it.
        visibility: Of what a macro made, as it is written: "", "pub", "pub(crate)", ..; None where only
            another crate's text says it.
    """

    definition: Definition
    made: bool
    origin: Origin
    visibility: str | None = None


@dataclass(frozen=True)
class TargetFacts:
    """All that one source tells of one target.

    Attributes:
        target: The target as cargo's messages call it: ``lib``, ``lib test``, ``bin "x"``.
        origin: The source.
        bodies: Every body: functions, closures, constants, with the span of its block or expression.
        calls: Every call in them.
        types: By file, the type of the expression with exactly these bytes, before any coercion.
        owners: By file, the type whose field the expression that ends at a byte is.
        references: Names in the source with their definitions.
        items: Every item.
        named: By the path of an item, the definitions that its head and bodies name, macros expanded; methods
            that are called are not among them.
    """

    target: str
    origin: Origin
    bodies: tuple[Definition, ...] = ()
    calls: tuple[Call, ...] = ()
    types: dict[str, dict[tuple[int, int], str]] = field(default_factory=dict)
    owners: dict[str, dict[int, str]] = field(default_factory=dict)
    references: tuple[Reference, ...] = ()
    items: tuple[Item, ...] = ()
    named: dict[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a codemod wants to know before it plans.

    Attributes:
        package: The package's name.
        targets: Its targets, as cargo's messages call them: ``lib``, ``bin "x"``.
        tests: Whether code under ``cfg(test)`` is to be known as well; that can take ten times as long.
        types: Whether types of expressions are wanted.
        features: Whether code that only a feature brings is to be known too: all features are asked about as
            well, where they are not on by default.
        names: Where names of calls stand, each with its file, that have to be known: where the default
            features leave one out, other feature sets are asked about as well.
        gates: The features that code around these asks for.
    """

    package: str
    targets: tuple[str, ...]
    tests: bool = False
    types: bool = False
    features: bool = False
    names: tuple[tuple[str, int], ...] = ()
    gates: tuple[str, ...] = ()
