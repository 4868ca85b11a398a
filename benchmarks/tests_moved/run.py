"""Move the embedded tests of real crates with ``remediate extract-tests``, and let cargo and git judge.

    python -m benchmarks.tests_moved.run [--again] [crate ...]

Per crate: a fresh repository, one run of the program, then its branch in a clone of its own: the same tests
with the same results in every feature set that compiles, the same literals, no inline test module left.
Beside it ``ejectest``, where ``benchmarks/work/ejectest`` has it. A crate's row is kept in
``benchmarks/work/tests_moved``, so a run that was killed goes on where it was; ``--again`` measures anew.
All is built without debug information, on both sides.
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from benchmarks.registry_crates import fetch, pinned
from benchmarks.repository import begin, git
from benchmarks.tests_moved import ejectest
from benchmarks.tests_moved.outside import Run, tested, timed
from benchmarks.tests_moved.source import inline_test_modules, literals, texts
from benchmarks.tests_moved.table import print_table

HERE = Path(__file__).parent
WORK = HERE.parent / "work" / "tests_moved"
_PROGRAM = [sys.executable, "-c", "from remediate.cli import main; main()", "extract-tests"]
_DEFAULT = "default"
_MORE = {"all-features": "--all-features", "no-default-features": "--no-default-features"}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("only", nargs="*")
    parser.add_argument("--again", action="store_true", help="measure crates that have a row already")
    parser.add_argument("--table", action="store_true", help="only print what was measured")
    arguments = parser.parse_args()
    os.environ |= {"CARGO_PROFILE_DEV_DEBUG": "0", "CARGO_TERM_COLOR": "never"}
    # A crate may ask for a toolchain by file that is not here.
    said = subprocess.run(["rustup", "show", "active-toolchain"], capture_output=True, text=True, check=True)
    os.environ["RUSTUP_TOOLCHAIN"] = said.stdout.split()[0]
    crates = {n: v for n, v in in_order().items() if not arguments.only or n in arguments.only}
    for name, version in crates.items():
        row = WORK / "rows" / f"{name}-{version}.json"
        if arguments.again or not (row.exists() or arguments.table):
            measured = measure(name, version)
            row.parent.mkdir(parents=True, exist_ok=True)
            row.write_text(json.dumps(measured, indent=1))
            print(f"{name}: {measured['outcome']} {measured['different'] or 'same'}", flush=True)
    print_table([WORK / "rows" / f"{n}-{v}.json" for n, v in crates.items()])


def in_order() -> dict[str, str]:
    """Return the pinned crates as they are listed: small ones first."""
    versions = pinned(HERE / "crates.toml")
    listed = re.findall(r'^([\w-]+) = "', (HERE / "crates.toml").read_text(), re.MULTILINE)
    return {name: versions[name] for name in listed}


def measure(name: str, version: str) -> dict[str, Any]:
    """Return one crate's row."""
    folder = WORK / "crates" / name
    shutil.rmtree(folder, ignore_errors=True)
    repository, clone = folder / "repository", folder / "clone"
    into_repository(fetch({name: version})[name], repository)
    git(repository, "clone", "-q", ".", str(clone))
    before = _suites(clone)
    moved = _moved(repository)
    row = {
        "crate": f"{name} {version}",
        "tool": git(HERE, "rev-parse", "HEAD:src").strip(),
        "embedded": before[_DEFAULT].embedded,
        "problems": {name: run.problem for name, run in before.items() if run.problem},
        "cost_of_tests": asdict(before[_DEFAULT].build + before[_DEFAULT].tests),
        **moved,
        **_judged(repository, clone, before, moved["branch"]),
        "peer": ejectest.measured(clone, before[_DEFAULT]),
    }
    for built in (clone / "target", repository / ".git/remediate"):
        shutil.rmtree(built, ignore_errors=True)
    return row


def into_repository(source: Path, folder: Path) -> None:
    """Copy a crate into a repository of its own, with one commit."""
    shutil.copytree(source, folder)
    for name in ("Cargo.toml.orig", ".cargo_vcs_info.json"):
        (folder / name).unlink(missing_ok=True)  # cargo packages no crate that holds its own leftovers
    (folder / ".gitignore").write_text("/target\n")
    subprocess.run(["cargo", "fetch", "-q"], cwd=folder, check=True)
    begin(folder)


