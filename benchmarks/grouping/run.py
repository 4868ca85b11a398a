"""How close the grouping comes to people's: ``python -m benchmarks.grouping.run``, ``--cases`` for each case.

Every case is given to the program and to the baselines, and what they make of it is compared with what a
person did, by MoJoFM. The program's weights were tuned on one half of the crates only; the bar counts on the
other. Exit code 1 if it is missed.
"""

import hashlib
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean, median

from benchmarks.grouping import history, unmerge
from benchmarks.grouping.baselines import BASELINES
from benchmarks.grouping.case import Case, opaque, shuffled
from benchmarks.grouping.mojofm import mojofm
from benchmarks.grouping.ours import OPTIONS, Result, grouped
from benchmarks.registry_crates import fetch, pinned

HERE = Path(__file__).parent
SEEDS = (1, 2, 3)
BAR = 15.0


@dataclass(frozen=True)
class Scored:
    """One case with the MoJoFM of every way to group it."""

    case: Case
    result: Result
    ours: float
    baselines: dict[str, float]


def main() -> int:
    """Measure all sets on both halves and print the table."""
    missed = False
    for name, cases in sets().items():
        for half, wanted in (("tuned on", False), ("held out", True)):
            scored = [score(case) for case in cases if held_out(case.crate) is wanted]
            margin = _report(f"{name}, {half}", scored)
            missed = missed or (wanted and margin < BAR)
            if "--cases" in sys.argv:
                _list(scored)
    return int(missed)


def sets() -> dict[str, list[Case]]:
    """Return the three kinds of cases."""
    folders = fetch(pinned(HERE / "crates.toml"))
    merged = [case for folder in folders.values() for case in unmerge.cases(folder)]
    real = [case for pair in history.pairs(HERE / "splits.toml") for case in history.cases(*pair)]
    return {
        "un-merge, natural order": merged,
        "un-merge, shuffled order": [shuffled(case, seed) for case in merged for seed in SEEDS],
        "real splits": real,
    }


def held_out(crate: str) -> bool:
    """Whether a crate's cases were kept from tuning: by a hash of its name, so nobody picked."""
    return hashlib.sha256(crate.encode()).digest()[0] % 2 == 1


def score(case: Case) -> Scored:
    """Group one case every way."""
    truth = {index: module for index, module in case.truth.items() if index not in opaque(case)}
    result = grouped(case)
    others = {name: _against(truth, way(case)) for name, way in BASELINES.items()}
    return Scored(case, result, _against(truth, result.partition), others)


def _against(truth: dict[int, str], partition: dict) -> float:  # type: ignore[type-arg]
    return mojofm({index: partition[index] for index in truth}, truth)


def _report(title: str, scored: Sequence[Scored]) -> float:
    """Print one block and return how far ours is above the best baseline."""
    ours = mean(s.ours for s in scored)
    others = {name: mean(s.baselines[name] for s in scored) for name in BASELINES}
    best = max(others, key=lambda name: others[name])
    files = [n for s in scored for n in s.result.sizes]
    print(f"{title}: {len(scored)} cases from {len({s.case.crate for s in scored})} crates")
    print(f"    MoJoFM {ours:5.1f}   " + "   ".join(f"{n} {v:.1f}" for n, v in others.items()))
    won = _share(s.ours > max(s.baselines.values()) for s in scored)
    print(
        f"    {ours - others[best]:+.1f} over {best} (bar {BAR:+.0f}); better than all on {won} of the cases"
    )
    small, large = (
        _share(n < OPTIONS.min_lines for n in files),
        _share(n > OPTIONS.max_lines for n in files),
    )
    print(f"    files under {OPTIONS.min_lines} lines {small}, over {OPTIONS.max_lines} {large}", end="; ")
    seconds = [s.result.seconds for s in scored]
    print(f"CPU seconds, median {median(seconds):.2f}, longest {max(seconds):.2f}")
    return ours - others[best]


def _share(true: Iterable[bool]) -> str:
    found = list(true)
    return f"{sum(found) / len(found):.0%}"


def _list(scored: Sequence[Scored]) -> None:
    for s in scored:
        others = " ".join(f"{value:6.1f}" for value in s.baselines.values())
        print(f"        {s.ours:6.1f} | {others} | {s.case.name}")


if __name__ == "__main__":
    sys.exit(main())
