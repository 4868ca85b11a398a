"""Which files a run reads, as the file system tells; and the gate that compares two sets of runs."""

import os
from pathlib import Path

import pytest

from remediate.cargo.check import Unit
from remediate.cargo.suite import Suite
from remediate.feedback import SAME_READS, Evidence, GateFailure
from remediate.gates import Verdict
from remediate.rust.package import Package
from remediate.verify.tests.same_reads import data_files, gates, known_reads, read_since, reset

_COMPILED = Unit("a", "a", ("lib",), "src/lib.rs", test=True, fresh=False)


def ran(*read: str, units: tuple[Unit, ...] = ()) -> Suite:
    return Suite("nextest", "default", read=read, units=units)


def verdicts(before: tuple[str, ...] | None, *runs: Suite, **moved: str) -> list[Verdict]:
    return [gate.verdict for gate in gates("nextest", before, runs, moved)]


def test_what_is_read_is_noted_and_the_time_of_the_last_change_stays(tmp_path: Path) -> None:
    for name in ("a", "b", "c"):
        (tmp_path / name).write_text(name)
    (tmp_path / "link").symlink_to("b")
    changed = (tmp_path / "b").stat().st_mtime_ns
    assert reset(tmp_path, ("a", "b", "c", "link", "missing"))
    assert read_since(tmp_path, ("a", "b", "c", "link", "missing")) == ()
    (tmp_path / "b").read_text()
    assert read_since(tmp_path, ("a", "b", "c", "link", "missing")) == ("b",)
    assert (tmp_path / "b").stat().st_mtime_ns == changed


@pytest.mark.seeded("same reads", "failed", "a file that tests read before is read no more")
def test_a_file_that_no_run_reads_any_more_fails_and_is_named() -> None:
    assert verdicts(("a", "b"), ran("a"), ran("a")) == [Verdict.FAILED]
    (gate,) = gates("nextest", ("a", "b"), (ran("a"),), {})
    assert gate.feedback == (GateFailure(SAME_READS, "the tests do not read b any more", (Evidence("b"),)),)
    assert verdicts(("a", "b"), ran("a"), ran("b")) == [Verdict.PASSED]


def test_a_file_may_have_moved() -> None:
    assert verdicts(("a",), ran("new"), a="new") == [Verdict.PASSED]
    assert verdicts(("a",), ran("a"), a="new") == [Verdict.FAILED]


def test_nothing_is_said_where_nothing_was_read_and_unknown_is_told() -> None:
    assert verdicts((), ran("a")) == []
    assert verdicts(None, ran("a")) == [Verdict.UNVERIFIED]
    assert verdicts(("a",), Suite("nextest", "default")) == [Verdict.UNVERIFIED]


def test_a_run_that_compiled_does_not_tell_what_the_tests_read() -> None:
    assert known_reads((ran("a", units=(_COMPILED,)),)) is None
    assert known_reads((ran("a", "b", units=(_COMPILED,)), ran("a"))) == ("a",)
    assert known_reads((ran(units=(_COMPILED,)),)) == ()


def test_one_run_of_which_nothing_is_known_is_enough_to_know_nothing() -> None:
    assert verdicts(("a",), ran("a"), Suite("nextest", "default")) == [Verdict.UNVERIFIED]


def test_whether_reading_is_noted_is_tried_and_links_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "real").write_text("x")
    (tmp_path / "link").symlink_to("real")
    os.utime(tmp_path / "real", ns=(5, 5))
    assert not reset(tmp_path, ("link", "missing"))
    assert (tmp_path / "real").stat().st_atime_ns == 5
    assert reset(tmp_path, ())
    assert read_since(tmp_path, ("link",)) == ()


def test_source_and_manifests_are_no_data() -> None:
    package = Package(
        "a",
        "",
        "",
        "2021",
        (),
        {"src/lib.rs": b"", "Cargo.toml": b"", "data.txt": b""},
        paths=frozenset({"x.png"}),
    )
    assert data_files(package, ["new.snap", "src/new.rs"]) == ("data.txt", "new.snap", "x.png")
