"""The measured time of one fix, by what it was spent on."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import perf_counter

from remediate.cargo.command import Cargo
from remediate.model import Timings


@dataclass
class Stopwatch:
    """Counts from its making. cargo and git keep their own time; this one asks them at both ends."""

    cargo: Cargo
    git_seconds: Callable[[], float]
    baseline: Callable[[], tuple[float, int]] = lambda: (0.0, 0)
    plan: float = 0.0
    edit: float = 0.0
    rounds: int = 0
    _start: float = field(default_factory=perf_counter)

    def __post_init__(self) -> None:
        self._cargo = (self.cargo.seconds, self.cargo.runs)
        self._git = self.git_seconds()
        self._baseline = self.baseline()

    @contextmanager
    def planning(self) -> Iterator[None]:
        """Count the block as planning."""
        start = perf_counter()
        try:
            yield
        finally:
            self.plan += perf_counter() - start

    @contextmanager
    def editing(self) -> Iterator[None]:
        """Count the block as checking and writing the edit."""
        start = perf_counter()
        try:
            yield
        finally:
            self.edit += perf_counter() - start

    def read(self) -> Timings:
        """Return the seconds so far, rounded to milliseconds."""
        seconds, runs = self.baseline()
        return Timings(
            plan_s=round(self.plan, 3),
            edit_s=round(self.edit, 3),
            git_s=round(self.git_seconds() - self._git, 3),
            cargo_s=round(self.cargo.seconds - self._cargo[0], 3),
            total_s=round(perf_counter() - self._start, 3),
            cargo_runs=self.cargo.runs - self._cargo[1],
            baseline_s=round(seconds - self._baseline[0], 3),
            baseline_runs=runs - self._baseline[1],
            rounds=self.rounds,
        )
