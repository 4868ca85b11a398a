"""The configuration that extract-tests writes is one that nextest itself knows every key of."""

import json
import subprocess
from pathlib import Path

import pytest
from fixture_case import case
from fixture_file import write


@pytest.fixture
def project(tmp_path: Path) -> Path:
    write(tmp_path, case("extract_tests/nextest_bootstrap").expected())
    return tmp_path


def nextest(project: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = ["cargo", "nextest", *arguments, "--offline", "--color", "never"]
    return subprocess.run(command, cwd=project, capture_output=True, text=True, check=True)


@pytest.mark.slow
def test_no_key_is_unknown_and_every_serial_test_is_in_its_group(project: Path) -> None:
    shown = nextest(project, "show-config", "test-groups")
    assert "ignoring" not in shown.stderr
    groups = [group.splitlines() for group in shown.stdout.split("group: ")[1:]]
    assert [g[0] for g in groups] == ["serial (max threads = 1)", "serial-port (max threads = 1)"]
    assert [sum(line.strip().startswith("tests::") for line in g) for g in groups] == [2, 1]


@pytest.mark.slow
def test_an_unknown_key_would_be_noticed(project: Path) -> None:
    with (project / ".config/nextest.toml").open("a") as file:
        file.write("\n[profile.other]\nparallelism = 1\n")
    assert "ignoring unknown configuration key" in nextest(project, "list").stderr


@pytest.mark.slow
def test_the_ci_profile_runs_all_tests_and_writes_junit(project: Path) -> None:
    listed = json.loads(nextest(project, "list", "--message-format", "json").stdout)
    assert listed["test-count"] == 3
    nextest(project, "run", "--profile", "ci")
    assert (project / "target/nextest/ci/junit.xml").read_text().count("<testcase ") == 3
