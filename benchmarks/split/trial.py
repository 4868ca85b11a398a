"""Split every large hand-written file of real crates, each in a copy of its crate, and let rustc judge.

    python -m benchmarks.split.trial [crate[:path] ...]

The loop is the workflow's: plan, conservation, rustfmt, write, check of every target under every feature set,
refine, until nothing new is reported. "compiled" means just that: no new error or warning. "unproven": some
feature set of the crate does not compile here, before or after. Tests, clippy and rustdoc are not run.
"""

import argparse
import json
import shutil
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from benchmarks.registry_crates import fetch, pinned
from remediate.cargo.configuration import configurations
from remediate.cargo.door import Cargo
from remediate.codemods import split_file
from remediate.codemods.split_file.ground import ground
from remediate.edits import Change
from remediate.errors import RemediateError
from remediate.model import Diagnostic, Finding, Options, Skip
from remediate.rust.package import Package
from remediate.verify.baseline import Baseline, take
from remediate.verify.compilation import remember
from remediate.verify.ladder import Attempt, check_round, examine
from remediate.verify.report import Level
from remediate.workflow.disk import Written
from remediate.workflow.formatting import formatted
from remediate.workflow.workspace import load

HERE = Path(__file__).parent
WORK = HERE.parent / "work" / "split"
LARGE = 1_000
ROUNDS = 5


@dataclass
class Row:
    """What became of one file."""

    crate: str
    path: str
    lines: int
    outcome: str = "?"
    detail: str = ""
    largest: int = 0
    largest_path: str = ""
    short: int = 0
    files: int = 0
    supers: int = 0
    rounds: int = 0
    plan_s: float = 0.0
    said: list[str] = field(default_factory=list)
    notes: tuple[str, ...] = ()


def main() -> None:
    arguments = _arguments()
    rows: list[Row] = []
    for name, source in _chosen(arguments.only):
        wanted = [o.partition(":")[2] for o in arguments.only if o.startswith(f"{name}:")]
        for row in _crate(name, source, wanted):
            rows.append(row)
            _print(row)
    results = WORK / "results.json"
    if not arguments.only:
        results.write_text(json.dumps([asdict(r) for r in rows], indent=1))
    _summary(rows)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("only", nargs="*")
    return parser.parse_args()


def _chosen(only: list[str]) -> Iterator[tuple[str, Path]]:
    crates = pinned(HERE / "crates.toml")
    names = {o.partition(":")[0] for o in only}
    chosen = {n: v for n, v in crates.items() if not names or n in names}
    yield from fetch(chosen).items()


def _crate(name: str, source: Path, wanted: list[str]) -> Iterator[Row]:
    root = WORK / name
    _refresh(source, root)
    try:
        workspace = load(root)
    except RemediateError as error:
        yield Row(name, "", 0, "unusable", str(error))
        return
    cargo = Cargo(workspace.root)
    for package in workspace.packages:
        bench: Bench | None = None
        for path in _large(package, wanted):
            bench = bench or Bench(workspace.root, package, cargo, _baseline(cargo, package))
            # A package without what was derived of it, so that planning is timed from nothing.
            fresh = replace(bench, package=replace(package))
            yield _split(name, fresh, _finding(path))


def _large(package: Package, wanted: list[str]) -> Iterator[str]:
    """Yield the hand-written files of at least 1,000 lines that some target reaches."""
    for path in package.rust_files:
        if package.files[path].count(b"\n") >= LARGE and (not wanted or path in wanted):
            place = ground(package, _finding(path), Options())
            if not (isinstance(place, Skip) and place.reason in {"generated", "orphan-file", "not-large"}):
                yield path


def _refresh(source: Path, root: Path) -> None:
    """Copy a crate anew, but for what cargo built of it: a run that was killed leaves a half-split tree."""
    for old in root.iterdir() if root.exists() else ():
        if old.name not in {"target", "Cargo.lock"}:
            (shutil.rmtree if old.is_dir() else Path.unlink)(old)
    shutil.copytree(source, root, dirs_exist_ok=True)
    _stand_alone(root)


def _stand_alone(root: Path) -> None:
    """Keep the copy out of this project's own tree of workspaces."""
    manifest = root / "Cargo.toml"
    text = manifest.read_text()
    if "[workspace]" not in text:
        manifest.write_text(text + "\n[workspace]\n")


def _finding(path: str) -> Finding:
    return Finding(id="1", fingerprint="0" * 16, rule="large-file", title="", path=path)


def _baseline(cargo: Cargo, package: Package) -> Baseline:
    quick = take(cargo, package, Level.QUICK)
    member = cargo.metadata().package(package.name)
    rest = [c for c in configurations(member.features) if c.name != "default"]
    checks = (*quick.checks, *(remember(cargo.check(c, quick.scope), c) for c in rest))
    return replace(quick, level=Level.STANDARD, checks=checks)


