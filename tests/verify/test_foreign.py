"""The gates of code that is no codemod's, each at its edges; the mutation suite is in workflow/external."""

from dataclasses import replace

import pytest
from made_package import package

from remediate.edits import Change, Edit, change_between
from remediate.gates import Verdict
from remediate.model import WaitingTest
from remediate.rust.codebase import Codebase, changed_codebase
from remediate.verify.compiler.coverage import _around
from remediate.verify.foreign.files import dependencies, unrelated
from remediate.verify.foreign.gates import gates
from remediate.verify.foreign.interface import changed_interface, widened
from remediate.verify.foreign.permission import Allowed, Permission
from remediate.verify.foreign.rewritten import rewritten_functions
from remediate.verify.foreign.tests_kept import lost_tests
from remediate.verify.ladder import Attempt, examine
from remediate.workflow.external.codemod import proofs

MANIFEST = '[package]\nname = "p"\n\n[dependencies]\na = "1"\n\n[target.x.dependencies]\nb = "1"\n'


def _sides(old: str, new: str, path: str = "src/lib.rs") -> tuple[Codebase, Codebase, Change]:
    home = package("", (), src__lib_rs="")
    before = Codebase.of(replace(home, files={**home.files, path: old.encode()}))
    change = change_between(before.files, {path: new.encode()})
    return before, changed_codebase(before, change, before.packages[0]), change


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("pub fn f(_a: u8) {}", "pub fn f(a: u8) {}"),
        ("pub fn f((a, b): (u8, u8)) {}", "pub fn f(pair: (u8, u8)) {}"),
        ("pub fn f(mut self) {}", "pub fn f(self) {}"),
        ("pub fn f<F: Fn(u8) -> u8>(f: F) {}", "pub fn f<F: Fn(u8) -> u8>(g: F) {}"),
        ("pub struct S(pub u8, u16);", "pub struct S(pub u8, u32);"),
        ("pub struct S { a: u8 }", "pub struct S { a: u8, b: u8 }"),
        ("pub const N: u8 = 1;", "pub const N: u8 = 2;"),
        ("fn f() {}", "fn g() {}"),
        ("impl T for S { fn f() {} }", "impl T for S { fn f() {} fn g() {} }"),
        ("pub mod a { fn f() {} }", "pub mod a { fn g() {} }"),
    ],
)
def test_what_nobody_else_sees_is_free(old: str, new: str) -> None:
    assert not changed_interface(*_sides(old, new))
    assert not widened(*_sides(old, new))


@pytest.mark.seeded("interface", "failed", "a public item comes, goes, or has another signature")
@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("pub fn f(a: u8) {}", "pub fn f(a: u16) {}"),
        ("pub fn f(a: u8) {}", "pub unsafe fn f(a: u8) {}"),
        ("pub fn f() {}", "fn f() {}"),
        ("pub struct S { pub a: u8 }", "pub struct S { pub a: u8, b: u8 }"),
        ("pub struct S<T>(T);", "pub struct S<T, U>(T, U);"),
        ("pub enum E { A }", "pub enum E { A, B }"),
        ("pub trait T { fn f(); }", "pub trait T { fn f() {} }"),
        ("pub mod a { pub fn f() {} }", "pub mod a { pub fn g() {} }"),
        ("pub const N: u8 = 1;", "pub const N: u16 = 1;"),
        ("impl S { pub fn f(&self) {} }", "impl S { pub fn f(&mut self) {} }"),
    ],
)
def test_what_others_see_is_not(old: str, new: str) -> None:
    assert changed_interface(*_sides(old, new))


@pytest.mark.seeded("visibility", "failed", "an item or a field is visible further")
@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("fn f() {}", "pub(super) fn f() {}", "fn f (private -> pub(super))"),
        ("pub(crate) fn f() {}", "pub fn f() {}", "fn f (pub(crate) -> pub)"),
        ("struct S(u8);", "struct S(pub u8);", "field S.0 (private -> pub)"),
        (
            "struct S where u8: Fn(u8) { a: u8 }",
            "struct S where u8: Fn(u8) { pub(crate) a: u8 }",
            "field S.a",
        ),
        ("mod a { fn f() {} }", "mod a { pub fn f() {} }", "fn a::f"),
    ],
)
def test_what_is_visible_further(old: str, new: str, said: str) -> None:
    assert said in widened(*_sides(old, new))


