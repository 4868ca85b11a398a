"""What rustc printed of a crate, read; and that the toolchain here still prints that."""

import dataclasses

import pytest
import rustc_samples as samples

from remediate.cargo import compiler_output
from remediate.cargo.compiler_output import Look
from remediate.facts import record
from remediate.facts.hir import read_hir
from remediate.facts.model import UNKNOWN, Call, Definition, Form, Origin, Span, TargetFacts, UnreadableError
from remediate.facts.query import Facts
from remediate.facts.thir import read_thir

_FILES = samples.files()
_THIR = read_thir("lib", samples.sample(samples.THIR), _FILES)
_HIR = read_hir("lib", samples.sample(samples.HIR), _FILES)
_LINES = samples.sample(samples.HIR)
_FACTS = Facts((_THIR, _HIR), _FILES)
_LIB = "src/lib.rs"


def _span(text: str, within: str = "") -> Span:
    """Return the place of a piece of the crate's lib.rs."""
    whole = _FILES[_LIB]
    start = whole.index(text.encode(), whole.index(within.encode()))
    return Span(_LIB, start, start + len(text.encode()))


def _call(text: str, name: str) -> Call:
    (found,) = (c for c in _FACTS.calls_named(_LIB, _span(name, text).start) if c.callee.name == name)
    return found


def test_methods_lead_to_their_traits_behind_characters_of_two_bytes() -> None:
    call = _call('write_str("é")', "write_str")
    assert (call.callee.path, call.trait) == ("core::fmt::Write::write_str", "core::fmt::Write")
    assert call.span == _span('s.write_str("é")')
    assert call.receiver == "&mut std::string::String"
    assert _call(".dup()", "dup").trait is None
    assert _FACTS.trait_of_method(_LIB, _span("read", "r.read(").start) == Definition("std::io::Read")


def test_a_receiver_has_its_type_before_it_is_dereferenced() -> None:
    assert _call("iter()", "iter").receiver == "std::vec::Vec<u8, std::alloc::Global>"
    assert _call("map(|", "map").receiver == "std::slice::Iter<'_, u8>"
    assert _FACTS.type_at(_LIB, *_offsets("v.iter()")) == "std::slice::Iter<'_, u8>"
    assert _FACTS.type_at(_LIB, *_offsets('s.write_str("é")?')) == "()"
    assert _FACTS.type_at(_LIB, *_offsets("inner().await")) == "u8"


def _offsets(text: str) -> tuple[int, int]:
    span = _span(text)
    return span.start, span.end


def test_type_parameters_and_objects_may_have_the_trait_from_a_bound() -> None:
    assert _call("t.go()", "go").generic_self
    assert not _call("S::new(*x).go()", "go").generic_self


def test_paths_lead_to_functions_constants_and_what_is_not_called() -> None:
    assert _call("u8::N", "N").form is Form.CONSTANT
    assert _call("T::stat", "stat").trait == "sample::inner::Go"
    named = [c for c in _THIR.calls if c.form is Form.VALUE]
    assert [c.callee.path for c in named] == ["sample::{impl#0}::new"]


def test_callers_of_an_async_function_are_functions_not_their_coroutines() -> None:
    found = _FACTS.callers_of(Definition("sample::inner"))
    assert found is not UNKNOWN
    assert [c.caller.path for c in found] == ["sample::outer"]
    assert found[0].result == "impl sample::inner::{opaque#0}"


def test_macros_call_methods_too() -> None:
    whole = _FILES[_LIB]
    body = Span(_LIB, whole.index(b"pub fn text"), whole.index(b"pub async"))
    made = [c for c in _FACTS.calls_in(body) or () if c.expanded and c.form is Form.METHOD]
    assert {c.trait for c in made} == {"core::fmt::Write", "sample::inner::Go"}


def test_a_derive_may_give_a_call_and_its_receiver_one_span() -> None:
    lines = [line.replace("29:19: 29:20 (", "29:19: 29:35 (") for line in samples.sample(samples.THIR)]
    facts = read_thir("lib", lines, _FILES)
    (call,) = (c for c in facts.calls if c.callee.name == "write_str")
    assert call.receiver == "&mut std::string::String"
    assert len(facts.calls) == len(_THIR.calls)


def test_imports_lead_to_definitions() -> None:
    assert _FACTS.definition_of(_LIB, _span("Write").start) == Definition("core::fmt::Write")
    assert _FACTS.definition_of(_LIB, _span("Read").start) == Definition("std::io::Read")
    found = _FACTS.definition_of(_LIB, _span("Named").start)
    assert isinstance(found, Definition)
    assert (found.kind, found.span) == ("struct", Span("src/inner.rs", 175, 192))


_GLOB = """\
DefId(0:4 ~ small[c6f5]::{use#1}) => OwnerNodes {
    node: ParentedNode {
        parent: 4294967040,
        node: Item(
            Item {
                owner_id: DefId(0:4 ~ small[c6f5]::{use#1}),
                kind: Use(
                    Path {
                        span: src/a.rs:1:5: 1:17 (#0),
                        res: PerNS {
                            value_ns: Some(
                                Def(
                                    Enum,
                                    DefId(0:5 ~ small[c6f5]::Order),
                                ),
                            ),
                            type_ns: None,
                            macro_ns: None,
                        },
                    },
                    Glob,
                ),
                span: src/a.rs:1:1: 1:21 (#0),
                vis_span: src/a.rs:1:1: 1:1 (#0),
                has_delayed_lints: false,
                eii: false,
            },
        ),
    },
    parents: [
"""


