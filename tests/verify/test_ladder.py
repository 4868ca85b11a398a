"""The whole ladder on small crates, with the edits a codemod would make written by hand."""

from dataclasses import replace
from pathlib import Path

import pytest
from crates import crate, manifest, package
from scratch import git, write

from remediate.cargo import nextest
from remediate.cargo.command import Cargo
from remediate.cargo.nextest import PATH
from remediate.edits import Change, Edit
from remediate.feedback import messages
from remediate.gates import Verdict, failed
from remediate.proofs import Moves, Proof, Proofs
from remediate.rust.codebase import changed
from remediate.rust.package import Package
from remediate.verify.baseline import Baseline, decode, encode, take
from remediate.verify.check_round import Before, CheckRound, check_round
from remediate.verify.compiler.shipping import Archive
from remediate.verify.ladder import Attempt, _archive, _left_out, runner_configuration, unchecked, verify
from remediate.verify.produced import prepared
from remediate.verify.report import Level, Report

_FILES = {
    "Cargo.toml": manifest(more="[features]\nextra = []\n"),
    "src/lib.rs": (
        'use std::fmt::Debug;\n\npub fn shown(value: impl Debug) -> String {\n    format!("{value:?}")\n}\n\n'
        '#[cfg(feature = "extra")]\npub fn extra() -> u8 {\n    1\n}\n\n'
        "/// ```\n/// assert_eq!(small::one(), 1);\n/// ```\npub fn one() -> u8 {\n    1\n}\n\n"
        "#[cfg(test)]\nmod tests {\n    #[test]\n    fn one() {\n        super::one();\n    }\n}\n"
    ),
}
_MAY = Proofs(Moves(uses=True, modules=True, layout=True))
_EXTRA = '#[cfg(feature = "extra")]\npub fn extra() -> u8 {\n    1\n}\n\n'


def move(cargo: Cargo, old: str, stub: str, new: str, path: str = "src/child.rs") -> Change:
    """Cut ``old`` out of the library, leaving ``stub``, and put ``new`` into a file."""
    text = (cargo.root / "src/lib.rs").read_bytes()
    start = text.index(old.encode())
    edits = {"src/lib.rs": (Edit(start, start + len(old.encode()), stub.encode()),)}
    return Change("Split", edits=edits, creations={path: new.encode()}, new_modules=frozenset({"child"}))


def applied(cargo: Cargo, level: Level, change: Change) -> tuple[Report, CheckRound, Baseline]:
    before = package(cargo)
    baseline = prepared(cargo, before, take(cargo, before, level), change)
    after = change.result(before.files)
    write(cargo.root, {path: text.decode() for path, text in after.items() if text is not None})
    said = check_round(cargo, before, after, Before(baseline))
    return verify(cargo, Before(baseline), Attempt(before, change, _MAY), said), said, baseline


def names(report: Report, verdict: Verdict) -> list[str]:
    return [gate.name for gate in report.gates if gate.verdict is verdict]


@pytest.mark.slow
def test_a_good_split_passes_every_gate_of_the_standard_level(tmp_path: Path) -> None:
    cargo = crate(tmp_path, _FILES)
    body = 'pub fn shown(value: impl Debug) -> String {\n    format!("{value:?}")\n}\n'
    old = "use std::fmt::Debug;\n\n" + body
    change = move(cargo, old, "mod child;\npub use child::shown;\n", "use std::fmt::Debug;\n\n" + body)
    report, said, _ = applied(cargo, Level.STANDARD, change)
    assert said.feedback == ()
    assert names(report, Verdict.PASSED) == [
        "parse",
        "conservation",
        "constraints",
        "check (default)",
        "check warnings (default)",
        "check (all-features)",
        "check warnings (all-features)",
        "freshness",
        "cfg coverage",
        "expansion",
        "test inventory: nextest (default)",
        "test results: nextest (default)",
        "test inventory: doctest (default)",
        "test results: doctest (default)",
    ]
    assert names(report, Verdict.UNVERIFIED) == ["clippy", "rustdoc", "public API", "MIR"]
    assert names(report, Verdict.FAILED) == []


