"""A split that moves the very file it was asked for, in the user's own checkout."""

import shutil
from pathlib import Path

import pytest
import scratch
from command_line import Remediate
from fixture_case import call_otherwise, case

CASE = case("split_file/test_module")


@pytest.mark.slow
def test_the_file_it_was_asked_for_may_be_gone(tmp_path: Path, remediate: Remediate) -> None:
    root = tmp_path / "repository"
    shutil.copytree(CASE.before, root)
    path = call_otherwise(root)
    scratch.repository(root, {})
    ended = remediate(root, "split-file", path, "--in-place", "--max-lines", "30", "--verify", "quick")
    assert (ended.code, ended.err.count("error")) == (0, 0)
    assert not (root / path).exists()
    assert (root / "src/shelf/mod.rs").is_file()
