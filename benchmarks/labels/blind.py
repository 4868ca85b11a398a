"""Hold the audit to the labels given before it was asked: ``python -m benchmarks.labels.blind``.

The whole command runs on each crate, as a user would run it. A label is right if the audit says of that
line what ``_is_right`` asks for; --show lists what it does not.
"""

import argparse
import csv
import json
import subprocess
import sys
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.registry_crates import fetch

HERE = Path(__file__).parent
GROUPS = (
    "dev",
    "held_out",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
    "eleventh",
    "twelfth",
    "thirteenth",
    "fourteenth",
)
BLOCKING = {"block-on", "blocking-wrapper"}
MARKERS = {"todo-marker", "placeholder", "temporary-code", "hack", "shim", "legacy"}
CONTEXT = {"certain-panic": "async", "in-async": "async", "sync": "sync", "wrapper": "sync"}
NOTHING = {"comment", "string", "definition", "import", "lookalike", "identifier", "noun"}


class Label(NamedTuple):
    """One row of a ``*_blind.tsv``."""

    group: str
    path: str
    line: int
    column: int
    word: str
    label: str
    note: str


class Said(NamedTuple):
    """What the audit says of a place."""

    rule: str
    kind: str
    column: int
    end: int


def labels(name: str) -> list[Label]:
    with (HERE / f"{name}_blind.tsv").open(newline="") as file:
        rows = list(csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE))[1:]
    return [
        Label(g, p, int(at), int(column), word, label, note) for g, p, at, column, word, label, note in rows
    ]


def audited(folder: Path) -> dict[tuple[str, int], list[Said]]:
    """Return what ``remediate audit`` says of a crate, by path and line."""
    tool = str(Path(sys.executable).with_name("remediate"))
    command = [tool, "audit", "--no-cache", "--message-format", "json"]
    ran = subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, check=True)
    found: dict[tuple[str, int], list[Said]] = defaultdict(list)
    sites: list[dict[str, Any]] = [s for f in json.loads(ran.stdout)["findings"] for s in _ruled(f)]
    for site in sites:
        place = (f"{folder.name}/{site['path']}", int(site["line"]))
        found[place].append(Said(site["rule"], site["kind"], site["column"], site["end_column"]))
    return found


def _ruled(finding: dict[str, Any]) -> list[dict[str, Any]]:
    return [{**site, "rule": finding["rule"]} for site in finding["sites"]]


def _is_right(label: Label, said: list[Said]) -> bool:
    """Whether the audit says of a place what its label says."""
    what, _, context = label.label.partition(":")
    marked = {s.kind for s in said if s.rule in MARKERS}
    match what:
        case "call":
            return any(CONTEXT.get(s.kind, "boundary") == context for s in said if s.rule in BLOCKING)
        case "spawn":
            return any(s.rule == "spawn-blocking" for s in said)
        case "unimplemented":
            return any(s.rule == "unimplemented" for s in said)
        case "test":
            return all(s.kind == "test" for s in said)
        case _ if what in NOTHING:
            return not said
    return marked == {what}


def _relevant(label: Label, name: str, said: list[Said]) -> list[Said]:
    """Return what is said of the label's word: by the line, and but for whole comments by the column too."""
    rules = {*BLOCKING, "spawn-blocking"} if name == "blocking" else {*MARKERS, "unimplemented"}
    end = label.column + len(label.word)
    by_word = name in ("blocking", "markers")
    return [
        s
        for s in said
        if s.rule in rules and (not by_word or (s.column < end and label.column < max(s.end, s.column + 1)))
    ]


class Answer(NamedTuple):
    """A label of a file of labels, what the audit says there, and whether that is right."""

    name: str
    label: Label
    heard: list[Said]
    right: bool


def answers() -> list[Answer]:
    """Return what the audits of all crates say of the labels."""
    folders = fetch(tomllib.loads((HERE / "crates.toml").read_text())["crates"])
    said = {place: them for folder in folders.values() for place, them in audited(folder).items()}
    given = []
    for name in ("blocking", "markers", "comments", "stubs", "unfinished"):
        for label in labels(name):
            heard = _relevant(label, name, said.get((label.path, label.line), []))
            given.append(Answer(name, label, heard, _is_right(label, heard)))
    return given


def bars(given: list[Answer]) -> Iterator[tuple[str, int, int]]:
    """Yield what the issue asks for: a name, how many are as they should be, and of how many."""
    blocking = [a for a in given if a.name == "blocking"]
    calls = [a for a in blocking if a.label.label.startswith("call")]
    silent = [a for a in blocking if a.label.label in NOTHING]
    yield "blocking calls found", sum(any(s.rule in BLOCKING for s in a.heard) for a in calls), len(calls)
    yield "with the right surroundings", sum(a.right for a in calls), len(calls)
    yield "comments, strings, definitions .. left alone", sum(a.right for a in silent), len(silent)
    markers = [a for a in given if a.name != "blocking"]
    for group in GROUPS:
        for name, kinds in (
            ("markers and comments", ("markers", "comments")),
            ("stubs", ("stubs",)),
            ("unfinished", ("unfinished",)),
        ):
            some = [a for a in markers if a.label.group == group and a.name in kinds]
            yield f"{name}, {group}", sum(a.right for a in some), len(some)
    for kind in ("stub", "simulation", "honest-error", "dead-code", "remark", "identifier", "noun"):
        some = [a for a in markers if a.label.label == kind]
        yield f"label {kind}, all files", sum(a.right for a in some), len(some)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--show", choices=("searched", *GROUPS), action="append", default=[])
    options = parser.parse_args()
    given = answers()
    for name, label, heard, right in given:
        if not right and label.group in options.show:
            print(f"{name}: {label.path}:{label.line} `{label.word}` {label.label}:", heard)
    table: dict[tuple[str, str, str], list[bool]] = defaultdict(list)
    for name, label, _, right in given:
        table[name, label.label, label.group].append(right)
    print("| labels | class | group | right | of |\n|---|---|---|---|---|")
    for (name, what, group), right_ones in sorted(table.items()):
        print(f"| {name} | {what} | {group} | {sum(right_ones)} | {len(right_ones)} |")
    print("\n| asked | as it should be | of |\n|---|---|---|")
    print(*(f"| {name} | {right} | {of} |" for name, right, of in bars(given) if of), sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
