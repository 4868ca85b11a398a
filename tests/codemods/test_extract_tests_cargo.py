"""What the unit tier promises of cargo: no rebuild for an edited test, and a published crate that tests."""

import json
import subprocess
import tarfile
from pathlib import Path

import fixture_case
import pytest
from fixture_file import write


def project(root: Path, case: str) -> Path:
    write(root, fixture_case.case(f"extract_tests/{case}").expected())
    return root


def run(root: Path, *command: str) -> str:
    return subprocess.run(command, cwd=root, capture_output=True, text=True, check=True).stdout


def compiled(root: Path, *command: str) -> list[str]:
    """Return the targets that a cargo command compiled anew."""
    lines = run(root, *command, "--offline", "--message-format", "json").splitlines()
    messages = [json.loads(line) for line in lines if line.startswith("{")]
    return [m["target"]["name"] for m in messages if m["reason"] == "compiler-artifact" and not m["fresh"]]


@pytest.mark.slow
@pytest.mark.parametrize("case", ["inline_module", "loose_tests"])
def test_an_edited_test_rebuilds_nothing_but_the_tests(case: str, tmp_path: Path) -> None:
    root = project(tmp_path, case)
    assert compiled(root, "cargo", "build") == [case]
    assert compiled(root, "cargo", "test", "--no-run") == [case]
    (test,) = (root / "tests/unit").glob("*.rs")
    test.write_text(test.read_text() + "\n#[test]\nfn one_more() {}\n")
    assert compiled(root, "cargo", "build") == []
    assert compiled(root, "cargo", "test", "--no-run") == [case]


@pytest.mark.slow
@pytest.mark.parametrize("case", ["manifest_include", "manifest_exclude", "included_data"])
def test_the_packaged_crate_still_runs_its_tests(case: str, tmp_path: Path) -> None:
    root = project(tmp_path / "repository", case)
    identity = ("-c", "user.name=a", "-c", "user.email=a@example.org")
    for command in (("init", "-q", "."), ("add", "-A"), (*identity, "commit", "-q", "-m", "all")):
        run(root, "git", *command)
    run(root, "cargo", "package", "--offline", "--no-verify", "--allow-dirty", "--quiet")
    (archive,) = (root / "target/package").glob("*.crate")
    with tarfile.open(archive) as tar:
        tar.extractall(tmp_path / "published", filter="data")
    (published,) = (tmp_path / "published").iterdir()
    assert "1 passed" in run(published, "cargo", "test", "--lib", "--offline")
