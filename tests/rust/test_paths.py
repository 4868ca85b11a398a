import pytest

from remediate.edits import apply
from remediate.rust.syntax.lexer import TokenKind, tokens
from remediate.rust.syntax.relative import paths_one_deeper, relatives


def moved(text: str) -> str:
    source = text.encode()
    stream = [t for t in tokens(source) if t.kind is not TokenKind.COMMENT]
    return apply(source, paths_one_deeper(stream)).decode()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("super::x()", "super::super::x()"),
        ("super::super::x", "super::super::super::x"),
        ("self::super::x", "self::super::super::x"),
        ("assert!(super::LIMIT > 1)", "assert!(super::super::LIMIT > 1)"),
        ("let a: super::T<super::U> = b;", "let a: super::super::T<super::super::U> = b;"),
        ("use super::{a, b};", "use super::super::{a, b};"),
        ("self::x()", "self::x()"),
        ("self.x; crate::y; ::z; Self::w", "self.x; crate::y; ::z; Self::w"),
        ("pub(in super::super) fn f() {}", "pub(in super::super) fn f() {}"),
        ('"super::x" /* super::y */', '"super::x" /* super::y */'),
    ],
)
def test_paths_of_a_moved_text(text: str, expected: str) -> None:
    assert moved(text) == expected


def test_what_is_relative() -> None:
    found = [(r.supers, r.first) for r in relatives(list(tokens(b"super::super::a; self::b; super::*; c")))]
    assert found == [(2, "a"), (0, "b"), (1, "")]
