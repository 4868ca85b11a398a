"""A codemod of another distribution gets all that ours get: installed from a wheel, run through the CLI.

The distribution in ``wheel_codemod/`` has an option, a gate, a template and a rewriting proof; it is the
example of ``docs/writing-a-codemod.md``.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import scratch

HERE = Path(__file__).parent
LIB = b"""//! Names.
use std::collections::BTreeMap;

/// Gives all names away.
pub fn emptied(names: &mut BTreeMap<u8, String>) -> BTreeMap<u8, String> {
    // all of them
    std::mem::replace(names, Default::default())
}

#[test]
fn empties() {
    let mut names = BTreeMap::from([(1, String::new())]);
    assert_eq!(emptied(&mut names).len(), 1);
    assert!(names.is_empty());
}
"""


class Installed:
    """The program with the codemod's wheel beside it, in a repository of one crate."""

    def __init__(self, site: Path, repo: Path) -> None:
        self.repo = repo
        self._environment = {**os.environ, "PYTHONPATH": str(site)}

    def __call__(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-c", "from remediate.cli import main; main()", *arguments],
            cwd=self.repo, env=self._environment, capture_output=True, text=True, check=False,
        )  # fmt: skip

    def taken(self, *arguments: str) -> dict[str, object]:
        ended = self("take-default", "src/lib.rs", "--message-format", "json", *arguments)
        outcome: dict[str, object] = json.loads(ended.stdout)
        return outcome


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    source, built = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("wheel")
    shutil.copytree(HERE / "wheel_codemod", source / "codemod")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(built)],
        cwd=source / "codemod", check=True, capture_output=True,
    )  # fmt: skip
    folder = tmp_path_factory.mktemp("site")
    (wheel,) = built.glob("*.whl")
    subprocess.run(
        [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", str(folder), str(wheel)],
        check=True, capture_output=True,
    )  # fmt: skip
    return folder


@pytest.fixture
def installed(site: Path, tmp_path: Path) -> Installed:
    repo = tmp_path / "repo"
    scratch.repository(repo, {**scratch.CRATE, "src/lib.rs": LIB.decode()})
    return Installed(site, repo)


def test_help_shows_it_and_its_option(installed: Installed) -> None:
    assert "take-default" in installed("--help").stdout
    assert "--root [std|core]" in installed("take-default", "--help").stdout


def test_its_keys_are_read_and_unknown_ones_refused(installed: Installed) -> None:
    scratch.write(installed.repo, {"remediate.toml": "[take-default]\nroots = 'std'\n"})
    refused = installed("take-default", "src/lib.rs")
    assert (refused.returncode, "[take-default]: there is no key `roots`" in refused.stderr) == (2, True)


@pytest.mark.slow
def test_it_fixes_and_is_verified(installed: Installed) -> None:
    scratch.write(installed.repo, {"remediate.toml": "[take-default]\nroot = 'core'\n"})
    outcome = installed.taken("--verify", "full")
    assert (outcome["outcome"], outcome["reason"]) == ("fixed", "verified"), outcome
    gates = set(outcome["verified"])  # type: ignore[call-overload]
    assert {"no default left", "conservation", "MIR (default)", "public API (default)"} <= gates
    text = scratch.git(installed.repo, "show", f"{outcome['branch']}:src/lib.rs")
    assert "    // all of them\n    core::mem::take(names)\n" in text
    again = installed("verify", str(outcome["branch"]))
    assert again.returncode == 0, again.stdout + again.stderr


@pytest.mark.slow
def test_a_template_of_the_project_goes_first_and_its_gate_says_no(installed: Installed) -> None:
    wrong = "std::mem::replace({{ place }}, Default::default())"
    scratch.write(installed.repo, {"rust/take.rs.j2": wrong, "remediate.toml": "templates = 'rust'\n"})
    outcome = installed.taken("--verify", "quick")
    assert outcome["outcome"] == "failed", outcome  # nothing would change
    scratch.write(installed.repo, {"rust/take.rs.j2": f"{wrong}; "})
    outcome = installed.taken("--verify", "quick")
    assert (outcome["outcome"], outcome["reason"]) == ("rolled-back", "no-default-left-failed"), outcome


@pytest.mark.slow
def test_a_template_that_calls_code_is_refused(installed: Installed) -> None:
    evil = "{{ place.__class__.__mro__[1].__subclasses__() }}"
    scratch.write(installed.repo, {"rust/take.rs.j2": evil, "remediate.toml": "templates = 'rust'\n"})
    refused = installed("take-default", "src/lib.rs")
    assert refused.returncode == 2
    assert "take.rs.j2" in refused.stderr
    assert "Traceback" not in refused.stderr
