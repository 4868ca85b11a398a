"""The gate "same reads": the files that tests read before a change they read after it.

Some tests find their data by the path of their own source: saved seeds, snapshots, expected output. Moved,
they look elsewhere, find nothing, and may pass all the same. No name of a crate tells which tests do so; the
file system does: it notes when a file was last read. Before a run each file is given a time in the distant
past; one that has been read has another one after it. The time of the last change stays as it was.

Where the file system notes nothing, nothing is known, and that is told.
"""

import os
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from remediate.cargo.suite import Suite
from remediate.feedback import SAME_READS, Evidence, GateFailure
from remediate.gates import GateResult, failed, passed, unverified
from remediate.quantities import quantity
from remediate.rust.package import Package

_NOT_DATA = (".rs", "Cargo.toml", "Cargo.lock")


def data_files(package: Package, touched: Collection[str] = ()) -> tuple[str, ...]:
    """Return the files of a package that are neither source nor cargo's own: tests may read them.

    ``touched`` are the paths of a change, which may be new.
    """
    every = {*package.files, *package.paths, *touched}
    return tuple(sorted(path for path in every if not path.endswith(_NOT_DATA)))


def reset(root: Path, files: Sequence[str]) -> bool:
    """Give files a time of their last reading that lies in the distant past; whether a reading is noted.

    That is tried on one of them. Links are left alone.
    """
    given = [root / path for path in files if _given(root / path)]
    if not given:
        return not files
    with suppress(OSError):
        given[0].read_bytes()
        return _was_read(given[0]) and _given(given[0])
    return False


def read_since(root: Path, files: Sequence[str]) -> tuple[str, ...]:
    """Return the files that were read since ``reset``."""
    return tuple(path for path in files if _was_read(root / path))


def known_reads(runs: Sequence[Suite]) -> tuple[str, ...] | None:
    """Return what the tests read by themselves, None where that cannot be told.

    What a compilation reads cannot be told from it: a run counts only if all had been compiled before.
    """
    own = (run.read for run in reversed(runs) if not run.read or all(unit.fresh for unit in run.units))
    return next((read for read in own if read is not None), None)


def unread(before: Sequence[str] | None, runs: Sequence[Suite], moved: Mapping[str, str]) -> list[str]:
    """Return the files that were read before, and in none of the runs after a change.

    ``moved`` is where files have gone.
    """
    after = {path for run in runs for path in run.read or ()}
    return [path for path in before or () if moved.get(path, path) not in after]


def gates(
    title: str, before: tuple[str, ...] | None, runs: Sequence[Suite], moved: Mapping[str, str]
) -> Iterator[GateResult]:
    """Yield the gate for the runs of a suite after a change; nothing where the tests read no file before."""
    name = f"{SAME_READS}: {title}"
    if before is None or any(run.read is None for run in runs):
        yield unverified(name, "which files the tests read could not be seen")
    elif missing := unread(before, runs, moved):
        words = "the tests do not read {} any more"
        said = (GateFailure(SAME_READS, words.format(path), (Evidence(path),)) for path in missing)
        yield failed(name, words.format(", ".join(missing[:6])), tuple(said))
    elif before:
        yield passed(name, f"the tests read the same {quantity(len(before), 'file')}")


def _given(path: Path) -> bool:
    with suppress(OSError):
        if path.is_file() and not path.is_symlink():
            os.utime(path, ns=(0, path.stat().st_mtime_ns))
            return path.stat().st_atime_ns == 0
    return False


def _was_read(path: Path) -> bool:
    with suppress(OSError):
        return path.is_file() and not path.is_symlink() and path.stat().st_atime_ns != 0
    return False
