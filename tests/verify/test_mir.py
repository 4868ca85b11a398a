from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from crates import crate, package
from scratch import write

from remediate.cargo import wrappers
from remediate.cargo.check import DEFAULT, Unit
from remediate.feedback import Evidence, GateFailure
from remediate.gates import GateResult, Verdict
from remediate.rust.mir import Body, bodies
from remediate.rust.package import Package, Target
from remediate.verify.compiler.mir import MirBaseline, gates, measure, moved_back, without

_LIBRARY = """\
use std::fmt;
mod other { pub const LIMIT: u32 = 7; pub fn drop(_: u32) -> u32 { 2 } }
use other::{drop, LIMIT};
pub mod twin { pub fn drop(_: u32) -> u32 { 2 } }
pub struct Thing { a: u32 }
pub trait Named { fn name(&self) -> &'static str { "trait" } }
impl Named for Thing {}
pub mod inner {
    use super::*;
    impl Thing { pub fn made() -> Thing { Thing { a: LIMIT } } fn name(&self) -> &'static str { "inherent" } }
    pub fn own(t: &Thing) -> &'static str { t.name() }
}
pub fn shown(t: &Thing) -> &'static str { t.name() }
pub fn sum(t: &Thing) -> u32 { let f = |x: u32| x + t.a; let g = |x: u32| x * 2; f(1) + g(drop(t.a)) }
pub fn kind(x: u32) -> &'static str { match x { LIMIT => "limit", _ => "other" } }
pub async fn later(t: &Thing) -> u32 { async { sum(t) }.await }
impl fmt::Display for Thing { fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result { self.a.fmt(f) } }
pub fn each(v: &[u32]) -> impl Iterator<Item = u32> + '_ { v.iter().map(|x| x + 1) }
pub fn here() -> (&'static str, u32) { (module_path!(), 1) }
#[cfg(test)]
mod tests {
    use super::*;
    #[test]
    fn t() { assert_eq!(sum(&Thing::made()), 12); }
}
"""
_MOVED = (
    "pub fn sum(t: &Thing) -> u32 {",
    "pub fn kind(x: u32)",
    "pub async fn later",
    "impl fmt::Display for Thing",
    "pub fn each(",
    "pub fn shown(",
    "pub fn here(",
)


def split(child_uses: str) -> dict[str, str]:
    """Move the items of ``_MOVED`` into a child, in another order."""
    lines = _LIBRARY.splitlines()
    moved = [line for line in lines if line.startswith(_MOVED)]
    rest = [line for line in lines if line not in moved]
    names = "sum, kind, later, each, shown, here"
    root = "\n".join(["//! Longer.", "", *rest, "mod child;", f"pub use child::{{{names}}};", ""])
    child = "\n".join([child_uses, "", *reversed(moved), ""])
    return {
        "src/lib.rs": root.replace("use std::fmt;\n", "").replace("drop, LIMIT", "drop as _unused, LIMIT"),
        "src/child.rs": child,
    }


def judged(folder: Path, after: dict[str, str], library: str = _LIBRARY) -> list[GateResult]:
    cargo = crate(folder, {"src/lib.rs": library})
    before = package(cargo)
    _, base = measure(cargo, DEFAULT, "small", before)
    write(folder, after)
    now = package(cargo)
    _, found = measure(cargo, DEFAULT, "small", now, before)
    return list(gates(base, found))


def failures(found: list[GateResult]) -> Iterator[str]:
    yield from (gate.detail for gate in found if gate.verdict is not Verdict.PASSED)


_USES = "use super::other::{drop, LIMIT};\nuse super::{Named, Thing};\nuse std::fmt;"


@pytest.mark.slow
def test_moved_code_is_the_same(tmp_path: Path) -> None:
    found = judged(tmp_path, split(_USES))
    assert list(failures(found)) == []
    assert [gate.name for gate in found] == ["MIR (default)"]
    assert found[0].detail.endswith(" bodies in 2 targets are the same")
    assert int(found[0].detail.split()[0]) > 40