@pytest.mark.seeded("tests kept", "failed", "a test goes, is ignored, weakened, or can mean something else")
def test_a_test_may_not_change_and_a_new_one_may_come() -> None:
    old = "#[cfg(test)]\nmod t {\n    use super::*;\n    #[test]\n    fn a() { assert!(f()) }\n}\n"
    more = old.replace("}\n}\n", "}\n    #[test]\n    fn b() { assert!(g()) }\n}\n")
    assert not lost_tests(*_sides(old, more))
    assert not lost_tests(*_sides(old, f"// free\n{old}".replace("fn a() {", "fn a() { // why\n")))
    assert "test a" in lost_tests(*_sides(old, old.replace("f()", "!f()")))
    assert "hide" in lost_tests(*_sides(old, more.replace("fn b", "fn f")))


WAITING = """#[test]
#[ignore = "finding 2: `rate` is not written yet"]
fn finding_2_rate() -> Result<(), &'static str> {
    let _ = super::rate;
    Err("say here what `rate` has to give")
}
"""
ENABLED = """#[test]
fn finding_2_rate() -> Result<(), &'static str> {
    assert_eq!(super::rate("a"), 7);
    Ok(())
}
"""


@pytest.mark.parametrize(
    ("new", "said"),
    [
        (ENABLED, ""),
        (f"/// What it gives.\n{ENABLED}", ""),
        (WAITING.replace('#[ignore = "finding 2: `rate` is not written yet"]\n', ""), "does not call rate"),
        (ENABLED.replace("#[test]\n", "#[test]\n#[ignore]\n"), "still ignored"),
        (ENABLED.replace("#[test]\n", "#[test]\n#[should_panic]\n"), "lost more than its #[ignore]"),
        (ENABLED.replace("#[test]\n", "#[test]\n#[cfg(never)]\n"), "lost more than its #[ignore]"),
        (ENABLED.replace('super::rate("a"), 7', "7, 7"), "does not call rate"),
        (ENABLED.replace('assert_eq!(super::rate("a"), 7)', 'let _ = super::rate("a")'), "asserts nothing"),
        (ENABLED.replace("finding_2_rate", "rates"), "is gone"),
        ("", "is gone"),
        (f"{ENABLED}macro_rules! assert_eq {{ ($($x:tt)*) => {{}} }}\n", "assert_eq"),
    ],
)
def test_a_test_that_waits_may_be_enabled_and_nothing_else(new: str, said: str) -> None:
    sides = _sides(*(f"#[cfg(test)]\nmod t {{\n{text}}}\n" for text in (WAITING, new)))
    waiting = WaitingTest("src/lib.rs", "finding_2_rate", "rate")
    why = lost_tests(*sides, (waiting,))
    assert bool(why) is bool(said)
    assert said in why
    assert lost_tests(*sides)
    assert lost_tests(*sides, (replace(waiting, name="finding_3_rate"),))
    assert lost_tests(*sides, (replace(waiting, path="src/other.rs"),))


def test_the_file_of_a_test_that_waits_may_change() -> None:
    home = package("", (), src__lib_rs="", tests__finding_2_rs=WAITING, tests__more_rs=WAITING)
    before = Codebase.of(home)
    waiting = (WaitingTest("tests/finding_2.rs", "finding_2_rate", "rate"),)
    for path, said in (("tests/finding_2.rs", ""), ("tests/more.rs", "tests/more.rs")):
        change = change_between(before.files, {path: ENABLED.encode()})
        assert said in unrelated(change, Permission(frozenset({"src/lib.rs"}), waiting=waiting))
        assert unrelated(change, Permission(frozenset({"src/lib.rs"})))


@pytest.mark.seeded(
    "related files", "failed", "another file changes, or a program or a build script is added"
)
def test_which_files_may_change() -> None:
    permission = Permission(frozenset({"p/src/a.rs"}), package="p", globs=("docs/**",))
    new = ("p/src/b.rs", "p/src/a/c.rs", "p/tests/d.rs", "docs/e.md")
    wrong = ("q/src/b.rs", "p/build.rs", "p/src/bin/x.rs", "p/benches/x.rs", "p/src/x.txt", "p/Cargo.toml")
    for path in new:
        assert not unrelated(Change("", creations={path: b""}), permission)
    for path in wrong:
        assert path in unrelated(Change("", creations={path: b""}), permission)
    edit = {"p/src/b.rs": (Edit(0, 0, b"x"),)}
    assert unrelated(Change("", edits=edit), permission)
    assert unrelated(Change("", deletions=frozenset({"p/src/b.rs"})), permission)