@dataclass
class Bench:
    """Where one crate's files are split: its copy, its package, its cargo and what was true before."""

    root: Path
    package: Package
    cargo: Cargo
    baseline: Baseline


def _split(name: str, bench: Bench, finding: Finding) -> Row:
    row = Row(name, finding.path, bench.package.source(finding.path).line_count)
    start = time.perf_counter()
    planned = split_file.plan(bench.package, finding, Options())
    row.plan_s = time.perf_counter() - start
    written = Written(bench.root)
    try:
        while (refined := _attempt(row, bench, planned, written)) is not None:
            planned = refined
    finally:
        written.restore()
    return row


def _attempt(row: Row, bench: Bench, planned: Change | Skip, written: Written) -> Change | Skip | None:
    """Try one change; return what ``refine`` makes of it, None when the row is complete."""
    if isinstance(planned, Skip):
        row.outcome, row.detail = "declined", f"{planned.reason}: {planned.sentence}"
        return None
    report = examine(Attempt(bench.package, planned, split_file.MAY_ALTER))
    if report.failed:
        row.outcome, row.detail = "BUG", report.failed[0].detail
        return None
    change = formatted(planned, bench.package, bench.root)
    after = change.result(bench.package.files)
    written.write(after, {new: old for old, new in change.moves.items()})
    row.rounds += 1
    said = check_round(bench.cargo, bench.package, after, bench.baseline)
    row.said += [f"{row.rounds}: {_line(d)}" for d in said.diagnostics]
    if not said.diagnostics:
        _measure(row, change, bench.package)
        doubts = [f"{g.name}: {g.detail}" for g in said.gates if g.verdict.value != "passed"]
        row.outcome, row.detail = ("partly" if change.partial else "compiled"), "; ".join(doubts)
        if "nothing of" in row.detail:
            # A feature set in which the crate does not compile at all proves nothing about the split.
            row.outcome = "unproven"
        return None
    refined = split_file.refine(bench.package, change, said.diagnostics)
    if refined != change and row.rounds < ROUNDS:
        return refined
    row.outcome, row.detail = "rolled back", _line(said.diagnostics[0])
    return None


def _line(d: Diagnostic) -> str:
    span = next((s for s in d.spans if s.primary), None)
    return (
        f"{d.code} {d.message.splitlines()[0]} @ {span.path}:{span.line} {d.reports}/{d.units}"
        if span
        else d.message
    )


def _measure(row: Row, change: Change, package: Package) -> None:
    after = {p: t for p, t in change.result(package.files).items() if t is not None and p.endswith(".rs")}
    sizes = {p: t.count(b"\n") for p, t in after.items()}
    row.files = len(sizes)
    row.largest_path = max(sizes, key=lambda p: sizes[p])
    row.largest = sizes[row.largest_path]
    row.short = sum(sizes[p] < 30 for p in change.creations)
    row.supers = sum(t.count(b"pub(super)") for t in after.values()) - package.files[row.path].count(
        b"pub(super)"
    )
    row.notes = change.notes


def _print(row: Row) -> None:
    per = 1000 * row.supers / row.lines if row.lines else 0
    print(f"{row.crate:<18} {row.path:<40} {row.lines:>6} {row.outcome:<12}", end=" ")
    print(
        f"rounds {row.rounds} plan {row.plan_s:.2f}s largest {row.largest:>5} files {row.files:>3}", end=" "
    )
    print(f"short {row.short} super {row.supers} ({per:.1f}/k) {row.detail[:150]}", flush=True)
    for line in (*row.said[:40], *row.notes):
        print("      ", line[:180])


def _summary(rows: list[Row]) -> None:
    done = [r for r in rows if r.outcome in {"compiled", "partly"}]
    counts = Counter(r.outcome for r in rows)
    print(f"\n{len(rows)} files: " + ", ".join(f"{n} {outcome}" for outcome, n in counts.most_common()))
    if not done:
        return
    for limit in (300, 500, 1000):
        print(f"largest <= {limit}: {sum(r.largest <= limit for r in done)} of {len(done)}")
    print(f"new files under 30 lines: {sum(r.short for r in done)} of {sum(r.files - 1 for r in done)}")
    per = sorted(1000 * r.supers / r.lines for r in done)
    print(f"pub(super) per 1,000 lines, median {per[len(per) // 2]:.1f}")
    rounds = sorted(r.rounds for r in done)
    print(f"check rounds median {rounds[len(rounds) // 2]}, max {rounds[-1]}")
    print(f"planning, longest {max(r.plan_s for r in rows):.2f} s")


if __name__ == "__main__":
    main()
