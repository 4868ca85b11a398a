"""All packages of a run on one branch, each fix made on the one before."""

from pathlib import Path

import pytest
import scratch
from command_line import Remediate

_LIBRARY = "#[cfg(test)]\nmod tests {\n    #[test]\n    fn t() {}\n}\n"
_MEMBER = '[package]\nname = "{0}"\nversion = "0.1.0"\nedition = "2021"\n'
_FILES = {
    "Cargo.toml": '[workspace]\nmembers = ["a", "b", "c"]\nresolver = "2"\n',
    "a/Cargo.toml": _MEMBER.format("a"),
    "a/src/lib.rs": _LIBRARY,
    "b/Cargo.toml": _MEMBER.format("b"),
    "b/src/lib.rs": "",
    "c/Cargo.toml": _MEMBER.format("c"),
    "c/src/lib.rs": "mod more;\n" + _LIBRARY,
    "c/src/more.rs": _LIBRARY,
    ".gitignore": "target\nCargo.lock\n",
}
_RUN = ("extract-tests", "--branch-per", "run", "--verify", "quick")


@pytest.fixture
def remediate(capfdbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch) -> Remediate:
    return Remediate(capfdbinary, monkeypatch)


@pytest.mark.slow
def test_one_branch_holds_a_commit_per_package(tmp_path: Path, remediate: Remediate, cargo_log: Path) -> None:
    workspace = scratch.repository(tmp_path / "many", _FILES)
    before = scratch.state(workspace)
    a, b, c = remediate.data(workspace, *_RUN)["outcomes"]
    assert (a["outcome"], b["outcome"], c["outcome"]) == ("fixed", "skipped", "fixed")
    assert a["branch"] == c["branch"] == "remediate/embedded-tests/all-packages-" + a["branch"][-8:]
    made = scratch.git(workspace, "log", "--format=%H %s", f"main..{a['branch']}").splitlines()
    assert [line.partition(" ")[0] for line in made[:2]] == [c["commit"], a["commit"]]
    assert [line.partition(" ")[2] for line in made[2:]] == ["Add .config/nextest.toml"]
    changed = scratch.git(workspace, "diff", "--name-only", "main", a["branch"]).split()
    assert {".config/nextest.toml", "a/tests/unit/tests.rs", "c/tests/unit/more/tests.rs"} <= set(changed)
    assert scratch.state(workspace) == before
    states = {f["state"] for f in remediate.data(workspace, "status")["findings"] if f["branch"]}
    assert states == {"ready"}
    runs = cargo_log.read_text()
    again = remediate.data(workspace, *_RUN)["outcomes"]
    assert [(one["commit"], one["reused"]) for one in again] == [
        (a["commit"], True), (None, True), (c["commit"], True),
    ]  # fmt: skip
    assert scratch.git(workspace, "rev-parse", a["branch"]) == c["commit"]
    assert cargo_log.read_text() == runs


@pytest.mark.slow
def test_a_branch_per_module(tmp_path: Path, remediate: Remediate) -> None:
    workspace = scratch.repository(tmp_path / "many", _FILES)
    command = ("extract-tests", "--branch-per", "module", "-p", "c", "--verify", "quick")
    *modules, nextest = outcomes = remediate.data(workspace, *command)["outcomes"]
    assert sorted(one["path"] for one in modules) == ["c/src/lib.rs", "c/src/more.rs"]
    assert not any(".config/nextest.toml" in one["files"] for one in modules)
    assert (nextest["outcome"], nextest["files"]) == ("fixed", [".config/nextest.toml"])
    assert scratch.git(workspace, "log", "--format=%s", f"main..{nextest['branch']}") == (
        "Add .config/nextest.toml"
    )
    without = remediate.data(workspace, *command, "--no-nextest", "--redo")["outcomes"]
    assert [one["path"] for one in without] == [one["path"] for one in modules]
    scratch.write(workspace, {"remediate.toml": "[extract-tests]\nno-nextest = true\n"})
    assert len(remediate.data(workspace, *command)["outcomes"]) == len(modules)
    (workspace / "remediate.toml").unlink()
    for one in outcomes:
        scratch.git(workspace, "merge", "--quiet", "--no-edit", one["branch"])
    assert remediate.data(workspace, "audit", "-p", "c", "--only", "embedded-tests")["findings"] == []
