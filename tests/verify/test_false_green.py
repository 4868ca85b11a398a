"""Four ways in which cargo says "all well" without having compiled the edit. None may come out verified.

In each the same edit breaks ``src/lib.rs`` of checkout B; cargo's own verdict is asserted first, so that the
day cargo gets better these tests say so.
"""

import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from crates import crate

from remediate.cargo.check import DEFAULT, Check
from remediate.cargo.command import Cargo
from remediate.gates import GateResult, Verdict
from remediate.verify.compiler.compilation import gates, remember
from remediate.verify.compiler.freshness import doubted, freshness, stale
from remediate.verify.report import Report

_GOOD = {"src/lib.rs": "pub mod a;\n", "src/a.rs": "pub fn f() -> i32 { 1 }\n"}
_EDITED = "src/a.rs"
_BROKEN = "pub fn f() -> i32 { nothing() }\n"


def shared_target(folder: Path) -> Cargo:
    a, b = crate(folder / "a", _GOOD), crate(folder / "b", _GOOD)
    shared = folder / "shared"
    (b.root / _EDITED).write_text(_BROKEN)
    time.sleep(0.02)
    Cargo(a.root, shared, a.arguments).check()
    return Cargo(b.root, shared, b.arguments)


def shared_build_dir(folder: Path) -> Cargo:
    a, b = crate(folder / "a", _GOOD), crate(folder / "b", _GOOD)
    shared = {"CARGO_BUILD_BUILD_DIR": str(folder / "shared")}
    (b.root / _EDITED).write_text(_BROKEN)
    time.sleep(0.02)
    Cargo(a.root, None, a.arguments, extra=shared).check()
    return Cargo(b.root, None, b.arguments, extra=shared)


def copied_target_and_old_time(folder: Path) -> Cargo:
    a, b = crate(folder / "a", _GOOD), crate(folder / "b", _GOOD)
    a.check()
    shutil.copytree(a.root / "target", b.root / "target", copy_function=shutil.copy2)
    (b.root / _EDITED).write_text(_BROKEN)
    os.utime(b.root / _EDITED, (1_000_000_000, 1_000_000_000))
    return b


def target_copied_after_the_edit(folder: Path) -> Cargo:
    a, b = crate(folder / "a", _GOOD), crate(folder / "b", _GOOD)
    (b.root / _EDITED).write_text(_BROKEN)
    time.sleep(0.02)
    a.check()
    shutil.copytree(a.root / "target", b.root / "target", copy_function=shutil.copy2)
    return b


Situation = Callable[[Path], Cargo]
SITUATIONS = [shared_target, shared_build_dir, copied_target_and_old_time, target_copied_after_the_edit]


def judged(check: Check, clean: Check) -> Report:
    """Judge a check of the edit as the ladder does, without its second try."""
    reasons = stale(check.units, "small", [_EDITED])
    own: list[GateResult] = list(doubted(gates("check", check, remember(clean, DEFAULT), "small"), reasons))
    return Report((*own, freshness([check.units], "small", [_EDITED])))


@pytest.fixture
def clean(tmp_path: Path) -> Check:
    return crate(tmp_path / "clean", _GOOD).check()


@pytest.mark.seeded("freshness", "unverified", "cargo is green on broken code (shared target, old times)")
@pytest.mark.parametrize("situation", SITUATIONS)
def test_stale_green_is_never_verified(situation: Situation, tmp_path: Path, clean: Check) -> None:
    check = situation(tmp_path).check()
    assert check.success, "cargo is no longer fooled: this situation may be dropped"
    report = judged(check, clean)
    assert not report.verified
    assert {gate.verdict for gate in report.gates} == {Verdict.UNVERIFIED}
    assert "reused an earlier result for small (lib)" in report.unverified[0].detail


@pytest.mark.parametrize("situation", SITUATIONS)
def test_a_new_time_makes_cargo_see_the_edit(situation: Situation, tmp_path: Path, clean: Check) -> None:
    cargo = situation(tmp_path)
    cargo.touch([_EDITED])
    check = cargo.check()
    assert not check.success
    assert judged(check, clean).failed


def test_with_folders_of_its_own_the_door_is_not_fooled(
    tmp_path: Path, clean: Check, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("CARGO_TARGET_DIR", "CARGO_BUILD_BUILD_DIR"):
        monkeypatch.setenv(name, str(tmp_path / "shared"))
    a, b = crate(tmp_path / "a", _GOOD), crate(tmp_path / "b", _GOOD)
    (b.root / _EDITED).write_text(_BROKEN)
    a.check()
    assert judged(b.check(), clean).failed


def test_a_true_check_is_verified(tmp_path: Path, clean: Check) -> None:
    cargo = crate(tmp_path / "a", _GOOD)
    cargo.check()
    (cargo.root / _EDITED).write_text("pub fn f() -> i32 { 2 }\n")
    report = judged(cargo.check(), clean)
    assert not report.failed
    assert not report.unverified