@pytest.mark.seeded("MIR", "failed", "an import that compiles gives a name another meaning")
@pytest.mark.slow
@pytest.mark.parametrize(
    ("old", "new", "body"),
    [
        # A missing import that compiles: the prelude's drop, a constant that becomes a binding.
        (
            "use super::other::{drop, LIMIT}",
            "use super::other::LIMIT; use super::twin::drop",
            "fn sum(",
        ),
        ("{drop, LIMIT}", "drop", "fn kind("),
        # Visibility that grows picks the inherent method where the trait's was called.
        ("", "", "fn shown("),
    ],
)
def test_silent_changes_are_found(tmp_path: Path, old: str, new: str, body: str) -> None:
    after = split(_USES.replace(old, new) if old else _USES)
    if not old:
        after["src/lib.rs"] = after["src/lib.rs"].replace(
            'fn name(&self) -> &\'static str { "inherent" }',
            'pub fn name(&self) -> &\'static str { "inherent" }',
        )
    found = judged(tmp_path, after)
    assert found[0].verdict is Verdict.FAILED
    assert body in found[0].detail


@pytest.mark.slow
def test_what_rustc_dies_of_writing_down_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A constant of usize::MAX elements takes all memory there is; here there is little to begin with."""
    monkeypatch.setattr(wrappers, "_MOST", 64 << 20)
    found = judged(tmp_path, split(_USES))
    assert {(g.name, g.verdict) for g in found} == {
        ("MIR (default)", Verdict.UNVERIFIED),
        ("MIR (default): lib, lib test", Verdict.UNVERIFIED),
    }


@pytest.mark.seeded("MIR", "unverified", "a function asks for its line and file")
@pytest.mark.slow
def test_what_depends_on_its_place_is_named_not_passed_over(tmp_path: Path) -> None:
    library = "pub fn at() -> (u32, &'static str) {\n    (line!(), file!())\n}\npub fn b() {}\n"
    found = judged(
        tmp_path,
        {
            "src/lib.rs": "mod child;\npub use child::at;\npub fn b() {}\n",
            "src/child.rs": "\n" + library[: library.index("pub fn b")],
        },
        library,
    )
    assert [gate.verdict for gate in found if gate.name == "MIR (default): locations"] == [Verdict.UNVERIFIED]
    assert not [gate for gate in found if gate.verdict is Verdict.FAILED]


_MIR = """\
// WARNING: This output format is intended for human consumers only
fn a::<impl at src/a.rs:1:1: 1:9>::f() -> &str {
    let mut _0: &str;
    bb0: {
        _0 = const {alloc7: &str};
        return;
    }
}

alloc7 (static: a::S, size: 16, align: 8) {
    ╾─────alloc12<imm>────╼ 05 00 00 00 00 00 00 00 │ ╾──────╼........
}

alloc12 (size: 5, align: 1) {
    68 65 6c 6c 6f                                  │ hello
}
"""


def renumbered(text: str) -> str:
    return (
        text.replace("alloc7", "alloc3")
        .replace("╾─────alloc12<imm>────╼", "╾─────alloc1<imm>─────╼")
        .replace("alloc12", "alloc1")
    )


def test_allocations_are_compared_by_what_they_hold() -> None:
    files = {"src/a.rs": b"impl Foo {}"}
    assert bodies(_MIR, files) == bodies(renumbered(_MIR), files)
    assert bodies(_MIR, files) != bodies(_MIR.replace("68 65", "68 66"), files)


def test_places_are_compared_by_what_stands_there() -> None:
    moved = _MIR.replace("src/a.rs:1:1: 1:9", "src/b.rs:2:5: 2:13")
    assert bodies(_MIR, {"src/a.rs": b"impl Foo {}"}) == bodies(moved, {"src/b.rs": b"\n    impl Foo {}"})
    assert bodies(_MIR, {"src/a.rs": b"impl Foo {}"}) != bodies(moved, {"src/b.rs": b"\n    impl Bar {}"})


def test_a_place_is_known_by_the_way_a_path_attribute_leads_to_it() -> None:
    mir = "fn f::{closure#0}(_1: &{closure@src/a.rs:1:1: 1:6}) -> () {\n    return;\n}\n" + _MIR
    moved = mir.replace("src/a.rs:", "src/../tests/unit/a.rs:")
    assert moved != mir
    text = b"impl Foo {}"
    assert bodies(mir, {"src/a.rs": text}) == bodies(moved, {"tests/unit/a.rs": text})
    assert bodies(mir, {"src/a.rs": text}) != bodies(moved, {"tests/unit/other.rs": text})


def crates(text: bytes, more: dict[str, bytes]) -> Package:
    """A library, and a test crate that uses the name of the library's new module for a function."""
    targets = (Target("small", ("lib",), "src/lib.rs"), Target("it", ("test",), "tests/it.rs"))
    return Package("small", "", "", "2021", targets, {"src/lib.rs": text, "tests/it.rs": b"", **more})