@pytest.mark.slow
def test_a_good_split_passes_every_gate_of_the_full_level(tmp_path: Path) -> None:
    cargo = crate(tmp_path, _FILES)
    body = 'pub fn shown(value: impl Debug) -> String {\n    format!("{value:?}")\n}\n'
    old = "use std::fmt::Debug;\n\n" + body
    change = move(cargo, old, "mod child;\npub use child::shown;\n", "use std::fmt::Debug;\n\n" + body)
    report, said, _ = applied(cargo, Level.FULL, change)
    assert set(said.mirs) == {"all-features"}  # one start for the check and for what it writes
    assert names(report, Verdict.FAILED) == []
    assert names(report, Verdict.UNVERIFIED) == []
    passed = names(report, Verdict.PASSED)
    for kind in ("clippy", "rustdoc", "public API", "MIR", "test results: libtest", "test results: nextest"):
        assert [name for name in passed if name.startswith(kind)], kind
    assert "MIR (all-features)" in passed


@pytest.mark.slow
@pytest.mark.parametrize(
    ("more", "most"),
    [
        ({}, 1),
        ({"benches/b.rs": "fn main() {}\n"}, 1),
        ({f"benches/{n}.rs": "fn main() {}\n" for n in "abcd"}, 2),
        ({"benches/b.rs": "#![feature(test)]\nfn main() {}\n"}, 2),
        ({"examples/e.rs": "fn main() {}\n", "tests/t.rs": "#[test]\nfn t() {}\n"}, 1),
        ({"src/main.rs": "fn main() {}\n"}, 2),
    ],
)
def test_a_check_is_run_beside_the_tests_only_where_their_build_says_less(
    tmp_path: Path, more: dict[str, str], most: int
) -> None:
    files = {
        **more,
        "src/lib.rs": _FILES["src/lib.rs"].replace("/// ", "// ").replace('#[cfg(feature = "extra")]\n', ""),
    }
    cargo = crate(tmp_path, files)
    before = package(cargo)
    baseline = take(cargo, before)
    text = before.files["src/lib.rs"]
    change = Change("", edits={"src/lib.rs": (Edit(0, 0, b"\n"),)})
    (tmp_path / "src/lib.rs").write_bytes(b"\n" + text)
    runs = cargo.runs
    said = check_round(cargo, before, ["src/lib.rs"], Before(baseline))
    verify(cargo, Before(baseline), Attempt(before, change, _MAY), said)
    assert cargo.runs - runs == most


@pytest.mark.slow
def test_the_build_of_the_tests_is_held_against_the_base_like_a_check(tmp_path: Path) -> None:
    files = {
        "src/lib.rs": _FILES["src/lib.rs"].replace("/// ", "// ").replace('#[cfg(feature = "extra")]\n', "")
    }
    cargo = crate(tmp_path, files)
    before = package(cargo)
    baseline = take(cargo, before)
    text = before.files["src/lib.rs"]
    (tmp_path / "src/lib.rs").write_bytes(text + b"use std::fmt;\n")
    warned = check_round(cargo, before, ["src/lib.rs"], Before(baseline))
    assert [(d.code, d.reports, d.units) for d in messages(warned.feedback)] == [("unused_imports", 2, 2)]
    (tmp_path / "src/lib.rs").write_bytes(text + b"fn wrong() -> u8 {}\n")
    broken = check_round(cargo, before, ["src/lib.rs"], Before(baseline))
    assert "E0308" in [d.code for d in messages(broken.feedback)]
    assert next(g.name for g in broken.gates if g.verdict is Verdict.FAILED) == "check (default)"


@pytest.mark.slow
def test_the_build_of_the_tests_is_compared_with_the_one_before_and_with_no_check(tmp_path: Path) -> None:
    files = {
        "Cargo.toml": manifest(more="[profile.test]\ndebug-assertions = false\n"),
        "src/lib.rs": "#[cfg(not(debug_assertions))]\nuse std::fmt;\n"
        "#[cfg(test)]\nmod tests {\n    #[test]\n    fn t() {}\n}\n",
    }
    cargo = crate(tmp_path, files)
    before = package(cargo)
    baseline = take(cargo, before)
    assert baseline.checks[0].known == ()  # under the profile of tests alone rustc warns
    write(tmp_path, {"src/lib.rs": "\n" + files["src/lib.rs"]})
    said = check_round(cargo, before, ["src/lib.rs"], Before(baseline))
    assert said.suite is not None
    assert said.feedback == ()
    write(tmp_path, {"src/lib.rs": files["src/lib.rs"].replace("std::fmt", "std::{fmt, io}")})
    said = check_round(cargo, before, ["src/lib.rs"], Before(baseline))
    assert [d.code for d in messages(said.feedback)] == ["unused_imports"]


