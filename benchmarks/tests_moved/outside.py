"""Tests counted and run by cargo alone: one checkout, one feature set at a time."""

import json
import os
import re
import resource
import shutil
import subprocess
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

_RUNNER = """#!/bin/sh
# Runs a test binary as cargo asks, and lets libtest log each result: what a test prints forges nothing.
case "$1" in */rust_out*) exec "$@";; esac
exec "$@" --logfile "$TEST_LOGS/$(basename "$1").log"
"""
_DOCTEST = re.compile(r"^test \S+ - (.*?)(?: \(line \d+\))?(?: - .*)? \.\.\. (\w+)", re.MULTILINE)
Results = Counter[tuple[str, str, str]]


@dataclass(frozen=True)
class Cost:
    """Seconds on the clock, and of processor time in all processes that were started."""

    wall: float
    cpu: float

    def __add__(self, other: "Cost") -> "Cost":
        return Cost(self.wall + other.wall, self.cpu + other.cpu)


def timed(command: list[str], folder: Path, **more: str) -> tuple[subprocess.CompletedProcess[str], Cost]:
    """Run a command to its end."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, errors="replace", check=False,
        env={**os.environ, **more}, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    return done, Cost(wall, after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime)


@dataclass(frozen=True)
class Run:
    """What one ``cargo test`` found: (target, test, result); ``problem`` says why it does not build."""

    results: Results
    build: Cost
    tests: Cost
    problem: str = ""

    def inventory(self) -> Counter[tuple[str, str, bool]]:
        return Counter((label, name, ending == "ignored") for label, name, ending in self.results.elements())

    @property
    def embedded(self) -> int:
        """How many tests are in libraries and programs, not in ``tests/``."""
        return sum(
            n for (label, _, _), n in self.results.items() if label.split()[0] in {"lib", "bin", "proc-macro"}
        )


def tested(checkout: Path, *features: str, doctests: bool) -> Run:
    """Build and run the tests of a package; ``doctests`` too, where asked for."""
    chosen = [*features, *([] if doctests else ["--tests"])]
    command = ["cargo", "test", "--no-run", "--message-format", "json", *chosen]
    built, build = timed(command, checkout)
    if built.returncode:
        errors = [line for line in built.stderr.splitlines() if line.startswith("error")]
        return Run(Counter(), build, Cost(0, 0), "; ".join(errors[:2]) or built.stderr[-200:])
    labels = _labels(built.stdout)
    logs = checkout.parent / "logs"
    shutil.rmtree(logs, ignore_errors=True)
    logs.mkdir(parents=True)
    runner = checkout.parent / "runner"
    runner.write_text(_RUNNER)
    runner.chmod(0o755)
    more = {_runner_variable(): str(runner), "TEST_LOGS": str(logs)}
    done, tests = timed(["cargo", "test", "--no-fail-fast", *chosen], checkout, **more)
    return Run(_results(logs, labels) + _doctests(done.stdout), build, tests)


def _labels(messages: str) -> dict[str, str]:
    found = (json.loads(line) for line in messages.splitlines() if line.startswith("{"))
    made = [m for m in found if m.get("executable") and m.get("profile", {}).get("test")]
    return {Path(m["executable"]).name: _label(m["target"]) for m in made}


def _label(target: dict[str, list[str]]) -> str:
    kind = "lib" if "lib" in "".join(target["kind"]) else target["kind"][0]
    return f"{kind} {target['name']}"


def _runner_variable() -> str:
    said = subprocess.run(["rustc", "-vV"], capture_output=True, text=True, check=True).stdout
    host = re.search(r"^host: (\S+)", said, re.MULTILINE)
    assert host
    return f"CARGO_TARGET_{host[1].upper().replace('-', '_')}_RUNNER"


def _results(logs: Path, labels: dict[str, str]) -> Results:
    found: Results = Counter()
    for log in sorted(logs.glob("*.log")):
        label = labels.get(log.stem, f"unknown {log.stem}")
        for line in log.read_text(errors="replace").splitlines():
            ending, _, name = line.partition(" ")
            found[label, name, ending] += 1
    return found


def _doctests(printed: str) -> Results:
    """Return the doctests by the item they are written at: their lines move."""
    return Counter(("doc", name, ending) for name, ending in _DOCTEST.findall(printed))
