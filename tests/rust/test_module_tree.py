"""The module tree agrees with rustc: which file is which module, where `mod` leads."""

from made_package import files, one, package, target, tree

from remediate.rust.modules.module_tree import module_tree
from remediate.rust.package import Package, Target


def test_mod_rs_and_foo_rs() -> None:
    found = tree(
        src__lib_rs="mod a; mod b;",
        src__a_rs="mod c;",
        src__a__c_rs="",
        src__b__mod_rs="mod d;",
        src__b__d_rs="mod e;",
        src__b__d__e_rs="",
    )
    assert files(found) == {
        "crate": "src/lib.rs",
        "crate::a": "src/a.rs",
        "crate::a::c": "src/a/c.rs",
        "crate::b": "src/b/mod.rs",
        "crate::b::d": "src/b/d.rs",
        "crate::b::d::e": "src/b/d/e.rs",
    }
    assert not found.orphans


def test_path_in_a_file_is_relative_to_its_folder() -> None:
    found = tree(
        src__lib_rs='#[path = "P.rs"] mod t; mod a; mod b;',
        src__P_rs="",
        src__a_rs='#[path = "Q.rs"] mod t;',
        src__Q_rs="",
        src__b__mod_rs='#[path = "P.rs"] mod t;',
        src__b__P_rs="",
    )
    assert files(found)["crate::t"] == "src/P.rs"
    assert files(found)["crate::a::t"] == "src/Q.rs"
    assert files(found)["crate::b::t"] == "src/b/P.rs"


def test_path_in_an_inline_module_is_relative_to_the_modules_folder() -> None:
    inline = 'mod inl { #[path = "P.rs"] mod t; }'
    found = tree(
        src__lib_rs=f"mod a; mod b; {inline}",
        src__inl__P_rs="",
        src__a_rs=inline,
        src__a__inl__P_rs="",
        src__b__mod_rs=inline,
        src__b__inl__P_rs="",
    )
    assert files(found)["crate::inl::t"] == "src/inl/P.rs"
    assert files(found)["crate::a::inl::t"] == "src/a/inl/P.rs"
    assert files(found)["crate::b::inl::t"] == "src/b/inl/P.rs"


def test_a_folder_in_the_middle_of_a_path_must_exist() -> None:
    lib = 'mod inl { #[path = "../x.rs"] mod t; }'
    assert tree(src__lib_rs=lib, src__x_rs="").orphans == ("src/x.rs",)
    assert tree(src__lib_rs=lib, src__x_rs="", src__inl__other_rs="").of_file("src/x.rs")


def test_path_on_an_inline_module_replaces_its_folder() -> None:
    found = tree(
        src__lib_rs='mod a; #[path = "."] mod inl { #[path = "../x.rs"] mod t; mod plain; }',
        x_rs="",
        src__plain_rs="",
        src__a_rs='#[path = "."] mod inl { mod deep { #[path = "../x.rs"] mod t; } }',
        src__deep__y_rs="",
        src__x_rs="",
    )
    assert files(found)["crate::inl::t"] == "x.rs"
    assert files(found)["crate::inl::plain"] == "src/plain.rs"
    assert files(found)["crate::a::inl::deep::t"] == "src/x.rs"


def test_a_file_loaded_by_path_searches_beside_itself() -> None:
    found = tree(src__lib_rs='#[path = "x/y.rs"] mod a;', src__x__y_rs="mod z;", src__x__z_rs="")
    assert files(found)["crate::a::z"] == "src/x/z.rs"
    assert one(found, "crate::a").directory == "src/x"
    assert one(found, "crate::a").loaded_by == "path"


def test_inline_modules_have_folders() -> None:
    found = tree(src__lib_rs="mod a { mod b { mod c; } }", src__a__b__c_rs="mod d;", src__a__b__c__d_rs="")
    assert files(found)["crate::a::b::c::d"] == "src/a/b/c/d.rs"


def test_conditional_paths_are_alternatives() -> None:
    found = tree(
        src__lib_rs='#[cfg_attr(windows, path = "w.rs")] #[cfg_attr(unix, path = "u.rs")] mod os;',
        src__w_rs="",
        src__u_rs="",
        src__os_rs="",
    )
    shown = {m.file: " & ".join(map(str, m.cfg)) for m in found.modules if m.name == "os"}
    assert shown == {
        "src/w.rs": "windows",
        "src/u.rs": "not(all(windows)) & unix",
        "src/os.rs": "not(all(windows)) & not(all(unix))",
    }


