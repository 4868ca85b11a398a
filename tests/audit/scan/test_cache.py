"""A cache that is damaged in any way is an empty one, and never another answer."""

from pathlib import Path

import pytest

from remediate.audit.scan.cache import Cache, key
from remediate.audit.scan.engine import facts_of
from remediate.audit.scan.facts import Depth
from remediate.audit.scan.inspect import inspect

JOBS = {"a.rs": (b"fn f() { x.unwrap(); }", Depth()), "b.rs": (b"// TODO\n", Depth())}


def _filled(path: Path, version: str = "1") -> Cache:
    cache = Cache(path, version)
    facts_of(JOBS, cache)
    cache.save()
    return cache


def test_what_was_saved_is_known(tmp_path: Path) -> None:
    _filled(tmp_path / "x" / "c")
    again = Cache(tmp_path / "x" / "c", "1")
    assert all(key(*job) in again for job in JOBS.values())
    assert again[key(*JOBS["a.rs"])] == inspect(JOBS["a.rs"][0])


def test_another_version_or_depth_is_not_known(tmp_path: Path) -> None:
    _filled(tmp_path / "c")
    assert key(*JOBS["a.rs"]) not in Cache(tmp_path / "c", "2")
    assert key(JOBS["a.rs"][0], Depth(test=True)) not in Cache(tmp_path / "c", "1")


@pytest.mark.parametrize("at", [0, 3, 16, 40, -1])
def test_a_flipped_byte_empties_it(tmp_path: Path, at: int) -> None:
    path = tmp_path / "c"
    _filled(path)
    data = bytearray(path.read_bytes())
    data[at] ^= 0xFF
    path.write_bytes(data)
    assert key(*JOBS["a.rs"]) not in Cache(path, "1")


@pytest.mark.parametrize("data", [b"", b"x", b"\0" * 100])
def test_a_cut_off_file_is_an_empty_one(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "c"
    path.write_bytes(data)
    assert facts_of(JOBS, Cache(path, "1")) == {p: inspect(*job) for p, job in JOBS.items()}


def test_a_place_that_cannot_be_written_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    _filled(tmp_path / "file" / "c")


def test_texts_that_are_gone_are_forgotten(tmp_path: Path) -> None:
    _filled(tmp_path / "c")
    cache = Cache(tmp_path / "c", "1")
    facts_of({"a.rs": JOBS["a.rs"]}, cache)
    cache.save()
    assert key(*JOBS["b.rs"]) not in Cache(tmp_path / "c", "1")


def test_processes_find_what_one_finds() -> None:
    text = b"fn f() { x.unwrap(); } // TODO: y\n" * 3000
    jobs = {f"{i}.rs": (text + b"// %d" % i, Depth()) for i in range(20)}
    alone = facts_of(jobs, Cache(None, "1"), processes=1)
    assert facts_of(jobs, Cache(None, "1"), processes=2) == alone
