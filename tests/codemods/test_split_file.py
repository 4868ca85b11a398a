"""What the cases under fixtures/split_file do not show: determinism, and messages answered one by one."""

import os
import subprocess
import sys
from dataclasses import replace

import pytest
from made_package import package, target

from remediate.codemods import split_file
from remediate.codemods.split_file.draft import Draft
from remediate.codemods.split_file.options import SplitOptions
from remediate.codemods.split_file.rewrite.render import render
from remediate.codemods.split_file.taken_names import _LINK
from remediate.edits import Change
from remediate.feedback import LOCATION, MIR, Evidence, GateFailure
from remediate.model import Diagnostic, Finding, Skip, Span
from remediate.rust.codebase import Codebase
from remediate.rust.package import Package
from remediate.rust.syntax.items import children
from remediate.verify.text.conservation import conserve

STORE = """\
use std::collections::HashMap;
use std::fmt;

/// A store.
pub struct Store {
    values: HashMap<String, u8>,
}

impl Store {
    pub fn new() -> Self {
        Store { values: HashMap::new() }
    }

    pub fn get(&self, key: &str) -> Option<u8> {
        self.values.get(key).copied().map(double)
    }
}

impl fmt::Display for Store {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}", self.values.len())
    }
}

fn double(value: u8) -> u8 {
    value * 2
}

/// Reads.
pub fn parse(text: &str) -> Option<u8> {
    let mut total = 0;
    for part in text.split(',') {
        total += double(part.parse().ok()?);
    }
    Some(total)
}

/// Writes.
pub fn write(values: &[u8]) -> String {
    let mut text = String::new();
    for value in values {
        text += &value.to_string();
        text += ",";
    }
    text
}
"""
SHOP = STORE.replace("Store", "Shop")
"""A file that is not called after its type, which may move then."""
OPTIONS = SplitOptions(max_lines=28, min_lines=5)


def store(text: str = STORE) -> Package:
    return package("", (target("", "src/lib.rs", "lib"),), src__lib_rs="pub mod store;\n", src__store_rs=text)


def finding(path: str = "src/store.rs") -> Finding:
    return Finding(id="1", fingerprint="0" * 16, rule="large-file", title="", path=path)


def planned(found: Package) -> Change:
    change = split_file.plan(Codebase.of(found), finding(), OPTIONS)
    assert isinstance(change, Change), change
    return change


def texts(found: Package, change: Change) -> dict[str, str]:
    return {p: t.decode() for p, t in change.result(found.files).items() if t is not None}


def said(
    code: str, message: str, path: str, text: str, under: str, *, reports: int = 2, units: int = 2
) -> Diagnostic:
    at = text.encode().index(under.encode())
    span = Span(path, at, at + len(under.encode()), 1, 1)
    level = "warning" if code == "unused_imports" else "error"
    return Diagnostic(level, code, message, (span,), reports=reports, units=units)


def module_with(found: dict[str, str], text: str) -> str:
    (path,) = (p for p, t in found.items() if text in t)
    return path


def test_what_is_planned_is_conserved() -> None:
    found = store(SHOP)
    change = planned(found)
    after = change.result(found.files)
    before = {path: found.files.get(path) for path in after}
    assert conserve(before, after, split_file.PROOFS, change.new_modules) == ()
    assert max(t.count("\n") for t in texts(found, change).values()) <= OPTIONS.max_lines


def test_private_items_are_opened_exactly_as_far_as_they_were() -> None:
    after = texts(store(), planned(store()))
    assert "pub(crate)" not in "".join(after.values())
    for text in after.values():
        if "fn double" in text:
            assert ("pub(super) fn double" in text) == ("mod.rs" not in module_with(after, "fn double"))


def test_an_import_nobody_uses_goes() -> None:
    found = store(
        STORE.replace("use std::fmt;\n", "use std::fmt;\nuse outside::Ext;\n").replace("copied()", "odd()")
    )
    change = planned(found)
    after = texts(found, change)
    path = module_with(after, "use outside::Ext;") if sum("Ext" in t for t in after.values()) == 1 else ""
    path = path or next(p for p, t in after.items() if "outside::Ext" in t)
    report = said("unused_imports", "unused import: `outside::Ext`", path, after[path], "outside::Ext")
    refined = split_file.refine(Codebase.of(found), change, [report])
    assert isinstance(refined, Change)
    assert "Ext" not in texts(found, refined)[path]


