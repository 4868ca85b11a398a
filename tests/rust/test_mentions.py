"""What code mentions: found where it may matter, left out only where syntax shows something else."""

import pytest

from remediate.rust.mentions.index import references
from remediate.rust.syntax.source import Source


def mentioned(text: str) -> set[str]:
    found = references(Source("a.rs", text.encode())).mentions
    return {"::".join(m.path) for m in found if not m.pattern}


def members(text: str) -> set[tuple[str, str, tuple[str, ...]]]:
    found = references(Source("a.rs", text.encode())).members
    return {(m.name, m.form, m.receiver) for m in found}


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("fn f() { g(); }", {"g"}),
        ("fn f(a: A) -> B<C> where D: E<F = G> {}", {"A", "B", "C", "D", "E", "G"}),
        ("fn f<T: A>(t: T) -> T { t }", {"A"}),
        ("fn f() { let x = x; x }", {"x"}),
        ("fn f() { let x = 1; { let y = x; y } }", set()),
        ("fn f() { if let Some(v) = v { v } else { v } }", {"v", "Some"}),
        ("fn f() { for i in i { i } i }", {"i"}),
        (
            "fn f() { match m { A::B => c, n if n > d => n, e @ 1..=MAX => e } }",
            {"m", "A::B", "c", "d", "MAX"},
        ),
        ("fn f() { let g = |a, b: T| a + b + c; }", {"T", "c"}),
        ("fn f() { S { a, b: c, ..d } }", {"S", "a", "c", "d"}),
        ("fn f() { x.y.z(w) }", {"x", "w"}),
        ("fn f() { a::b::<C>::d(); <E as F>::g() }", {"a::b::d", "C", "E", "F"}),
        ("fn f() { fn g() {} g(); const K: u8 = L; K }", {"L"}),
        ("fn f() { let a = 1; fn g() { a } }", {"a"}),
        ("fn f() { use m::n; n(); o() }", {"m::n", "o"}),
        ("fn f() { use m::*; }", {"m::*"}),
        ("fn f() { 'a: loop { break 'a } }", set()),
        ('fn f(x: u8) { println!("{x} {Y} {{Z}}", w.v) }', {"println", "Y", "w"}),
        ("fn f() { m!(super::A, self::B, C { d: e }) }", {"m", "super::A", "self::B", "C", "e"}),
        ("m! { fn g() { h() } }", {"m", "h"}),
        ('#[derive(Debug, Other)] #[attr(with = "a::b", c)] struct S;', {"Other", "attr", "a::b", "c"}),
        ("#[cfg_attr(test, derive(X))] struct S;", {"X"}),
        ("/// See [`A`], [b](C::d), [e]\n///\n/// [e]: F\nfn f() {}", {"A", "C::d", "e", "F"}),
        ("enum E { A = B, C(D), F { g: H } }", {"B", "D", "H"}),
        ("trait T: U { type V: W; fn x(&self) -> Self::V; }", {"U", "W"}),
        ("impl<A> B for C<A> { const D: E = F; }", {"B", "C", "E", "F"}),
        ("fn f() { ::std::mem::drop(a) }", {"::std::mem::drop", "a"}),
        ("macro_rules! m { ($x:expr) => { $x + a::b(c) } }", {"a::b", "c"}),
        ("fn f() { r#type() }", {"type"}),
    ],
)
def test_mentions(text: str, names: set[str]) -> None:
    assert mentioned(text) == names


def test_a_lone_name_in_a_pattern_may_be_a_constant() -> None:
    found = references(Source("a.rs", b"fn f() { match m { LIMIT => 1, other => 2 } }")).mentions
    assert {m.name for m in found if m.pattern} == {"LIMIT", "other"}


def test_conditions_are_those_of_the_place() -> None:
    text = b'#[cfg(unix)] fn f() { #[cfg(feature = "x")] a(); b(); }'
    found = references(Source("a.rs", text)).mentions
    assert {(m.name, *map(str, m.cfg)) for m in found} == {("a", "unix", 'feature = "x"'), ("b", "unix")}


def test_inline_modules_are_told_apart() -> None:
    found = references(
        Source("a.rs", b"fn f() { a() } mod m { fn g() { b() } mod n { fn h() { c() } } }")
    ).mentions
    assert {(m.name, *m.module) for m in found} == {("a",), ("b", "m"), ("c", "m", "n")}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("impl A { fn f(&self) { self.x } }", {("x", "field", ("A",))}),
        ("impl A { fn f(&self) { self.x.y() } }", {("x", "field", ("A",)), ("y", "method", ("A", "x"))}),
        ("fn f(a: &mut B) { a.x }", {("x", "field", ("B",))}),
        ("fn f(a: Box<B>) { a.x }", {("x", "field", ("B",))}),
        ("fn f() { let a = B::new(); a.x }", {("new", "path", ("B",)), ("x", "field", ("B", "::new()"))}),
        ("impl A { fn f() { Self::g() } }", {("g", "path", ("A",))}),
        ("fn f() { B { x: 1, ..c } }", {("x", "literal", ("B",)), ("*", "literal", ("B",))}),
        ("fn f() { let B { x, .. } = b; }", {("x", "literal", ("B",))}),
        ("fn f(v: Vec<B>) { for b in v { b.x } }", {("x", "field", ("Vec<B>", "for"))}),
        ("impl A { fn f(&self) { m!(self.x) } }", {("x", "field", ("A",))}),
        ("impl A { fn f() -> Self { Self(1) } }", {("*", "literal", ("A",))}),
    ],
)
def test_members(text: str, expected: set[tuple[str, str, tuple[str, ...]]]) -> None:
    assert members(text) == expected


def test_long_chains_do_not_exhaust_the_stack() -> None:
    chain = "a" + ".b()" * 3_000
    total = " + ".join(["c"] * 3_000)
    assert mentioned(f"fn f() {{ {chain}; {total} }}") == {"a", "c"}


def test_a_guard_of_the_files_own_is_not_looked_through() -> None:
    used = "impl<R, T> MutexGuard<R, T> { fn f(&self) { self.lock; } }"
    assert ("lock", "field", ("R",)) in members(used)
    assert ("lock", "field", ("MutexGuard",)) in members("struct MutexGuard<R, T> { lock: (R, T) }" + used)