@pytest.mark.seeded("check", "failed", "an import is missing in the new file")
def test_what_rustc_has_against_an_attempt_is_returned_for_refinement(tmp_path: Path) -> None:
    cargo = crate(tmp_path, _FILES)
    body = 'pub fn shown(value: impl Debug) -> String {\n    format!("{value:?}")\n}\n'
    change = move(cargo, body, "mod child;\npub use child::shown;\n", body)
    report, said, _ = applied(cargo, Level.STANDARD, change)
    assert "src/child.rs" in {d.spans[0].path for d in messages(said.feedback) if d.level == "error"}
    assert not said.complete
    assert "check (default)" in names(report, Verdict.FAILED)
    (left,) = (gate for gate in report.gates if gate.name == "check (all-features)")
    assert (left.verdict, left.detail) == (Verdict.UNVERIFIED, "another configuration failed first")
    assert not [gate for gate in report.gates if gate.name.startswith("test")]


@pytest.mark.seeded("cfg coverage", "unverified", "moved code is under a feature that was not compiled")
def test_code_of_an_unchecked_feature_is_unverified(tmp_path: Path) -> None:
    cargo = crate(tmp_path, {**_FILES, PATH: "[profile.default]\n"})
    change = move(cargo, _EXTRA, "mod child;\n", _EXTRA)
    report, _, _ = applied(cargo, Level.QUICK, change)
    # Cargo.toml chooses no files, and the change is not one of tests.
    assert not {"package", "archive", "nextest configuration"} & {gate.name for gate in report.gates}
    assert {"cfg coverage", "expansion"} <= set(names(report, Verdict.UNVERIFIED))
    assert 'src/child.rs:1 cfg(feature = "extra")' in next(
        g.detail for g in report.gates if g.name == "cfg coverage"
    )


def test_of_code_that_is_written_anew_the_cfgs_around_it_are_asked_for(tmp_path: Path) -> None:
    cargo = crate(tmp_path, _FILES)
    before, text = package(cargo), _FILES["src/lib.rs"]
    baseline = take(cargo, before, Level.QUICK)
    at = text.index("    1\n", text.index(_EXTRA))
    change = Change("", edits={"src/lib.rs": (Edit(at, at + 5, b"    2"),)})
    write(cargo.root, {"src/lib.rs": f"{text[:at]}    2{text[at + 5 :]}"})
    said = check_round(cargo, before, ["src/lib.rs"], Before(baseline))
    for proofs, verdict in ((Proofs(code=Proof.NONE), Verdict.UNVERIFIED), (_MAY, Verdict.PASSED)):
        report = verify(cargo, Before(baseline), Attempt(before, change, proofs), said)
        assert "cfg coverage" in names(report, verdict)


@pytest.mark.seeded("conservation", "failed", "a comment is lost, and all compiles")
def test_a_lost_comment_fails_however_green_cargo_is(tmp_path: Path) -> None:
    cargo = crate(tmp_path, {"src/lib.rs": "// Keep me.\npub fn one() -> u8 {\n    1\n}\n"})
    text = (tmp_path / "src/lib.rs").read_bytes()
    change = Change("", edits={"src/lib.rs": (Edit(0, text.index(b"pub"), b""),)})
    report, said, _ = applied(cargo, Level.QUICK, change)
    assert said.feedback == ()
    assert names(report, Verdict.FAILED) == ["conservation"]


@pytest.mark.seeded("freshness", "unverified", "an edited file is read by no target")
def test_an_edit_no_target_reads_is_not_verified(tmp_path: Path) -> None:
    cargo = crate(tmp_path, {"src/lib.rs": "", "src/orphan.rs": "fn a() {}\n"})
    change = Change("", edits={"src/orphan.rs": (Edit(0, 0, b"\n"),)})
    report, _, _ = applied(cargo, Level.QUICK, change)
    assert "freshness" in names(report, Verdict.UNVERIFIED)
    assert not [n for n in names(report, Verdict.PASSED) if n.startswith("check")]