def test_what_needs_an_import_that_only_some_compilations_use_stays() -> None:
    imported = STORE.replace("use std::fmt;\n", "use std::fmt;\nuse outside::Ext;\n")
    found = store(imported.replace("parse().ok()", "odd()"))
    change = planned(found)
    after = texts(found, change)
    path = module_with(after, "fn parse")
    report = said("unused_imports", "unused import", path, after[path], "outside::Ext", reports=1, units=3)
    refined = split_file.refine(Codebase.of(found), change, [report])
    assert isinstance(refined, Change)
    refactored = texts(found, refined)
    assert "outside::Ext" not in refactored.get(path, "")
    assert "outside::Ext" in refactored["src/store/mod.rs"]
    assert "allow(" not in "".join(refactored.values())
    assert any(
        n.endswith("stayed in src/store/mod.rs: a `use` of `Ext` would be unused") for n in refined.notes
    )


def test_a_missing_name_is_imported() -> None:
    found = store()
    change = planned(found)
    after = texts(found, change)
    path = next(p for p, t in after.items() if "HashMap" not in t and p.endswith(".rs") and "mod.rs" not in p)
    where = after[path].split("fn ")[1][:4]
    report = said("E0433", "use of undeclared type `HashMap`", path, after[path], where)
    refined = split_file.refine(Codebase.of(found), change, [report])
    assert isinstance(refined, Change)
    assert "use std::collections::HashMap;" in texts(found, refined)[path]


def test_a_trait_called_like_its_derive_is_imported_once_rustc_proposes_it() -> None:
    text = STORE.replace("use std::fmt;\n", "use std::fmt;\nuse outside::Ext;\n")
    found = store(text.replace("/// A store.\n", "/// A store.\n#[derive(Ext)]\n"))
    change = planned(found)
    after = texts(found, change)
    path = next(p for p, t in after.items() if "outside::Ext" not in t and p in change.creations)
    report = said("E0599", "no method named `odd` found", path, after[path], "fn ")
    proposal = Diagnostic("help", "", "trait `Ext` which provides `odd` is implemented but not in scope")
    refined = split_file.refine(Codebase.of(found), change, [replace(report, children=(proposal,))])
    assert isinstance(refined, Change)
    assert "use outside::Ext;" in texts(found, refined)[path]


def test_a_derived_trait_is_imported_where_methods_are_called_like_it() -> None:
    text = STORE.replace("use std::fmt;\n", "use std::fmt;\nuse outside::{Odd, Read};\n")
    text = text.replace("/// A store.\n", "/// A store.\n#[derive(Odd, Read)]\n")
    found = store(text.replace("text.split(',')", "text.read_with(',')"))
    after = texts(found, planned(found))
    reading = after[module_with(after, "read_with")]
    assert "use outside::Read;" in reading
    assert "Odd" not in reading


def test_what_no_lesson_answers_puts_a_group_back() -> None:
    found = store()
    change = planned(found)
    assert isinstance(change.memo, Draft)
    group = change.memo.groups[0]
    path = f"src/store/{group.name}.rs"
    report = said("E0308", "mismatched types", path, texts(found, change)[path], "fn ")
    refined = split_file.refine(Codebase.of(found), change, [report])
    assert isinstance(refined, Change)
    assert path not in refined.creations
    assert group.name in refined.partial
    assert any("mismatched types" in note for note in refined.notes)


def test_a_group_whose_function_does_something_else_goes_back_and_the_rest_stays() -> None:
    found = store()
    change = planned(found)
    assert isinstance(change.memo, Draft)
    units = change.memo.survey.units
    group, name = next((g, n) for g in change.memo.groups for i in g.units for n, _ in units[i].names)
    where = Evidence(name=f"store::{name}")
    refined = split_file.refine(
        Codebase.of(found), change, [GateFailure(MIR, f"`fn store::{name}()` does something else", (where,))]
    )
    assert isinstance(refined, Change)
    assert f"src/store/{group.name}.rs" not in refined.creations
    assert len(refined.creations) == len(change.creations) - 1


def test_a_method_that_does_something_else_is_named_by_its_last_name() -> None:
    found = store(SHOP)
    change = planned(found)
    assert isinstance(change.memo, Draft)
    names = {name: g for g in change.memo.groups for i in g.units for name in _inside(change.memo, i)}
    name, group = next(iter(names.items()))
    where = Evidence(name=f"store::{{impl impl fmt::Display for Other}}::{name}::{{closure#0}}")
    refined = split_file.refine(
        Codebase.of(found), change, [GateFailure(MIR, "it does something else", (where,))]
    )
    assert isinstance(refined, Change)
    assert set(change.creations) - set(refined.creations) == {f"src/store/{group.name}.rs"}


