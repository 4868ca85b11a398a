"""Questions to facts, and what nobody knows."""

from dataclasses import replace

import made_package

from remediate.facts.model import UNKNOWN, Call, Definition, Form, Origin, Reference, Span, TargetFacts
from remediate.facts.query import Facts

_BODY = Definition("m::f", "fn", Span("src/lib.rs", 10, 50))
_GO = Call(
    callee=Definition("m::inner::Trait::go"),
    trait="m::inner::Trait",
    span=Span("src/lib.rs", 20, 26),
    name=Span("src/lib.rs", 22, 24),
    form=Form.METHOD,
    arguments=("m::S<u8>",),
    receiver="m::S<u8>",
    result="u32",
    body=_BODY,
)
_MADE = replace(_GO, span=Span("src/mac.rs", 1, 9), name=Span("src/mac.rs", 3, 5), expanded=True)
_BY_REF = Definition("std::io::Read::by_ref", "trait method")
_LINKED = Reference(Span("src/lib.rs", 60, 62), _BY_REF, Origin.LINKS)
_TYPES = {"src/lib.rs": {(20, 21): "m::S<u8>"}}
_FACTS = Facts(
    (
        TargetFacts("lib", Origin.TYPED, (_BODY,), (_GO, _MADE), _TYPES, {"src/lib.rs": {30: "m::S<u8>"}}),
        TargetFacts("lib test", Origin.TYPED, (_BODY,), (_GO,)),
        TargetFacts("lib", Origin.LINKS, references=(_LINKED,)),
    )
)


def test_calls_within_a_span_with_those_that_macros_make_there() -> None:
    assert _FACTS.calls_in(Span("src/lib.rs", 0, 100)) == (_GO, _MADE)
    assert _FACTS.calls_in(Span("src/lib.rs", 19, 30)) == (_GO,)
    assert _FACTS.calls_in(Span("src/lib.rs", 30, 40)) == ()


def test_calls_that_macros_make_of_names_elsewhere() -> None:
    assert _FACTS.calls_made_of(Span("src/mac.rs", 0, 9)) == (_MADE,)
    assert _FACTS.calls_made_of(Span("src/mac.rs", 4, 9)) == ()
    assert _FACTS.calls_made_of(Span("src/lib.rs", 0, 100)) == ()


def test_code_that_no_target_compiles_is_unknown_and_not_empty() -> None:
    assert _FACTS.calls_in(Span("src/lib.rs", 100, 200)) is UNKNOWN
    assert _FACTS.body_at("src/lib.rs", 150) is UNKNOWN
    assert Facts().callers_of(_GO.callee) is UNKNOWN
    assert Facts().trait_of_method("src/lib.rs", 22) is UNKNOWN
    assert not UNKNOWN


def test_callers_are_found_once_though_two_builds_have_them() -> None:
    assert _FACTS.callers_of(Definition("m::inner::Trait::go")) == (_GO, _MADE)
    assert _FACTS.callers_of(Definition("m::nobody")) == ()


def test_a_closure_calls_for_its_function() -> None:
    closure = Definition("m::f::{closure#0}::{constant#1}", "closure", Span("src/lib.rs", 11, 12))
    assert replace(_GO, body=closure).caller == Definition("m::f")


def test_the_trait_of_a_method_comes_from_types_or_else_from_links() -> None:
    assert _FACTS.trait_of_method("src/lib.rs", 23) == Definition("m::inner::Trait")
    assert _FACTS.trait_of_method("src/lib.rs", 61) == Definition("std::io::Read")
    assert _FACTS.trait_of_method("src/lib.rs", 40) is UNKNOWN
    assert _FACTS.definition_of("src/lib.rs", 61) == Definition("std::io::Read::by_ref")


def test_types_and_sources() -> None:
    assert _FACTS.type_at("src/lib.rs", 20, 21) == "m::S<u8>"
    assert _FACTS.type_at("src/lib.rs", 20, 22) is UNKNOWN
    assert _FACTS.owner_of_field("src/lib.rs", 30) == "m::S<u8>"
    assert _FACTS.owner_of_field("src/lib.rs", 31) is UNKNOWN
    assert _FACTS.source_for("src/lib.rs") is Origin.TYPED
    assert _FACTS.source_for("src/other.rs") is Origin.SYNTAX


def test_facts_are_true_of_one_text_alone() -> None:
    package = made_package.package("", (), src__lib_rs="fn f() {}")
    known = replace(package, learned=Facts(_FACTS.targets, package.files))
    assert known.facts.targets
    assert not replace(known, files={"src/lib.rs": b"fn g() {}"}).facts.targets
