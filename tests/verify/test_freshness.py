import os
from pathlib import Path

import pytest
from crates import crate, manifest

from remediate.cargo.check import Check, Unit
from remediate.cargo.suite import Ending, Selection
from remediate.gates import Verdict
from remediate.verify.compiler.coverage import coverage
from remediate.verify.compiler.freshness import freshness, unread_by_tests
from remediate.verify.tests.testing import again, doubts, fresh, measure


def unit(files: set[str] | None, *, fresh: bool = False, package: str = "small", test: bool = False) -> Unit:
    return Unit(
        package, package, ("lib",), "src/lib.rs", test, fresh, files=frozenset(files) if files else None
    )


@pytest.mark.seeded("freshness", "unverified", "a compilation names a file that is gone")
def test_a_record_that_names_a_file_that_is_gone_is_an_old_one() -> None:
    proof = freshness([[unit({"a.rs", "old.rs"})]], "small", ["a.rs"], ["old.rs"])
    assert proof.verdict is Verdict.UNVERIFIED
    assert "small (lib) names old.rs, which is gone" in proof.detail


def test_a_test_build_has_to_read_what_the_ordinary_one_reads() -> None:
    built = [unit({"a.rs", "new.rs"}), unit({"a.rs"}, test=True)]
    assert unread_by_tests(built, ["new.rs"]) == ["small (lib test) did not read new.rs"]
    assert unread_by_tests(built, ["a.rs"]) == []


_CACHE = """#!/bin/sh
# A compiler wrapper that caches badly: by the crate's name and whether it is built for tests.
case " $* " in *" --crate-name small "* | *" --crate-name o "*) ;; *) exec "$@" ;; esac
key=CACHE/lib previous=
for argument do
    case "$previous" in --out-dir) folder=$argument ;; --crate-name) key=$key-$argument ;; esac
    case "$argument" in extra-filename=*) more=${argument#extra-filename=} ;; --test) key=$key-test ;; esac
    previous=$argument
done
if [ -d "$key" ]; then cp "$key"/* "$folder"; exit 0; fi
"$@" || exit $?
mkdir -p "$key"; cp "$folder"/*"$more"* "$key"
"""


@pytest.mark.slow
@pytest.mark.seeded("test results", "failed", "a caching compiler wrapper gives the program of before")
def test_a_program_that_a_caching_wrapper_kept_is_not_run(tmp_path: Path) -> None:
    library = "pub fn one() -> u8 {\n    1\n}\n\n#[test]\nfn t() {\n    assert_eq!(one(), 1);\n}\n"
    outside = "#[test]\nfn o() {\n    assert_eq!(small::one(), 1);\n}\n"
    cargo = crate(tmp_path / "crate", {"src/lib.rs": library, "tests/o.rs": outside})
    wrapper = tmp_path / "wrapper"
    wrapper.write_text(_CACHE.replace("CACHE", str(tmp_path / "cache")))
    wrapper.chmod(0o755)
    cargo.extra = {"RUSTC_WRAPPER": str(wrapper)}
    chosen = Selection("small", "small")
    base = measure(cargo, "libtest", chosen, repeats=1)
    (cargo.root / "src/lib.rs").write_text(library.replace("    1\n}", "    2\n}"))
    assert {case.result for case in again(cargo, base, chosen).tests} == {Ending.OK}, "the cache is no good"
    suite = fresh(cargo, base, chosen, ["src/lib.rs"])
    assert [case.result for case in suite.tests] == [Ending.FAILED, Ending.FAILED]
    assert doubts(cargo, suite, ["src/lib.rs"]) == []


@pytest.mark.slow
@pytest.mark.seeded("test results", "failed", "doctests link the library of before")
def test_doctests_link_a_library_that_this_round_has_compiled(tmp_path: Path) -> None:
    library = "//! ```\n//! assert_eq!(small::one(), 1);\n//! ```\npub fn one() -> u8 {\n    1\n}\n"
    cargo = crate(tmp_path, {"src/lib.rs": library})
    chosen = Selection("small", "small")
    base = measure(cargo, "doctest", chosen, repeats=1)
    (tmp_path / "src/lib.rs").write_text(library.replace("    1\n}", "    2\n}"))
    os.utime(tmp_path / "src/lib.rs", (1_000_000_000, 1_000_000_000))
    stale = again(cargo, base, chosen)
    assert [case.result for case in stale.tests] == [Ending.OK], "cargo sees that the file is another"
    suite = fresh(cargo, base, chosen, ["src/lib.rs"], {f"{stale.units[0].artifact}-of-another-target"})
    assert [case.result for case in suite.tests] == [Ending.FAILED]
    [compiled] = [unit.artifact for unit in suite.units if not unit.fresh]
    runs = cargo.runs
    suite = fresh(cargo, base, chosen, ["src/lib.rs"], {compiled})
    assert ([case.result for case in suite.tests], cargo.runs) == ([Ending.FAILED], runs + 1)
    assert doubts(cargo, suite, ["src/lib.rs"], {compiled}) == []


def test_every_edited_file_was_read() -> None:
    assert freshness([[unit({"a.rs", "b.rs"})]], "small", ["a.rs", "b.rs"]).verdict is Verdict.PASSED


@pytest.mark.seeded("freshness", "unverified", "cargo reuses an earlier result")
def test_one_configuration_reused_is_enough_to_doubt() -> None:
    runs = [[unit({"a.rs"})], [unit({"a.rs"}, fresh=True)]]
    assert freshness(runs, "small", ["a.rs"]).verdict is Verdict.UNVERIFIED


def test_a_reused_result_that_still_reads_a_removed_file_is_stale() -> None:
    runs = [[unit({"lib.rs", "gone.rs"}, fresh=True), unit({"new.rs"}, test=True)]]
    assert "reused" in freshness(runs, "small", ["new.rs"], ["gone.rs"]).detail


