"""Hold embedded and dead tests to what test harnesses list: ``python -m benchmarks.labels.harness``.

cargo builds the tests of each crate in three feature sets, the binaries say what they would run and where it
stands in the source. The comparison is by file: a file with listed tests must not be called dead, and one in
``src/`` must be found embedded; a file with tests that no harness lists must be called dead. For every other
file a person has said in ``explained.tsv`` why, or it is WRONG.
"""

import json
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

from benchmarks.labels.harness_lists import copied, listed
from benchmarks.registry_crates import fetch

HERE = Path(__file__).parent


def found(folder: Path) -> dict[str, set[str]]:
    """Return the files each of the two rules reports in a crate."""
    tool = str(Path(sys.executable).with_name("remediate"))
    rules = "embedded-tests,dead-tests"
    command = [tool, "audit", "--no-cache", "--only", rules, "--message-format", "json"]
    ran = subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, check=True)
    findings: list[dict[str, Any]] = json.loads(ran.stdout)["findings"]
    by_rule: dict[str, set[str]] = {rule: set() for rule in rules.split(",")}
    for finding in findings:
        by_rule[finding["rule"]] |= {site["path"] for site in finding["sites"]}
    return by_rule


def compared(folder: Path) -> tuple[int, int, list[str]]:
    """Return how many tests are listed, how many of them in ``src/``, and where the rules differ."""
    tests, compiled = listed(copied(folder))
    if not tests or not any(compiled.values()):
        return 0, 0, []
    files = {one.path for one in tests}
    said = found(copied(folder))
    embedded = {path for path in files if path.startswith("src/")}
    silent = said["embedded-tests"] - embedded - said["dead-tests"]
    wrong = dict.fromkeys(said["dead-tests"] & files, "listed, yet called dead")
    wrong |= dict.fromkeys(embedded - said["embedded-tests"], "tests in src/ not found")
    wrong |= dict.fromkeys(silent, "called embedded, nothing is listed")
    known = explained()
    notes = [f"{p}: {known.get(f'{folder.name}/{p}', 'WRONG: ' + wrong[p])}" for p in sorted(wrong)]
    return len(tests), sum(one.path in embedded for one in tests), notes


def explained() -> dict[str, str]:
    """Return what a person found out about a file where rule and harness differ."""
    rows = (HERE / "explained.tsv").read_text().splitlines()[1:]
    return dict(row.split("\t") for row in rows)


def main() -> int:
    crates = tomllib.loads((HERE / "crates.toml").read_text())["harness"]
    print("| crate | tests listed | in src/ | files where rule and harness differ |\n|---|---|---|---|")
    bad = 0
    for name, folder in fetch(crates).items():
        total, inside, wrong = compared(folder)
        bad += sum("WRONG" in note for note in wrong)
        print(f"| {name} {crates[name]} | {total} | {inside} | {'; '.join(wrong) or '-'} |", flush=True)
    return int(bad > 0)


if __name__ == "__main__":
    sys.exit(main())
