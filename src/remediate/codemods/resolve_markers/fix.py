"""What is done about one marker: edits of its file, and what they declare."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from remediate.codemods.resolve_markers.pending import Pending
from remediate.codemods.resolve_markers.places import Place
from remediate.edits import Edit
from remediate.rust.modules.module_tree import module_tree
from remediate.rust.syntax.bodies import Function, functions


@dataclass(frozen=True, slots=True)
class Fix:
    """One marker resolved.

    Attributes:
        edits: Of the marker's file; what they replace is what they rewrite.
        comments: The comments that go with it, each as it stands.
        summary: What was done, in the imperative, for a title: "drop `#[allow(dead_code)]` of `len`".
        note: What a reviewer should know, "" for nothing.
        kept: Why a stub's function stays as it is; "" where it does not.
        functions, api: What does something else, as ``edits.Change`` says it.
        elsewhere: Edits of other files, which it needs; ``also`` says what a reviewer should know of them.
        pending: The stub that it leaves to be written.
        allowance: Where an attribute was that rustc may ask for again; None for other fixes.
    """

    edits: tuple[Edit, ...]
    summary: str
    comments: tuple[bytes, ...] = ()
    note: str = ""
    kept: str = ""
    functions: frozenset[str] = frozenset()
    api: frozenset[str] = frozenset()
    allowance: int | None = None
    elsewhere: Mapping[str, tuple[Edit, ...]] = field(default_factory=dict)
    also: str = ""
    pending: Pending | None = None


def around(place: Place) -> Function | None:
    """Return the innermost function around a marker."""
    found = [f for f in functions(place.source) if f.span[0] <= place.start < f.span[1]]
    return found[-1] if found else None


def declared(place: Place, function: Function | None) -> frozenset[str]:
    """Return the path of a function in each crate that its file is a part of."""
    if function is None:
        return frozenset()
    own = function.self_type.split("<", 1)[0].rpartition("::")[2].strip().removeprefix("r#")
    names = (own, function.name) if own else (function.name,)
    modules = module_tree(place.codebase.home(place.path)).at(place.path, function.span[0])
    return frozenset(
        "::".join((target.name.replace("-", "_"), *module.path[1:], *names))
        for module in modules
        for target in module.targets
    )
