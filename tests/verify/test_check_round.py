"""What a round of checks decides before and beside cargo's runs."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from crates import crate, manifest, package
from made_package import package as made_package
from made_package import target
from scratch import write

from remediate.cargo.check import ALL_FEATURES, DEFAULT, Check
from remediate.cargo.command import Cargo
from remediate.edits import Change, Edit
from remediate.feedback import messages
from remediate.gates import CompilerGates, GateResult, failed
from remediate.verify.baseline import Baseline, take
from remediate.verify.check_round import (
    AskedCompiler,
    AskedGates,
    Before,
    Measure,
    _keeps_targets,
    _with_mir,
    check_round,
)
from remediate.verify.compiler.compilation import CheckBaseline, Compiled
from remediate.verify.compiler.mir import MirBaseline
from remediate.verify.report import Level

_OPEN = (CheckBaseline(DEFAULT, measured=False), CheckBaseline(ALL_FEATURES, measured=False))
_KNOWN = Baseline("p", Level.STANDARD, "t", (), "p@1", _OPEN)
_PACKAGE = made_package(
    "", (target("", "src/lib.rs", "lib"), target("", "src/main.rs", "bin")), src__lib_rs="a"
)


@pytest.mark.parametrize(
    ("there", "edited", "kept"),
    [
        (("src/lib.rs", "src/main.rs"), ("src/lib.rs",), True),
        (("src/lib.rs",), ("src/lib.rs",), False),
        ((), ("src/lib.rs",), False),
        (("src/lib.rs", "src/main.rs"), ("src/lib.rs", "Cargo.toml"), False),
        (("src/lib.rs", "src/main.rs"), ("core/Cargo.toml", "src/lib.rs"), False),
        (("src/lib.rs", "src/main.rs"), ("src/notCargo.toml",), True),
    ],
)
def test_silence_counts_only_where_no_target_can_have_gone(
    there: tuple[str, ...],
    edited: tuple[str, ...],
    kept: bool,  # noqa: FBT001
    tmp_path: Path,
) -> None:
    write(tmp_path, dict.fromkeys(there, ""))
    assert _keeps_targets(Cargo(tmp_path), _PACKAGE, edited) is kept


def test_what_was_not_measured_is_looked_back_for_under_its_own_feature_set() -> None:
    said = CheckBaseline(ALL_FEATURES, compiled=(Compiled("p", "lib"),))
    asked: list[Measure] = []

    def look_back(measure: Measure) -> Baseline:
        asked.append(measure)
        return replace(_KNOWN, checks=(_OPEN[0], said))

    cargo, before = Cargo(Path("/dev/null/none")), Before(_KNOWN, look_back)
    assert before.check(cargo, _OPEN[1]) is said
    assert len(asked) == 1
    assert before.check(cargo, said) is said
    assert Before(_KNOWN).check(cargo, _OPEN[0]) is _OPEN[0]
    assert len(asked) == 1


@pytest.mark.parametrize(
    ("new", "level", "complete"),
    [("use std::fmt;\n", "warning", True), ("pub fn b() -> u8 {}\n", "error", False)],
)
def test_a_new_error_ends_a_round_and_a_new_warning_does_not(
    tmp_path: Path,
    new: str,
    level: str,
    complete: bool,  # noqa: FBT001
) -> None:
    files = {"Cargo.toml": manifest(more="[features]\nextra = []\n"), "src/lib.rs": "pub fn a() {}\n"}
    cargo = crate(tmp_path, files)
    before = package(cargo)
    known = take(cargo, before, Level.QUICK)
    (base,) = known.checks
    both = replace(known, level=Level.STANDARD, checks=(base, replace(base, configuration=ALL_FEATURES)))
    write(tmp_path, {"src/lib.rs": files["src/lib.rs"] + new})
    said = check_round(cargo, before, ["src/lib.rs"], Before(both))
    assert {found.level for found in messages(said.feedback)} == {level}
    assert (len(said.checks), said.complete) == (1 + complete, complete)


def test_gates_of_a_codemod_see_the_change_and_no_others_text(tmp_path: Path) -> None:
    write(tmp_path, {"src/lib.rs": "new", "src/child.rs": "child", "src/stray.rs": "stray"})
    inside = made_package("", (), src__lib_rs="old", src__gone_rs="gone", src__other_rs="other")
    compiler = AskedCompiler(Cargo(tmp_path), inside, _KNOWN, ("src/lib.rs", "src/child.rs", "src/gone.rs"))
    assert compiler.files == {"src/lib.rs": b"new", "src/child.rs": b"child", "src/other.rs": b"other"}
    assert compiler.configurations == ("default", "all-features")
    assert compiler._configuration("all-features") is ALL_FEATURES
    alone = made_package("", (target("", "src/main.rs", "bin"),), src__main_rs="")
    assert AskedCompiler(Cargo(tmp_path), alone, _KNOWN).documentation("default") is None


def test_gates_of_a_codemod_are_asked_of_a_change_with_what_each_measured() -> None:
    def judge(change: Change, known: object, _: object) -> Iterator[GateResult]:
        yield failed("own", f"{known} {change.summary}")

    own = CompilerGates({"own": ""}, lambda *_: None, judge, lambda _: ())
    compiler = AskedCompiler(Cargo(Path("/dev/null/none")), _PACKAGE, _KNOWN)
    change = Change("Split", edits={"src/lib.rs": (Edit(0, 1, b"b"),)})
    told = [gate.detail for gate in AskedGates((own, own), ("one", "two"), change).judge(compiler)]
    assert told == ["one Split", "two Split"]
    assert not list(AskedGates((own,), ("one",)).judge(compiler))


def test_mir_that_a_check_wrote_is_not_asked_for_again() -> None:
    emitted = (Check("default", success=True), {"lib": "fn f() {}"})
    nowhere = Cargo(Path("/dev/null/none"))
    compiler = AskedCompiler(nowhere, _PACKAGE, _KNOWN, mirs={"default": emitted})
    assert compiler.asked == frozenset()
    assert compiler.mir("default") == {"lib": "fn f() {}"}
    assert compiler.mir("default") is emitted[1]
    assert compiler.asked == {"default"}
    with pytest.raises(OSError, match="Not a directory"):
        compiler.mir("all-features")


def test_checks_write_mir_where_a_gate_will_ask_for_it_of_the_package_alone() -> None:
    asked, one = AskedGates(mirs=frozenset({"default"})), replace(_KNOWN, scope=("p@1",))
    full = replace(one, mirs=(MirBaseline(ALL_FEATURES, ()),))
    assert _with_mir(one, AskedGates()) == frozenset()
    assert _with_mir(one, asked) == {"default"}
    assert _with_mir(full, asked) == {"default", "all-features"}
    assert _with_mir(replace(full, scope=("p@1", "q@1")), asked) == frozenset()