def test_a_missing_plain_file_is_fine_where_conditional_ones_exist() -> None:
    found = tree(src__lib_rs='#[cfg_attr(unix, path = "u.rs")] mod os;', src__u_rs="")
    assert [m.file for m in found.modules if m.name == "os"] == ["src/u.rs"]


def test_raw_identifiers_name_plain_files() -> None:
    found = tree(src__lib_rs="mod r#async;", src__async_rs="")
    assert files(found)["crate::async"] == "src/async.rs"


def test_cfg_accumulates_from_the_root_down() -> None:
    found = tree(
        src__lib_rs="#![cfg(unix)] #[cfg(a)] mod m { #![cfg(b)] #[cfg(test)] mod n; }",
        src__m__n_rs="#![cfg(c)]",
    )
    assert [str(p) for p in one(found, "crate::m::n").cfg] == ["unix", "a", "b", "test", "c"]


def test_a_file_of_two_targets_is_two_modules() -> None:
    targets = (target("", "src/lib.rs", "lib"), target("", "src/main.rs", "bin"))
    found = module_tree(package("", targets, src__lib_rs="mod sh;", src__main_rs="mod sh;", src__sh_rs=""))
    assert [m.root for m in found.of_file("src/sh.rs")] == ["src/lib.rs", "src/main.rs"]


def test_targets_that_share_a_root_are_one_tree() -> None:
    targets = (target("", "src/main.rs", "bin"), Target("other", ("bin",), "src/main.rs"))
    found = module_tree(package("", targets, src__main_rs="mod a;", src__a_rs=""))
    assert [len(m.targets) for m in found.of_file("src/a.rs")] == [2]


def test_a_file_loaded_twice_by_path_is_two_modules() -> None:
    found = tree(src__lib_rs='mod a; #[path = "a.rs"] mod b;', src__a_rs="")
    assert [m.name for m in found.of_file("src/a.rs")] == ["a", "b"]


def test_roots_of_every_kind() -> None:
    roots = ["src/lib.rs", "src/bin/x.rs", "src/bin/y/main.rs", "tests/t.rs", "tests/it/main.rs", "build.rs"]
    texts = {
        "src__bin__helper_rs": "",
        "src__bin__y__helper_rs": "",
        "tests__common__mod_rs": "",
        "tests__it__a_rs": "",
    }
    texts |= {r.removesuffix(".rs").replace("/", "__") + "_rs": "" for r in roots}
    texts["src__bin__x_rs"] = texts["src__bin__y__main_rs"] = "mod helper;"
    texts |= {"tests__t_rs": "mod common;", "tests__it__main_rs": "mod a;"}
    found = module_tree(package("", tuple(target("", r, "x") for r in roots), **texts))
    assert not found.orphans
    assert found.of_file("src/bin/helper.rs")[0].root == "src/bin/x.rs"
    assert found.of_file("src/bin/y/helper.rs")[0].root == "src/bin/y/main.rs"


def test_a_missing_root_is_an_empty_tree() -> None:
    assert module_tree(package("", (), src__other_rs="")).orphans == ("src/other.rs",)


def test_files_of_other_members_and_build_output_are_not_orphans() -> None:
    texts = {"src/lib.rs": b"", "x/src/lib.rs": b"", "target/debug/out.rs": b"", "y.rs": b""}
    targets = (target("", "src/lib.rs", "lib"),)
    root = Package("p", "", "", "2021", targets, texts, members=("", "x"))
    assert module_tree(root).orphans == ("y.rs",)


def test_a_member_may_load_a_file_outside_itself() -> None:
    texts = {"m/src/lib.rs": b'#[path = "../../shared.rs"] mod shared;', "shared.rs": b""}
    found = module_tree(Package("m", "", "m", "2021", (target("m", "src/lib.rs", "lib"),), texts))
    assert files(found)["crate::shared"] == "shared.rs"


def test_the_innermost_module_at_an_offset() -> None:
    text = "mod a { mod b { fn f() {} } } fn g() {}"
    found = tree(src__lib_rs=text)
    assert [m.path for m in found.at("src/lib.rs", text.index("fn f"))] == [("crate", "a", "b")]
    assert [m.path for m in found.at("src/lib.rs", text.index("fn g"))] == [("crate",)]
    assert found.at("src/none.rs", 0) == ()


def test_is_computed_once() -> None:
    given = package("", (), src__lib_rs="")
    assert module_tree(given) is module_tree(given)
