"""Which test modules of real crates become integration tests, against labels made by hand.

    python -m benchmarks.tier.run [--verify LEVEL] [--table] [crate ...]

Each crate of ``labels.toml`` is fetched into a repository of its own and given to ``remediate extract-tests
--tier integration``. A module is promoted if the branch holds its file under ``tests/it``. What was found is
kept in ``benchmarks/work/tier``, so a run that was killed goes on where it was.
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

from benchmarks.registry_crates import fetch
from benchmarks.repository import git
from benchmarks.tests_moved.run import into_repository

HERE = Path(__file__).parent
WORK = HERE.parent / "work" / "tier"
_PROGRAM = [sys.executable, "-c", "from remediate.cli import main; main()", "extract-tests"]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("only", nargs="*")
    parser.add_argument("--verify", default="standard", help="how far each branch is verified")
    parser.add_argument("--table", action="store_true", help="only print what was measured")
    arguments = parser.parse_args()
    os.environ |= {"CARGO_PROFILE_DEV_DEBUG": "0", "CARGO_TERM_COLOR": "never"}
    labels = tomllib.loads((HERE / "labels.toml").read_text("utf-8"))
    for name, table in labels.items():
        row = WORK / "rows" / f"{name}.json"
        if not row.exists() and not arguments.table and (not arguments.only or name in arguments.only):
            row.parent.mkdir(parents=True, exist_ok=True)
            row.write_text(json.dumps(measured(name, table["version"], arguments.verify), indent=1))
            print(f"{name}: {json.loads(row.read_text())['outcome']}", flush=True)
    _print(labels)


def measured(name: str, version: str, level: str) -> dict[str, Any]:
    """Return what became of one crate: the outcome, the modules promoted, the rounds of checks."""
    folder = WORK / "crates" / name
    shutil.rmtree(folder, ignore_errors=True)
    into_repository(fetch({name: version})[name], folder)
    command = [*_PROGRAM, "--tier", "integration", "--verify", level, "-v", "--message-format", "json"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if not done.stdout.startswith("{"):
        sys.exit(f"{name}: exit {done.returncode}\n{done.stdout}\n{done.stderr}")
    outcome = json.loads(done.stdout)
    branch = outcome["branch"]
    files = git(folder, "ls-tree", "-r", "--name-only", branch, "tests/it").split() if branch else []
    old = set(git(folder, "ls-tree", "-r", "--name-only", "HEAD", "tests/it").split())
    shutil.rmtree(folder / ".git" / "remediate", ignore_errors=True)
    modules = sorted(f[len("tests/it/") : -len(".rs")].replace("/", "::") for f in files if f not in old)
    return {
        "outcome": outcome["outcome"],
        "reason": outcome["reason"],
        "detail": outcome["detail"],
        "promoted": [m for m in modules if m != "main"],
        "rounds": len(re.findall(r"check, round \d", done.stderr)),
        "seconds": outcome["timings"]["total_s"],
    }


def _print(labels: dict[str, dict[str, str]]) -> None:
    counts: Counter[tuple[str, bool]] = Counter()
    rounds = []
    for name, table in labels.items():
        row = WORK / "rows" / f"{name}.json"
        if not row.exists():
            continue
        found = json.loads(row.read_text())
        rounds.append(found["rounds"])
        for module, label in table.items():
            if module != "version":
                kind = label.partition(":")[0]
                promoted = module in found["promoted"]
                counts[kind, promoted] += 1
                if promoted != (kind == "public"):
                    became = "promoted" if promoted else "not promoted"
                    print(f"  {name} {module}: {label}, {became}; {found['outcome']}")
    public, missed = counts["public", True], counts["public", False]
    wrong = counts["private", True] + counts["blocked", True]
    print(f"{len(rounds)} crates, {counts.total()} modules; most rounds of checks: {max(rounds, default=0)}")
    print(f"public-only and promoted: {public} of {public + missed}; promoted wrongly: {wrong}")


if __name__ == "__main__":
    main()