@pytest.mark.seeded("dependencies", "failed", "a manifest says something else")
def test_what_a_manifest_may_say() -> None:
    strict, free = Permission(frozenset()), Permission(frozenset(), allowed=frozenset({Allowed.DEPENDENCIES}))
    more = MANIFEST.replace('a = "1"', 'a = "1"\nc = "2"').replace('b = "1"', 'b = "2"')
    assert dependencies(*_sides(MANIFEST, more, "Cargo.toml"), strict)
    assert not dependencies(*_sides(MANIFEST, more, "Cargo.toml"), free)
    assert dependencies(*_sides(MANIFEST, f"{MANIFEST}[features]\nx = []\n", "Cargo.toml"), free)
    assert dependencies(*_sides(MANIFEST, "[", "Cargo.toml"), free)


@pytest.mark.seeded(
    "no evasion", "failed", "a lint is silenced, or production code asks whether it is tested"
)
@pytest.mark.parametrize(
    "new",
    [
        "#[allow(unused)]\nfn f() {}",
        "#![expect(warnings)]",
        "fn f() { if cfg!(test) {} }",
        "// remediate: allow(unwrap)",
    ],
)
def test_what_silences_a_check(new: str) -> None:
    (gate,) = (g for g in gates(Permission(frozenset()), ()) if g.name == "no evasion")
    assert gate.judged(*_sides("", new)).verdict is Verdict.FAILED


def test_a_lint_may_be_allowed_where_the_configuration_says_so() -> None:
    permission = Permission(frozenset(), allowed=frozenset({Allowed.LINTS}))
    (gate,) = (g for g in gates(permission, ()) if g.name == "no evasion")
    assert gate.judged(*_sides("", "#[allow(unused)]\nfn f() {}")).verdict is Verdict.PASSED


def test_what_is_allowed_is_not_asked() -> None:
    names = {gate.name for gate in gates(Permission(frozenset(), allowed=frozenset(Allowed)), ())}
    assert names == {"related files", "dependencies", "no evasion"}


@pytest.mark.seeded("conservation", "unverified", "the text is no codemod's")
def test_conservation_does_not_judge_what_promises_nothing() -> None:
    before, _, change = _sides("fn f() {}\n", "fn g() {}\n")
    report = examine(Attempt(before.packages[0], change, proofs(Permission(frozenset()))))
    conserved = report.gate("conservation")
    assert conserved is not None
    assert conserved.verdict is Verdict.UNVERIFIED


def test_which_functions_are_rewritten() -> None:
    old = "fn a() { 1 }\nfn b() {}\nimpl x::S<T> { fn c() {} }\nmod m { const N: u8 = 1; }\n"
    new = old.replace("{ 1 }", "{ 2 }").replace("fn c() {}", "fn c() { 3 }").replace("u8 = 1", "u8 = 2")
    before, after, change = _sides(old, new)
    found = rewritten_functions(before.packages[0], after.packages[0], change)
    assert found == {"a", "S::c", "m::N"}


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("fn a() { 1 }\n#[cfg(x)]\nfn b() { 1 }\n", "fn a() { 2 }\n#[cfg(x)]\nfn b() { 1 }\n", []),
        ("#[cfg(x)]\n#[inline]\nfn b() {\n 1\n}\n", "#[cfg(x)]\n#[inline]\nfn b() {\n 2\n}\n", ["x"]),
        ("fn b() {\n#[cfg(x)]\na();\nc();\n}\n", "fn b() {\n#[cfg(x)]\na();\nd();\n}\n", []),
        ("fn b() {\n#[cfg(x)]\n{\na();\n}\n}\n", "fn b() {\n#[cfg(x)]\n{\n}\n}\n", ["x"]),
        ("#![cfg(x)]\nfn a() {}\n\nfn b() {}\n", "#![cfg(x)]\nfn a() {}\n\nfn c() {}\n", ["x"]),
        ("#[cfg(x)]\nmod m {\nfn a() {}\n}\n", "#[cfg(x)]\nmod m {\nfn b() {}\n}\n", ["x"]),
        ("#[cfg(x)]\nfn a() {}\n\nfn b() {}\n", "#[cfg(x)]\nfn a() {}\n\nfn c() {}\n", []),
        ("#[cfg(x)]\nfn a() {}\n\nfn b() {}\n", "#[cfg(x)]\nfn d() {}\n\nfn c() {}\n", ["x"]),
        ("#[cfg(x)]\nif a {\n} else {\nb()\n}\n", "#[cfg(x)]\nif a {\n} else {\nc()\n}\n", ["x"]),
    ],
)  # fmt: skip
def test_which_conditions_are_around_what_is_rewritten(old: str, new: str, found: list[str]) -> None:
    assert [str(use.predicate) for use in _around(old.encode(), new.encode())] == found
