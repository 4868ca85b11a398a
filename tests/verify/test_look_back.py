"""A check of the untouched tree is made when somebody has to know what it said, and no earlier."""

from pathlib import Path

import pytest
from crates import crate, manifest, package
from scratch import write

from remediate.cargo.command import Cargo
from remediate.feedback import messages
from remediate.gates import Verdict
from remediate.verify.baseline import Baseline, take
from remediate.verify.check_round import Before, CheckRound, Measure, check_round
from remediate.verify.report import Level

_FEATURES = manifest(more="[features]\nextra = []\n")
_WARNED = '#[cfg(feature = "extra")]\nuse std::fmt;\n'


def _round(
    cargo: Cargo, before: dict[str, str], after: dict[str, str], level: Level
) -> tuple[CheckRound, list[str]]:
    """Check one tree against another; return the names of the checks that were looked back for as well."""
    write(cargo.root, before)
    baseline = take(cargo, package(cargo), level, ahead=False)
    asked: list[str] = []

    def look_back(measure: Measure) -> Baseline:
        nonlocal baseline
        write(cargo.root, before)
        known, baseline = set(baseline.checks), measure(baseline)
        asked.extend(base.configuration.name for base in baseline.checks if base not in known)
        write(cargo.root, after)
        return baseline

    known = package(cargo)
    write(cargo.root, after)
    said = check_round(cargo, known, after, Before(baseline, look_back))
    assert not [gate for gate in said.gates if gate.verdict is Verdict.UNVERIFIED]
    return said, asked


def test_silence_is_not_compared(tmp_path: Path) -> None:
    cargo = crate(tmp_path, {"Cargo.toml": _FEATURES, "src/lib.rs": "pub fn a() {}\n"})
    said, asked = _round(
        cargo, {"src/lib.rs": "pub fn a() {}\n"}, {"src/lib.rs": "\npub fn a() {}\n"}, Level.QUICK
    )
    assert (said.feedback, asked) == ((), [])


@pytest.mark.slow
def test_a_warning_is_looked_back_for_under_its_feature_set_alone(tmp_path: Path) -> None:
    cargo = crate(tmp_path, {"Cargo.toml": _FEATURES, "src/lib.rs": ""})
    old, new = {"src/lib.rs": _WARNED}, {"src/lib.rs": _WARNED + "pub fn a() {}\n"}
    said, asked = _round(cargo, old, new, Level.STANDARD)
    assert (said.feedback, asked) == ((), ["all-features"])
    said, asked = _round(cargo, old, {"src/lib.rs": _WARNED + "use std::io;\n"}, Level.STANDARD)
    assert {d.code for d in messages(said.feedback)} == {"unused_imports"}
    assert "std::io" in {d.message.split("`")[1] for d in messages(said.feedback)}


@pytest.mark.slow
def test_what_the_build_of_the_tests_said_before_is_known_without_looking_back(tmp_path: Path) -> None:
    cargo = crate(tmp_path, {"src/lib.rs": ""})
    old = "use std::fmt;\n#[cfg(test)]\nmod tests {\n    #[test]\n    fn t() {}\n}\n"
    said, asked = _round(cargo, {"src/lib.rs": old}, {"src/lib.rs": f"\n{old}"}, Level.STANDARD)
    assert said.suite is not None
    assert (said.feedback, asked) == ((), [])


def test_a_target_that_goes_is_missed_however_silent_the_rest(tmp_path: Path) -> None:
    cargo = crate(tmp_path, {"examples/one.rs": "fn main() {}\n"})
    before = {"Cargo.toml": manifest(), "src/lib.rs": "pub fn a() {}\n"}
    after = {"Cargo.toml": manifest(more="autoexamples = false\n"), "src/lib.rs": "\n"}
    said, asked = _round(cargo, before, after, Level.QUICK)
    assert asked == ["default"]
    gate = next(gate for gate in said.gates if gate.verdict is Verdict.FAILED)
    assert gate.detail == 'no longer compiles: small (example "one")'
