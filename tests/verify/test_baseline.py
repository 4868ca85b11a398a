"""What a baseline decides by itself: which tests stand for a check, what may be decoded, what is tested."""

from dataclasses import replace
from pathlib import Path

import msgspec
import pytest
from crates import crate, manifest, package
from made_package import package as made_package

from remediate.cargo.check import ALL_FEATURES, DEFAULT, chosen
from remediate.cargo.command import Cargo
from remediate.rust.package import Target
from remediate.verify.baseline import (
    Baseline,
    decode,
    encode,
    library,
    selection,
    take,
    with_check,
    with_packaged,
)
from remediate.verify.compiler.compilation import CheckBaseline
from remediate.verify.report import Level
from remediate.verify.tests.testing import KnownTest, SuiteBaseline

_BUILD = CheckBaseline(DEFAULT)
_TESTS = SuiteBaseline("nextest", DEFAULT, (KnownTest("lib", "a", ()),), seconds=1.0, build=_BUILD)
_KNOWN = Baseline(
    "p", Level.STANDARD, "t", (), "p@1", (_BUILD, CheckBaseline(ALL_FEATURES)), suites=(_TESTS,)
)


def test_tests_stand_for_the_first_check_where_their_build_says_as_much() -> None:
    assert with_check(_KNOWN) is _TESTS
    assert with_check(replace(_KNOWN, suites=(replace(_TESTS, seconds=1e6), _TESTS))) is _TESTS


@pytest.mark.parametrize(
    "known",
    [
        replace(_KNOWN, level=Level.QUICK),
        replace(_KNOWN, suites=()),
        replace(_KNOWN, suites=(replace(_TESTS, build=None),)),
        replace(_KNOWN, suites=(replace(_TESTS, problem="the tests do not compile"),)),
        replace(_KNOWN, suites=(replace(_TESTS, seconds=1e6),)),
        replace(_KNOWN, suites=(replace(_TESTS, configuration=ALL_FEATURES),)),
    ],
)
def test_else_each_is_run_for_itself(known: Baseline) -> None:
    assert with_check(known) is None


def test_packaged_tests_are_measured_once() -> None:
    known = replace(_KNOWN, suites=(_TESTS, replace(_TESTS, runner="packaged")))
    assert with_packaged(Cargo(Path("/dev/null/none")), made_package("", ()), known) is known


@pytest.mark.slow
def test_a_build_of_tests_is_no_check_where_other_members_are_checked_as_well(tmp_path: Path) -> None:
    above = '[dependencies]\nsmall = { path = ".." }\n'
    files = {
        "Cargo.toml": manifest(more='[workspace]\nmembers = ["above"]\n'),
        "src/lib.rs": "/// ```\n/// small::f();\n/// ```\npub fn f() {}\n",
        "tests/t.rs": "#[test]\nfn t() {}\n",
        "above/Cargo.toml": manifest("above", above),
        "above/src/lib.rs": "#[test]\nfn t() {}\n",
    }
    cargo = crate(tmp_path, files)
    below = take(cargo, package(cargo), ahead=False)
    assert [(suite.runner, suite.build) for suite in below.suites] == [("nextest", None), ("doctest", None)]
    assert with_check(take(cargo, package(cargo, "above"), ahead=False)) is not None


@pytest.mark.slow
def test_a_check_of_level_full_holds_the_members_that_depend_on_the_package(tmp_path: Path) -> None:
    files = {
        "Cargo.toml": manifest(more='publish = false\n[workspace]\nmembers = ["above"]\n'),
        "src/main.rs": "fn main() {}\n",
        "src/lib.rs": "",
        "above/Cargo.toml": manifest("above", '[dependencies]\nsmall = { path = ".." }\n'),
        "above/src/lib.rs": "",
    }
    cargo = crate(tmp_path, files)
    (known,) = take(cargo, package(cargo), Level.FULL).checks
    assert {one.package for one in known.compiled} == {"small", "above"}


@pytest.mark.slow
@pytest.mark.parametrize(("more", "runners"), [("", ["doctest"]), ("[lib]\ndoctest = false\n", [])])
def test_examples_that_the_manifest_switches_off_are_no_doctests(
    tmp_path: Path, more: str, runners: list[str]
) -> None:
    library = "/// ```\n/// assert!(true);\n/// ```\npub fn f() {}\n"
    cargo = crate(tmp_path, {"Cargo.toml": manifest(more=more), "src/lib.rs": library})
    known = take(cargo, package(cargo), ahead=False)
    assert [suite.runner for suite in known.suites if suite.tests] == runners


def test_feature_sets_of_a_user_are_those_of_packages_that_a_check_holds(tmp_path: Path) -> None:
    files = {
        "Cargo.toml": manifest(more='[features]\nnear = []\n[workspace]\nmembers = ["beside"]\n'),
        "src/lib.rs": "",
        "beside/Cargo.toml": manifest("beside", "[features]\nfar = []\n"),
        "beside/src/lib.rs": "",
    }
    cargo = crate(tmp_path, files)
    known = take(cargo, package(cargo), Level.QUICK, (chosen(["far"]), chosen(["near"])), ahead=False)
    assert [base.configuration for base in known.checks] == [chosen(["near"])]


def test_a_baseline_of_another_version_is_none() -> None:
    assert decode(encode(_KNOWN)) == _KNOWN
    assert decode(encode(replace(_KNOWN, format=_KNOWN.format + 1))) is None
    assert decode(msgspec.json.encode({"package": "p"})) is None
    assert decode(b"{") is None


def test_targets_without_a_harness_are_left_to_nobody_but_benches() -> None:
    def target(kind: str, *, test: bool = True, harness: bool = False) -> Target:
        return Target(kind, (kind,), f"{kind}.rs", test=test, harness=harness)

    kinds = (target("lib", harness=True), target("test"), target("bench"), target("bin", test=False))
    package = made_package("", kinds, src__lib_rs="")
    assert selection(package, "p@1").unharnessed == ('test "test"',)
    assert library(package) == "lib"
    assert library(made_package("", kinds[1:], src__lib_rs="")) is None