@pytest.mark.parametrize(
    ("text", "back"),
    [
        ("child::f(child::deep::g)", "f(deep::g)"),
        ("a::child::f", "a::child::f"),
        ("{closure child::{impl Foo}::f}", "{closure {impl Foo}::f}"),
        ("child::{closure#0} child::promoted[0]", "child::{closure#0} child::promoted[0]"),
        ('"small::child" "child" "small::child::deep"', '"small" "child" "small::deep"'),
        ("small_child::f xchild::f", "small_child::f xchild::f"),
    ],
)
def test_only_new_modules_are_taken_out_of_paths(text: str, back: str) -> None:
    before = crates(b"fn f() {}", {})
    after = crates(b"mod child;", {"src/child.rs": b"fn f() {}"})
    unit = Unit("small", "small", ("lib",), "src/lib.rs", test=False, fresh=False)
    assert moved_back(before, after, unit)(text) == back
    other = Unit("small", "it", ("test",), "tests/it.rs", test=True, fresh=False)
    assert moved_back(before, after, other)(text) == text


@pytest.mark.parametrize(
    ("here", "there"),
    [
        ("Type::<K, V>::f()", "a::<impl Type<K, V>>::f()"),
        ("<b::Type<K> as c::Tr<u8>>::f::promoted[0]", "a::<impl c::Tr<u8> for b::Type<K>>::f::promoted[0]"),
        ("Type::<fn(u8) -> X<u8>>::f()", "<impl Type<fn(u8) -> X<u8>>>::f()"),
        ("<Type as for<'a> Tr<&'a u8>>::f", "<impl for<'a> Tr<&'a u8> for Type>::f"),
    ],
)
def test_methods_are_the_same_whichever_module_their_impl_stands_in(here: str, there: str) -> None:
    text = "fn f() -> () {\n    _0 = %s;\n}\n"
    assert bodies(text % here, {}) == bodies(text % there, {})
    assert bodies(text % here, {}) != bodies(text % there.replace("f", "g"), {})


def test_allocations_that_hold_functions_are_compared_by_the_old_paths() -> None:
    text = (
        "fn f() -> () {\n    _0 = const {alloc1: &T};\n}\n\nalloc1 (static: %sTABLE, size: 8, align: 8) {\n"
        "    ╾──────alloc2───────╼ │ ╾──────╼\n}\n\nalloc2 (fn: %sclone)\n"
    )
    here, there = text % ("", ""), text % ("child::", "child::")
    assert bodies(here, {}) != bodies(there, {})
    assert bodies(here, {}) == bodies(there, {}, lambda t: t.replace("child::", ""))
    assert bodies(here, {}) != bodies(text % ("", "other::"), {})


def test_a_crate_is_the_same_by_whatever_constant_of_a_derive_it_is_named() -> None:
    body = "fn f(_1: {}_::_serde::Deserializer<'_>) -> m::_::Inner {{\n}}"
    one, other = (bodies(body.format(path), {}) for path in ("", "a::b::"))
    assert one == other
    # What is no crate, but defined in a constant, is named by where it stands.
    assert bodies("fn f(_1: a::_::Inner) {\n}", {}) != bodies("fn f(_1: b::_::Inner) {\n}", {})
    assert one != bodies(body.format("").replace("_serde", "_other"), {})


def test_the_number_of_a_static_is_nothing_of_the_program() -> None:
    text = "fn f() -> &str {\n    _0 = const <static(DefId(0:%d ~ small[%s]::a::%s))>;\n}\n"
    here, there = text % (18, "76fd", "NAME"), text % (22, "76fd", "child::NAME")
    assert bodies(here, {}) == bodies(there, {}, lambda t: t.replace("child::", ""))
    assert bodies(here, {}) != bodies(text % (18, "76fd", "OTHER"), {})


BODY = Body("fn a::f(_1: u8)", "digest", "loose")
BEFORE = MirBaseline(DEFAULT, (("lib", (BODY,)), ("lib test", (BODY,))))


def of_units(**units: tuple[Body, ...]) -> MirBaseline:
    return MirBaseline(DEFAULT, tuple((label.replace("_", " "), found) for label, found in units.items()))


def verdicts(before: MirBaseline, after: MirBaseline) -> list[tuple[str, Verdict]]:
    return [(gate.name, gate.verdict) for gate in gates(before, after)]


