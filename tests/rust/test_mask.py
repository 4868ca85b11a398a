"""Every spelling here is accepted by rustc's parser and was, or is, rejected by the grammar itself."""

import pytest

from remediate.rust.syntax.items import items
from remediate.rust.syntax.repair import masked
from remediate.rust.syntax.source import Source

READ = [
    "fn f() { str![a]; u8!(); bool!{} char!(x) }",
    "fn f() { try!(x); try! { y } }",
    "unsafe extern { pub safe fn a(); safe static X: u8; }",
    "struct F<T> where T: X;",
    "macro_rules! m { ($) => {}; ($a:tt $($)? ) => { ${count($a)} }; }",
    "fn f() { m!(~ a ~ b); }",
    "fn f() { let c = for<'a> |x: &'a u8| -> &'a u8 { x }; }",
    "fn f(x: Box<dyn 'static + Send>) {}",
    'fn f() { let X { #[cfg(a)] a, #[cfg(b = "]")] b: c, .. } = x; }',
    "fn f() { let x = #[a] y; return #[b] x; }",
    "fn f() { (1, #[cfg(a)] (), #[cfg(not(a))] b) }",
    "fn f() { let c = |#[a] x| x; }",
    "fn f(y: Foo<-1>) {}",
    "fn f<T>() where T:, {}",
    "fn f<T, U>() where T:, U: X {}",
    "fn f<const N: usize>() where [(); N + 1]:, { }",
    "fn f() where (): Sized, fn(): E, m!(Self): Send {}",
    "fn f() { X { a, .. } = e; }",
    "fn f() { Tuple { 0: a, 1: b }; let Tuple { 0: a, 1: _b, .. } = c; }",
    "fn f() { x::<>(); let y: Z<> = 1; }",
    "type G = Box<dyn (for<'a> H<'a>)>;",
    "fn f() { let Foo::<u8> { x } = y; }",
    'extern r"C" fn g() {}',
    'extern "Rust" { pub type A; pub(crate) type B<\'a>; }',
    "pub auto trait E {} unsafe auto trait F {} unsafe mod d { }",
    "impl const Default for X {} impl<T: ~const X> const Y for T {}",
    "const fn f<T: [const] X>() {}",
    "pub trait A = B; trait C<T> = D<T> where T: E;",
    "fn f() { 1f16; 1.5f128 }",
    "#!/usr/bin/env cargo\n---\n[dependencies]\n---\nfn f() {}",
    "\n---cargo\na = '''\n---- '''\n---\n#![x]\nfn f() {}",
]


@pytest.mark.parametrize("text", READ)
def test_the_parser_reads(text: str) -> None:
    source = Source("a.rs", text.encode())
    assert source.errors == ()
    assert source.confined


@pytest.mark.parametrize("text", READ)
def test_a_mask_keeps_length_and_line_ends(text: str) -> None:
    original, result = text.encode(), masked(text.encode())
    assert len(result) == len(original)
    assert [i for i, b in enumerate(result) if b == 10] == [i for i, b in enumerate(original) if b == 10]


def test_a_repair_hides_nothing_that_is_not_near() -> None:
    far = "//" + "x" * 400 + "\n"
    text = f"#[a] struct S;\n{far}fn f() {{ let X {{ #[cfg(c)] d }} = e; }}\n{far}#[g] fn h() {{}}"
    found = items(Source("a.rs", text.encode()))
    assert [[a.path for a in i.attributes] for i in found] == [["a"], [], ["g"]]


@pytest.mark.parametrize(
    ("text", "confined"),
    [
        ("fn f( {}", False),
        ("fn f() { m!(`) }", True),
        ("macro_rules! m { () => { ` } }", True),
        ("fn f() { m!(a) } }", False),
    ],
)
def test_damage_in_a_macro_is_known_as_such(text: str, *, confined: bool) -> None:
    source = Source("a.rs", text.encode())
    assert source.errors
    assert source.confined is confined


def test_a_repair_hides_no_more_than_it_must() -> None:
    items_before = "".join(f"#[derive(A)] struct S{i};\n" for i in range(9))
    text = f"{items_before}fn f() {{ let X {{ #[cfg(c)] d, .. }} = e; }}\n#[cfg(test)] mod tests {{}}\n"
    found = items(Source("a.rs", text.encode()))
    assert [len(i.attributes) for i in found] == [1] * 9 + [0, 1]
