import pytest

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


@pytest.mark.parametrize(
    ("before", "after", "same"),
    [
        (b"extern crate b;\nextern crate a;\n", b"extern crate a;\nextern crate b;\n", True),
        (b"extern crate a;\nextern crate b;\n", b"extern crate a;\n", False),
        (b"mod b;\nmod a { fn f() {} }\n", b"mod a { fn f() {} }\nmod b;\n", True),
        (b"mod b { fn g() {} }\nmod a { fn f() {} }\n", b"mod a { fn f() {} }\nmod b { fn g() {} }\n", False),
        (b"// one\n// two\nfn f() {}\n", b"// two\n// one\nfn f() {}\n", False),
        (b"fn f() {} // c\nfn g() {}\n", b"fn f() {}\nfn g() {} // c\n", False),
        (b"/* a\n   b */ fn f() {}\n", b"/* a\nb */ fn f() {}\n", True),
        (b"#[a(b[0])]\nuse x;\nuse a;\n", b"use a;\n#[a(b[0])]\nuse x;\n", True),
        (b"#[a(b)]\nuse x;\nuse a;\n", b"#[a]\nuse x;\nuse a;\n", False),
        (b"#[a(b)]\nfn f() {}\nfn g() {}\n", b"fn g() {}\n#[a(b)]\nfn f() {}\n", False),
        (b"use a::A;\nfn f() { use b::B; }\n", b"use a::A;\nfn f() {}\n", False),
        (b"use a::{self, B};\nuse c;\nfn f() {}", b"use c;\nuse a::{B, self};\nfn f() {}", True),
        (b"pub(in a) use b;\nuse a;\n", b"use a;\npub(in a) use b;\n", True),
        (b"pub(in a) use b;\nuse a;\n", b"use b;\npub(in a) use a;\n", False),
    ],
)
def test_only_declarations_are_sorted_and_nothing_is_lost(before: bytes, after: bytes, *, same: bool) -> None:
    assert same_but_formatting(before, after) is same