def test_what_the_gate_says_of_bodies() -> None:
    name = "MIR (default)"
    assert verdicts(BEFORE, BEFORE) == [(name, Verdict.PASSED)]
    other = of_units(lib=(replace(BODY, loose="other", digest="other"),), lib_test=(BODY,))
    assert verdicts(BEFORE, other) == [(name, Verdict.FAILED)]
    [failure] = next(gates(BEFORE, other)).feedback
    assert isinstance(failure, GateFailure)
    assert failure.evidence == (Evidence(name="a::f"),)
    fewer, more = of_units(lib=(), lib_test=(BODY,)), of_units(lib=(BODY, BODY), lib_test=(BODY,))
    assert verdicts(BEFORE, fewer) == verdicts(BEFORE, more) == [(name, Verdict.FAILED)]


def test_each_part_of_an_impl_has_the_constants_of_its_header() -> None:
    whole = Body("const a::{impl impl Bump < 1 >}::{constant#0}: usize = const 1_usize;", "digest", "loose")
    before, cut = of_units(lib=(BODY, whole)), of_units(lib=(BODY, whole, whole))
    assert verdicts(before, cut) == [("MIR (default)", Verdict.PASSED)]
    other = replace(whole, digest="other", loose="other")
    for after in (of_units(lib=(BODY,)), of_units(lib=(BODY, whole, other))):
        assert verdicts(before, after) == [("MIR (default)", Verdict.FAILED)]


def test_what_may_be_a_line_or_a_file_is_told_and_not_passed_over() -> None:
    other = of_units(lib=(replace(BODY, digest="other"),), lib_test=(BODY,))
    assert verdicts(BEFORE, other) == [
        ("MIR (default)", Verdict.PASSED),
        ("MIR (default): locations", Verdict.UNVERIFIED),
    ]


def test_a_unit_without_mir_is_never_passed() -> None:
    one, none = of_units(lib=(BODY,)), of_units()
    assert verdicts(none, none) == [("MIR (default)", Verdict.UNVERIFIED)]
    assert verdicts(BEFORE, one)[1:] == [("MIR (default): lib test", Verdict.UNVERIFIED)]
    unwritten = replace(one, unwritten=("lib test",))
    assert verdicts(BEFORE, unwritten)[1:] == [("MIR (default): lib test", Verdict.UNVERIFIED)]
    assert verdicts(unwritten, BEFORE)[1:] == [("MIR (default): lib test", Verdict.UNVERIFIED)]


def test_declared_functions_and_moved_modules_are_left_out_and_nothing_else() -> None:
    names = [
        "fn m::tests::t() -> ()",
        "fn main() -> ()",
        "fn m::f() -> u8",
        "fn m::{impl Store}::f() -> u8",
        "fn m::f::{closure#0}(_1: u8)",
        "fn m::ff() -> u8",
        "const m::C: u8",
        "fn m::f::g() -> u8",
        "promoted[0] in m::f: &u8",
    ]
    base = of_units(lib_test=tuple(Body(name, "d", "l") for name in names))

    def left(modules: Sequence[str] = (), functions: Sequence[str] = ()) -> list[str]:
        ((_, found),) = without(base, modules, functions, "small-lib").units
        return [body.name for body in found]

    assert left() == names
    assert left(modules=["m::tests"]) == names[2:]
    assert left(functions=["small_lib::m::f"]) == [*names[:2], names[3], *names[5:8]]
    assert left(functions=["small_lib::m::Store::f"]) == [*names[:3], *names[4:]]
    assert left(functions=["other::m::f"]) == names


def test_only_modules_of_the_units_own_crate_are_new() -> None:
    unit = Unit("small", "small", ("lib",), "src/lib.rs", test=False, fresh=False)
    lib, bin_ = Target("small", ("lib",), "src/lib.rs"), Target("small", ("bin",), "src/main.rs")
    other = Target("other", ("lib",), "src/other.rs")
    before = {"src/lib.rs": b"", "src/main.rs": b"", "src/other.rs": b"", "src/m.rs": b""}
    for path in ("src/main.rs", "src/other.rs"):
        after = {**before, path: b"mod m;\n"}
        one, two = (Package("small", "", "", "2021", (lib, bin_, other), files) for files in (before, after))
        assert moved_back(one, two, unit)("fn m::f()") == "fn m::f()"
    after = {**before, "src/lib.rs": b"mod m;\n"}
    one, two = (Package("small", "", "", "2021", (lib, bin_, other), files) for files in (before, after))
    assert moved_back(one, two, unit)("fn m::f()") == "fn f()"
    shared = (lib, Target("twin", ("cdylib",), "src/lib.rs"))
    one, two = (Package("small", "", "", "2021", shared, files) for files in (before, after))
    assert moved_back(one, two, unit)("fn m::f()") == "fn f()"