def test_stale_results_are_checked_again_with_new_times(tmp_path: Path) -> None:
    cargo = crate(tmp_path, {"src/lib.rs": "pub fn a() {}\n"})
    before = package(cargo)
    baseline = take(cargo, before, Level.QUICK)
    cargo.check()
    said = check_round(cargo, before, ["src/lib.rs"], Before(baseline))
    assert {gate.verdict for gate in said.gates} == {Verdict.PASSED}


def test_the_rescan_is_a_gate(tmp_path: Path) -> None:
    cargo = crate(tmp_path, {"src/lib.rs": "pub fn a() {}\n"})
    before = package(cargo)
    baseline = take(cargo, before, Level.QUICK)
    change = Change("", edits={"src/lib.rs": (Edit(0, 0, b"\n"),)})
    write(cargo.root, {"src/lib.rs": "\npub fn a() {}\n"})
    said = check_round(cargo, before, ["src/lib.rs"], Before(baseline))
    report = verify(
        cargo, Before(baseline), Attempt(before, change, _MAY), said, lambda: failed("rescan", "still there")
    )
    assert names(report, Verdict.FAILED) == ["rescan"]
    assert "expansion" not in {
        gate.name for gate in report.gates
    }  # nothing is asked after a gate that failed


@pytest.mark.slow
def test_a_baseline_survives_the_cache(tmp_path: Path) -> None:
    cargo = crate(tmp_path, {**_FILES, "tests/bad.rs": "fn f() { missing() }\n"})
    baseline = take(cargo, package(cargo), Level.FULL)
    assert decode(encode(baseline)) == baseline
    assert decode(b'{"package": 1}') is None
    assert decode(encode(replace(baseline, format=0))) is None
    assert {(s.runner, s.configuration.name) for s in baseline.suites} == {
        ("libtest", "default"),
        ("libtest", "all-features"),
        ("doctest", "default"),
        ("packaged", "default"),
    }
    assert [c.configuration.name for c in baseline.clippy] == ["default", "all-features"]
    assert baseline.docs


@pytest.mark.slow
def test_a_package_that_does_not_compile_is_unverified_throughout(tmp_path: Path) -> None:
    cargo = crate(tmp_path, {"src/lib.rs": "pub fn a() { missing() }\n\npub fn b() {}\n"})
    change = move(cargo, "pub fn b() {}\n", "mod child;\npub use child::b;\n", "pub fn b() {}\n")
    report, said, _ = applied(cargo, Level.STANDARD, change)
    assert said.feedback == ()
    assert not report.failed
    # Of a text that calls no macro its tokens alone show what it expands to.
    assert names(report, Verdict.PASSED) == ["parse", "conservation", "constraints", "expansion"]


@pytest.mark.slow
def test_a_configuration_that_never_compiled_does_not_spoil_the_others(tmp_path: Path) -> None:
    library = '#[cfg(feature = "extra")]\ncompile_error!("not here");\n\npub fn b() {}\n'
    cargo = crate(tmp_path, {"Cargo.toml": _FILES["Cargo.toml"], "src/lib.rs": library})
    change = move(cargo, "pub fn b() {}\n", "mod child;\npub use child::b;\n", "pub fn b() {}\n")
    report, said, _ = applied(cargo, Level.STANDARD, change)
    assert said.feedback == ()
    assert {"check (default)", "freshness"} <= set(names(report, Verdict.PASSED))
    assert {"check (all-features)"} <= set(names(report, Verdict.UNVERIFIED))
    assert not report.failed


@pytest.mark.parametrize("chosen", ["src", "src/**"])
def test_the_archive_is_looked_at_where_a_change_makes_files_and_cargo_chooses_some(
    tmp_path: Path, chosen: str
) -> None:
    tests = "    #[test]\n    fn t() {}\n"
    library = f"pub fn a() {{}}\n\n#[cfg(test)]\nmod tests {{\n{tests}}}\n"
    more = f'include = ["{chosen}"]\n'
    cargo = crate(tmp_path, {"Cargo.toml": manifest(more=more), "src/lib.rs": library})
    git(tmp_path, "init", "--quiet")
    before = package(cargo)
    start, end = library.index("mod tests"), library.rindex("}") + 1
    change = Change(
        "",
        edits={"src/lib.rs": (Edit(start, end, b'#[path = "../tests/unit/t.rs"]\nmod tests;'),)},
        creations={"tests/unit/t.rs": b"#[test]\nfn t() {}\n"},
    )
    baseline = take(cargo, before, Level.QUICK)
    after = change.result(before.files)
    write(cargo.root, {path: text.decode() for path, text in after.items() if text is not None})
    said = check_round(cargo, before, after, Before(baseline))
    may = Proofs(Moves(modules=True, layout=True), manifest=Proof.DECLARED)
    report = verify(cargo, Before(baseline), Attempt(before, change, may), said)
    assert names(report, Verdict.FAILED) == ["package"]
    assert (baseline.suites, baseline.shipped) == ((), ())  # level quick measures no tests
    assert "production code" in names(report, Verdict.PASSED)


