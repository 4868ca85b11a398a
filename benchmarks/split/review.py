"""Prepare a blind review of splits, and read the verdicts.

    python -m benchmarks.split.review make FOLDER [CRATE:PATH ...]   splits (kept), one package for each judge
    python -m benchmarks.split.review ours FOLDER [CRATE:PATH ...]   of ours alone
    python -m benchmarks.split.review plan FOLDER [CRATE:PATH ...]   of ours alone, planned without cargo
    python -m benchmarks.split.review read FOLDER [VERDICTS ...]      the table of all verdicts

``make`` splits each file with the program and with cargo-split-modules, and, where ``crates.toml`` says that
people have split it, once more as they did: their grouping of the same source, written by the program from a
plan, so that nothing but grouping and names differs. A judge gets a folder ``judge-N``: RUBRIC.md, and a
folder for each file with ``original.md`` and the splits as ``A.md``, ``B.md``, .. in an order of the judge's
own. Who made which is in ``key.json``, which judges must not see. Each writes ``verdicts.toml`` as RUBRIC.md
says.
"""

import json
import sys
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from random import Random
from typing import Any

from benchmarks.registry_crates import fetch, pinned
from benchmarks.split import human, tools
from benchmarks.split.corpus import PINS, WORK, Case
from benchmarks.split.outline import outline, package_of, planned_split
from benchmarks.split.tools import Made
from remediate.codemods.split_file.draft import Draft
from remediate.model import Skip

JUDGES = 3
MADE = WORK / "review"
OURS, PEER, HUMAN = "remediate", "cargo-split-modules", "human"
FILES = (
    "arrayvec:src/arrayvec.rs",
    "bytes:src/bytes_mut.rs",
    "csv:src/reader.rs",
    "csv:src/writer.rs",
    "csv-core:src/reader.rs",
    "getopts:src/lib.rs",
    "globset:src/glob.rs",
    "httparse:src/lib.rs",
    "linked-hash-map:src/lib.rs",
    "lru:src/lib.rs",
    "memmap2:src/lib.rs",
    "kurbo:src/bezpath.rs",
    "kurbo:src/stroke.rs",
    "goblin:src/pe/debug.rs",
    "goblin:src/pe/exception.rs",
    "miniz_oxide:src/inflate/core.rs",
    "ignore:src/walk.rs",
    "insta:src/content/yaml/vendored/scanner.rs",
    "aho-corasick:src/nfa/noncontiguous.rs",
    "fixedbitset:src/lib.rs",
    "indexmap:src/set.rs",
    "fst:src/raw/node.rs",
    "fancy-regex:src/parse.rs",
    "log:src/lib.rs",
    "ecow:src/vec.rs",
    "cbindgen:src/bindgen/config.rs",
)
RUBRIC = (Path(__file__).parent / "RUBRIC.md").read_text("utf-8")
_GRADES = ("merge", "renames", "no")
_NAMES = ("good", "acceptable", "poor", "misleading")
Texts = dict[str, bytes]


def main() -> None:
    """Make the packages, or read the verdicts."""
    command, folder, *more = sys.argv[1:]
    if command in ("make", "ours", "plan"):
        make(Path(folder), more or [*FILES, *human.names()], command)
    else:
        print(
            table(Path(folder), [Path(p) for p in more] or sorted(Path(folder).glob("judge-*/verdicts.toml")))
        )


def make(folder: Path, names: Iterable[str], command: str) -> None:
    """Write a package for each judge, and the key."""
    if command == "make":
        tools.install([PEER])
    cases: dict[str, dict[str, Texts]] = {}
    for name in names:
        asked = (OURS, PEER, HUMAN) if command == "make" else (OURS,)
        ways = ((tool, _planned(name) if command == "plan" else _made(name, tool)) for tool in asked)
        found = {tool: made for tool, made in ways if made is not None}
        print(name, *found, flush=True)
        if OURS in found:
            cases[name] = found
    key: dict[str, dict[str, dict[str, str]]] = {}
    for number in range(1, JUDGES + 1):
        key[f"judge-{number}"] = _package(folder / f"judge-{number}", cases, Random(f"judge {number}"))  # noqa: S311
    (folder / "key.json").write_text(json.dumps(key, indent=1))


def _package(folder: Path, cases: dict[str, dict[str, Texts]], order: Random) -> dict[str, dict[str, str]]:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "RUBRIC.md").write_text(RUBRIC)
    key: dict[str, dict[str, str]] = {}
    for number, name in enumerate(order.sample(sorted(cases), len(cases)), 1):
        place = folder / f"{number:02}"
        place.mkdir(exist_ok=True)
        path = name.partition(":")[2]
        before = _source(name)[path]
        (place / "original.md").write_text(_listed("The file before", {path: before}))
        splits = order.sample(sorted(cases[name]), len(cases[name]))
        key[place.name] = {"file": name}
        for letter, tool in zip("ABC", splits, strict=False):
            (place / f"{letter}.md").write_text(_shown(letter, cases[name][tool], path))
            key[place.name][letter] = tool
    return key


