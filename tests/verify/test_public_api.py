import pytest
from crates import crate, package
from scratch import write

from remediate.cargo.check import DEFAULT
from remediate.cargo.door import Cargo
from remediate.gates import Verdict
from remediate.verify.compiler.public_api import ApiBaseline, compare, measure

_BEFORE = """\
mod v1 {
    #[derive(Clone)] pub struct Config { pub a: u8 }
    impl Config { pub fn new() -> Self { Config { a: 1 } } }
}
mod v2 { #[derive(Clone)] pub struct Config { pub a: u16 } }
pub use v1::Config;
pub fn take(_: v2::Config) -> Config { Config::new() }
pub mod deep { pub use super::globbed::*; }
mod globbed { pub enum E { A, B(u8) } pub trait T { type Out; fn t(&self) -> Self::Out; } pub fn f() {} }
pub struct Big; impl Big { pub fn one(&self) {} pub fn two(&self) {} }
pub use std::collections::HashMap as Map;
#[macro_export] macro_rules! m { () => {} }
"""


def api(cargo: Cargo, text: str, more: dict[str, str] | None = None) -> ApiBaseline:
    write(cargo.root, {"src/lib.rs": text, **(more or {})})
    return measure(cargo, DEFAULT, "small", "small")


@pytest.fixture(scope="module")
def cargo(tmp_path_factory: pytest.TempPathFactory) -> Cargo:
    return crate(tmp_path_factory.mktemp("api"), {"src/lib.rs": _BEFORE})


@pytest.fixture(scope="module")
def before(cargo: Cargo) -> ApiBaseline:
    return api(cargo, _BEFORE)


@pytest.mark.slow
def test_every_public_path_is_found(before: ApiBaseline) -> None:
    assert {(item.path, item.kind) for item in before.items} == {
        ("small::Big", "struct"),
        ("small::Big::one", "function"),
        ("small::Big::two", "function"),
        ("small::Config", "struct"),
        ("small::Config::new", "function"),
        ("small::Map", "reexport"),
        ("small::deep", "module"),
        ("small::deep::E", "enum"),
        ("small::deep::T", "trait"),
        ("small::deep::f", "function"),
        ("small::m", "macro"),
        ("small::take", "function"),
    }


@pytest.mark.slow
def test_items_that_move_and_impls_that_are_cut_are_the_same(cargo: Cargo, before: ApiBaseline) -> None:
    text = _BEFORE.replace("impl Big { pub fn one(&self) {} pub fn two(&self) {} }\n", "mod child;\n")
    child = "impl super::Big { pub fn two(&self) {} }\nimpl super::Big {\n    pub fn one(&self) {}\n}\n"
    text = text.replace("pub fn f() {} }", "pub use self::g::f; mod g { pub fn f() {} } }")
    found = compare(before, api(cargo, text, {"src/child.rs": child}))
    assert found.verdict is Verdict.PASSED, found.detail


@pytest.mark.seeded("public API", "failed", "a public path is lost, new, or leads to another definition")
@pytest.mark.slow
@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("pub use v1::Config;", "pub use v2::Config;", "small::Config changed"),
        ("take(_: v2::Config)", "take(_: Config)", "small::take changed"),
        ("pub use super::globbed::*;", "pub use super::globbed::{E, T};", "small::deep::f is gone"),
        ("pub mod deep", "pub mod child {} pub mod deep", "small::child is new"),
        ("B(u8)", "B(u16)", "small::deep::E changed"),
        ("type Out;", "type Out: Copy;", "small::deep::T changed"),
        ("pub fn two", "pub(crate) fn two", "small::Big::two is gone"),
        (
            "#[derive(Clone)] pub struct Config { pub a: u8 }",
            "pub struct Config { pub a: u8 }",
            "Config changed",
        ),
        ("HashMap as Map", "BTreeMap as Map", "small::Map changed"),
    ],
)
def test_a_path_that_leads_elsewhere_fails(
    cargo: Cargo, before: ApiBaseline, old: str, new: str, said: str
) -> None:
    assert old in _BEFORE
    found = compare(before, api(cargo, _BEFORE.replace(old, new).replace("Config::new()", "loop {}")))
    assert found.verdict is Verdict.FAILED
    assert said in found.detail


@pytest.mark.slow
def test_a_library_that_does_not_compile_is_unverified(cargo: Cargo, before: ApiBaseline) -> None:
    assert compare(before, api(cargo, _BEFORE + "pub fn g(_: NoSuch) {}\n")).verdict is Verdict.UNVERIFIED
    assert package(cargo).name == "small"