def test_what_was_not_shipped_before_is_not_missed_in_the_archive(tmp_path: Path) -> None:
    library = 'pub fn a() {}\n\n#[cfg(test)]\n#[path = "../unit/t.rs"]\nmod t;\n'
    files = {
        "Cargo.toml": manifest(more='include = ["src"]\n'),
        "src/lib.rs": library,
        "unit/t.rs": "#[test]\nfn t() {}\n",
    }
    cargo = crate(tmp_path, files)
    git(tmp_path, "init", "--quiet")
    change = move(cargo, "pub fn a() {}\n", "mod child;\npub use child::a;\n", "pub fn a() {}\n")
    change = replace(change, edits={**change.edits, "unit/t.rs": (Edit(0, 0, b"\n"),)})
    report, _, _ = applied(cargo, Level.QUICK, change)
    assert names(report, Verdict.FAILED) == []
    assert "package" in names(report, Verdict.PASSED)


def test_the_tests_of_the_archive_are_wanted_unless_it_changes_as_the_tree_does(tmp_path: Path) -> None:
    chosen = package(crate(tmp_path, {"Cargo.toml": manifest(more='include = ["src"]\n'), "src/lib.rs": ""}))
    every = package(crate(tmp_path / "every", {"src/lib.rs": ""}))
    change = Change("", creations={"src/child.rs": b"\n"})
    known = Baseline("small", Level.STANDARD, "", (), "small", (), shipped=("Cargo.toml", "src/lib.rs"))
    measured = replace(known, shipped=())
    shipped = {"Cargo.toml", "src/lib.rs", "src/child.rs"}

    def asked(before: Package, now: set[str], level: Level = Level.STANDARD) -> tuple[bool, bool]:
        """Return whether the archive's tests were measured, and whether the tree's stand for them."""
        archive = Archive(Cargo(tmp_path), "small")
        archive.__dict__["files"] = frozenset(now)
        seen = Before(replace(known, level=level), lambda _: measured)
        after = changed(before, change)
        found, gate = _archive(archive, seen, Attempt(before, change, _MAY), after)
        assert _archive(archive, Before(known), Attempt(before, change, _MAY), after) == (known, None)
        return found is measured, gate is not None and gate.verdict is Verdict.PASSED

    assert asked(chosen, shipped) == (False, True)
    assert asked(chosen, {*shipped, "src/other.rs"}) == (True, False)
    assert asked(chosen, shipped, Level.FULL) == (False, False)
    assert asked(every, shipped) == (False, False)
    # One that only the changed manifest chooses.
    archive = Archive(Cargo(tmp_path), "small")
    archive.__dict__["files"] = frozenset({*shipped, "src/other.rs"})
    seen = Before(known, lambda _: measured)
    assert _archive(archive, seen, Attempt(every, change, _MAY), changed(chosen, change)) == (measured, None)


@pytest.mark.slow
def test_the_archive_is_compared_on_the_way_up(tmp_path: Path) -> None:
    cargo = crate(tmp_path, {**_FILES, "Cargo.toml": manifest(more='include = ["src"]\n')})
    git(tmp_path, "init", "--quiet")
    before = package(cargo)
    baseline = take(cargo, before, ahead=False)
    change = Change("", edits={"src/lib.rs": (Edit(0, 0, b"\n"),)})
    write(cargo.root, {"src/lib.rs": "\n" + _FILES["src/lib.rs"]})
    seen = Before(baseline, lambda _: pytest.fail("nothing is open"))
    said = check_round(cargo, before, ["src/lib.rs"], seen)
    report = verify(cargo, seen, Attempt(before, change, _MAY), said)
    assert names(report, Verdict.FAILED) == []
    assert "archive" in names(report, Verdict.PASSED)