def test_an_inline_module_that_says_where_it_stands_stays_and_the_rest_is_split() -> None:
    tests = (
        "\n#[cfg(test)]\nmod tests {\n    #[test]\n    fn prints() {\n"
        + "        dbg!(1);\n" * 40
        + "    }\n}\n"
    )
    found = store(STORE + tests)
    change = planned(found)
    assert "src/store/tests.rs" in change.creations
    where = Evidence(name="store::tests::prints", path="src/store/tests.rs")
    refined = split_file.refine(
        Codebase.of(found), change, [GateFailure(LOCATION, 'has "src/store/tests.rs"', (where,))]
    )
    assert isinstance(refined, Change)
    assert set(change.creations) - set(refined.creations) == {"src/store/tests.rs"}
    assert "dbg!" in texts(found, refined)["src/store/mod.rs"]


def _inside(draft: Draft, index: int) -> list[str]:
    unit = draft.survey.units[index]
    inside = children(draft.survey.ground.source, unit.item) if unit.item.kind == "impl" else ()
    return [item.name for item in inside if item.name]


def test_an_error_that_names_no_part_blames_none() -> None:
    found = store()
    elsewhere = replace(
        said("E0308", "mismatched types", "src/lib.rs", "pub mod store;", "pub"), rendered="error: .."
    )
    declined = split_file.refine(Codebase.of(found), planned(found), [elsewhere])
    assert declined == Skip(
        "not-verified",
        "no part of the split stands: which part is at fault cannot be told from what is new in src/lib.rs: "
        "E0308 mismatched types",
    )


def test_a_group_with_errors_goes_back_after_three_answers() -> None:
    found = store()
    change: Change | Skip = planned(found)
    for name in ("HashMap", "fmt", "Store", "HashMap"):
        assert isinstance(change, Change)
        path = next(p for p in change.creations if p.endswith(".rs"))
        text = texts(found, change)[path]
        last, change = (
            change,
            split_file.refine(
                Codebase.of(found), change, [said("E0433", f"undeclared type `{name}`", path, text, "fn ")]
            ),
        )
    assert isinstance(change, Change)
    assert len(change.creations) == len(last.creations) - 1


def test_an_answer_for_what_stays_puts_no_group_back_however_late_it_comes() -> None:
    test = '\n#[cfg(test)]\n#[test]\nfn odd() {\n    assert_eq!(parse(""), Odd::new());\n}\n'
    found = store(
        STORE.replace("use std::fmt;\n", "use std::fmt;\nuse outside::Odd;\n").replace("Store", "Shop") + test
    )
    change = planned(found)
    assert isinstance(change.memo, Draft)
    late = replace(change.memo, revision=replace(change.memo.revision, rounds=5))
    path, after = "src/store/mod.rs", texts(found, change)
    report = said("E0433", "cannot find type `Odd`", path, after[path], "Odd::new")
    refined = split_file.refine(Codebase.of(found), replace(change, memo=late), [report])
    assert isinstance(refined, Change)
    assert set(refined.creations) == set(change.creations)


def test_nothing_is_left_when_every_group_is_put_back() -> None:
    found = store()
    change: Change | Skip = planned(found)
    for _ in range(9):
        if isinstance(change, Skip):
            break
        after = texts(found, change)
        path = next(iter(change.creations))
        change = split_file.refine(
            Codebase.of(found), change, [said("E0308", "mismatched", path, after[path], "fn ")]
        )
    assert isinstance(change, Skip)
    assert change.reason == "not-verified"


def test_the_rename_goes_where_lines_keep_their_indentation() -> None:
    lines = "".join(f'        assert_eq!(super::parse("{n}"), Some({2 * n}));\n' for n in range(40))
    tests = f"\n#[cfg(test)]\nmod tests {{\n    #[test]\n    fn parses() {{\n{lines}    }}\n}}\n"
    change = planned(store(STORE + tests))
    assert "src/store/tests.rs" in change.creations
    assert change.first is not None
    assert set(change.first.moves.values()) - {"src/store/tests.rs"}


def test_a_module_that_lints_want_documented_is_not_public() -> None:
    found = store()
    change = planned(found)
    assert isinstance(change.memo, Draft)
    groups = tuple(replace(group, public=True) for group in change.memo.groups)
    change = render(replace(change.memo, groups=groups))
    path, name = "src/store/mod.rs", groups[0].name
    text = texts(found, change)[path]
    report = said("missing_docs", "missing documentation for a module", path, text, f"pub mod {name};")
    refined = split_file.refine(Codebase.of(found), change, [report])
    assert isinstance(refined, Change)
    after = texts(found, refined)[path]
    assert f"\npub mod {name};" not in f"\n{after}"
    assert f"pub mod {groups[1].name};" in after
    assert any(f"Module {name} is private" in note for note in refined.notes)


def test_nothing_said_about_us_changes_nothing() -> None:
    found = store()
    change = planned(found)
    assert split_file.refine(Codebase.of(found), change, []) == change


