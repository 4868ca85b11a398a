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
    (root / "src/store.rs").rename(root / "src/shelf.rs")  # a file called after its type keeps it
    library = root / "src/lib.rs"
    library.write_text(library.read_text().replace("store", "shelf"))
    scratch.repository(root, {})
    ended = remediate(
        root, "split-file", "src/shelf.rs", "--in-place", "--max-lines", "30", "--verify", "quick"
    )
    assert (ended.code, ended.err.count("error")) == (0, 0)
    assert not (root / "src/shelf.rs").exists()
    assert (root / "src/shelf/mod.rs").is_file()
