import os
from dataclasses import replace
from pathlib import Path

import pytest
from crates import crate, manifest

from remediate.cargo.check import Check, Unit
from remediate.cargo.suite import Ending, Selection
from remediate.cargo.toolchain import cfgs
from remediate.gates import Verdict, failed, passed, unverified
from remediate.verify.compiler.coverage import coverage
from remediate.verify.compiler.freshness import (
    digests,
    doubted,
    freshness,
    stale,
    unchanged,
    unread_by_tests,
)
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


@pytest.mark.seeded("cfg coverage", "unverified", "the profile has no debug assertions")
def test_whether_there_are_debug_assertions_is_the_profiles_word(tmp_path: Path) -> None:
    library = "#[cfg(debug_assertions)]\nfn a() {}\n#[cfg(not(debug_assertions))]\nfn b() {}\n"
    files = {"Cargo.toml": manifest(more="[profile.dev]\ndebug-assertions = false\n"), "src/lib.rs": library}
    cargo = crate(tmp_path, files)
    found = coverage({}, {"src/lib.rs": library.encode()}, [cargo.check()], cfgs(cargo))
    assert found.detail == "in no checked configuration: src/lib.rs:1 cfg(debug_assertions)"


@pytest.mark.seeded("cfg coverage", "unverified", "a flag of cargo's configuration switches the code off")
def test_what_cargo_is_configured_to_build_decides_which_cfgs_hold(tmp_path: Path) -> None:
    library = '#[cfg(panic = "abort")]\nfn a() {}\n#[cfg(not(panic = "abort"))]\nfn b() {}\n'
    config = '[build]\nrustflags = ["-C", "panic=abort"]\n'
    cargo = crate(tmp_path, {"src/lib.rs": library, ".cargo/config.toml": config})
    found = coverage({}, {"src/lib.rs": library.encode()}, [cargo.check()], cfgs(cargo))
    assert found.detail == 'in no checked configuration: src/lib.rs:3 cfg(not(panic = "abort"))'


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
    none = coverage({}, text, [failing], [])
    assert (none.verdict, none.detail) == (Verdict.UNVERIFIED, "nothing compiled")
    unread = coverage({}, text, [failing, reading], [])
    assert unread.verdict is Verdict.UNVERIFIED
    assert unread.detail == "compiled in no checked configuration: a.rs"
    assert coverage({}, {"b.rs": b"fn b() {}\n"}, [failing, reading], []).verdict is Verdict.PASSED
    assert coverage({}, {"Cargo.toml": b""}, [failing, reading], []).verdict is Verdict.PASSED


def test_a_feature_set_is_untouched_only_if_none_of_its_compilations_reads_the_change() -> None:
    reused = [unit({"lib.rs"}, fresh=True), unit({"a.rs"}, fresh=True)]
    proof = freshness([[unit({"a.rs"})], reused], "small", ["a.rs"])
    assert proof.verdict is Verdict.UNVERIFIED
    assert proof.detail.startswith("cargo reused an earlier result for small (lib)")


def test_what_is_not_compiled_again_beside_what_is_raises_no_doubt() -> None:
    assert stale([unit({"a.rs"}), unit({"b.rs"}, fresh=True)], "small", ["a.rs"]) == []
    assert stale([unit({"b.rs"}, fresh=True)], "small", ["a.rs"]) == [
        "nothing of small was compiled in this run"
    ]


def test_only_a_change_of_the_test_runners_configuration_alone_needs_no_compilation() -> None:
    before = [unit({"a.rs"}, fresh=True)]
    assert stale(before, "small", [".config/nextest.toml"]) == []
    assert stale(before, "small", [".config/nextest.toml", "a.rs"])
    assert stale(before, "small", [])


def test_a_test_build_of_unknown_reads_is_not_blamed() -> None:
    assert unread_by_tests([unit({"new.rs"}), unit(None, test=True)], ["new.rs"]) == []
    assert unread_by_tests([unit({"new.rs"}), unit({"a.rs"})], ["new.rs"]) == []


def made(folder: Path, name: str, text: str, *, fresh: bool = False, test: bool = False) -> Unit:
    """Return a compilation that read ``a.rs``, whose program says something."""
    (folder / name).write_text(text)
    return replace(unit({"a.rs"}, fresh=fresh, test=test), artifact=str(folder / name))


