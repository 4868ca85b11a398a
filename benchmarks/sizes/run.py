"""How small do large files get? Every split of real crates planned, none compiled.

    python -m benchmarks.sizes.run [--names] [--json FILE] [crate[:path] ...]

For each hand-written file of at least 1,000 lines: the largest file of the result, and where that is over the
limit what is in the way, counted from the plan and not from what the plan says of itself:

    piece   one item that takes more than the limit alone
    stays   what has to stay in the facade (flat tests, macros, ..) takes more than the limit
    tests   a test module in a file of its own: its tests keep their ids only there
    loose   none of these: a better plan would do better
"""

import argparse
import gc
import json
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

from benchmarks.registry_crates import fetch, pinned
from remediate.codemods import split_file
from remediate.codemods.split_file.draft import FACADE, Draft
from remediate.codemods.split_file.options import SplitOptions
from remediate.edits import Change
from remediate.errors import RemediateError
from remediate.model import Finding, Skip
from remediate.rust.codebase import Codebase
from remediate.rust.package import Package
from remediate.workflow.fixing.formatting import formatted
from remediate.workflow.sources.workspace import load

HERE = Path(__file__).parent
LARGE = 1_000
LIMIT = SplitOptions().max_lines


@dataclass
class Child:
    """A new module: what it is called, why, and what is in it."""

    name: str
    lines: int
    reason: str
    holds: list[str]


@dataclass
class Row:
    """What is planned for one file."""

    crate: str
    path: str
    lines: int
    outcome: str = "planned"
    detail: str = ""
    sizes: dict[str, int] = field(default_factory=dict)
    over: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    children: list[Child] = field(default_factory=list)
    cpu_s: float = 0.0

    @property
    def largest(self) -> int:
        """Lines of the largest file; of a declined split that is the file."""
        return max(self.sizes.values(), default=self.lines)


def main() -> None:
    arguments = _arguments()
    rows: list[Row] = []
    for name, source in _chosen(arguments.only):
        wanted = [o.partition(":")[2] for o in arguments.only if o.startswith(f"{name}:")]
        for row in _crate(name, source, wanted):
            rows.append(row)
            _print(row, names=arguments.names)
    if arguments.json:
        Path(arguments.json).write_text(json.dumps([asdict(r) for r in rows], indent=1))
    _summary(rows)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("only", nargs="*")
    parser.add_argument("--names", action="store_true", help="print every new module and what is in it")
    parser.add_argument("--json", help="also write everything to this file")
    return parser.parse_args()


def _chosen(only: list[str]) -> Iterator[tuple[str, Path]]:
    names = {o.partition(":")[0] for o in only}
    chosen = {n: v for n, v in pinned(HERE / "crates.toml").items() if not names or n in names}
    yield from fetch(chosen).items()


def _crate(name: str, source: Path, wanted: list[str]) -> Iterator[Row]:
    try:
        workspace = load(source)
    except RemediateError as error:
        yield Row(name, "", 0, "unusable", str(error))
        return
    gc.collect()
    for package in workspace.packages:
        for path in package.rust_files:
            lines = package.files[path].count(b"\n")
            if lines >= LARGE and (not wanted or path in wanted):
                row = _row(name, package, path, source)
                if row.detail.partition(":")[0] not in {"generated", "orphan-file", "shared-file"}:
                    yield row


def _row(name: str, package: Package, path: str, root: Path) -> Row:
    row = Row(name, path, package.files[path].count(b"\n"))
    finding = Finding(id="1", fingerprint="0" * 16, rule="large-file", title="", path=path)
    start = time.process_time()
    planned = split_file.plan(Codebase.of(package), finding, SplitOptions())
    row.cpu_s = time.process_time() - start
    if isinstance(planned, Skip):
        row.outcome, row.detail = "declined", f"{planned.reason}: {planned.sentence}"
    else:
        _measure(row, formatted(planned, Codebase.of(package), root), package)
    return row


def _measure(row: Row, change: Change, package: Package) -> None:
    draft = change.memo
    assert isinstance(draft, Draft)
    after = {p: t for p, t in change.result(package.files).items() if t is not None and p.endswith(".rs")}
    row.sizes = {p: t.count(b"\n") for p, t in sorted(after.items())}
    ground = draft.survey.ground
    places = {ground.facade: FACADE, **{ground.child_path(g.name): g.name for g in draft.alive}}
    row.over = {p: _in_the_way(draft, places.get(p)) for p, n in row.sizes.items() if n > LIMIT}
    row.notes = list(change.notes)
    row.children = [
        Child(
            g.name,
            row.sizes[ground.child_path(g.name)],
            g.reason,
            [f"{draft.survey.units[i].title} ({draft.survey.units[i].lines})" for i in g.units],
        )
        for g in draft.alive
    ]


def _in_the_way(draft: Draft, place: str | None) -> str:
    if place is None:
        return "tests"
    units = [u for u in draft.survey.units if draft.place[u.index] == place and u.item.kind != "mod"]
    if any(u.lines > LIMIT for u in units):
        return "piece"
    fixed = sum(u.lines for u in units if u.index in draft.survey.pins) if place == FACADE else 0
    return "stays" if fixed > LIMIT else "loose"


def _print(row: Row, *, names: bool) -> None:
    over = ", ".join(f"{Path(p).name} {row.sizes[p]} {why}" for p, why in row.over.items())
    print(f"{row.crate:<18} {row.path:<44} {row.lines:>6} -> {row.largest:>5}", end=" ")
    print(f"{len(row.children):>3} modules {row.cpu_s:.1f}s {row.detail[:110]} {over}", flush=True)
    for child in row.children if names else ():
        print(
            f"      {child.name:<24} {child.lines:>4}  {child.reason[:60]:<60} {'; '.join(child.holds)[:160]}"
        )


def _summary(rows: list[Row]) -> None:
    counted = [r for r in rows if r.outcome != "unusable"]
    done = [r for r in counted if r.outcome == "planned"]
    print(f"\n{len(counted)} files of {len({r.crate for r in counted})} crates, {len(done)} planned")
    print("declined: " + str(Counter(r.detail.partition(":")[0] for r in counted if r not in done)))
    for limit in (300, 500, 1000):
        plain = sum(r.largest <= limit for r in done)
        listed = sum(all(n <= limit or r.over[p] != "loose" for p, n in r.sizes.items()) for r in done)
        print(f"largest <= {limit}: {plain} of {len(done)}; or truly uncuttable: {listed}")
    print("files over the limit: " + str(Counter(why for r in done for why in r.over.values())))
    sizes = [c.lines for r in done for c in r.children]
    print(f"new modules: {len(sizes)}, under 30 lines: {sum(n < 30 for n in sizes)}")
    print(f"splits into one module: {sum(len(r.children) == 1 for r in done)}, none: ", end="")
    print(sum(not r.children for r in done))
    print(f"planning, CPU: longest {max((r.cpu_s for r in counted), default=0):.2f} s")


if __name__ == "__main__":
    main()
