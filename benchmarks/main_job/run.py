"""Run the main job on real crates and check its branches from outside, with cargo and git alone.

For each crate: a fresh repository, ``remediate run AUDIT.md``, then ``cargo test`` on the base and on every
branch in a clone of its own. Prints what ``remediate`` reported, what cargo says, and where the time went.

    python -m benchmarks.main_job.run
"""

import json
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from benchmarks.registry_crates import fetch, pinned
from benchmarks.repository import begin, git

HERE = Path(__file__).parent
WORK = HERE.parent / "work" / "main_job"
_MEASURED = """
import resource, sys, time
from remediate.cli import main
start = time.perf_counter()
try:
    main()
finally:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    print(f"MEASURED {time.perf_counter() - start:.2f} {usage.ru_utime + usage.ru_stime:.2f} "
          f"{usage.ru_maxrss // 1024}", file=sys.stderr)
"""
_RESULT = re.compile(r"^test (\S+)(?: - .*)? \.\.\. (\w+)", re.MULTILINE)


def main() -> None:
    for name, source in fetch(pinned(HERE / "crates.toml")).items():
        repository = _repository(name, source)
        outcomes, measured = _run(repository, HERE / "audits" / f"{name}.md")
        _report(name, outcomes, measured)
        print(git(repository, "log", "--oneline", "--all", "--decorate"))
        _check_branches(repository, outcomes)


def _repository(name: str, source: Path) -> Path:
    folder = WORK / name
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(source, folder)
    (folder / ".gitignore").write_text("/target\n")
    begin(folder)
    return folder


def _run(repository: Path, audit: Path) -> tuple[list[dict[str, Any]], list[str]]:
    done = subprocess.run(
        [sys.executable, "-c", _MEASURED, "run", str(audit), "--message-format", "json"],
        cwd=repository, capture_output=True, text=True, check=False,
    )  # fmt: skip
    measured = re.findall(r"MEASURED (\S+) (\S+) (\S+)", done.stderr)
    if not measured or not done.stdout.lstrip().startswith(("{", "[")):
        sys.exit(f"{repository.name}: exit {done.returncode}\n{done.stdout}\n{done.stderr}")
    data = json.loads(done.stdout)
    return (data if isinstance(data, list) else data["outcomes"]), list(measured[-1])


def _report(name: str, outcomes: list[dict[str, Any]], measured: list[str]) -> None:
    cargo = sum(o["timings"]["cargo_s"] for o in outcomes)
    runs = sum(o["timings"]["cargo_runs"] for o in outcomes)
    print(f"\n=== {name}: {Counter(o['outcome'] for o in outcomes)}")
    print(f"wall {measured[0]} s, cargo {cargo:.2f} s in {runs} runs", end=", ")
    print(f"own CPU {measured[1]} s, own peak {measured[2]} MiB")
    for o in outcomes:
        print(f"  {o['outcome']:<13} {o['reason']:<22} {o['path']:<24} {o['branch'] or ''}")


def _check_branches(repository: Path, outcomes: list[dict[str, Any]]) -> None:
    clone = repository.with_name(repository.name + "-clone")
    shutil.rmtree(clone, ignore_errors=True)
    git(repository, "clone", "-q", ".", str(clone))
    base = _tests(clone)
    print(f"  base: {_counted(base)}")
    for branch in [o["branch"] for o in outcomes if o["branch"]]:
        git(clone, "checkout", "-q", branch)
        after = _tests(clone)
        verdict = "same tests, same results" if after == base else _difference(base, after)
        print(f"  {branch}: {_counted(after)}; {verdict}")


def _tests(clone: Path) -> Counter[tuple[str, str]]:
    """Return every (test, result) that ``cargo test`` prints; doctests without lines and files."""
    done = subprocess.run(
        ["cargo", "test", "--no-fail-fast"], cwd=clone, capture_output=True, text=True, check=False,
        env={**os.environ, "CARGO_TERM_COLOR": "never"},
    )  # fmt: skip
    return Counter(
        (name, result) for name, result in _RESULT.findall(done.stdout) if "/" not in name
    ) + Counter(("doctest", result) for name, result in _RESULT.findall(done.stdout) if "/" in name)


def _counted(tests: Counter[tuple[str, str]]) -> str:
    counted: Counter[str] = Counter()
    for (_, result), count in tests.items():
        counted[result] += count
    return ", ".join(f"{count} {result}" for result, count in sorted(counted.items()))


def _difference(base: Counter[tuple[str, str]], after: Counter[tuple[str, str]]) -> str:
    return f"DIFFERENT: gone {sorted(base - after)[:5]}, new {sorted(after - base)[:5]}"


if __name__ == "__main__":
    main()
