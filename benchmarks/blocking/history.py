"""Replay what people did: ``python -m benchmarks.blocking.history``.

Between the two versions of a pair, people removed blocking calls. ``history.tsv`` says of each whether they
put `.await` in its place ("await", found by comparing both versions line by line, and read where that tells
nothing), or did something else. The codemod plans the old version, with --public-api, as people changed
public functions, and once more with --callers block, as people let other callers block. What it plans then
has to compile: the fix of each file is planned on the result of those before, as for a user who merges them
in turn.
"""

import argparse
import csv
import json
import os
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.blocking.asked import HERE, TOOL, Answer, answers, manifest, repository
from benchmarks.repository import git

_PUBLIC = ("--public-api",)
BLOCK = (*_PUBLIC, "--callers", "block")
_LEVELS = ("error", "warning")


class Site(NamedTuple):
    """A call that people removed: one row of ``history.tsv``."""

    crate: str
    old: str
    new: str
    path: str
    line: int
    people: str
    what: str


class Row(NamedTuple):
    """What came of one pair.

    Attributes:
        removed: Calls that people removed.
        awaited: Those of them that people replaced by `.await`.
        public: Those of these that the codemod replaces with --public-api.
        same: Those that it replaces with --callers block as well.
        more: Calls that it replaces and people left, or removed otherwise.
        errors: New errors once all that it plans is applied; None where that is not tried.
        warnings: New warnings then: a plan is not refined by what the compiler says.
        stays: Why it leaves what people replaced, the most frequent reason first.
    """

    pair: str
    removed: int
    awaited: int
    public: int
    same: int
    more: int
    errors: int | None
    warnings: int | None
    stays: str


def sites() -> list[Site]:
    with (HERE / "history.tsv").open(newline="") as file:
        rows = list(csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE))[1:]
    return [
        Site(c, old, new, path, int(line), people, what) for c, old, new, path, line, people, what in rows
    ]


def replayed(pair: dict[str, Any], *, check: bool) -> Iterator[Row]:
    """Yield a row for each crate of a pair."""
    crates, old, new = pair["crates"], pair["old"], pair["new"]
    first: list[Answer] = []
    found: list[Answer] = []
    compiled: tuple[int | None, int | None] = None, None
    if pair["built"]:
        versions, name = dict.fromkeys(crates, old), pair.get("name", crates[0])
        told = {key: pair[key] for key in ("features", "locked", "tested") if key in pair}
        folder = repository(name, versions, **told)
        first, found = answers(folder, *_PUBLIC), answers(folder, *BLOCK)
        if check and not all(answer.reason for answer in found):
            compiled = _new(folder)
    for crate in crates:
        people = [s for s in sites() if (s.crate, s.old, s.new) == (crate, old, new)]
        if people:
            prefix = f"{crate}/" if len(crates) > 1 else ""
            row = _row(f"{crate} {old} to {new}", prefix, people, (first, found))
            stays = row.stays if pair["built"] else "not built here"
            yield row._replace(errors=compiled[0], warnings=compiled[1], stays=stays)


def _row(pair: str, prefix: str, people: list[Site], found: tuple[list[Answer], list[Answer]]) -> Row:
    first = {(a.path, a.line) for a in found[0] if not a.reason}
    said = {(a.path, a.line): a for a in found[1] if a.path.startswith(prefix)}
    done = {place for place, answer in said.items() if not answer.reason}
    awaited = {(prefix + s.path, s.line) for s in people if s.people == "await"}
    stays = Counter(said[p].reason if p in said else "not seen" for p in awaited - done)
    told = ", ".join(f"{reason} {count}" for reason, count in stays.most_common())
    counts = len(people), len(awaited), len(awaited & first), len(awaited & done), len(done - awaited)
    return Row(pair, *counts, None, None, told)


def _new(folder: Path) -> tuple[int, int]:
    """Apply all that is planned, and count the errors and the warnings that were not there before.

    ``--diff`` plans each fix on the result of the ones before, so that the patches apply in their order.
    """
    before = said(folder)
    command = [*TOOL, *BLOCK, "--dry-run", "--diff"]
    patch = subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, check=False).stdout
    try:
        git(folder, "apply", given=patch)
        more = said(folder) - before
        levels = Counter(level for level, _ in more.elements())
        return levels["error"], levels["warning"]
    finally:
        git(folder, "reset", "-q", "--hard")


def said(folder: Path) -> Counter[tuple[str, str]]:
    """Return the errors and warnings, by level; what the tool itself has built is not built again."""
    command = ["cargo", "check", "-q", "--workspace", "--all-targets", "--message-format", "json"]
    built = {**os.environ, "CARGO_TARGET_DIR": str(folder / ".git/remediate/target/0")}
    said = subprocess.run(
        [*command, "--keep-going"], cwd=folder, env=built, capture_output=True, text=True, check=False
    )
    messages = [json.loads(line) for line in said.stdout.splitlines() if line.startswith("{")]
    found = [m["message"] for m in messages if m.get("reason") == "compiler-message"]
    if said.returncode and not any(m["level"] == "error" for m in found):
        raise SystemExit(f"cargo failed before it compiled {folder.name}: {said.stderr}")
    return Counter((m["level"], m["message"]) for m in found if m["level"] in _LEVELS)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("only", nargs="*", help="names of repositories")
    parser.add_argument("--no-check", action="store_true", help="do not compile what is planned")
    options = parser.parse_args()
    pairs: list[dict[str, Any]] = manifest("pairs.toml")["pair"]  # type: ignore[assignment]
    cells = (
        "pair",
        "removed",
        "by `.await`",
        "--public-api",
        "--callers block",
        "others",
        "errors",
        "warnings",
    )
    print(f"| {' | '.join(cells)} | what stays |\n|{'---|' * 9}")
    for pair in pairs:
        if not options.only or pair.get("name", pair["crates"][0]) in options.only:
            for row in replayed(pair, check=not options.no_check):
                print(
                    "| " + " | ".join("-" if cell is None else str(cell) for cell in row) + " |", flush=True
                )


if __name__ == "__main__":
    main()