def test_where_cargo_cannot_begin_nothing_of_it_is_verified(tmp_path: Path) -> None:
    cargo = crate(tmp_path, {"src/lib.rs": "pub fn a() {}\n"})
    change = Change("", edits={"src/lib.rs": (Edit(0, 0, b"\n"),)})
    report = unchecked(Attempt(package(cargo), change, _MAY), "no network")
    assert names(report, Verdict.PASSED) == ["parse", "conservation", "constraints"]
    assert {"check", "freshness", "tests"} <= set(names(report, Verdict.UNVERIFIED))
    assert {gate.detail for gate in report.unverified} == {"no network"}


def test_only_what_a_round_has_compiled_itself_is_proven_for_the_next_run(tmp_path: Path) -> None:
    cargo = crate(tmp_path, {"src/lib.rs": "pub fn a() {}\n", "tests/t.rs": ""})
    before = package(cargo)
    baseline = take(cargo, before, Level.QUICK)
    write(cargo.root, {"tests/t.rs": "\n"})
    said = check_round(cargo, before, ["tests/t.rs"], Before(baseline))
    fresh = {unit.label: unit.fresh for unit in said.checks[0].units}
    assert fresh == {"lib": True, "lib test": True, 'test "t"': False}
    change = Change("", edits={"tests/t.rs": (Edit(0, 0, b"\n"),)})
    climb = Attempt(before, change, _MAY).climb(cargo, Before(baseline), said)
    assert climb.compiled == {unit.artifact for unit in said.checks[0].units if unit.label == 'test "t"'}


def test_a_change_to_tests_is_asked_what_the_runner_reads(tmp_path: Path) -> None:
    library = "#[cfg(test)]\nmod tests {\n    #[test]\n    fn t() {}\n}\n"
    cargo = crate(tmp_path, {"src/lib.rs": library, PATH: "[profile.default]\n"})
    before, change = package(cargo), Change("", edits={"src/lib.rs": (Edit(24, 24, b"\n"),)})
    baseline = take(cargo, before, Level.QUICK)
    write(cargo.root, {"src/lib.rs": f"{library[:24]}\n{library[24:]}"})
    said = check_round(cargo, before, ["src/lib.rs"], Before(baseline))
    may = Proofs(Moves(modules=True, layout=True), manifest=Proof.DECLARED)
    report = verify(cargo, Before(baseline), Attempt(before, change, may), said)
    assert names(report, Verdict.FAILED) == []
    assert "nextest configuration" in names(report, Verdict.PASSED)


def test_the_runners_configuration_is_judged_where_there_is_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cargo = crate(tmp_path, {"src/lib.rs": ""})
    none = package(cargo)
    assert runner_configuration(cargo, none, none) is None

    words = list[str]()

    def judged(text: str, before: bytes | None) -> Verdict | None:
        write(tmp_path, {PATH: text})
        after = replace(none, files={**none.files, PATH: text.encode()})
        was = none if before is None else replace(none, files={**none.files, PATH: before})
        gate = runner_configuration(cargo, was, after)
        words.append(gate.detail if gate else "")
        return gate.verdict if gate else None

    good, bad = "[profile.default]\nretries = 0\n", "[profile.default]\nretires = 0\n"
    assert judged(good, None) is Verdict.PASSED
    assert judged(bad, good.encode()) is judged(bad, None) is Verdict.FAILED
    assert judged(bad, bad.encode()) is Verdict.UNVERIFIED
    assert "nextest does not know, and ignores: profile.default.retires" in words[-1]
    assert judged("[profile", None) is Verdict.FAILED
    assert words[-1]
    assert "does not know" not in words[-1]
    monkeypatch.setattr(nextest, "installed", lambda _: False)
    assert judged(good, None) is Verdict.UNVERIFIED


@pytest.mark.parametrize(
    ("level", "left"),
    [
        (Level.QUICK, ["check (other feature sets)", "tests", "clippy", "rustdoc", "public API", "MIR"]),
        (Level.STANDARD, ["clippy", "rustdoc", "public API", "MIR"]),
        (Level.FULL, []),
    ],
)
def test_each_level_names_what_it_leaves_out_as_unverified(level: Level, left: list[str]) -> None:
    report = Report(tuple(_left_out(level)))
    assert names(report, Verdict.UNVERIFIED) == [gate.name for gate in report.gates] == left
