"""What a project settles in its configuration, and what the command line makes of it."""

from pathlib import Path
from typing import Any

import pytest
import scratch
from command_line import Remediate

from remediate.codemods.split_file.options import SplitOptions
from remediate.verify.report import Level
from remediate.workflow.sources.settings import settled


def split_options(repo: Path, **asked: Any) -> Any:
    return settled(repo).options({"split-file": asked})["split-file"]


def test_nothing_settled_is_what_the_program_does_anyway(repo: Path) -> None:
    assert split_options(repo, max_lines=None) == SplitOptions()


@pytest.mark.parametrize("text", ["max-lines = 5\n", "[split-file]\nmax-lines = 5\n"])
def test_the_command_line_goes_first(repo: Path, text: str) -> None:
    scratch.write(repo, {"remediate.toml": f'verify = "quick"\ntest-layout = "sibling"\n{text}'})
    found = settled(repo / "src")
    assert split_options(repo, max_lines=None) == SplitOptions(max_lines=5)
    assert split_options(repo, max_lines=7).max_lines == 7
    assert (found.scan().max_lines, found.scan(7).max_lines) == (5, 7)
    extracting: Any = found.options()["extract-tests"]
    assert extracting.test_layout == "sibling"
    assert found.verify is Level.QUICK


def test_the_table_of_a_codemod_goes_before_what_holds_for_all(repo: Path) -> None:
    scratch.write(repo, {"remediate.toml": "max-lines = 5\n[split-file]\nmax-lines = 6\n"})
    assert split_options(repo).max_lines == 6


def test_split_asks_for_a_second_tier_which_may_be_settled(repo: Path, remediate: Remediate) -> None:
    for text in ('tier = "auto"\n', '[extract-tests.tiers]\n"src/*.rs" = "integration"\n'):
        scratch.write(repo, {"remediate.toml": text})
        assert remediate(repo, "extract-tests", "--split", "--dry-run").code == 0
        assert remediate(repo, "extract-tests", "--split", "--tier", "unit", "--dry-run").code == 2
    scratch.write(repo, {"remediate.toml": "[extract-tests]\nsplit-tests = true\n"})
    extracting: Any = settled(repo).codemods["extract-tests"]
    assert extracting.split_tests
    assert remediate(repo, "extract-tests", "--dry-run").code == 0


def test_in_the_manifest_of_the_workspace(tmp_path: Path) -> None:
    root = "[workspace]\nmembers = ['a']\n[workspace.metadata.remediate]\nlayout = 'auto'\naudit = {}\n"
    member = scratch.CRATE["Cargo.toml"] + "[package.metadata.remediate]\nlayout = 'file'\n"
    scratch.write(tmp_path, {"Cargo.toml": root, "a/Cargo.toml": member})
    assert split_options(tmp_path / "a").layout == "auto"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("max_lines = 3", "there is no key `max_lines`"),
        ("[split-files]\nmax-lines = 3", "there is no key `split-files`"),
        ("[split-file]\nmax_lines = 3", "[split-file]: there is no key `max_lines`"),
        ("[split-file]\ntier = 'unit'", "[split-file]: there is no key `tier`"),
        ("split-file = 3", "`split-file` must be a table"),
        ("adopt = true", "`adopt` is asked for on the command line only"),
        ("max-lines = 0", "`max-lines`"),
        ("max-lines = true", "`max-lines` has to be a number, not true or false"),
        ("max-line = 3", "Did you mean max-lines?"),
        ("[fixers.a]\ncommand = 3", "[fixers.a]: `command` has to be a text or a list, not a number"),
        ("[fixers.a]\ntimeout = 3", "[fixers.a]: `command` is missing"),
        ("[fixers.a]\ncommnd = 'x'", "[fixers.a]: there is no key `commnd`"),
        ('layout = "flat"', "`layout`"),
        ('verify = "none"', "`verify`"),
        ("max-lines = ", "remediate.toml cannot be read"),
    ],
)
def test_a_mistake_is_named(repo: Path, remediate: Remediate, text: str, message: str) -> None:
    scratch.write(repo, {"remediate.toml": text})
    ended = remediate(repo, "split-file", "src/big.rs", "--dry-run")
    assert (ended.code, "remediate.toml" in ended.err, message in ended.err) == (2, True, True)


@pytest.mark.usefixtures("tiny")
def test_a_run_heeds_it(repo: Path, remediate: Remediate) -> None:
    scratch.write(repo, {"AUDIT.md": "- `src/big.rs` (900 lines) is too large\n"})
    assert " mistaken " in remediate(repo, "run", "AUDIT.md", "--dry-run").out
    scratch.write(repo, {"remediate.toml": "max-lines = 3\n"})
    heeded = remediate(repo, "run", "AUDIT.md", "--dry-run")
    assert ("would-change" in heeded.out, "not committed" in heeded.err) == (True, False)


@pytest.mark.usefixtures("tiny")
def test_what_is_no_file_is_no_configuration(repo: Path, remediate: Remediate) -> None:
    (repo / "remediate.toml").mkdir()
    ended = remediate(repo, "split-file", "src/big.rs", "--dry-run")
    assert (ended.code, "remediate.toml cannot be read: Is a directory" in ended.err) == (2, True)
    (repo / "remediate.toml").rmdir()
    (repo / "remediate.toml").write_bytes(bytes([255, 254]))
    ended = remediate(repo, "split-file", "src/big.rs", "--dry-run")
    assert (ended.code, "it is not UTF-8" in ended.err) == (2, True)


@pytest.mark.usefixtures("tiny")
def test_a_fixer_that_nobody_described(repo: Path, remediate: Remediate) -> None:
    scratch.write(repo, {"AUDIT.md": "- `src/big.rs` (900 lines) is too large\n"})
    ended = remediate(repo, "run", "AUDIT.md", "--fixer", "agent")
    assert (ended.code, "remediate.toml has no fixer" in ended.err, "[fixers.agent]" in ended.err) == (
        2,
        True,
        True,
    )
    scratch.write(repo, {"remediate.toml": "[fixers.agent]\ncommand = 'true'\n"})
    ended = remediate(repo, "run", "AUDIT.md", "--fixer", "agnt")
    assert (ended.code, "Did you mean agent? Its fixers are: agent." in ended.err) == (2, True)
