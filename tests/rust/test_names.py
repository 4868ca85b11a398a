import pytest

from remediate.rust.mentions.references import Space
from remediate.rust.resolution.names import defined, generated, snake, variants, words
from remediate.rust.syntax.doc_links import doc_links
from remediate.rust.syntax.items import items
from remediate.rust.syntax.source import Source


def names(text: str) -> dict[str, Space]:
    source = Source("a.rs", text.encode())
    return dict(n for item in items(source) for n in defined(source, item))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("struct A { x: u8 }", {"A": Space.TYPE}),
        ("struct A(u8); struct B;", {"A": Space.TYPE | Space.VALUE, "B": Space.TYPE | Space.VALUE}),
        ("fn f() {} const C: u8 = 1; static S: u8 = 1;", dict.fromkeys("fCS", Space.VALUE)),
        ("enum E { V } trait T {} type Y = u8; mod m {}", dict.fromkeys("ETYm", Space.TYPE)),
        ("macro_rules! m { () => {} }", {"m": Space.MACRO}),
        ("const _: () = (); impl A {} use a::b;", {}),
        ("extern crate a as b;", {"b": Space.TYPE}),
        ('extern "C" { fn f(); static S: u8; }', {"f": Space.VALUE, "S": Space.VALUE}),
        ("fn r#type() {}", {"type": Space.VALUE}),
    ],
)
def test_what_items_define(text: str, expected: dict[str, Space]) -> None:
    assert names(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("thread_local! { static A: u8 = 1; pub static B: u8 = 2; }", {"A", "B"}),
        ("lazy_static! { static ref C: u8 = f(); }", {"C"}),
        ("bitflags! { pub struct Flags: u32 { const A = 1; } }", {"Flags"}),
        ("cfg_x! { fn f() { fn g() {} } impl A { fn h() {} } struct B { c: u8 } }", {"f", "B"}),
        ("call!(a, b);", set()),
    ],
)
def test_what_macro_calls_seem_to_define(text: str, expected: set[str]) -> None:
    source = Source("a.rs", text.encode())
    assert {name for item in items(source) for name, _ in generated(source, item)} == expected


def test_variants() -> None:
    source = Source("a.rs", b"enum E { #[x] A, B(u8), C { d: u8 }, r#type = 1 }")
    assert variants(source, items(source)[0]) == ("A", "B", "C", "type")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("HTTPServer2", ("http", "server2")),
        ("http_server", ("http", "server")),
        ("parseU8", ("parse", "u8")),
        ("MAX_SIZE", ("max", "size")),
    ],
)
def test_words(name: str, expected: tuple[str, ...]) -> None:
    assert words(name) == expected
    assert snake(name) == "_".join(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("/// [`A`]", {("A",)}),
        ("/// [`A::b`] and [c](D)", {("A", "b"), ("D",)}),
        ("/// [text][`E`]", {("E",)}),
        ("/// [x]: crate::y", {("crate", "y"), ("x",)}),
        ("/// [struct@F] [`g()`] [`h!`]", {("F",), ("g",), ("h",)}),
        ("/// [a](https://x.y) [b](#c) [d](e.html)", set()),
        ("/// no links, but x[0] here", set()),
    ],
)
def test_doc_links(text: str, expected: set[tuple[str, ...]]) -> None:
    assert set(doc_links(text.encode())) >= expected - {("x",)}
    if not expected:
        assert not {p for p in doc_links(text.encode()) if p[0].isalpha()}
