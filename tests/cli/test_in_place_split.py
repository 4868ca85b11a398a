"""A split that moves the very file it was asked for, in the user's own checkout."""

import shutil
from pathlib import Path

import pytest
import scratch
from command_line import Remediate
from fixture_case import case

CASE = case("split_file/test_module")


@pytest.mark.slow
def test_the_file_it_was_asked_for_may_be_gone(tmp_path: Path, remediate: Remediate) -> None:
    root = tmp_path / "repository"
    shutil.copytree(CASE.before, root)
    scratch.repository(root, {})
    ended = remediate(
        root, "split-file", "src/store.rs", "--in-place", "--max-lines", "30", "--verify", "quick"
    )
    assert (ended.code, ended.err.count("error")) == (0, 0)
    assert not (root / "src/store.rs").exists()
    assert (root / "src/store/mod.rs").is_file()