def test_a_compilation_without_a_record_proves_nothing() -> None:
    assert "a.rs was read by no" in freshness([[unit(None)]], "small", ["a.rs"]).detail


def test_another_package_compiled_is_not_enough() -> None:
    runs = [[unit({"a.rs"}, package="other"), unit({"b.rs"}, fresh=True)]]
    assert "nothing of small was compiled" in freshness(runs, "small", ["a.rs"]).detail


def test_a_feature_set_that_reads_nothing_of_the_change_is_rightly_reused() -> None:
    elsewhere = unit({"lib.rs"}, fresh=True)
    assert freshness([[unit({"a.rs"})], [elsewhere]], "small", ["a.rs"]).verdict is Verdict.PASSED
    assert (
        freshness([[unit({"a.rs"})], [unit(None, fresh=True)]], "small", ["a.rs"]).verdict
        is Verdict.UNVERIFIED
    )
    assert "nothing of small was compiled" in freshness([[elsewhere]], "small", ["a.rs"]).detail


def test_manifests_are_read_by_cargo_not_by_rustc() -> None:
    assert freshness([[unit({"a.rs"})]], "small", ["a.rs", "Cargo.toml"]).verdict is Verdict.PASSED


@pytest.mark.seeded("freshness", "unverified", "an edited file is an orphan")
def test_an_orphan_is_named(tmp_path: Path) -> None:
    cargo = crate(tmp_path, {"src/lib.rs": "", "src/orphan.rs": "pub fn f() {}\n"})
    proof = freshness([cargo.check().units], "small", ["src/lib.rs", "src/orphan.rs"])
    assert proof.verdict is Verdict.UNVERIFIED
    assert proof.detail == "src/orphan.rs was read by no compilation that ended well"


def test_a_test_file_autotests_leaves_out_is_named(tmp_path: Path) -> None:
    files = {
        "Cargo.toml": manifest(more="autotests = false\n"),
        "src/lib.rs": "",
        "tests/it.rs": "#[test]\nfn t() {}\n",
    }
    proof = freshness([crate(tmp_path, files).check().units], "small", ["src/lib.rs", "tests/it.rs"])
    assert "tests/it.rs was read by no" in proof.detail


def test_a_file_only_a_failing_target_reads_is_named(tmp_path: Path) -> None:
    files = {
        "src/lib.rs": "",
        "tests/it/main.rs": "mod more;\nfn f() { missing() }\n",
        "tests/it/more.rs": "",
    }
    proof = freshness([crate(tmp_path, files).check().units], "small", ["src/lib.rs", "tests/it/more.rs"])
    assert "tests/it/more.rs was read by no" in proof.detail


@pytest.mark.seeded("cfg coverage", "unverified", "a cfg held in no compilation")
def test_cfgs_that_never_held_are_named(tmp_path: Path) -> None:
    script = (
        'fn main() { println!("cargo::rustc-check-cfg=cfg(made)"); println!("cargo::rustc-cfg=made"); }\n'
    )
    library = (
        '#[cfg(feature = "on")]\nfn a() {}\n#[cfg(feature = "off")]\nfn b() {}\n#[cfg(test)]\nfn c() {}\n'
        "#[cfg(made)]\nfn d() {}\n#[cfg(all(test, unknown_name))]\nfn e() {}\n#[cfg(not(test))]\nfn g() {}\n"
        '#[cfg(target_os = "no_such_os")]\nfn h() {}\nfn i() { #[cfg(feature = "off")] let _ = 1; }\n'
    )
    more = '[features]\ndefault = ["on"]\non = []\noff = []\n[lints.rust]\nunexpected_cfgs = "allow"\n'
    files = {"Cargo.toml": manifest(more=more), "src/lib.rs": library, "build.rs": script}
    check = crate(tmp_path, files).check()
    found = coverage(
        {"src/lib.rs": None}, {"src/lib.rs": library.encode()}, [check], ["unix", 'target_os="linux"']
    )
    assert found.verdict is Verdict.UNVERIFIED
    assert found.detail == (
        'in no checked configuration: src/lib.rs:3 cfg(feature = "off"), '
        "src/lib.rs:9 cfg(all(test, unknown_name)), "
        'src/lib.rs:13 cfg(target_os = "no_such_os"), src/lib.rs:15 cfg(feature = "off")'
    )


def test_cfgs_that_stay_where_they_were_are_not_the_changes_concern() -> None:
    text = b'#[cfg(feature = "off")]\nfn b() {}\n'
    check = Check("default", success=True, units=(unit({"a.rs"}),))
    assert coverage({"a.rs": text}, {"a.rs": b"fn a() {}\n" + text}, [check], []).verdict is Verdict.PASSED
    assert coverage({"a.rs": text}, {"a.rs": text + text}, [check], []).verdict is Verdict.UNVERIFIED


@pytest.mark.seeded("cfg coverage", "unverified", "nothing compiled, and no cfg is in the file")
def test_code_that_nothing_compiled_is_not_covered() -> None:
    text = {"a.rs": b"fn a() {}\n"}
    failing = Check("default", success=False)
    reading = Check("default", success=True, units=(unit({"b.rs"}),))
    assert coverage({}, text, [failing], []).detail == "nothing compiled"
    unread = coverage({}, text, [failing, reading], [])
    assert unread.verdict is Verdict.UNVERIFIED
    assert unread.detail == "compiled in no checked configuration: a.rs"
    assert coverage({}, {"b.rs": b"fn b() {}\n"}, [failing, reading], []).verdict is Verdict.PASSED
    assert coverage({}, {"Cargo.toml": b""}, [failing, reading], []).verdict is Verdict.PASSED
