import os
import time
from pathlib import Path

import pytest

from remediate.errors import InputError
from remediate.workflow.tree.disk import Written


def _tree(root: Path) -> dict[str, tuple[str, int]]:
    return {
        p.relative_to(root).as_posix(): (p.read_text() if p.is_file() else "folder", p.stat().st_mode)
        for p in root.rglob("*")
    }


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "src/deep").mkdir(parents=True)
    (tmp_path / "empty").mkdir()
    (tmp_path / "src/lib.rs").write_text("lib")
    (tmp_path / "src/deep/only.rs").write_text("only")
    (tmp_path / "src/deep/only.rs").chmod(0o755)
    os.utime(tmp_path / "src/lib.rs", (1, 1))
    return tmp_path


def test_write_then_restore_is_the_identity(root: Path) -> None:
    before = _tree(root)
    written = Written(root)
    start = time.time_ns() - 10**7
    written.write(
        {"src/deep/only.rs": None, "src/a/b/new.rs": b"only", "src/lib.rs": b"new", "empty/x.rs": b"x"},
        {"src/a/b/new.rs": "src/deep/only.rs"},
    )
    assert not (root / "src/deep").exists()
    assert (root / "src/a/b/new.rs").stat().st_mode & 0o777 == 0o755
    assert (root / "src/lib.rs").stat().st_mtime_ns >= start
    written.restore()
    assert _tree(root) == before
    assert (root / "src/lib.rs").stat().st_mtime_ns >= start


def test_a_second_round_takes_back_what_it_does_not_name(root: Path) -> None:
    before = _tree(root)
    written = Written(root)
    written.write({"src/lib.rs": b"1", "src/first/f.rs": b"f"})
    written.write({"src/second.rs": b"s"})
    assert set(_tree(root)) == {*before, "src/second.rs"}
    assert (root / "src/lib.rs").read_text() == "lib"
    written.restore()
    assert _tree(root) == before


def test_an_unchanged_file_keeps_its_time(root: Path) -> None:
    Written(root).write({"src/lib.rs": b"lib"})
    assert (root / "src/lib.rs").stat().st_mtime == 1


@pytest.mark.parametrize("path", ["../out.rs", "/out.rs", "src/../../out.rs", "", "link/x.rs", "alias.rs"])
def test_nothing_is_written_outside(root: Path, path: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    outside = tmp_path_factory.mktemp("outside")
    (root / "link").symlink_to(outside)
    (root / "alias.rs").symlink_to(root / "src/lib.rs")
    before = _tree(root)
    with pytest.raises(InputError, match="leads out of the workspace"):
        Written(root).write({"src/lib.rs": b"x", path: b"x"})
    assert _tree(root) == before
    assert not list(outside.iterdir())


def test_what_was_written_can_be_off_the_disk_for_a_while(root: Path) -> None:
    before = _tree(root)
    written = Written(root)
    written.write({"src/deep/only.rs": None, "src/new.rs": b"only"}, {"src/new.rs": "src/deep/only.rs"})
    after = _tree(root)
    with written.aside():
        assert _tree(root) == before
    assert _tree(root) == after
    written.restore()
    assert _tree(root) == before


def test_what_fails_meanwhile_leaves_everything_as_it_was(root: Path) -> None:
    before = _tree(root)
    written = Written(root)
    written.write({"src/lib.rs": b"new"})
    with pytest.raises(RuntimeError), written.aside():
        raise RuntimeError
    assert _tree(root) == before
