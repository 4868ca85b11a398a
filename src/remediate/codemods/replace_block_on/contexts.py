"""Where code runs, and which functions may become async: the boundaries that no rewrite crosses."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from remediate.audit.scan.blocking import context
from remediate.audit.scan.scopes import is_test
from remediate.codemods.replace_block_on.known import Known, identity
from remediate.model import Skip
from remediate.rust.syntax.bodies import Function, Scope, last_name, scopes
from remediate.rust.syntax.cfg import resolved
from remediate.rust.syntax.expressions import Invocation, invocation
from remediate.rust.syntax.known_names import ATTRIBUTE_TOOLS

_FORMATTING = re.compile(
    r"(?:std::|core::|alloc::)?(?:print|println|eprint|eprintln|format|write|writeln|panic|assert|assert_eq"
    r"|assert_ne|debug_assert|debug_assert_eq|debug_assert_ne|vec|dbg|todo|unreachable)\Z"
)
"""The standard macros whose arguments are evaluated where the macro is called."""
_POOL = re.compile(r"(?:\A|::|\.)(?:spawn_blocking|unblock|asyncify|block_in_thread)\Z")
_THREAD = re.compile(r"(?:thread::|\A|\.)(?:spawn|spawn_scoped|spawn_unchecked|scope)\Z")
# Attributes of functions that neither change what they are nor say that something foreign calls them.
_HARMLESS = frozenset(
    {
        "allow", "cfg", "cold", "deny", "deprecated", "doc", "expect", "forbid", "inline", "must_use", "warn",
        "track_caller", "instrument", "tracing::instrument", "automatically_derived", "non_exhaustive", "",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Setting:
    """Where a piece of code runs.

    Attributes:
        kind: "async", "fn", "in-place", "entered" (a closure that a runtime is entered for), "pool",
            "thread", "closure", "initialiser" or "macro".
        scope: What decides it.
        taker: What a closure is given to, or the name of a macro.
    """

    kind: str
    scope: Scope | None
    taker: str = ""


def setting(known: Known, path: str, offset: int) -> Setting:
    """Return where the code at an offset runs."""
    for scope in scopes(known.source(path), offset):
        if scope.kind == "macro":
            inside = _in_macro(known.outline(path).code[scope.span[0] : offset], scope)
            if inside is not None:
                return inside
        elif scope.is_async:
            return Setting("async", scope, scope.taker)
        elif scope.kind == "closure":
            kind = "entered" if enters(known, path, scope) else _of_closure(scope.taker)
            return Setting(kind, scope, scope.taker)
        elif scope.kind == "const":
            return Setting("initialiser", scope)
        else:
            return Setting("fn", scope)
    return Setting("initialiser", None)


def _in_macro(code: bytes, scope: Scope) -> Setting | None:
    """Return where the tokens of a macro run at the end of ``code``; None for where the macro stands."""
    if not _FORMATTING.search(scope.taker) or b"|" in code:
        return Setting("macro", scope, scope.taker)
    return Setting("async", scope, scope.taker) if ends_in_async(code) else None


def is_in_tokens(known: Known, path: str, offset: int) -> bool:
    """Whether the code at an offset is among the tokens of a macro that may make anything of them."""
    around = scopes(known.source(path), offset)
    return any(one.kind == "macro" and not _FORMATTING.search(one.taker) for one in around)


def ends_in_async(code: bytes) -> bool:
    """Whether a piece of code ends inside of an ``async`` block that it opens, in a macro or not."""
    opened: list[bool] = []
    for brace in re.finditer(rb"[{}]", code):
        if brace[0] == b"{":
            opened.append(_ASYNC.search(code[: brace.start()]) is not None)
        elif opened:
            opened.pop()
    return any(opened)


_ASYNC = re.compile(rb"\basync(?:\s+move)?\s*\Z")


def enters(known: Known, path: str, closure: Scope) -> bool:
    """Whether a closure runs where it stands, inside of a tokio runtime: ``enter`` of tokio 0.2."""
    if not closure.taker.endswith("enter"):
        return False
    named = known.calls_named(path, _taker_end(known, path, closure))
    return bool(named) and all(c.callee.crate == "tokio" and c.callee.name == "enter" for c in named)


def taken_by(known: Known, path: str, closure: Scope) -> Invocation | None:
    """Return the call that a closure is an argument of; None where it is none."""
    return invocation(known.source(path), _taker_end(known, path, closure))


def _taker_end(known: Known, path: str, closure: Scope) -> int:
    """Return the offset of the last byte of the name in front of the closure's parenthesis."""
    code = known.outline(path).code
    return len(code[: code.rindex(b"(", 0, closure.span[0])].rstrip()) - 1


def _of_closure(taker: str) -> str:
    taker = re.sub(r"\s+|::<.*>\Z", "", taker)
    if taker.endswith("block_in_place"):
        return "in-place"
    if _POOL.search(taker):
        return "pool"
    return "thread" if _THREAD.search(taker) else "closure"


def boundary(known: Known, path: str, function: Function, *, trait_too: bool = False) -> Skip | None:
    """Return why a function has to stay synchronous, whatever it calls; None if it may become async.

    ``trait_too`` is whether its trait becomes async with it.
    """
    refused = known.refused.get(identity(path, function))
    return refused or next(_boundaries(known, path, function, trait_too=trait_too), None)


def _boundaries(known: Known, path: str, function: Function, *, trait_too: bool) -> Iterator[Skip]:
    at = f"`{function.name}` ({known.location(path, function.name_span[0])})"
    place = context(known.outline(path), function.body[0] + 1) if function.body else None
    if known.in_tests(path, function.keyword) or any(map(is_test, function.attributes)):
        yield Skip("called-from-test", f"{at} is test code, where blocking is how a synchronous test waits.")
    if place is not None and place.boundary == "main":
        yield Skip("main", f"{at} is where the program begins: blocking there is the designed boundary.")
    if function.trait_name == "Drop":
        yield Skip("drop", f"{at} is a destructor, which cannot be async.")
    if place is not None and place.boundary == "ffi":
        yield Skip("foreign-interface", f"{at} is called through a foreign interface, which cannot await.")
    if function.owner in {"trait", "trait impl"} and not trait_too:
        trait = function.trait or "a trait"
        yield Skip("trait-method", f"{at} is a method of {trait}: its signature is not its own.")
    owned = f"{function.self_type.partition('<')[0]}::{function.name}"
    if {function.name, owned} & set(known.options.boundaries):
        yield Skip("boundary", f"{at} stays synchronous: `boundaries` in the configuration names it.")
    if "const" in function.modifiers or "extern" in function.modifiers:
        yield Skip("foreign-interface", f"{at} is `const` or `extern`, which cannot be async.")
    macro = attribute_macro(function, "async_trait" if trait_too else "")
    if macro:
        yield Skip("attribute-macro", f"{at} has the attribute `{macro}`, which may rewrite it.")
    if known.is_public(path, function):
        words = "is public in a crate that is published: async, it would be another API."
        yield Skip("public-api", f"{at} {words}")


def attribute_macro(function: Function, but: str = "") -> str:
    """Return the first attribute of a function, or of its impl, that may rewrite it; "" for none.

    ``but`` is the name of one that is known not to.
    """
    found = (one.path for attribute in function.attributes for one in resolved(attribute))
    rewrites = (p for p in found if p not in _HARMLESS and p.split(":", maxsplit=1)[0] not in ATTRIBUTE_TOOLS)
    return next((path for path in rewrites if last_name(path) != but), "")
