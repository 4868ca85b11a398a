"""What a project settles in its configuration, and what the command line makes of it."""

from dataclasses import replace
from pathlib import Path

import pytest
import scratch
from command_line import Remediate

from remediate.model import Finding, Options
from remediate.verify.report import Level
from remediate.workflow.settings import for_finding, settled


def test_nothing_settled_is_what_the_program_does_anyway(repo: Path) -> None:
    assert settled(repo).options(max_lines=None) == Options()


def test_the_command_line_goes_first(repo: Path) -> None:
    scratch.write(repo, {"remediate.toml": 'max-lines = 5\ntest-layout = "sibling"\nverify = "quick"\n'})
    found = settled(repo / "src")
    assert found.options(max_lines=None) == Options(max_lines=5, test_layout="sibling", size_limit=5)
    assert found.options(max_lines=7).max_lines == 7
    assert found.options(max_lines=7).size_limit == 7
    assert found.verify is Level.QUICK


def test_split_asks_for_a_second_tier_which_may_be_settled(repo: Path, remediate: Remediate) -> None:
    for text in ('tier = "auto"\n', '[tiers]\n"src/*.rs" = "integration"\n'):
        scratch.write(repo, {"remediate.toml": text})
        assert remediate(repo, "extract-tests", "--split", "--dry-run").code == 0
        assert remediate(repo, "extract-tests", "--split", "--tier", "unit", "--dry-run").code == 2
    scratch.write(repo, {"remediate.toml": "split-tests = true\n"})
    assert settled(repo).options(split_tests=None).split_tests
    assert remediate(repo, "extract-tests", "--dry-run").code == 0


def test_in_the_manifest_of_the_workspace(tmp_path: Path) -> None:
    root = "[workspace]\nmembers = ['a']\n[workspace.metadata.remediate]\nlayout = 'auto'\naudit = {}\n"
    member = scratch.CRATE["Cargo.toml"] + "[package.metadata.remediate]\nlayout = 'file'\n"
    scratch.write(tmp_path, {"Cargo.toml": root, "a/Cargo.toml": member})
    assert settled(tmp_path / "a").layout == "auto"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("max_lines = 3", "there is no key `max_lines`"),
        ("max-lines = 0", "`max-lines`"),
        ("max-lines = true", "`max-lines`"),
        ('layout = "flat"', "`layout`"),
        ('verify = "none"', "`verify`"),
        ("max-lines = ", "remediate.toml cannot be read"),
    ],
)
def test_a_mistake_is_named(repo: Path, remediate: Remediate, text: str, message: str) -> None:
    scratch.write(repo, {"remediate.toml": text})
    ended = remediate(repo, "split-file", "src/big.rs", "--dry-run")
    assert (ended.code, "remediate.toml" in ended.err, message in ended.err) == (2, True, True)


def test_a_file_is_split_to_the_limit_it_was_judged_by() -> None:
    finding = Finding("1", "0" * 16, "large-file", "x", "a.rs", limit=100)
    assert for_finding(Options(), finding).max_lines == 100
    assert for_finding(Options(max_lines=50), finding).max_lines == 50
    assert for_finding(Options(), replace(finding, limit=None)).max_lines == 300


@pytest.mark.usefixtures("tiny")
def test_a_run_heeds_it(repo: Path, remediate: Remediate) -> None:
    scratch.write(repo, {"AUDIT.md": "- `src/big.rs` (900 lines) is too large\n"})
    assert " mistaken " in remediate(repo, "run", "AUDIT.md", "--dry-run").out
    scratch.write(repo, {"remediate.toml": "max-lines = 3\n"})
    heeded = remediate(repo, "run", "AUDIT.md", "--dry-run")
    assert ("would-change" in heeded.out, "not committed" in heeded.err) == (True, False)
