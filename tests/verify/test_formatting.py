from remediate.verify.formatting import same_but_formatting

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
