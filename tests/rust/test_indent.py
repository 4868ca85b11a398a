"""Dedenting a body changes blanks between tokens and nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remediate.rust.syntax.indent import dedented, indentation_at, line_end
from remediate.rust.syntax.lexer import tokens


def body(text: str) -> str:
    """Dedent what stands between the outermost braces of ``text``."""
    data = text.encode()
    return dedented(data, data.index(b"{") + 1, data.rindex(b"}")).decode()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("mod t {\n    a();\n        b();\n}", "a();\n    b();\n"),
        ("mod t { a() }", "a()\n"),
        ("mod t {}", ""),
        ("mod t {\n\n\n    a();\n\n\n}", "a();\n"),
        ("mod t {\n\ta();\n\t\tb();\n}", "a();\n\tb();\n"),
        ("mod t {\r\n    a();\r\n}", "a();\r\n"),
        ("mod t {\n    a();\n// zero\n    b();\n}", "a();\n// zero\nb();\n"),
        ("mod t {\n    // only\n    // comments\n}", "// only\n// comments\n"),
        ("mod t { // head\n    a();\n}", "// head\na();\n"),
        ('mod t {\n    let a = "x\n    y";\n}', 'let a = "x\n    y";\n'),
        ('mod t {\n    let a = r#"\n    y"\n    "#;\n}', 'let a = r#"\n    y"\n    "#;\n'),
        ("mod t {\n    /* a\n       b */\n    c();\n}", "/* a\n       b */\nc();\n"),
        ("mod t {\n    a();\n  b();\n}", "  a();\nb();\n"),
        ("mod t {\n    a {\n  b\n    }\n}", "a {\nb\n}\n"),
        ("mod t {\n    a();\n    // last   \n}", "a();\n// last   \n"),
        ("mod t {\n    a();\n      \n    b();\n}", "a();\n  \nb();\n"),
    ],
)
def test_dedents(text: str, expected: str) -> None:
    assert body(text) == expected


_PIECES = st.sampled_from(
    [
        "a",
        " ",
        "  ",
        "\n",
        "\t",
        "\r\n",
        '"x\n  y"',
        "// c\n",
        "/* d\n    e */",
        "{",
        "}",
        'r#"\n "#',
        ";",
        "'a'",
    ]
)


@given(st.lists(_PIECES, max_size=40).map("".join))
def test_keeps_every_token_and_dedents_once(text: str) -> None:
    data = text.encode()
    result = dedented(data, 0, len(data))
    assert [t.text for t in tokens(result)] == [t.text for t in tokens(data)]
    body_again = b"\n" + result  # a body begins in the line of its brace
    again = dedented(body_again, 0, len(body_again))
    assert again.rstrip(b"\r\n") == result.rstrip(b"\r\n")


def test_line_ends_and_indentation() -> None:
    assert line_end(b"a\r\nb") == b"\r\n"
    assert line_end(b"a\nb\r\n") == b"\n"
    assert line_end(b"") == b"\n"
    assert indentation_at(b"x\n  \tmod", 6) == b"  \t"
    assert indentation_at(b"x\n  pub mod", 8) == b"  "
