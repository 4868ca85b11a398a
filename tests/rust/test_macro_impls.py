"""What is known of a macro's rules: impls alone, or something that defines names."""

import pytest

from remediate.rust.syntax.lexer import code
from remediate.rust.syntax.macro_impls import macro_impls, only_public_functions


@pytest.mark.parametrize(
    ("rules", "traits"),
    [
        ("{ ($t:ty) => { impl fmt::Display for $t { fn fmt(&self) {} } }; }", {"Display"}),
        ("( ($($t:ty),*) => [ $( unsafe impl Send for $t {} )* ] );", {"Send"}),
        ("{ () => { impl<T: Iterator<Item = fn() -> u8>> From<T> for A<T> where T: Copy { } } }", {"From"}),
        ("{ () => { impl<F> Run for F where F: for<'a> Fn(&'a u8) {} } }", {"Run"}),
        ("{ ($t:path) => { impl $t for A {} impl<$a> !Sync for A {} } }", {"", "Sync"}),
        ("{ () => { $(#[$m])* #[cfg(x)] impl A { pub const fn a() {} pub(crate) fn b() {} } } }", set()),
        ("{ () => { const _: () = { struct Hidden; }; impl X for A {} } }", {"X"}),
        ("{ () => { $( impl X for A {} );+ } () => {} }", {"X"}),
    ],
)
def test_impls_alone(rules: str, traits: set[str]) -> None:
    found = macro_impls(code(rules.encode()))
    assert found is not None
    assert found.traits == traits


@pytest.mark.parametrize(
    "body",
    [
        "struct A;",
        "pub fn a() {}",
        "impl A { fn a() {} }",
        "impl A { pub fn a() {} const B: u8 = 1; }",
        "impl A { pub(super) fn a() {} }",
        "impl X for A {} mod b {}",
        "$item",
        "$(#[$m])* $vis struct A;",
        "use a::B;",
        "impl X for A {} a + b",
        "const NAMED: u8 = 1;",
        "impl X for A<{ N }> {}",
    ],
)
def test_anything_else(body: str) -> None:
    assert macro_impls(code(f"{{ () => {{ {body} }} }}".encode())) is None


@pytest.mark.parametrize(
    "rules", ["", "{", "{ () }", "{ () = {} }", "{ () => { impl } }", "{ () => { $( } }"]
)
def test_what_is_no_definition(rules: str) -> None:
    assert macro_impls(code(rules.encode())) in (None, macro_impls(code(b"{}")))


def test_macros_that_rules_call() -> None:
    found = macro_impls(code(b"{ () => { inner!(a); $crate::outer! { b } } }"))
    assert found is not None
    assert found.calls == {"inner", "outer"}


@pytest.mark.parametrize(
    ("declared", "public"),
    [
        ("pub const fn new() -> Self {}", True),
        ('pub unsafe extern "C" fn new() {}', True),
        ("const fn new() -> Self {}", False),
        ("type A = u8;", False),
        ("a: fn(u8), b: *const fn()", True),
    ],
)
def test_public_functions(declared: str, public: bool) -> None:  # noqa: FBT001
    assert only_public_functions(code(declared.encode())) is public