@pytest.mark.parametrize("seed", ["0", "1", "42"])
def test_the_same_bytes_whatever_the_hash_seed(seed: str) -> None:
    code = (
        "import sys; sys.path.insert(0, 'tests'); sys.path.insert(0, 'tests/codemods')\n"
        "import test_split_file as t\n"
        "print(sorted(t.texts(t.store(), t.planned(t.store())).items()))"
    )
    environment = {**os.environ, "PYTHONHASHSEED": seed}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == str(sorted(texts(store(), planned(store())).items()))


def test_a_comment_before_an_inner_attribute_is_a_comment() -> None:
    before = {"a.rs": b"// why\n#![allow(x)]\n\nuse b::c;\nuse d::e;\nfn f() {}\n"}
    after = {"a.rs": b"// why\n#![allow(x)]\n\nuse d::e;\nfn f() {}\n"}
    assert conserve(before, after, split_file.PROOFS) == ()


def test_a_split_file_is_not_split_again() -> None:
    found = store()
    change = planned(found)
    files = {**found.files, **{p: t for p, t in change.result(found.files).items() if t is not None}}
    files.pop("src/store.rs")
    again = replace(found, files=files)
    assert isinstance(split_file.plan(Codebase.of(again), finding("src/store/mod.rs"), OPTIONS), Skip)


READS = 'fn main() { let p = format!("src/{}.rs", "store"); let _ = std::fs::read_to_string(p); }\n'


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (READS, 'build.rs may read src/store.rs: it names "store" and reads files.'),
        (READS.replace("store", "other"), None),
        (READS.replace("read_to_string", "metadata"), None),
    ],
)
def test_a_build_script_that_reads_the_file_is_told(text: str, told: str | None) -> None:
    targets = (target("", "src/lib.rs", "lib"), target("", "build.rs", "custom-build"))
    found = package("", targets, src__lib_rs="pub mod store;\n", src__store_rs=STORE, build_rs=text)
    assert [n for n in planned(found).notes if "may read" in n] == ([told] if told else [])


def _with_long_module(head: str, item: str) -> Change:
    """Return the split of the store with a long inline module of many items."""
    inner = "\n".join(item.replace("N", str(n)) for n in range(12))
    text = f"{STORE}\n{head} {{\n{inner}}}\n"
    known = package("", (target("", "src/lib.rs", "lib"),), src__lib=text)
    finding = Finding(id="1", fingerprint="0" * 16, rule="large-file", title="", path="src/lib.rs")
    planned = split_file.plan(Codebase.of(known), finding, SplitOptions(max_lines=30, min_lines=4))
    assert isinstance(planned, Change)
    return planned


def test_what_can_be_split_next_is_what_a_second_run_would_split() -> None:
    shelf = "    pub struct ShelfN(usize);\n\n    impl ShelfN {\n        pub fn held(&self) -> usize {\n"
    inner = _with_long_module("pub mod inner", f"{shelf}            self.0\n        }}\n    }}\n")
    assert inner.partial == "Still too long, to be split next: src/inner.rs."
    assert inner.too_long[0].why == "it was a module of its own already; it can be split next"
    bare = "    #[test]\n    fn t_N() {\n        assert_eq!(crate::double(N), 2 * N);\n    }\n"
    tests = _with_long_module("#[cfg(test)]\nmod tests", bare)
    assert (tests.partial, tests.too_long[0].path) == ("", "src/tests.rs")
    assert "cannot-cut: " in tests.too_long[0].why
    assert "--rename-tests" in tests.too_long[0].why


def test_a_module_under_a_condition_is_passed_on_under_it_by_a_glob_too() -> None:
    handle = "\n#[cfg(unix)]\npub struct Handle {\n    at: u8,\n}\n\n#[cfg(unix)]\nimpl Handle {\n"
    handle += "    pub fn turn(&self) -> u8 {\n        self.at\n    }\n}\n"
    found = store(STORE + handle)
    change = planned(found)
    assert isinstance(change.memo, Draft)
    facade = texts(found, change)["src/store/mod.rs"]
    assert "#[cfg(unix)]\nmod handle;\n" in facade
    assert "#[cfg(unix)]\npub use handle::Handle;\n" in facade
    revision = replace(change.memo.revision, globs=frozenset({"handle"}))
    rendered = render(replace(change.memo, revision=revision))
    assert "#[cfg(unix)]\npub use handle::*;\n" in texts(found, rendered)["src/store/mod.rs"]


def test_a_link_protects_the_bare_name_that_it_may_mean() -> None:
    said = {
        b"[`foo`] and [bar]": {b"foo", b"bar"},
        b"[foo]: bar": {b"foo", b"bar"},
        b"[x](`bar`)": {b"bar"},
        b"[`foo`](crate::Other::foo), [`foo()`], [`foo!`], [x](bar())": set(),
    }
    for text, names in said.items():
        assert {name for pair in _LINK.findall(text) for name in pair if name} == names, text
