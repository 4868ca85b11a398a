"""Performance before and after: benchmarks where there are any, else build time; and the size.

Measured in rounds that alternate between the two commits, so that a busy machine slows both. A figure counts
as worse only where its best round after is worse than its worst round before by more than a tolerance: the
spread decides nothing. What was measured is remembered for the two trees.
"""

import json
import re
import shutil
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from statistics import median

import msgspec

from remediate.cargo.check import DEFAULT
from remediate.cargo.command import Cargo
from remediate.cargo.process import Streams
from remediate.errors import ToolError
from remediate.quantities import quantity
from remediate.rust.package import LIBRARIES
from remediate.workflow.completion.evidence import Evidence
from remediate.workflow.sources.workspace import Workspace

ROUNDS = 3
TOLERANCE = 0.05
_BENCH = re.compile(r"^test (?P<name>\S+)\s+\.\.\. bench:\s+(?P<time>[\d,.]+) ns/iter")
_BUILD = ("build", "--release")
BUILD = "cargo build --release --workspace"
BENCH = "cargo bench --workspace"


class Round(msgspec.Struct, frozen=True):
    """What one round found of one commit.

    Attributes:
        benches: Seconds by the name of the benchmark; empty where there are none.
        build: Seconds that building the workspace's own packages took.
        sizes: Bytes of what was built, by its name.
    """

    benches: dict[str, float]
    build: float
    sizes: dict[str, int]


class Compared(msgspec.Struct, frozen=True):
    """All rounds of both commits."""

    before: tuple[Round, ...]
    after: tuple[Round, ...]


def measured_round(cargo: Cargo, workspace: Workspace) -> Round:
    """Build the checked-out tree, run its benchmarks, and measure both.

    Raises:
        BaselineError, ToolError: It does not build.
    """
    first = cargo.compile(_BUILD, DEFAULT, ())
    if not first.success:
        raise ToolError("the workspace does not build with --release")
    sources = [p for package in workspace.packages for p in package.rust_files]
    cargo.touch(sources)
    built = cargo.compile(_BUILD, DEFAULT, ())
    sizes: dict[str, int] = {}
    binaries = [u for u in built.units if u.executable]
    for unit in binaries or [u for u in built.units if LIBRARIES & set(u.kinds)]:
        file = Path(unit.executable or unit.artifact)
        if file.is_file():
            sizes[f"{unit.package} {unit.label}"] = file.stat().st_size
    return Round(dict(_benches(cargo, workspace)), built.seconds, sizes)


def _benches(cargo: Cargo, workspace: Workspace) -> Iterator[tuple[str, float]]:
    for package in workspace.packages:
        for target in package.targets:
            if "bench" in target.kinds:
                yield from _bench(cargo, package.name, target.name)


def _bench(cargo: Cargo, package: str, name: str) -> Iterator[tuple[str, float]]:
    """Yield what criterion or libtest measured; of a program that is neither, the time it took as a whole."""
    chosen = ("bench", "--package", package, "--bench", name)
    built = cargo.run((*chosen, "--no-run"))
    if built.code:
        raise ToolError(f"the benchmark {name} of {package} does not build")
    shutil.rmtree(cargo.results / "criterion", ignore_errors=True)
    said: list[str] = []
    began = time.monotonic()
    home = {"CRITERION_HOME": str(cargo.results / "criterion")}
    ended = cargo.run(chosen, Streams(on_stdout=said.append), extra=home)
    spent = time.monotonic() - began
    if ended.code:
        raise ToolError(f"the benchmark {name} of {package} fails")
    found = {**_criterion(cargo.results / "criterion"), **_libtest(said)}
    for bench, seconds in found.items() or [("whole", spent)]:
        yield f"{package} {name} {bench}", seconds


def _criterion(folder: Path) -> dict[str, float]:
    files = sorted(folder.rglob("new/estimates.json")) if folder.is_dir() else []
    return {
        file.parent.parent.relative_to(folder).as_posix(): json.loads(file.read_bytes())["median"][
            "point_estimate"
        ]
        / 1e9
        for file in files
    }


def _libtest(said: Sequence[str]) -> dict[str, float]:
    matches = filter(None, map(_BENCH.match, said))
    return {m.group("name"): float(m.group("time").replace(",", "")) / 1e9 for m in matches}


def time_evidence(found: Compared) -> Evidence:
    """Return whether benchmarks got slower; where there are none that both commits have, builds."""
    names = [n for n in found.before[0].benches if all(n in r.benches for r in (*found.before, *found.after))]
    if names:
        olds = {name: [r.benches[name] for r in found.before] for name in names}
        news = {name: [r.benches[name] for r in found.after] for name in names}
        return _compared("benchmarks", BENCH, olds, news)
    builds = {"build"}
    olds, news = (
        {name: [r.build for r in rounds] for name in builds} for rounds in (found.before, found.after)
    )
    return _compared("build time", BUILD, olds, news)


def _compared(
    about: str, command: str, olds: Mapping[str, Sequence[float]], news: Mapping[str, Sequence[float]]
) -> Evidence:
    lines, worse = [], 0
    ratios = []
    for name, old in olds.items():
        new = news[name]
        ratio = median(new) / median(old) if median(old) else 1.0
        ratios.append(ratio)
        spread = (
            f"{_time(min(old))} to {_time(max(old))} before, {_time(min(new))} to {_time(max(new))} after"
        )
        slower = min(new) > max(old) * (1 + TOLERANCE)
        worse += slower
        lines.append(f"{name}: {ratio:.2f} of before ({spread}){', slower' if slower else ''}")
    few = f"{min(ratios):.2f}" + (f" to {max(ratios):.2f}" if len(ratios) > 1 else "")
    rounds = f"{quantity(len(next(iter(olds.values()))), 'round')} each"
    figure = f"{about}: {few} of before, {rounds}; {worse} slower than the spread and {TOLERANCE:.0%}"
    if len(lines) == 1:
        figure += f"; {spread}"
    return Evidence(about, command, figure, not worse, tuple(lines))


def size_evidence(found: Compared) -> Evidence:
    """Return whether what is built got larger."""
    old, new = found.before[-1].sizes, found.after[-1].sizes
    both = sorted(set(old) & set(new))
    if not both:
        return Evidence("size", BUILD, "nothing is built both before and after", None)
    was, now = sum(old[name] for name in both), sum(new[name] for name in both)
    figure = f"size: {now / was:.2f} of before, {now:,} bytes; {was:,} before"
    places = tuple(f"{name}: {new[name]:,} bytes, {old[name]:,} before" for name in both)
    return Evidence("size", BUILD, figure, now <= was * (1 + TOLERANCE), places)


def _time(seconds: float) -> str:
    for unit, size in (("s", 1.0), ("ms", 1e-3), ("µs", 1e-6)):
        if seconds >= size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds * 1e9:.3g} ns"