def _suites(checkout: Path, only: set[str] | None = None) -> dict[str, Run]:
    """Return the tests of every feature set that differs; of those named alone, where they are given."""
    said = subprocess.run(
        ["cargo", "metadata", "--no-deps", "--format-version", "1"],
        cwd=checkout,
        capture_output=True,
        check=True,
    ).stdout
    features = {f for p in json.loads(said)["packages"] for f in p["features"]}
    sets = _MORE if features else {}
    wanted = {n: a for n, a in sets.items() if only is None or n in only}
    return {
        _DEFAULT: tested(checkout, doctests=True),
        **{n: tested(checkout, argument, doctests=False) for n, argument in wanted.items()},
    }


def _moved(repository: Path) -> dict[str, Any]:
    """Run the program twice, and a third time on its own result."""
    done, cost = timed([*_PROGRAM, "-v", "--message-format", "json"], repository)
    if not done.stdout.startswith("{"):
        sys.exit(f"{repository}: exit {done.returncode}\n{done.stdout}\n{done.stderr}")
    outcome = json.loads(done.stdout)
    again, _ = timed([*_PROGRAM, "--message-format", "json"], repository)
    second = json.loads(again.stdout)
    branch = outcome["branch"]
    on_result = 0
    if branch:
        on_result = timed([*_PROGRAM, "--base", branch, "--check", "-q"], repository)[0].returncode
    return {
        "outcome": outcome["outcome"],
        "reason": outcome["reason"],
        "detail": outcome["detail"],
        "unverified": [u for u in outcome["unverified"] if "not part of level" not in u],
        "branch": branch,
        "rounds": len(re.findall(r"check, round \d", done.stderr)),
        "cost": asdict(cost),
        "cargo_runs": outcome["timings"]["cargo_runs"],
        "second_run": "nothing" if second.get("reused") and not second["timings"]["cargo_runs"] else "worked",
        "on_its_result": "nothing" if not on_result else "would change",
        "diagnostics": outcome["diagnostics"][:3],
    }


def _judged(repository: Path, clone: Path, before: dict[str, Run], branch: str | None) -> dict[str, Any]:
    old = texts(repository)
    modules = inline_test_modules(old)
    if branch is None:
        return {"modules": len(modules), "left": modules, "different": [], "literals": "", "same": {}}
    git(clone, "fetch", "-q", "origin")
    git(clone, "checkout", "-q", f"origin/{branch}")
    new = texts(clone)
    after = _suites(clone, set(before))
    different = [
        f"{n}: {words}" for n, run in before.items() for words in differences(clone, n, run, after[n])
    ]
    (one, names), (two, more_names) = literals(old), literals(new)
    lost, added = one - two, two - one
    return {
        "modules": len(modules),
        "left": inline_test_modules(new),
        "different": different,
        "same": {n: sum(run.results.values()) for n, run in after.items() if not run.problem},
        "literals": f"{one.total()} same" if one == two else f"gone {[*lost][:3]}, new {[*added][:3]}",
        "file_names": [names, more_names],
    }


def differences(checkout: Path, feature_set: str, before: Run, after: Run) -> list[str]:
    """Return what is lost, added or ends otherwise; one that is gone in one more run is flaky."""
    if bool(before.problem) != bool(after.problem):
        return [f"builds before: {not before.problem}, after: {not after.problem}: {after.problem}"]
    one, two = before.inventory(), after.inventory()
    found = [f"lost {key}" for key in one - two] + [f"added {key}" for key in two - one]
    if found or before.results == after.results:
        return found
    again = tested(
        checkout, *([_MORE[feature_set]] if feature_set in _MORE else []), doctests=feature_set == _DEFAULT
    )
    unlike = before.results - after.results
    settled = before.results == again.results
    return [f"{'flaky' if settled else 'ends otherwise'} {key}" for key in unlike]


if __name__ == "__main__":
    main()
