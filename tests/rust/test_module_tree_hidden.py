"""Files that no plain `mod` reaches: macros, includes, cycles, orphans."""

import pytest
from made_package import files, package, tree

from remediate.rust.modules.module_tree import module_tree


def test_orphans_are_what_nothing_reaches() -> None:
    found = tree(src__lib_rs='// mod a;\nconst B: &str = "mod b;";', src__a_rs="mod c;", src__a__c_rs="")
    assert found.orphans == ("src/a.rs", "src/a/c.rs")


@pytest.mark.parametrize(
    "lib",
    [
        "cfg_if! { if #[cfg(unix)] { mod a; } else { mod b; } }",
        "macro_rules! m { () => { mod a; } } m!();",
        "modules!(a, b);",
        "cfg_rt! { pub(crate) mod a; }",
        'fn f() { #[path = "a.rs"] mod x; }',
    ],
)
def test_modules_that_macros_and_functions_declare_are_no_orphans_but_not_certain(lib: str) -> None:
    found = tree(src__lib_rs=lib, src__a_rs="mod c;", src__a__c_rs="", src__c_rs="", src__z_rs="")
    assert "src/a.rs" not in found.orphans
    assert "src/z.rs" in found.orphans
    assert not found.of_file("src/a.rs")[0].certain


def test_a_hidden_module_below_an_inline_one_and_with_path() -> None:
    found = tree(
        src__lib_rs='m! { mod outer { mod a; } #[path = "odd.rs"] mod b; mod c; }',
        src__outer__a_rs="",
        src__odd_rs="",
        src__c_rs="",
    )
    assert files(found)["crate::outer::a"] == "src/outer/a.rs"
    assert files(found)["crate::b"] == "src/odd.rs"
    assert not found.orphans


def test_included_files_are_reached_and_declare_modules_beside_themselves() -> None:
    found = tree(
        src__lib_rs='include!("gen/all.rs"); mod t { const X: u8 = include!("x.in"); }',
        src__gen__all_rs="mod a;",
        src__gen__a_rs="",
    )
    assert found.included == {"src/gen/all.rs": ("src/lib.rs",)}
    assert files(found)["crate::a"] == "src/gen/a.rs"
    assert found.of_file("src/gen/all.rs")[0].loaded_by == "include"


def test_include_from_the_manifest_folder_in_a_member() -> None:
    lib = 'include!(concat!(env!("CARGO_MANIFEST_DIR"), "/gen.rs")); include!(env!("X")); include!("no.rs");'
    found = module_tree(package("m", (), src__lib_rs=lib, gen_rs=""))
    assert found.included == {"m/gen.rs": ("m/src/lib.rs",)}


def test_cycles_and_missing_files_do_not_crash() -> None:
    found = tree(
        src__lib_rs='mod a; mod gone; #[path = "no/../such.rs"] mod other;',
        src__a_rs='#[path = "lib.rs"] mod again; include!("a.rs");',
    )
    assert found.cycles == ("src/a.rs", "src/lib.rs")
    assert {m.name for m in found.modules} == {"crate", "a"}
