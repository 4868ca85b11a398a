import pytest
from hypothesis import given
from hypothesis import strategies as st

from remediate.rust.syntax.lexer import TokenKind, string_value, tokens


@pytest.mark.parametrize(
    "text",
    [
        b"'a'", b"'\\''", b"b'\\\\'", b"'\\u{1F600}'", "'é'".encode(), b'"\\" //"', b'r#"x "q" "#', b'br"y"',
        b'c"z"', b"1.5e-3", b"0xFF_u8", b"1_000", b'"a\\\n  b"',
    ],
)  # fmt: skip
def test_literals_are_one_token(text: bytes) -> None:
    assert [(t.kind, t.text) for t in tokens(text)] == [(TokenKind.LITERAL, text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (b"<'a,'b>", [b"<", b"'a", b",", b"'b", b">"]),
        (b"1..2", [b"1", b".", b".", b"2"]),
        (b"1.max(2)", [b"1", b".", b"max", b"(", b"2", b")"]),
        (b"r#type r", [b"r#type", b"r"]),
        (b"/* a /* b */ c */x", [b"/* a /* b */ c */", b"x"]),
        (b"a // b\r\nc", [b"a", b"// b", b"c"]),
        (b"#!/usr/bin/env x\nfn", [b"fn"]),
        (b"#![no_std]", [b"#", b"!", b"[", b"no_std", b"]"]),
        (b"\xef\xbb\xbffn", [b"fn"]),
        (b"/* open", [b"/* open"]),
    ],
)
def test_tokens(text: bytes, expected: list[bytes]) -> None:
    assert [t.text for t in tokens(text)] == expected


@given(st.binary(max_size=200))
def test_tokens_tile_any_bytes(text: bytes) -> None:
    end = 0
    for token in tokens(text):
        assert token.start >= end
        assert token.text == text[token.start : token.end] != b""
        end = token.end
    assert end <= len(text)


@pytest.mark.parametrize(
    ("literal", "value"),
    [(b'"reader.rs"', "reader.rs"), (b'"color"', "color"), (b'r#"r"#', "r"), (b'r"x"', "x"), (b'b"b"', "b")],
)
def test_a_literals_own_letters_are_no_quotes(literal: bytes, value: str) -> None:
    assert string_value(literal) == value