def test_a_glob_leads_to_what_all_is_brought_of() -> None:
    files = {"src/a.rs": b"use crate::Order::*;\n"}
    (found,) = read_hir("lib", _GLOB.splitlines(keepends=True), files).references
    assert (found.span, found.definition) == (Span("src/a.rs", 11, 16), Definition("small::Order", "enum"))


def test_a_name_of_more_than_a_module_is_not_told_to_be_one() -> None:
    twice = _FILES[_LIB].index(b"mem, vec")
    kinds = [r.definition.kind for r in _FACTS.references_in(Span(_LIB, twice, twice + 8))]
    assert kinds == ["mod", ""]


def test_what_a_macro_makes_stands_where_it_is_called_and_has_a_visibility() -> None:
    ((_, beside),) = _FACTS.items_beside(_LIB, {_span("macro_rules! make").start})
    names = [i.definition.name for i in beside]
    assert names[names.index("make") :][:4] == ["make", "Made", "{impl#2}", "call"]
    seen = {i.definition.path: i.visibility for i in _HIR.items}
    assert (seen["sample::Made"], seen["sample::{impl#2}::made"], seen["sample::S"]) == ("pub", "pub", None)
    assert "sample::std" not in seen


def test_fields_that_a_macro_made_have_a_visibility_too() -> None:
    made = [line.replace("src/lib.rs:9:1: 9:20 (#0)", "src/lib.rs:9:1: 9:20 (#7)") for line in _LINES]
    fields = [i for i in read_hir("lib", made, _FILES).items if i.definition.kind == "field"]
    assert [(i.definition.path, i.visibility) for i in fields] == [("sample::S::0", "")]


def test_code_names_what_its_macros_make_of_it() -> None:
    named = _FACTS.named_in(_span("pub fn text(s: &mut String, r: &mut &[u8]) -> fmt::Result"))
    assert named is UNKNOWN or "sample::S" in named
    whole = Span(_LIB, _span("pub fn text").start, _span("pub async").start)
    assert {"sample::S", "core::fmt::Result", "alloc::string::String"} <= (_FACTS.named_in(whole) or set())
    assert "sample::S" not in (
        _FACTS.named_in(_span("pub async fn outer() -> u8 { inner().await }")) or set()
    )
    assert _FACTS.named_in(_span("#[cfg(test)]")) is UNKNOWN


def test_items_are_written_or_made() -> None:
    made = {i.definition.path: i.definition.kind for i in _HIR.items if i.made}
    assert made["sample::Made"] == "struct"
    assert "sample::S" not in made
    struct = _FACTS.items_in(Span(_LIB, _span("#[derive(Clone)]").start, _span("S<T>(T);").end))
    assert {i.definition.name: i.made for i in struct} == {"{impl#1}": True, "clone": True, "S": False}


def test_facts_survive_being_written_down() -> None:
    assert record.decode(record.encode((_THIR, _HIR))) == (_THIR, _HIR)
    assert record.decode(record.encode((_THIR,))[:-9]) is None


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("fn_span", "func_span"),
        ("DefId(2:", "Def(2:"),
        ("Call {", "Call"),
        ("kind: Call", "kind: Invoke"),
        (" (#0)", ""),
    ],
)
def test_a_format_that_was_not_tried_is_refused(old: str, new: str) -> None:
    lines = [line.replace(old, new) for line in samples.sample(samples.THIR)]
    with pytest.raises(UnreadableError):
        read_thir("lib", lines, _FILES)


def test_half_of_a_print_and_other_text_are_refused() -> None:
    lines = samples.sample(samples.THIR)
    with pytest.raises(UnreadableError):
        read_thir("lib", lines[: len(lines) // 2], _FILES)
    with pytest.raises(UnreadableError):
        read_thir("lib", lines, {**_FILES, _LIB: b"fn f() {}\n"})
    with pytest.raises(UnreadableError):
        read_hir("lib", samples.sample(samples.HIR)[:50], _FILES)


def test_only_toolchains_that_were_tried_are_asked() -> None:
    assert compiler_output.is_tried("cargo 1.95.0 (x); rustc 1.95.0 (59807616e 2026-04-14); host: y")
    assert not compiler_output.is_tried("cargo 1.95.0 (x); rustc 1.195.0 (y)")


@pytest.mark.slow
@pytest.mark.parametrize("built", [True, False])
def test_the_toolchain_here_prints_what_was_recorded(built: bool) -> None:  # noqa: FBT001 - a parameter
    with samples.fresh(Look(("--lib",), "lib", built)) as (thir, hir):
        typed = read_thir("lib", thir.splitlines(keepends=True), _FILES)
        resolved = read_hir("lib", hir.splitlines(keepends=True), _FILES)
    assert (typed, resolved) == (_THIR, _HIR)


@pytest.mark.slow
def test_tests_are_read_where_they_are_wanted() -> None:
    with samples.fresh(Look(("--lib",), "", built=True)) as (thir, _):
        typed = read_thir("lib test", thir.splitlines(keepends=True), _FILES)
    assert any(b.path.startswith("sample::tests::t") for b in typed.bodies)


def test_types_are_kept_of_the_files_that_are_asked_for() -> None:
    few = read_thir("lib", samples.sample(samples.THIR), _FILES, {"src/inner.rs"})
    assert set(few.types) == {"src/inner.rs"}
    assert dataclasses.replace(few, types=_THIR.types) == _THIR
    assert isinstance(few, TargetFacts)
    assert few.origin is Origin.TYPED
