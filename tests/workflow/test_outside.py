"""Workspaces that need something outside of their repository: fixes in them are verified like others."""

from dataclasses import replace
from pathlib import Path

import pytest
import scratch
from workflow_case import BIG, Listener, only, work

from remediate.model import Outcome, Result
from remediate.workflow.request import Mode

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("tiny")]

_DEP = {
    "dep/Cargo.toml": '[package]\nname = "dep"\nversion = "0.1.0"\nedition = "2021"\n'
    '[dependencies]\nfar = { path = "../../far" }\n',
    "dep/src/lib.rs": "pub fn three() -> i32 {\n    far::three()\n}\n",
    "../far/Cargo.toml": '[package]\nname = "far"\nversion = "0.1.0"\nedition = "2021"\n',
    "../far/src/lib.rs": "pub fn three() -> i32 {\n    3\n}\n",
}
_USES_DEP = {
    **scratch.USES_LAST,
    "Cargo.toml": scratch.CRATE["Cargo.toml"] + '[dependencies]\ndep = { path = "../dep" }\n',
    "src/lib.rs": scratch.USES_LAST["src/lib.rs"] + "pub fn three() -> i32 {\n    dep::three()\n}\n",
}


def _outcome(folder: Path, outside: dict[str, str], inside: dict[str, str]) -> Outcome:
    scratch.write(folder, outside)
    repo = scratch.repository(folder / "repo", inside)
    before = scratch.state(repo)
    outcome = only(work(repo))
    assert scratch.state(repo) == before
    return outcome


def test_a_path_dependency_beside_the_checkout(tmp_path: Path) -> None:
    outcome = _outcome(tmp_path / "group", _DEP, _USES_DEP)
    assert (outcome.outcome, outcome.reason) == (Result.FIXED, "compiled")
    repo = tmp_path / "group/repo"
    assert only(work(repo)).reused
    scratch.write(tmp_path, {"far/src/lib.rs": "pub fn three() -> i32 {\n    4 - 1\n}\n"})
    assert not only(work(repo)).reused


def test_a_workspace_root_above_the_repository(tmp_path: Path) -> None:
    outside = {
        "Cargo.toml": '[workspace]\nmembers = ["repo", "member"]\nresolver = "2"\n',
        "Cargo.lock": "",
        "member/Cargo.toml": '[package]\nname = "member"\nversion = "0.1.0"\nedition = "2021"\n'
        '[dependencies]\ncrate-a = { path = "../repo" }\n',
        "member/src/lib.rs": "pub fn two() -> i32 {\n    crate_a::big::two()\n}\n",
    }
    scratch.write(tmp_path, outside)
    repo = scratch.repository(tmp_path / "repo", scratch.USES_LAST)
    before = scratch.state(tmp_path / "repo")
    finding = replace(BIG, path="repo/src/big.rs")
    outcome = only(work(repo, finding))
    assert (outcome.outcome, outcome.reason) == (Result.FIXED, "compiled")
    assert scratch.state(repo) == before
    assert (tmp_path / "Cargo.lock").read_text() == ""
    changed = scratch.git(repo, "diff", "--name-only", f"{outcome.branch}^", str(outcome.branch)).split()
    assert changed == ["src/big.rs", "src/big/last.rs"]
    patch = work(repo, finding, mode=Mode.DIFF, redo=True).patches[0]
    assert b"+++ b/src/big/last.rs" in patch


def test_files_and_settings_above(tmp_path: Path) -> None:
    outside = {
        "data/answer.txt": "42",
        ".cargo/config.toml": '[build]\nrustflags = ["--cfg", "above"]\n',
    }
    lib = (
        '#[cfg(not(above))]\ncompile_error!("no settings");\n'
        'pub const DATA: &str = include_str!("../../data/answer.txt");\n'
    )
    inside = {**scratch.USES_LAST, "src/lib.rs": scratch.USES_LAST["src/lib.rs"] + lib}
    outcome = _outcome(tmp_path, outside, inside)
    assert (outcome.outcome, outcome.reason) == (Result.FIXED, "compiled")


def test_settings_above_a_linked_worktree(tmp_path: Path) -> None:
    lib = '#[cfg(not(above))]\ncompile_error!("no settings");\n'
    repo = scratch.repository(
        tmp_path / "main", {**scratch.USES_LAST, "src/lib.rs": scratch.USES_LAST["src/lib.rs"] + lib}
    )
    scratch.write(tmp_path, {"below/.cargo/config.toml": '[build]\nrustflags = ["--cfg", "above"]\n'})
    scratch.git(repo, "worktree", "add", "--quiet", "-b", "other", str(tmp_path / "below/linked"))
    outcome = only(work(tmp_path / "below/linked"))
    assert (outcome.outcome, outcome.reason) == (Result.FIXED, "compiled")


def test_a_dependency_that_cannot_be_had_leaves_fixes_unverified(tmp_path: Path) -> None:
    scratch.write(tmp_path, {key: text for key, text in _DEP.items() if key.startswith("dep/")})
    listener = Listener()
    repo = scratch.repository(tmp_path / "repo", _USES_DEP)
    outcome = only(work(repo, progress=listener))
    assert (outcome.outcome, outcome.reason) == (Result.FIXED, "unverified")
    assert any(gate.startswith("check: cargo") for gate in outcome.unverified)
    (warning,) = listener.warnings
    assert "the dependency `far` is missing: there is no" in warning
    assert "worktrees" not in warning
    scratch.write(tmp_path.parent, {f"far/{p}": t for p, t in _far().items()})
    again = only(work(repo))
    assert (again.outcome, again.reason, again.reused) == (Result.FIXED, "compiled", False)
    assert scratch.git(repo, "rev-parse", str(again.branch)) == again.commit


def _far() -> dict[str, str]:
    return {p.removeprefix("../far/"): t for p, t in _DEP.items() if p.startswith("../far/")}


def test_a_manifest_that_cargo_refuses_leaves_fixes_unverified(tmp_path: Path) -> None:
    manifest = scratch.CRATE["Cargo.toml"] + "[dependencies]\nx.workspace = true\n"
    outcome = _outcome(tmp_path, {}, {**scratch.USES_LAST, "Cargo.toml": manifest})
    assert (outcome.outcome, outcome.reason) == (Result.FIXED, "unverified")


def test_a_target_without_a_file_is_left_out_and_named(tmp_path: Path) -> None:
    manifest = scratch.CRATE["Cargo.toml"] + '[[example]]\nname = "shown"\n'
    repo = scratch.repository(tmp_path, {**scratch.USES_LAST, "Cargo.toml": manifest})
    listener = Listener()
    outcome = only(work(repo, progress=listener))
    assert (outcome.outcome, outcome.reason) == (Result.FIXED, "compiled")
    assert "the example 'shown' has no file (examples/shown.rs)" in listener.warnings[0]
    changed = scratch.git(repo, "diff", "--name-only", f"{outcome.branch}^", str(outcome.branch)).split()
    assert changed == ["src/big.rs", "src/big/last.rs"]


def test_the_manifest_of_the_checkout_is_not_looked_at(repo: Path) -> None:
    scratch.write(repo, {"Cargo.toml": "[package"})
    outcome = only(work(repo))
    assert (outcome.outcome, outcome.reason) == (Result.FIXED, "compiled")
