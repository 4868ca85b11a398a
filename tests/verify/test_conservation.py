"""Conservation must see every loss and every addition, and accept each declared kind of change."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from remediate.proofs import Moves, Proof, Proofs
from remediate.rust.syntax.lexer import tokens
from remediate.verify.text.conservation import conserve

MOVE = Proofs(
    Moves(uses=True, modules=True, visibility=True, path_prefixes=True, impl_headers=True, layout=True)
)
M = b"""//! Docs of the module.
#![allow(dead_code)]

use std::fmt; // why fmt

// ---- banner ----

/// A point.
#[derive(Debug)]
pub struct Point {
    x: u8, // the x

    pub(super) y: u8,
}

impl<T: Into<u8>> From<T> for Point where T: Copy, {
    fn from(t: T) -> Self { super::make(t) }
}

impl Point {
    /// One.
    pub fn one(&self) -> &str { "a  {\n\n  b" }
    fn two(&self) -> u8 { /* two */ 2 }
}

const TABLE: [u8; 2] = { [1, 2] };
fn generic<const N: usize>() -> Wrap<{ N }> { Wrap }
macro_rules! m { ($x:expr) => { $x }; }
#[cfg(test)]
mod tests {
    use super::*;
    // before the test

    #[test]
    fn works() { assert_eq!(1, 1); }
}
// the end
"""
FACADE = b"""//! Docs of the module.
#![allow(dead_code)]

// why fmt

macro_rules! m { ($x:expr) => { $x }; }
mod point;
pub use point::Point;
#[cfg(test)]
mod tests;
// the end
"""
POINT = b"""use std::fmt;

// ---- banner ----

/// A point.
#[derive(Debug)]
pub struct Point {
    pub(super) x: u8, // the x

    pub(in super::super) y: u8,
}

impl<T: Into<u8>> From<T> for Point where T: Copy, {
    fn from(t: T) -> Self { super::super::make(t) }
}

impl Point {
    /// One.
    pub fn one(&self) -> &str { "a  {\n\n  b" }
}

impl Point {
    pub(super) fn two(&self) -> u8 { /* two */ 2 }
}

const TABLE: [u8; 2] = { [1, 2] };
fn generic<const N: usize>() -> Wrap<{ N }> { Wrap }
"""
TESTS = b"""use super::*;
// before the test