def test_a_program_that_is_byte_for_byte_that_of_before_is_no_new_one(tmp_path: Path) -> None:
    before = digests([made(tmp_path, "one", "old")])
    same = "lib is byte for byte what it was before"
    assert unchanged([made(tmp_path, "two", "old")], ["a.rs"], before) == [same]
    assert unchanged([made(tmp_path, "two", "new")], ["a.rs"], before) == []
    assert unchanged([made(tmp_path, "two", "old", fresh=True)], ["a.rs"], before) == []
    assert unchanged([made(tmp_path, "two", "old")], ["b.rs"], before) == []
    tests = digests([made(tmp_path, "three", "old", test=True)])
    linked = [made(tmp_path, "three", "old", test=True)]
    assert unchanged(linked, ["b.rs"], tests) == ["lib test is byte for byte what it was before"]
    assert digests([replace(linked[0], executable=str(tmp_path / "two"))]) == (("lib test", before[0][1]),)
    assert digests([replace(linked[0], artifact=str(tmp_path / "gone"))]) == ()


def test_what_a_doubtful_run_passed_is_unverified_and_what_it_failed_stays_so() -> None:
    found = [passed("check"), failed("tests", "one fails"), unverified("clippy", "nothing compiles")]
    assert list(doubted(found, [])) == found
    doubtful = list(doubted(found, ["cargo reused an earlier result"]))
    assert [gate.verdict for gate in doubtful] == [Verdict.UNVERIFIED, Verdict.FAILED, Verdict.UNVERIFIED]
    assert doubtful[0].detail == "cargo reused an earlier result"
    assert doubtful[1:] == found[1:]


def test_cfgs_of_code_that_was_written_anew_count_with_the_ones_around_it() -> None:
    before = b'#[cfg(feature = "off")]\nmod m {\n    fn b() { 1 }\n}\n'
    after = before.replace(b"1", b"2")
    check = Check("default", success=True, units=(unit({"a.rs"}), replace(unit(None), test=True)))
    assert coverage({"a.rs": before}, {"a.rs": after}, [check], []).verdict is Verdict.PASSED
    anew = coverage({"a.rs": before}, {"a.rs": after}, [check], [], rewritten=True)
    assert anew.detail == 'in no checked configuration: a.rs:1 cfg(feature = "off")'
    assert coverage({}, {"a.rs": b"#[cfg(test)]\nfn t() {}\n"}, [check], []).verdict is Verdict.UNVERIFIED


@pytest.mark.parametrize(
    ("cfg", "verdict"),
    [
        ("not(unknown_name)", Verdict.UNVERIFIED),
        ("unknown_name", Verdict.UNVERIFIED),
        ("not(windows)", Verdict.PASSED),
        ('not(feature = "off")', Verdict.PASSED),
        ('not(target_os = "no_such_os")', Verdict.PASSED),
        ("not(unix)", Verdict.UNVERIFIED),
    ],
)
@pytest.mark.parametrize(
    "attribute", ["cfg({})", "cfg_attr({}, wrapped)", "cfg_attr({}, derive(Debug, Wrapped))"]
)
def test_what_is_not_known_holds_neither_way(cfg: str, verdict: Verdict, attribute: str) -> None:
    text = f"#[{attribute.format(cfg)}]\nfn a() {{ if cfg!(other) {{}} }}\n".encode()
    check = Check("default", success=True, units=(unit({"a.rs"}),))
    assert coverage({}, {"a.rs": text}, [check], ["unix"]).verdict is verdict


@pytest.mark.parametrize(
    "attribute",
    [
        "#[cfg_attr(docsrs, doc(cfg(x)))]",
        "#[cfg_attr(off, derive(Debug), inline, clippy::x)]",
        "#![cfg_attr(off, no_std)]",
        "#[cfg_attr(unix, wrapped)]",
    ],
)
def test_a_conditional_attribute_counts_where_it_names_a_macro_alone(attribute: str) -> None:
    check = Check("default", success=True, units=(unit({"a.rs"}),))
    found = coverage({}, {"a.rs": f"{attribute}\nfn a() {{}}\n".encode()}, [check], ["unix"])
    assert found.verdict is Verdict.PASSED


def test_a_macro_under_two_conditions_counts_with_both() -> None:
    check = Check("default", success=True, units=(unit({"a.rs"}),))
    text = b"#[cfg_attr(unix, cfg_attr(windows, wrapped), cfg_attr(unix, wrapped))]\nfn a() {}\n"
    found = coverage({}, {"a.rs": text}, [check], ["unix"])
    assert found.detail == "in no checked configuration: a.rs:1 cfg(all(unix, windows))"
