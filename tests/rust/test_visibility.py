import pytest

from remediate.edits import apply
from remediate.rust.syntax.lexer import tokens
from remediate.rust.syntax.relative import one_deeper, reanchored, visibility


@pytest.mark.parametrize(
    ("written", "deeper"),
    [
        ("", "pub(super)"),
        ("pub(self)", "pub(super)"),
        ("pub(in self)", "pub(super)"),
        ("pub(super)", "pub(in super::super)"),
        ("pub(in super)", "pub(in super::super)"),
        ("pub(in super::super)", "pub(in super::super::super)"),
        ("pub(in self::a)", "pub(in super::a)"),
        ("pub(in crate::a::b)", "pub(in crate::a::b)"),
        ("pub(crate)", "pub(crate)"),
        ("pub(in crate)", "pub(crate)"),
        ("pub", "pub"),
    ],
)
def test_the_same_scope_one_module_deeper(written: str, deeper: str) -> None:
    assert one_deeper(visibility(written.encode())).text == deeper


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("struct A { pub(super) x: u8 }", "struct A { pub(in super::super) x: u8 }"),
        ("struct A(pub (super::B, u8));", "struct A(pub (super::B, u8));"),
        ("struct A(pub(self) u8, pub ( super ) u8);", "struct A(pub(super) u8, pub(in super::super) u8);"),
        ("pub(crate) fn f() {} pub fn g() {}", "pub(crate) fn f() {} pub fn g() {}"),
        ('fn f() { g("pub(super)") } // pub(super)', 'fn f() { g("pub(super)") } // pub(super)'),
    ],
)
def test_relative_visibilities_in_a_moved_text(text: str, expected: str) -> None:
    source = text.encode()
    assert apply(source, reanchored(list(tokens(source)))) == expected.encode()