def _shown(letter: str, files: Texts, path: str) -> str:
    """Return a split for a reader: all files as outlines, the facade and one of middle size in full."""
    facade = next(p for p in files if p in {path, f"{path.removesuffix('.rs')}/mod.rs"})
    others = [p for p in files if p != facade and not p.endswith("tests.rs")] or [facade]
    by_size = sorted(others, key=lambda p: (files[p].count(b"\n"), p))
    chosen = [facade, by_size[len(by_size) // 2]]
    full = "\n".join(f"## {p} in full\n\n```rust\n{files[p].decode()}```\n" for p in dict.fromkeys(chosen))
    return f"{_listed(f'Split {letter}', files)}\n{full}"


def _listed(title: str, files: Texts) -> str:
    lines = "\n".join("\n".join(outline(path, text)) for path, text in sorted(files.items()))
    return f"# {title}\n\n```\n{lines}\n```\n"


def _made(name: str, tool: str) -> Texts | None:
    """Return the files of a split, None if there is none; kept, so that a run that was killed goes on."""
    case = Case(*name.split(":", 1))
    file = MADE / f"{case.slug}.{tool}.json"
    if not file.exists():
        made = _ask(case, tool)
        file.parent.mkdir(parents=True, exist_ok=True)
        after = {p: t.decode() for p, t in made.changes.items() if t is not None} if made else {}
        file.write_text(
            json.dumps(
                {"outcome": made.outcome if made else "", "said": made.said if made else "", "after": after}
            )
        )
    kept = json.loads(file.read_text())
    rust = {p: t.encode() for p, t in kept["after"].items() if p.endswith(".rs")}
    return rust if kept["outcome"] == "split" and len(rust) > 1 else None


def _planned(name: str) -> Texts | None:
    """Return the files of a split as it is planned before rustc has said anything."""
    case = Case(*name.split(":", 1))
    version = pinned(PINS).get(case.crate) or human.before(case.crate)
    package = package_of(fetch({case.crate: version})[case.crate])
    change = planned_split(package, case.path)
    if isinstance(change, Skip):
        return None
    assert isinstance(change.memo, Draft)
    ground = change.memo.survey.ground
    made = {ground.facade, *(p for p in change.creations if p.endswith(".rs"))}
    return {p: t for p, t in change.result(package.files).items() if t is not None and p in made}


def _ask(case: Case, tool: str) -> Made | None:
    if tool == HUMAN:
        plan = human.plan(case)
        return tools.remediate(case, "--verify", "quick", "--plan", str(plan)) if plan else None
    if tool == OURS:
        return tools.remediate(case, "--verify", "quick")
    return tools.peer(PEER)(case)


def _source(name: str) -> Texts:
    crate = name.partition(":")[0]
    version = pinned(PINS).get(crate) or human.before(crate)
    return dict(package_of(fetch({crate: version})[crate]).files)


def table(folder: Path, verdicts: Sequence[Path]) -> str:
    """Return what the judges say of each tool."""
    key = json.loads((folder / "key.json").read_text())
    grades: dict[str, Counter[str]] = defaultdict(Counter)
    names: dict[str, Counter[str]] = defaultdict(Counter)
    ranks: dict[tuple[str, str], dict[str, int]] = {}
    for file in verdicts:
        judge = file.parent.name if file.parent.name in key else file.stem.removeprefix("verdicts-")
        for number, said in _verdicts(file).items():
            makers = key[judge][number]
            for letter, verdict in said.items():
                tool = makers[letter]
                grades[tool][verdict["merge"]] += 1
                names[tool].update(verdict.get("names", {}).values())
                ranks.setdefault((judge, makers["file"]), {})[tool] = _GRADES.index(verdict["merge"])
    lines = [
        "| | would merge | after renames | no | names good or acceptable | misleading |",
        "|---|---|---|---|---|---|",
    ]
    for tool in sorted(grades, key=[OURS, HUMAN, PEER, *sorted(grades)].index):
        n, named = grades[tool].total(), names[tool].total() or 1
        shares = " | ".join(f"{grades[tool][g]} of {n} ({grades[tool][g] / n:.0%})" for g in _GRADES)
        well = names[tool]["good"] + names[tool]["acceptable"]
        lines.append(
            f"| {tool} | {shares} | {well} of {named} ({well / named:.0%}) | {names[tool]['misleading']} |"
        )
    for other in (HUMAN, PEER):
        pairs = [r for r in ranks.values() if OURS in r and other in r]
        fine = sum(r[OURS] <= r[other] for r in pairs)
        lines.append(f"\nNot worse than {other} in {fine} of {len(pairs)} pairs.")
    return "\n".join(lines)


def _verdicts(file: Path) -> dict[str, Any]:
    """Return a judge's verdicts: by file's number, then by letter; which of several is better is left out.

    Raises:
        ValueError: A verdict uses a word that the rubric has not.
    """
    raw = file.read_text("utf-8")
    read: dict[str, Any] = json.loads(raw) if file.suffix == ".json" else tomllib.loads(raw)
    found = {number: {k: v for k, v in said.items() if k != "better"} for number, said in read.items()}
    for number, said in found.items():
        for letter, verdict in said.items():
            words = {*verdict.get("names", {}).values()} - set(_NAMES)
            if verdict.get("merge") not in _GRADES or words:
                raise ValueError(f"{file}: {number}.{letter}: `merge` is one of {_GRADES}, names of {_NAMES}")
    return found


if __name__ == "__main__":
    main()
