from remediate.verify.text.formatting import same_but_formatting

SOURCE = b"""mod b; mod a;
use b::B; use a::A;
fn f(x: u8,) -> u8 { match x { 1 => 2, _ => { 3 } } } // c
"""
FORMATTED = b"""mod a;
mod b;
use a::A;
use b::B;
fn f(x: u8) -> u8 {
    match x {
        1 => 2,
        _ => 3,
    }
} // c
"""


def test_rustfmt_output_is_the_same() -> None:
    assert same_but_formatting(SOURCE, FORMATTED)


def test_a_lost_comment_literal_or_import_is_not() -> None:
    for old, new in ((b" // c", b""), (b"=> 3", b"=> 4"), (b"use a::A;\n", b""), (b"u8)", b"u16)")):
        assert old in FORMATTED
        assert not same_but_formatting(SOURCE, FORMATTED.replace(old, new))


def test_a_declaration_is_sorted_with_its_attributes_and_visibility() -> None:
    before = b"pub use c::C;\n#[cfg(x)]\npub(crate) use a::A;\n// why\nuse b::B;\nfn f() {}\n"
    after = b"#[cfg(x)]\npub(crate) use a::A;\n// why\nuse b::B;\npub use c::C;\nfn f() {}\n"
    assert same_but_formatting(before, after)
    for old, new in (
        (b"#[cfg(x)]\npub(crate) use a::A;", b"pub(crate) use a::A;"),
        (
            b"#[cfg(x)]\npub(crate) use a::A;\n// why\nuse b",
            b"pub(crate) use a::A;\n// why\n#[cfg(x)]\nuse b",
        ),
        (b"use b::B;\npub use c", b"pub use b::B;\nuse c"),
        (b"use b::B;\npub use c::C", b"use b::C;\npub use c::B"),
    ):
        assert old in after
        assert not same_but_formatting(before, after.replace(old, new))
