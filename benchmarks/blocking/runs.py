"""Do what a user does: ``python -m benchmarks.blocking.runs jj-lib@0.34.0``.

``history`` says what is planned. Here the codemod runs with --public-api --callers block --verify quick on
the old version of a pair, and makes its branches; then cargo alone says what is new on each of them, and on
all of them merged in turn.
"""

import argparse
import json
import re
import subprocess
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.blocking.asked import TOOL, manifest, repository
from benchmarks.blocking.history import BLOCK, said, sites
from benchmarks.repository import git

_REPLACED = re.compile(r"(\S+):(\d+): (?!before, )")
_OPTIONS = ("--verify", "quick", "--redo", "--message-format", "json")


class Run(NamedTuple):
    """What came of one pair.

    Attributes:
        awaited: Calls that people replaced by `.await`.
        done: Those of them that a branch replaces.
        more: Other calls that a branch replaces.
        branches: How many branches there are.
        stays: Why findings end otherwise, the most frequent reason first.
        errors: New errors, by plain cargo, on the branches one by one, and on all merged.
        warnings: New warnings likewise.
        unmerged: Branches that do not merge by themselves.
    """

    pair: str
    awaited: int
    done: int
    more: int
    branches: int
    stays: str
    errors: str
    warnings: str
    unmerged: int


def ran(pair: dict[str, Any], *, check: bool = True) -> Run:
    """Run the codemod on the old version of a pair, and hold its branches to cargo."""
    (crate,), old = pair["crates"], pair["old"]
    told = {key: pair[key] for key in ("features", "locked", "tested") if key in pair}
    folder = repository(crate, {crate: old}, **told)
    for branch in git(folder, "branch", "--list", "remediate/*", "--format=%(refname:short)").split():
        git(folder, "branch", "-q", "-D", branch)
    answer = subprocess.run(
        [*TOOL, *BLOCK, *_OPTIONS], cwd=folder, stdout=subprocess.PIPE, check=False
    ).stdout
    (folder / f".git/run-{old}.json").write_bytes(answer)
    outcomes = json.loads(answer)["outcomes"]
    fixed = [one for one in outcomes if one["branch"]]
    places = {
        (found[1], int(found[2]))
        for one in fixed
        for found in map(_REPLACED.match, one["notes"])
        if found is not None
    }
    people = {(s.path, s.line) for s in sites() if (s.crate, s.old, s.people) == (crate, old, "await")}
    stays = Counter(one["reason"] for one in outcomes if not one["branch"])
    branches = [one["branch"] for one in fixed]
    errors, warnings, unmerged = _new(folder, branches) if check else ("", "", 0)
    return Run(
        f"{crate} {old}",
        len(people),
        len(people & places),
        len(places - people),
        len(branches),
        ", ".join(f"{reason} {count}" for reason, count in stays.most_common()),
        errors,
        warnings,
        unmerged,
    )


def _new(folder: Path, branches: Iterable[str]) -> tuple[str, str, int]:
    """Return the new errors and warnings of each branch and of all merged, and how many do not merge."""
    base = git(folder, "rev-parse", "HEAD").strip()
    before, unmerged = said(folder), 0
    found: list[Counter[str]] = []
    try:
        for branch in branches:
            git(folder, "checkout", "-q", "-f", "--detach", branch)
            found.append(_levels(folder, before))
        git(folder, "checkout", "-q", "-f", "--detach", base)
        for branch in branches:
            try:
                git(folder, "merge", "-q", "--no-edit", branch)
            except subprocess.CalledProcessError:
                git(folder, "merge", "--abort")
                unmerged += 1
        found.append(_levels(folder, before))
    finally:
        git(folder, "checkout", "-q", "-f", "--detach", base)
    errors, warnings = (" ".join(str(one[level]) for one in found) for level in ("error", "warning"))
    return errors, warnings, unmerged


def _levels(folder: Path, before: Counter[tuple[str, str]]) -> Counter[str]:
    new = said(folder) - before
    for level, message in new:
        print(f"  {level}: {message}", flush=True)
    return Counter(level for level, _ in new.elements())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("only", nargs="+", help="crates of pairs and their old versions: jj-lib@0.34.0")
    parser.add_argument("--no-check", action="store_true", help="do not compile the branches again")
    options = parser.parse_args()
    pairs: list[dict[str, Any]] = manifest("pairs.toml")["pair"]  # type: ignore[assignment]
    print(f"| {' | '.join(Run._fields)} |\n|{'---|' * len(Run._fields)}")
    for pair in pairs:
        if f"{pair['crates'][0]}@{pair['old']}" in options.only:
            row = ran(pair, check=not options.no_check)
            print("| " + " | ".join(map(str, row)) + " |", flush=True)


if __name__ == "__main__":
    main()
