"""`split-file` that declines: the exit code says whether the finding is still there."""

import shutil
from pathlib import Path

import fixture_case
import pytest
import scratch
from command_line import Remediate


@pytest.mark.parametrize(
    ("case", "file", "code"),
    [
        ("not_large", "src/store.rs", 0),
        ("conflict_markers", "src/lib.rs", 1),
        ("one_huge_enum", "src/store.rs", 1),
    ],
)
def test_exit_code(tmp_path: Path, remediate: Remediate, case: str, file: str, code: int) -> None:
    root = tmp_path / "root"
    shutil.copytree(fixture_case.case(f"split_file/{case}").before, root)
    scratch.repository(root, {".gitignore": "target\nCargo.lock\n"})
    limit = () if case == "not_large" else ("--max-lines", "10")
    ended = remediate(root, "split-file", file, "--dry-run", *limit)
    assert (ended.code, "skipped" in ended.out) == (code, True)