#[test]
fn works() { assert_eq!(1, 1); }
"""
BEFORE = {"m.rs": M, "m/point.rs": None, "m/tests.rs": None}
AFTER = {"m.rs": FACADE, "m/point.rs": POINT, "m/tests.rs": TESTS}
NEW = frozenset({"point"})


def test_a_careful_split_is_accepted() -> None:
    assert conserve(BEFORE, AFTER, MOVE, NEW) == ()


def test_the_same_split_is_refused_without_the_declarations() -> None:
    assert conserve(BEFORE, AFTER, Proofs(Moves(layout=True)), NEW)


@pytest.mark.seeded("conservation", "failed", "a token or a literal is lost, doubled or altered")
@pytest.mark.parametrize(
    ("path", "old", "new", "what"),
    [
        ("m.rs", b"// why fmt\n", b"", "lost comment"),
        ("m/point.rs", b"// ---- banner ----\n", b"", "lost comment"),
        ("m/point.rs", b"/* two */ ", b"", "lost item"),
        ("m/point.rs", b"{\n\n  b", b"{\n  b", "lost item"),
        ("m/point.rs", b"// the x\n\n", b"// the x\n", "lost item"),
        ("m/point.rs", b"pub(super) x", b"pub(crate) x", "lost item"),
        ("m/point.rs", b"pub(super) x", b"pub x", "lost item"),
        ("m/point.rs", b"pub(super) fn two", b"pub fn two", "lost item"),
        ("m/point.rs", b"#[derive(Debug)]\n", b"", "lost item"),
        ("m/point.rs", b"impl Point {\n    pub(super)", b"impl Pint {\n    pub(super)", "lost item"),
        ("m.rs", b"pub use point::Point;", b"mod other;", "added module"),
        ("m.rs", b"#[cfg(test)]\n", b"", "lost module"),
        ("m.rs", b"#![allow(dead_code)]\n", b"", "lost inner attribute"),
        ("m/tests.rs", b"#[test]", b"#[test] #[ignore]", "lost item"),
        ("m/tests.rs", b"// before the test\n\n", b"// before the test\n", "lost comment"),
        ("m/tests.rs", b"fn works", b"fn works2() {}\nfn works", "added item"),
    ],
)
def test_a_careless_one_is_not(path: str, old: bytes, new: bytes, what: str) -> None:
    text = AFTER[path]
    assert old in text
    violations = conserve(BEFORE, {**AFTER, path: text.replace(old, new)}, MOVE, NEW)
    assert what in {f"{v.what} {v.kind}" for v in violations}


@pytest.mark.seeded("conservation", "failed", "a re-export is dropped")
def test_a_reexport_may_not_be_dropped() -> None:
    before = {"m.rs": b"pub use a::B;\nuse c::D;\n"}
    assert [str(v) for v in conserve(before, {"m.rs": b"\n"}, MOVE)] == [
        "m.rs:1: lost use: pub use a : : B ;"
    ]


def test_declared_literals_may_change_and_no_others() -> None:
    before, after = (
        {"m.rs": b'const A: &str = include_str!("a.txt");'},
        {"m/x.rs": b'const A: &str = include_str!("../a.txt");'},
    )
    assert conserve(before, after, MOVE)
    assert not conserve(before, after, MOVE, rewritten={b'"a.txt"': b'"../a.txt"'})


def test_a_declared_file_may_be_included_in_tests_and_in_no_other_way() -> None:
    before = {"m.rs": b"fn a() {}\n#[test]\nfn t() {}\n"}

    def lost_or_added(line: bytes) -> list[str]:
        after = {"m.rs": b"fn a() {}\n" + line + b"\n", "t/x.rs": b"#[test]\nfn t() {}\n"}
        return [str(v) for v in conserve(before, after, MOVE, frozenset({"x"}))]

    assert not lost_or_added(b'#[cfg(test)]\ninclude!("t/x.rs");')
    assert lost_or_added(b'include!("t/x.rs");')
    assert lost_or_added(b'#[cfg(test)]\ninclude!("t/y.rs");')
    assert lost_or_added(b'#[cfg(test)]\ninclude!("t/x.rs", 1);')
    assert lost_or_added(b'#[cfg(test)]\ninclude_str!("t/x.rs");')


def test_what_rustfmt_does_to_a_unit_is_only_exempt_where_it_is_known_to_have_been_at_work() -> None:
    before = {"m.rs": b"    fn a() {\n        f(\n            1,\n        )\n    }\n"}

    def conserved(text: bytes, laid_out: frozenset[str] = frozenset()) -> bool:
        return not conserve(before, {"x.rs": text}, MOVE, laid_out=laid_out)

    assert not conserved(b"fn a() {\n    f(1)\n}\n")
    assert conserved(b"fn a() {\n    f(1)\n}\n", laid_out=frozenset({"x.rs"}))
    assert not conserved(b"fn a() {\n    f(1)\n}\n", laid_out=frozenset({"y.rs"}))
    assert not conserved(b"fn a() {\n    f(2)\n}\n", laid_out=frozenset({"x.rs"}))
    assert not conserved(b"fn a() {\n    f(1 /* ! */)\n}\n", laid_out=frozenset({"x.rs"}))


@pytest.mark.seeded("conservation", "failed", "any one token is dropped")
@settings(max_examples=300)
@given(st.data())
def test_dropping_any_token_is_seen(data: st.DataObject) -> None:
    path = data.draw(st.sampled_from(sorted(AFTER)))
    text = AFTER[path]
    token = data.draw(st.sampled_from([t for t in tokens(text) if not _exempt(text, t.start)]))
    damaged = text[: token.start] + b" " * (token.end - token.start) + text[token.end :]
    assert conserve(BEFORE, {**AFTER, path: damaged}, MOVE, NEW)


def _exempt(text: bytes, offset: int) -> bool:
    """Whether the token stands where MOVE allows changes: a use, a relative visibility, a path prefix."""
    line = text[text.rfind(b"\n", 0, offset) + 1 : text.find(b"\n", offset)]
    return b"use " in line or b"pub(" in line or b"super::" in line or b"mod point" in line


@pytest.mark.parametrize(
    ("added", "is_repeated"),
    [
        (b"extern crate alloc;\n", True),
        (b"#![feature(test)]\n", True),
        (b'#![cfg(feature = "never")]\n', False),
        (b"#![allow(unused)]\n", False),
        (b"fn new() {}\n", False),
    ],
)
def test_a_test_target_may_repeat_what_its_library_rests_on_and_no_more(
    added: bytes, *, is_repeated: bool
) -> None:
    may = Proofs(Moves(modules=True, layout=True, targets=True))
    after: dict[str, bytes | None] = {"tests/it/main.rs": added}
    assert (conserve({}, after, may, crates=frozenset({"small"})) == ()) is is_repeated
    assert conserve({}, after, may)


def test_of_a_comment_only_the_declared_targets_of_its_links_may_change() -> None:
    old = b"/// See [`Foo`].\nfn f() {}\n"
    for new, kept in (
        (b"/// See [`Foo`](super::Foo).", True),
        (b"/// See [`Foo`](super::Foo)!", False),
        (b"/// Look at [`Foo`](super::Foo).", False),
        (b"/// See [`Bar`](super::Foo).", False),
    ):
        told = {b"/// See [`Foo`].": new}
        after = {"a.rs": new + b"\nfn f() {}\n"}
        assert (conserve({"a.rs": old}, after, Proofs(), rewritten=told) == ()) is kept
        assert conserve({"a.rs": old}, after, Proofs())


@pytest.mark.seeded("conservation", "failed", "a byte order mark or a shebang is lost")
@pytest.mark.parametrize("head", [b"\xef\xbb\xbf", b"#!/usr/bin/env run\n"])
def test_what_stands_before_the_first_token_is_conserved(head: bytes) -> None:
    text = b"fn a() {}\n"
    assert conserve({"a.rs": head + text}, {"a.rs": head + text}, Proofs(Moves(layout=True))) == ()
    assert conserve({"a.rs": head + text}, {"a.rs": text}, Proofs(Moves(layout=True)))


@pytest.mark.seeded("conservation", "failed", "an attribute other than `path` goes from a module")
def test_only_a_path_may_come_to_a_module() -> None:
    may = Proofs(Moves(modules=True, layout=True))
    text = b"#[cfg(test)]\nmod a;\n"
    assert conserve({"a.rs": text}, {"a.rs": b'#[cfg(test)]\n#[path = "b.rs"]\nmod a;\n'}, may) == ()
    assert conserve({"a.rs": text}, {"a.rs": b"mod a;\n"}, may)
    assert conserve({"a.rs": text}, {"a.rs": b"#[cfg(test)]\n#[ignore]\nmod a;\n"}, may)


def test_a_comment_may_be_indented_anew_but_not_reworded() -> None:
    may, text = Proofs(Moves(layout=True)), b"fn a() {\n    /* one\n       two */\n}\n"
    assert conserve({"a.rs": text}, {"a.rs": text.replace(b"       two", b"  two")}, may) == ()
    assert conserve({"a.rs": text}, {"a.rs": text.replace(b"two", b"three")}, may)


def test_a_promoted_test_may_say_its_library_and_no_other_crate() -> None:
    may = Proofs(Moves(targets=True, layout=True))
    old = b"fn t() { crate::f(); g(); }\n"
    for new, fits in [
        (b"fn t() { small::f(); g(); }\n", True),
        (b"fn t() { ::small::f(); g(); }\n", True),
        (b"fn t() { use small::g; small::f(); g(); }\n", True),
        (b"fn t() { other::f(); g(); }\n", False),
        (b"fn t() { crate::small::f(); g(); }\n", False),
    ]:
        found = conserve({"a.rs": old}, {"a.rs": new}, may, crates=frozenset({"small"}))
        assert (found == ()) is fits, new


def test_only_a_declared_manifest_is_left_to_its_own_gate() -> None:
    """Another file that is no Rust is compared byte for byte, whatever is declared of Cargo.toml."""
    declared = Proofs(MOVE.moves, manifest=Proof.DECLARED)
    for path, proofs, conserved in (
        ("Cargo.toml", declared, True),
        (".config/nextest.toml", declared, True),
        ("tests/a.snap", declared, False),
        ("Cargo.toml", MOVE, False),
        ("tests/a.snap", MOVE, False),
    ):
        assert (conserve({path: b"a"}, {path: b"b"}, proofs) == ()) is conserved, (path, proofs)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b'#[path = "x.rs"]\nmod a;\n', b"mod a;\n"),
        (b"fn f() { use a::B; b() }\n", b"fn f() { b() }\n"),
        (b"fn f() { small::b() }\n", b"fn f() { b() }\n"),
    ],
)
def test_what_only_some_changes_may_do_to_a_unit_others_may_not(before: bytes, after: bytes) -> None:
    may = Proofs(Moves(modules=True, targets=True))
    crates = frozenset({"small"})
    assert conserve({"a.rs": before}, {"a.rs": after}, may, crates=crates) == ()
    for proofs, names in ((Proofs(Moves()), crates), (Proofs(Moves()), frozenset[str]())):
        assert conserve({"a.rs": before}, {"a.rs": after}, proofs, crates=names)
    assert bool(conserve({"a.rs": before}, {"a.rs": after}, Proofs(Moves(modules=True)))) is (
        b"mod" not in before
    )


def test_only_a_module_may_lose_its_path() -> None:
    text = b'#[path = "x.rs"]\nfn a() {}\n'
    assert conserve({"a.rs": text}, {"a.rs": b"fn a() {}\n"}, Proofs(Moves(modules=True)))


_LAID_OUT = b'fn f() {\n    // a\n    //   b\n    g("x\n    y")\n}\n'


@pytest.mark.parametrize(
    ("old", "new", "layout", "always"),
    [
        (b"    g(", b"  g(", True, False),
        (b"    // a", b"  // a", True, False),
        (b'g("', b'g( "', True, True),
        (b"    y", b"  y", False, False),
        (b"//   b", b"// b", False, False),
    ],
)
def test_layout_may_change_blanks_between_tokens_and_nothing_within_one(
    old: bytes, new: bytes, *, layout: bool, always: bool
) -> None:
    """Some blanks may change with the layout, some always."""
    after = {"a.rs": _LAID_OUT.replace(old, new)}
    assert (conserve({"a.rs": _LAID_OUT}, after, Proofs(Moves(layout=True))) == ()) is layout
    assert (conserve({"a.rs": _LAID_OUT}, after, Proofs(Moves())) == ()) is always


@pytest.mark.parametrize(
    ("added", "may"),
    [
        (b"extern crate x;\n", True),
        (b"#![feature(x)]\n", True),
        (b'#![cfg(feature = "x")]\n', False),
        (b"const X: u8 = 1;\n", False),
        (b"extern crate x {}\n", False),
        (b'extern "C" {}\n', False),
    ],
)
def test_the_root_of_a_test_target_may_repeat_crates_and_features_alone(added: bytes, *, may: bool) -> None:
    proofs, crates = Proofs(Moves(modules=True, targets=True)), frozenset({"small"})
    assert (conserve({"a.rs": b""}, {"a.rs": added}, proofs, crates=crates) == ()) is may
    assert conserve({"a.rs": b""}, {"a.rs": added}, Proofs(Moves(modules=True)))
