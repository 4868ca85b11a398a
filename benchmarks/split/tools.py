"""The program and its peers: how each is asked to split one file, and what came of it."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.repository import git, git_bytes
from benchmarks.split.corpus import WORK, Case, Changes, base, copied, difference, read

TOOLS = WORK.parent / "tools"
LIMIT = 300
_PATIENCE = 3_600
# The program's own CPU seconds and those of all that it started, written to the file that is named first.
TIMED = """
import atexit, json, os, sys
from remediate.cli import main
file, sys.argv[0] = sys.argv.pop(1), "remediate"
def tell():
    spent = os.times()
    with open(file, "w") as out:
        json.dump([spent.user + spent.system, spent.children_user + spent.children_system], out)
atexit.register(tell)
main()
"""
PEERS = {"cargo-split-modules": "0.1.0", "splitrs": "0.3.5", "rust-split": "0.2.2"}


@dataclass
class Made:
    """What a tool made of a file: bytes by path, what it said of it, and how long it took.

    Attributes:
        outcome: "split", "declined", or "failed" when it gave up after trying.
        claims: Whether the tool says that the result is verified.
        cpu: The program's own CPU seconds, and those of all that it started.
    """

    changes: Changes
    outcome: str
    said: str
    claims: bool
    seconds: float
    cpu: tuple[float, float] | None = None
    report: dict[str, Any] = field(default_factory=dict)


def remediate(case: Case, *more: str) -> Made:
    """Ask the program, from its command line, at its default level of verification."""
    repository, times = base(case.crate), WORK / f"{case.crate}.cpu.json"
    own = [sys.executable, "-c", TIMED, str(times)]
    command = [*own, "split-file", case.path, "--message-format", "json", "--redo", *more]
    start = time.perf_counter()
    done = subprocess.run(
        command, cwd=repository, capture_output=True, text=True, check=False, timeout=_PATIENCE
    )
    seconds = time.perf_counter() - start
    if not done.stdout.startswith("{"):
        return Made({}, "crashed", done.stderr[-800:], claims=False, seconds=seconds)
    report = json.loads(done.stdout)
    split = report["branch"] is not None
    changes = _branch(repository, report["branch"]) if split else {}
    outcome = "split" if split else "declined" if report["outcome"] == "skipped" else "failed"
    said, (spent, others) = f"{report['reason']}: {report['detail']}", json.loads(times.read_text())
    return Made(changes, outcome, said, split, seconds, (spent, others), report)


def renaming(case: Case) -> Made:
    """Ask the program to split a file of nothing but tests, whose names may change."""
    return remediate(case, "--rename-tests")


def peer(name: str) -> Callable[[Case], Made]:
    """Return what asks one of the peers, on a copy of the crate."""

    def ask(case: Case) -> Made:
        folder = copied(case.crate, "peer")
        before = read(folder)
        start = time.perf_counter()
        done = _PEERS[name](folder, case.path)
        seconds = time.perf_counter() - start
        after = read(folder)
        changes = difference(before, after)
        said = f"{done.stdout[-400:]}{done.stderr[-400:]}".strip()
        outcome = "split" if any(p not in before for p in changes) else "declined"
        return Made(changes, outcome, said, claims=name == "cargo-split-modules", seconds=seconds)

    return ask


def _branch(repository: Path, branch: str) -> Changes:
    names = git(repository, "diff", "--name-only", "--no-renames", "-z", "main", branch).split("\0")
    there = set(git(repository, "ls-tree", "-r", "--name-only", "-z", branch).split("\0"))
    return {n: git_bytes(repository, "show", f"{branch}:{n}") if n in there else None for n in names if n}


_Done = subprocess.CompletedProcess[str]


def _cargo_split_modules(folder: Path, path: str) -> _Done:
    # An absolute path: with a relative one it silently skips its own cargo check.
    return _start(folder, "cargo-split-modules", str(folder / path))


def _splitrs(folder: Path, path: str) -> _Done:
    """Run it as its README recommends; it writes a folder with a mod.rs, and a person deletes the file."""
    file = folder / path
    is_root, is_mod = file.name in {"lib.rs", "main.rs"}, file.name == "mod.rs"
    output = file.parent if is_root or is_mod else file.with_suffix("")
    done = _start(
        folder, "splitrs", "--input", str(file), "--output", str(output),
        "--split-impl-blocks", "true", "--max-impl-lines", "200", "--max-lines", str(LIMIT),
    )  # fmt: skip
    if (output / "mod.rs").exists() and not is_mod:
        if is_root:
            (output / "mod.rs").replace(file)
        elif file.parent.name in {"tests", "examples", "benches"}:
            (output / "mod.rs").replace(output / "main.rs")
            file.unlink()
        else:
            file.unlink()
    return done


def _rust_split(folder: Path, path: str) -> _Done:
    file = folder / path
    is_root = file.name in {"lib.rs", "main.rs"} or file.parent.name == "tests"
    module = [] if is_root else ["--module"]
    return _start(folder, "rust-split", "split", "--max-loc", str(LIMIT), *module, str(file))


def _start(folder: Path, program: str, *arguments: str) -> _Done:
    settings = {**os.environ, "CARGO_TARGET_DIR": str(folder / "target"), "CARGO_NET_OFFLINE": "true"}
    return subprocess.run(
        [TOOLS / "bin" / program, *arguments], cwd=folder, env=settings, capture_output=True, text=True,
        errors="replace", check=False, timeout=_PATIENCE,
    )  # fmt: skip


_PEERS = {"cargo-split-modules": _cargo_split_modules, "splitrs": _splitrs, "rust-split": _rust_split}


def install(asked: Iterable[str]) -> None:
    """Install the peers among the tools asked for from the crate registry into ``benchmarks/work/tools``."""
    for name, version in PEERS.items():
        if name in asked and not (TOOLS / "bin" / name).exists():
            command = ["cargo", "install", "--locked", "--root", str(TOOLS), f"{name}@{version}"]
            subprocess.run(command, check=True)
