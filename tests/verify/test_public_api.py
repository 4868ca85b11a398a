from collections.abc import Sequence
from typing import Any

import pytest
from crates import crate, package
from scratch import write

from remediate.cargo.check import DEFAULT
from remediate.cargo.command import Cargo
from remediate.gates import Verdict
from remediate.verify.compiler.public_api import ApiBaseline, compare, is_within, measure, public_api

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


def _item(number: int, name: str | None, kind: str, inner: Any) -> dict[str, Any]:
    where = {"filename": f"src/{number}.rs", "begin": [number, 1]}
    return {"id": number, "crate_id": 0, "name": name, "span": where, "docs": "x", "inner": {kind: inner}}


def _use(number: int, name: str, target: int, *, glob: bool = False) -> dict[str, Any]:
    return _item(number, None, "use", {"source": name, "name": name, "id": target, "is_glob": glob})


def _document(
    *, field: str = "u8", method: str = "new", root: Sequence[int] = (1, 2, 3, 4, 9)
) -> dict[str, Any]:
    """Return what rustdoc says of a crate: a module with a struct and an enum, and re-exports of both."""
    block = {"trait": None, "blanket_impl": None, "items": [12], "for": {"primitive": "x"}}
    of_trait = {
        "trait": {"path": "Clone", "id": 90},
        "blanket_impl": None,
        "items": [],
        "implementations": [1],
    }
    items = [
        _item(0, "small", "module", {"items": list(root)}),
        _item(1, "inner", "module", {"items": [10, 20]}),
        _use(2, "Thing", 10),
        _use(3, "Kind", 20, glob=True),
        _use(4, "inner", 1, glob=True),
        _use(9, "foreign::Other", 99),
        _item(10, "Thing", "struct", {"kind": {"plain": {"fields": [11]}}, "impls": [13, 14, 98]}),
        _item(11, "field", "struct_field", {"primitive": field}),
        _item(12, method, "function", {"sig": {"output": {"resolved_path": {"path": "Thing", "id": 10}}}}),
        _item(13, None, "impl", block),
        _item(14, None, "impl", of_trait),
        _item(20, "Kind", "enum", {"variants": [21]}),
        _item(21, "Small", "variant", {"kind": "plain"}),
    ]
    paths = {
        "10": {"crate_id": 0, "path": ["small", "inner", "Thing"]},
        "90": {"crate_id": 1, "path": ["core", "Clone"]},
    }
    return {"root": 0, "index": {str(i["id"]): i for i in items}, "paths": paths}


def _verdict(after: dict[str, Any], *declared: str) -> tuple[Verdict, str]:
    before = ApiBaseline(DEFAULT, public_api(_document()))
    gate = compare(before, ApiBaseline(DEFAULT, public_api(after)), declared)
    return gate.verdict, gate.detail


def test_every_path_by_which_a_definition_is_reached_is_public() -> None:
    assert [(one.path, one.kind) for one in public_api(_document())] == [
        ("small::Kind", "enum"),
        ("small::Small", "variant"),
        ("small::Thing", "struct"),
        ("small::Thing", "struct"),
        ("small::Thing::new", "function"),
        ("small::Thing::new", "function"),
        ("small::foreign::Other", "reexport"),
        ("small::inner", "module"),
        ("small::inner::Kind", "enum"),
        ("small::inner::Thing", "struct"),
        ("small::inner::Thing::new", "function"),
    ]


def test_a_path_that_goes_comes_or_changes_is_found_and_a_place_is_none() -> None:
    moved = _document()
    for item in moved["index"].values():
        item["span"], item["docs"] = {"filename": "src/elsewhere.rs"}, "y"
    assert _verdict(moved)[0] is Verdict.PASSED
    fewer = _verdict(_document(root=(1, 2, 4, 9)))
    assert fewer == (Verdict.FAILED, "1 differ: small::Small is gone")
    more = _document()
    more["index"]["1"]["inner"]["module"]["items"].append(21)
    assert _verdict(more)[0] is Verdict.FAILED
    assert "small::inner::Small is new" in _verdict(more)[1]
    assert "small::Thing changed" in _verdict(_document(field="u16"))[1]
    named = _verdict(_document(method="made"))
    assert named[0] is Verdict.FAILED
    assert "small::Thing::new is gone" in named[1]
    assert "small::inner::Thing::made is new" in named[1]


def test_only_what_is_declared_may_change() -> None:
    changed = _document(method="made")
    assert _verdict(changed, "small::Thing", "small::inner::Thing")[0] is Verdict.PASSED
    assert _verdict(changed, "small::Thing")[0] is Verdict.FAILED
    assert _verdict(changed, "small::Thin", "small::inner")[0] is Verdict.FAILED
    assert _verdict(_document(), "small::Thing")[1].endswith("1 declared to change")


def test_modules_that_glob_one_another_end() -> None:
    document = _document()
    document["index"]["1"]["inner"]["module"]["items"].append(30)
    document["index"]["30"] = _use(30, "small", 0, glob=True)
    assert ("small::inner::Kind", "enum") in {(one.path, one.kind) for one in public_api(document)}


def test_what_cannot_be_read_is_unverified_on_either_side() -> None:
    known, unknown = ApiBaseline(DEFAULT, public_api(_document())), ApiBaseline(DEFAULT, problem="no")
    for gate in (compare(known, unknown), compare(unknown, known)):
        assert (gate.verdict, gate.detail) == (Verdict.UNVERIFIED, "no")
    assert is_within("a::b", ["a"])
    assert not is_within("ab", ["a"])


def test_a_reexport_of_a_reexport_leads_to_the_definition() -> None:
    document = _document(root=(1, 2, 3, 4, 9, 30))
    document["index"]["30"] = _use(30, "Again", 2)
    assert ("small::Again", "struct") in {(one.path, one.kind) for one in public_api(document)}


def test_an_item_that_rustdoc_leaves_out_is_no_path() -> None:
    assert _verdict(_document(root=(1, 2, 3, 4, 9, 97)))[0] is Verdict.PASSED


def test_an_impl_of_a_trait_that_goes_changes_its_type() -> None:
    fewer = _document()
    fewer["index"]["10"]["inner"]["struct"]["impls"] = [13, 98]
    assert "small::Thing changed" in _verdict(fewer)[1]


def _giving(identity: int, shown: str, path: Sequence[str] | None) -> ApiBaseline:
    """Return the API where the method gives a type: how it is spelled, and its path where that is known."""
    document = _document()
    output = {"output": {"resolved_path": {"path": shown, "id": identity}}}
    document["index"]["12"]["inner"]["function"]["sig"] = output
    if path is not None:
        document["paths"][str(identity)] = {"crate_id": 1, "path": list(path)}
    return ApiBaseline(DEFAULT, public_api(document))


def test_a_type_is_known_by_its_path_or_else_by_its_spelling() -> None:
    one, other = _giving(95, "T", ("a", "T")), _giving(95, "T", ("b", "T"))
    assert compare(one, other).verdict is Verdict.FAILED
    assert compare(one, _giving(96, "x::T", ("a", "T"))).verdict is Verdict.PASSED
    unknown = _giving(95, "T", None)
    assert compare(unknown, _giving(96, "T", None)).verdict is Verdict.PASSED
    assert compare(unknown, _giving(95, "U", None)).verdict is Verdict.FAILED
