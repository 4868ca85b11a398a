"""Doctests: run by cargo, read from libtest's log file."""

import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from remediate.cargo.door import Cargo
from remediate.cargo.faults import failed, in_complaint
from remediate.cargo.libtest import read_log
from remediate.cargo.messages import Messages
from remediate.cargo.process import Deadline, Streams
from remediate.cargo.suite import Case, Selection, Suite


def run(cargo: Cargo, chosen: Selection) -> Suite:
    """Run the doctests of a package's library; a package without one has no such run.

    Raises:
        ToolError: cargo is missing.
    """
    clock = _Clock(Deadline.after(cargo.timeout), chosen.limit, Messages(cargo.root))
    with tempfile.TemporaryDirectory(prefix="remediate-") as folder:
        log = Path(folder) / "log"
        finished = cargo.run(
            (
                *("test", "--doc", "--message-format", "json", *chosen.arguments),
                *("--", "--logfile", str(log)),
            ),
            Streams(on_stdout=clock.line),
            clock.deadline,
        )
        results = read_log(log)
    fault = next((found for line in finished.stderr.splitlines() if (found := in_complaint(line))), "")
    if fault:
        raise failed(fault)
    problem = f"the doctests took longer than {chosen.limit:.0f} s" if finished.timed_out else ""
    if finished.code and not results and not problem:
        problem = "the doctests could not be built"
    return Suite(
        runner="doctest",
        configuration=chosen.configuration.name,
        tests=tuple(sorted(Case("doc", name, result) for name, result in results.items())),
        problem=problem,
        seconds=clock.seconds,
        units=tuple(clock.build.units),
    )


@dataclass
class _Clock:
    """Hears the build, and starts the tests' own time when it is over."""

    deadline: Deadline
    limit: float
    build: Messages
    began: float = 0.0
    last: float = 0.0

    def line(self, text: str) -> None:
        self.build.line(text)
        self.last = time.monotonic()
        if not self.began and text.startswith("running "):
            self.began = self.last
            self.deadline.restart(self.limit)

    @property
    def seconds(self) -> float:
        return self.last - self.began if self.began else 0.0