def test_what_a_body_says_of_an_allocation_is_compared_with_where_in_it() -> None:
    text = "fn f() -> () {\n    _0 = const {alloc1: &T};\n}\n\n"
    text += "alloc1 (size: 8, align: 8) {\n    ╾──alloc2%s──╼\n}\n"
    first = bodies(text % "+0x4", {})
    assert [body.name for body in first] == ["fn f() -> () {"]
    assert first != bodies(text % "+0x8", {})
    itself = text.replace("alloc2", "alloc1")
    assert bodies(itself % "", {}) == bodies((itself % "").replace("alloc1", "alloc9"), {})


def test_closures_of_one_text_are_told_apart_by_whose_they_are() -> None:
    here, there = "{closure@src/a.rs:1:1: 1:6}", "{closure@src/a.rs:2:1: 2:6}"
    owned = "".join(f"fn {o}::{{closure#0}}(_1: &{c}) -> () {{\n}}\n" for o, c in (("a", here), ("b", there)))
    files = {"src/a.rs": b"|x| x\n|x| x\n"}
    use = "fn f() -> () {\n    _0 = %s;\n}\n"
    assert bodies(owned + use % here, files) != bodies(owned + use % there, files)
    # Of nobody that is known: by their text. Elsewhere, or out of the file: by their place.
    assert bodies(use % here, files) == bodies(use % there, files)
    for place in ("{closure@/rustc/a.rs:%d:1: 1:6}", "{closure@src/none.rs:%d:1: 1:6}"):
        assert bodies(use % (place % 1), files) != bodies(use % (place % 2), files)
    assert len(bodies(use % "{closure@src/a.rs:90:1: 90:6}", files)) == 1


def test_an_impl_in_a_signature_is_not_taken_for_an_impl_block() -> None:
    text = "fn f() -> () {\n    _0 = %s;\n}\n"
    for behind in ("promoted[0]", "{closure#0}"):
        assert bodies(text % f"g<impl Fn()>::{behind}", {}) != bodies(text % f"Fn()::{behind}", {})


def test_a_body_that_is_cut_off_is_one_and_the_harness_is_none() -> None:
    assert [body.name for body in bodies("fn f() -> () {\n    bb0: {\n", {})] == ["fn f() -> () {"]
    harness = "const m::t: test::TestDescAndFn = {\n    let x;\n}\n"
    assert bodies(harness, {}) == ()
    assert len(bodies(harness.replace("test::TestDescAndFn", "u8"), {})) == 1


def test_a_type_that_is_declared_to_change_takes_its_impls_along() -> None:
    text = "fn %s() -> () {\n    return;\n}\n"
    mine = ("m::<impl std::fmt::Debug for m::Kind>::fmt", "m::<impl m::Kind>::new")
    derived = "fn m::{impl Clone}::clone(_1: &m::%s) -> m::%s {\n    return;\n}\n"
    names = (*mine, "m::Kinds::new", "m::load", "n::Kind::new", "<m::Kinds as Clone>::clone")
    whole = "\n".join(
        [*(text % name for name in names), derived % (("Kind",) * 2), derived % (("Kinds",) * 2)]
    )
    base = MirBaseline(DEFAULT, (("lib", bodies(whole, {})),))
    known = {body.name for body in base.units[0][1]}
    for declared, expected in (
        (
            "small::m::Kind",
            {
                "fn <m::Kind as std::fmt::Debug>::fmt() -> () {",
                "fn m::Kind::new() -> () {",
                "fn m::{impl Clone}::clone(_1: &m::Kind) -> m::Kind {",
            },
        ),
        ("small::m::Kind::fmt", {"fn <m::Kind as std::fmt::Debug>::fmt() -> () {"}),
        ("small::m::Kind::new", {"fn m::Kind::new() -> () {"}),
    ):
        left = dict(without(base, (), {declared}, "small").units)["lib"]
        assert known - {body.name for body in left} == expected
