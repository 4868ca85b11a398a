"""Hold the codemod to calls that were labelled before it was asked: ``python -m benchmarks.blocking.labels``.

A label is a class (M0 to M5, H, right, lookalike), for H with what stands in the way; ``|`` parts what a
careful reader could say as well. Of crates that are not built here the scanner is asked, which tells no
M-classes apart. --show lists what is not right.
"""

import argparse
import csv
from collections.abc import Collection, Iterator
from typing import NamedTuple

from benchmarks.blocking.asked import HERE, Answer, answers, manifest, repository
from benchmarks.labels.blind import audited
from benchmarks.registry_crates import fetch

_REASONS = {
    "test": {"test", "called-from-test"},
    "main": {"main"},
    "trait": {"trait-method"},
    "public": {"public-api"},
    "drop": {"drop"},
    "closure": {"sync-closure", "called-on-thread"},
    "macro": {"in-macro"},
    "attribute": {"attribute-macro"},
    "no-async": {"not-called-from-async", "synchronous-program"},
    "called-on-thread": {"called-on-thread"},
}
_UNKNOWN = "unknown"


class Label(NamedTuple):
    """One row of ``labels.tsv``."""

    half: str
    path: str
    line: int
    label: str
    why: str

    @property
    def classes(self) -> list[str]:
        """The classes that are right; "H|public" stands for two reasons of one class."""
        known = {"M0", "M1", "M2", "M3", "M4", "M5", "M6", "S", "H", "right", "lookalike"}
        parts = [part.partition(":")[0] for part in self.label.split("|")]
        return [part for part in parts if part in known]

    @property
    def reasons(self) -> set[str]:
        parts = [part.rpartition(":")[2] for part in self.label.split("|")]
        return {code for part in parts for code in _REASONS.get(part, ())}


class Judged(NamedTuple):
    """A label beside what was said of it."""

    label: Label
    said: str
    reason: str
    asked: str

    @property
    def right(self) -> bool:
        return self.said in self.label.classes

    @property
    def reason_right(self) -> bool:
        return self.right and (
            self.said != "H" or not self.label.reasons or self.reason in self.label.reasons
        )

    @property
    def edited(self) -> bool:
        return self.said[:1] in {"M", "S"} and not self.reason and self.asked == "codemod"


def labels() -> list[Label]:
    with (HERE / "labels.tsv").open(newline="") as file:
        rows = list(csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE))[1:]
    return [Label(half, path, int(line), label, why) for half, path, line, label, why in rows]


def said_by_codemod(answer: Answer | None) -> tuple[str, str]:
    """Return the class and the reason; a call it does not list is a look-alike to it."""
    if answer is None:
        return "lookalike", ""
    if answer.reason == "correct-as-it-is":
        return "right", answer.reason
    if answer.reason == "unknown-call":
        return _UNKNOWN, answer.reason
    return ("H" if answer.reason else answer.kind), answer.reason


def judged(only: Collection[str]) -> Iterator[Judged]:
    pins = manifest("crates.toml")
    built = {crate: [crate] for crate in pins["built"] if not only or crate in only}
    groups = built | {name: [*members] for name, members in pins["workspaces"].items() if name in only}
    for name, crates in groups.items():
        versions = {crate: (pins["built"] | pins["members"])[crate] for crate in crates}
        yield from _by_codemod(name, versions)
    scanned = {n: v for n, v in (pins["scanned"] | pins["members"]).items() if not only or n in only}
    for crate, folder in fetch(scanned).items():
        found = audited(folder)
        for label in labels():
            if label.path.startswith(f"{crate}-{scanned[crate]}/"):
                rules = {(s.rule, s.kind) for s in found.get((label.path, label.line), ())}
                yield Judged(label, *_said_by_scanner(rules), "scanner")


def _by_codemod(name: str, versions: dict[str, str]) -> Iterator[Judged]:
    folder = repository(name, versions)
    found = {(a.path, a.line): a for a in answers(folder)}
    for crate, version in versions.items():
        for label in labels():
            root, _, path = label.path.partition("/")
            if root == f"{crate}-{version}":
                inside = path if len(versions) == 1 else f"{crate}/{path}"
                said = said_by_codemod(found.get((inside, label.line)))
                yield Judged(label, *said, "codemod")


def _said_by_scanner(rules: set[tuple[str, str]]) -> tuple[str, str]:
    named = {rule for rule, _ in rules}
    if "spawn-blocking" in named:
        return "right", "spawn-blocking"
    kinds = sorted(kind for rule, kind in rules if rule in {"block-on", "blocking-wrapper"})
    if not kinds:
        return "lookalike", ""
    return ("M" if kinds[0] in {"in-async", "certain-panic"} else "H"), kinds[0]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--show", choices=("dev", "held_out"), action="append", default=[])
    parser.add_argument("only", nargs="*", help="names of crates, or of workspaces")
    options = parser.parse_args()
    found = list(judged(options.only))
    for one in found:
        if one.label.half in options.show and not one.reason_right:
            print(f"{one.label.path}:{one.label.line}: {one.label.label}, said {one.said} {one.reason}")
    print("| asked | half | sites | class right | reason too | not known | edited wrongly | M edited |")
    print("|---|---|---|---|---|---|---|---|")
    for asked in ("codemod", "scanner"):
        for half in ("dev", "held_out"):
            some = [one for one in found if one.asked == asked and one.label.half == half]
            print(f"| {asked} | {half} | {_row(some)} |")


def _row(some: list[Judged]) -> str:
    movable = [one for one in some if one.label.classes[0][:1] in {"M", "S"}]
    cells = (
        len(some),
        sum(one.right for one in some),
        sum(one.reason_right for one in some),
        sum(one.said == _UNKNOWN for one in some),
        sum(one.edited and not one.right for one in some),
        f"{sum(one.edited for one in movable)} of {len(movable)}",
    )
    return " | ".join(map(str, cells))


if __name__ == "__main__":
    main()
