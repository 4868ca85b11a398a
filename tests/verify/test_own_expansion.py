"""What tokens alone tell of an expansion: whose macros are called, and what they are given."""

import pytest
from made_package import package as made_package
from made_package import target

from remediate.rust.package import Target
from remediate.verify.text.own_expansion import calls, expands_by_itself

_OWN = """\
#![no_std]
#[macro_use]
mod m;
use core::ptr::{self, addr_of_mut};
use crate::m::*;
#[derive(Clone, Debug)]
#[cfg_attr(docsrs, doc(cfg(x)))]
pub struct A { b: u8 }
pub fn f(a: &A) -> bool {
    if !(a.b != (1)) { return !(true); }
    assert!(true, "{}", 1); here!("x"); std::println!()
}
"""


def _by_itself(
    text: str, *more: Target, m: str = "macro_rules! here { ($x:expr) => { write!($x) } }"
) -> bool:
    targets = (target("", "src/lib.rs", "lib"), *more)
    known = made_package("", targets, src__lib=text, src__m=m)
    return expands_by_itself(known, targets[:1])


@pytest.mark.parametrize(
    "more",
    [
        "",
        "use other::Thing;",
        "#[macro_use]\nextern crate std;",
        "extern crate log;",
        'extern "C" { fn g(); }',
        "fn g() { crate::m::here!(2) }",
        "#![allow(dead_code)]",
    ],
)
def test_tokens_tell_what_expands_by_itself(more: str) -> None:
    assert _by_itself(f"{_OWN}{more}\n")


def test_a_target_whose_files_cannot_be_read_may_expand_to_anything() -> None:
    known = made_package("", (target("", "src/lib.rs", "lib"),), src__m="")
    assert not expands_by_itself(known, known.targets)


@pytest.mark.parametrize(
    "more",
    [
        "fn g() { log::info!() }",
        "fn g() { crate::other::here!(); foreign!() }",
        'fn g() { println!("{}", line!()) }',
        '#[doc = include_str!("x.md")] fn g() {}',
        "macro_rules! say { ($m:ident) => { $m!(1) } }",
        "macro_rules! say { ($($d:ident),*) => { #[derive($($d),*)] struct X; } }",
        "#[derive(Debug, Serialize)] struct B;",
        "#[cfg_attr(test, derive(Serialize))] struct B;",
        "#[tokio::test] async fn g() {}",
        "use proptest::prelude::*;",
        "use pretty_assertions::assert_eq;",
        "use other::{a, b as vec};",
        "#[macro_use]\nextern crate log;",
        "fn g() { std::panic::Location::caller(); }",
        "macro_rules! here { () => { 2 } }",
        "macro_rules! vec { () => { 2 } }",
        "use crate::m::other as vec;",
        "fn g() { other::here!(2) }",
        "fn g() { other::deep::vec!(2) }",
    ],
)
def test_what_may_expand_to_more_is_expanded(more: str) -> None:
    assert not _by_itself(f"{_OWN}{more}\n")
    assert not _by_itself(_OWN, m=f"macro_rules! here {{ () => {{ 1 }} }}\n{more}\n")


def test_a_build_script_may_read_the_sources() -> None:
    assert not _by_itself(_OWN, target("", "build.rs", "custom-build"))


@pytest.mark.parametrize(
    ("before", "after", "same"),
    [
        (
            "fn f() { assert!(A > 1) } fn g() { here!(B) }",
            "fn g() { here!(B) }|fn f() { assert!(A > 1) }",
            True,
        ),
        ("fn f() { assert!(super::A > 1) }", "|fn f() { assert!(super::super::A > 1) }", False),
        ("fn f() { assert!(crate::A > 1) }", "|fn f() { assert!(A > 1) }", False),
        ("fn f() { here![A] } fn g() { here![A] }", "fn f() { here![A] }", False),
        ("fn f() { super::here!(A) }", "|fn f() { super::super::here!(A) }", True),
        ("fn f() { assert!(a /* why */ ) }", "|fn f() { assert!(a) }", True),
    ],
)
def test_what_macros_are_given_is_the_same_only_if_no_path_in_it_has_changed(
    before: str, after: str, *, same: bool
) -> None:
    assert (calls([before.encode()]) == calls(part.encode() for part in after.split("|"))) is same
