"""What the test harness of a crate lists, asked of the binaries cargo builds; knows no scanner."""

import json
import os
import shutil
import subprocess
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
WORK = HERE.parent / "work" / "labels"
FEATURES = (("default", ()), ("all", ("--all-features",)), ("none", ("--no-default-features",)))


@dataclass(frozen=True, slots=True, order=True)
class Listed:
    """One test a harness lists: its file in the crate, the line libtest gives it, its name."""

    path: str
    line: int
    name: str


def copied(folder: Path) -> Path:
    """Return a copy of a crate's source that cargo may write into; a workspace of its own."""
    copy = WORK / "crates" / folder.name
    if not copy.exists():
        shutil.copytree(folder, copy)
    return copy


def listed(copy: Path, extra: Sequence[str] = ()) -> tuple[set[Listed], dict[str, bool]]:
    """Return the tests of all feature sets that compile, and which of them did.

    The answer is kept in the work folder: the sources are pinned.
    """
    kept = WORK / "lists" / f"{copy.name}.json"
    if not kept.exists():
        sets = [*FEATURES, *((one, ("--features", one)) for one in extra)]
        found = {name: _built(copy, arguments) for name, arguments in sets}
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_text(json.dumps(found))
    known = json.loads(kept.read_text())
    tests = {Listed(*one) for tests in known.values() for one in tests or ()}
    return tests, {name: tests is not None for name, tests in known.items()}


def _built(copy: Path, arguments: Sequence[str]) -> list[tuple[str, int, str]] | None:
    """Return what the test binaries of one feature set list, or None if it does not compile."""
    command = ["cargo", "test", "--no-run", "--quiet", "--message-format", "json", *arguments]
    environment = {
        **os.environ,
        "CARGO_TARGET_DIR": str((WORK / "target").absolute()),
        "CARGO_PROFILE_DEV_DEBUG": "0",
        "CARGO_PROFILE_TEST_DEBUG": "0",
        "CARGO_INCREMENTAL": "0",
    }
    ran = subprocess.run(
        command, cwd=copy, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False
    )
    if ran.returncode:
        return None
    bare = _without_harness(copy)
    found: list[tuple[str, int, str]] = []
    for line in ran.stdout.splitlines():
        message: dict[str, Any] = json.loads(line)
        is_test = message.get("executable") and message["profile"]["test"]
        if is_test and message["target"]["name"] not in bare:
            found += _tests(message["executable"], copy)
    return sorted(found)


def _without_harness(copy: Path) -> set[str]:
    """Return the targets whose main is their own: running one with ``--list`` would run it."""
    manifest = tomllib.loads((copy / "Cargo.toml").read_text())
    tables = [t for kind in ("test", "bench", "bin", "example") for t in manifest.get(kind, [])]
    return {t["name"] for t in [*tables, manifest.get("lib", {})] if t.get("harness") is False}


def _tests(executable: str, copy: Path) -> Iterator[tuple[str, int, str]]:
    """Yield what one binary lists; libtest's own JSON names the source of each test."""
    command = [executable, "--list", "-Z", "unstable-options", "--format", "json"]
    environment = {**os.environ, "RUSTC_BOOTSTRAP": "1"}
    ran = subprocess.run(command, cwd=copy, env=environment, capture_output=True, check=True, timeout=60)
    for line in ran.stdout.splitlines():
        one = json.loads(line)
        if one.get("event") == "discovered":
            path = Path(os.path.normpath(copy / one["source_path"]))
            place = path.relative_to(copy.absolute()) if path.is_relative_to(copy.absolute()) else path
            yield place.as_posix(), int(one["start_line"]), one["name"]
