"""The outline says of every byte what the lexer says of it, and nests braces as they nest."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remediate.rust.syntax.outline import Outline, frames, item_start

TEXT = b"""//! doc
use a::{b, c}; // c
/* x /* y */ { */
fn f<'a>(x: &'a str, y: [u8; 4], S { z }: S) -> char {
    let s = "a { \\" }"; let r = r#"" { "#; let b = br"{"; let c = '{'; let d = '\\''; let e = b'"';
    if x { y(|v| { v }) }
}
#[cfg(test)]
mod tests { impl A for B { async fn g() { let h = async move { 1 }; } } }
"""


def test_code_has_no_comment_and_no_string() -> None:
    code = Outline(TEXT).code
    assert len(code) == len(TEXT)
    assert code.count(b"\n") == TEXT.count(b"\n")
    assert b"doc" not in code
    assert code.count(b"{") == code.count(b"}") == 9


def test_frames_say_what_surrounds_a_place() -> None:
    outline = Outline(TEXT)
    found = frames(outline, TEXT.index(b"1 }"))
    assert [(f.kind, f.name) for f in found] == [("async", ""), ("fn", "g"), ("impl", ""), ("mod", "tests")]
    assert [a.path for a in found[-1].attributes] == ["cfg"]
    assert [(f.kind, f.name) for f in frames(outline, TEXT.index(b"v })"))] == [
        ("closure", ""), ("other", ""), ("fn", "f"),
    ]  # fmt: skip


def test_a_header_with_brackets_is_one() -> None:
    outline = Outline(TEXT)
    body = outline.blocks.opens[2]
    assert outline.code[item_start(outline.code, body) : body].lstrip().startswith(b"fn f<")


@pytest.mark.parametrize(
    ("text", "balanced"), [(b"f({[]})", True), (b"f(", False), (b'"(" // (', True), (b"/* (", False)]
)
def test_balance(text: bytes, *, balanced: bool) -> None:
    assert Outline(text).balanced is balanced


@given(st.binary(max_size=200))
def test_any_bytes_have_an_outline(text: bytes) -> None:
    outline = Outline(text)
    assert len(outline.code) == len(text)
    assert all(a < b for a, b in zip(outline.blocks.opens, outline.blocks.closes, strict=True))
