"""A stub made explicit: it returns an error that says what is missing, and a test waits for the rest."""

import re

from remediate.audit.markers.behavior import IDLE, Behavior
from remediate.audit.markers.beside import of_function, parameters
from remediate.codemods.resolve_markers.error_types import Refusal, refusal
from remediate.codemods.resolve_markers.fix import Fix, around, declared
from remediate.codemods.resolve_markers.pending import Pending, test_of
from remediate.codemods.resolve_markers.places import Place
from remediate.edits import Edit
from remediate.model import Skip, WaitingTest
from remediate.rust.syntax.bodies import Function, functions
from remediate.rust.syntax.lexer import TokenKind, tokens

_NOTHING_ELSE = re.compile(rb"\s*(?:(?:unsafe\s+)?impl\b[^{};]*\{\s*)?")
"""What may stand between a comment and the function that it is about."""


def scaffold(place: Place, *, variants: bool, public_api: bool) -> Fix | Skip:
    """Return a stub as a function that returns an error, where it can, and the test that waits for it.

    ``variants``, ``public_api``: as in ``error_types.refusal``.
    """
    stub = stub_of(place)
    function = stub or around(place)
    where = f"{place.path}:{place.line}"
    if function is None or function.body is None:
        return Skip(place.kind, f"{where}: {place.note}; it is in no function that a test could call.")
    if known := test_of(place, function):
        return waits(place, known)
    if stub is None:
        return Fix(
            (),
            f"add a test that waits for a part of `{function.name}`",
            note=f"`{function.name}` stays as it is, as it does other work: {place.note} ({where})",
            pending=Pending(place, function, refuses=False, part=True),
        )
    found = refusal(place, function, variants=variants, public_api=public_api)
    if isinstance(found, Skip):
        return Fix(
            (),
            f"add a test that waits for `{function.name}`",
            kept=found.sentence.partition(": ")[2],
            pending=Pending(place, function, refuses=False),
        )
    return Fix(
        (Edit(function.body[0], function.body[1], _refusing(place, function, found)),),
        f"return an error from `{function.name}` until it is written",
        api=found.api,
        functions=declared(place, function) | found.functions,
        elsewhere=found.edits,
        also=found.note,
        pending=Pending(place, function, refuses=True),
    )


def waits(place: Place, test: WaitingTest) -> Skip:
    """Return that a test waits for the code beside a marker."""
    sentence = f"{place.path}:{place.line}: {test.path}: {test.name} waits for `{test.function}`."
    return Skip("scaffolded", sentence)


def _refusing(place: Place, function: Function, found: Refusal) -> bytes:
    """Return the body of a function that refuses; what its old one says in comments stays."""
    assert function.body is not None  # noqa: S101 - asked of stubs with a body only
    body = place.text[function.body[0] + 1 : function.body[1] - 1]
    comments = [t.text.decode(errors="replace") for t in tokens(body) if t.kind is TokenKind.COMMENT]
    indent = place.text[place.text.rfind(b"\n", 0, function.span[0]) + 1 : function.span[0]]
    named = parameters(place.outline.code[function.keyword : function.body[0]])
    new = place.codebase.render(
        "markers/refusal.rs.j2",
        indent=indent.decode() if not indent.strip() else "",
        comments=comments,
        parameters=sorted(p.decode() for p in named if not p.startswith(b"_") and p != b"self"),
        refusal=found.expression,
    )
    return new.rstrip("\n").encode()


def stub_of(place: Place) -> Function | None:
    """Return the function around a marker, or right below its comment, if all of it is a stub."""
    found = [f for f in functions(place.source) if f.body and f.span[0] <= place.start < f.span[1]]
    if not found:
        below = [f for f in functions(place.source) if f.body and f.span[0] >= place.span[1]][:1]
        found = [f for f in below if _NOTHING_ELSE.fullmatch(place.outline.code, place.span[1], f.span[0])]
    for function in reversed(found):
        assert function.body is not None  # noqa: S101 - only those with one were taken
        block = place.outline.blocks.around(function.body[0] + 1)
        if of_function(place.outline, block, wide=True) in (*IDLE, Behavior.IMITATION, Behavior.EXPLICIT):
            return function
        return None
    return None
