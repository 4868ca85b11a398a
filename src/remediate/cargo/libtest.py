"""libtest: the test binaries cargo builds, listed and run one by one; and doctests, which cargo runs.

All tests of one binary run in a single process. Names come from the binary's own list, results from
libtest's log file: what a test prints can forge neither.
"""

import re
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec

from remediate.cargo.check import Unit
from remediate.cargo.command import Cargo
from remediate.cargo.faults import failed, in_complaint, require_life
from remediate.cargo.messages import Messages
from remediate.cargo.metadata import Package
from remediate.cargo.process import Deadline, Finished, Streams
from remediate.cargo.process import run as run_process
from remediate.cargo.suite import MOST_SAID, Case, Ending, Selection, Suite
from remediate.cargo.toolchain import run_environment

_MAIN = "(main)"


def run(cargo: Cargo, chosen: Selection) -> Suite:
    """Build a package's tests and run those that compile.

    Raises:
        ToolError: cargo is missing.
        BaselineError: cargo cannot begin.
    """
    return run_built(cargo, build(cargo, chosen), chosen)


@dataclass(frozen=True, slots=True)
class Built:
    """The test binaries of one build, and what that build said."""

    binaries: tuple["_Binary", ...]
    said: Messages

    @property
    def is_there(self) -> bool:
        """Whether all binaries are still on the disk."""
        return all(binary.executable.is_file() for binary in self.binaries)


def build(cargo: Cargo, chosen: Selection) -> Built:
    """Build a package's tests, as far as they compile. Raises as ``run``."""
    package = cargo.member(chosen.package)
    built, _ = cargo.listen(
        # `cargo build --tests` alone would build them as `dev` says: other tests than `cargo test` runs.
        ("build", "--tests", "--profile", "test", "--keep-going", *_JSON, *chosen.arguments),
        "cargo build --tests",
    )
    binaries = (
        _Binary(
            unit,
            Path(unit.executable),
            run_environment(cargo, package, built, Path(unit.executable)),
            package,
        )
        for unit in built.units
        if unit.test and unit.executable and unit.package == chosen.package
    )
    return Built(tuple(binaries), built)


def run_built(cargo: Cargo, built: Built, chosen: Selection) -> Suite:
    """Run the test binaries of a build."""
    deadline = Deadline.after(chosen.limit)
    tests = [test for b in built.binaries for test in _tests(b, chosen, deadline)]
    seconds = chosen.limit - deadline.remaining
    cargo.seconds += seconds
    unmade = [f"{u.label} does not compile" for u in built.said.unmade if u.package == chosen.package]
    return Suite(
        runner="libtest",
        configuration=chosen.configuration.name,
        tests=tuple(sorted(tests)),
        uncovered=(*chosen.uncovered, *sorted(unmade)),
        problem=f"the tests took longer than {chosen.limit:.0f} s" if deadline.remaining <= 0 else "",
        seconds=seconds,
        units=tuple(built.said.units),
    )


_JSON = ("--message-format", "json")


@dataclass(frozen=True, slots=True)
class _Binary:
    unit: Unit
    executable: Path
    environment: dict[str, str]
    package: Package

    def start(self, deadline: Deadline, *arguments: str, unstable: bool = False) -> Finished:
        # Listing as JSON is unstable; the variable is set for the listing alone, never for a test.
        more = {"RUSTC_BOOTSTRAP": "1"} if unstable else {}
        command = (str(self.executable), *arguments, *(("-Z", "unstable-options") if unstable else ()))
        folder = Path(self.package.folder)
        finished = run_process(command, folder, {**self.environment, **more}, deadline)
        if not finished.timed_out:
            require_life(finished.code, f"the tests of {self.unit.label}")
        return finished


def _tests(binary: _Binary, chosen: Selection, deadline: Deadline) -> Iterator[Case]:
    label = binary.unit.label.removesuffix(" test")
    if label in chosen.unharnessed:
        yield Case(label, _MAIN, _ended(binary.start(deadline)))
        return
    listed = _listed(binary, deadline)
    panicking = set(listed) - set(_listed(binary, deadline, "--exclude-should-panic"))
    results, printed = _results(binary, deadline, chosen.only)
    for name, found in listed.items():
        if chosen.only and name not in chosen.only:
            continue
        result = results.get(name, Ending.UNFINISHED)
        yield Case(label, name, result, name in panicking, found.source_path, _said(printed, name, result))


def _ended(finished: Finished) -> Ending:
    if finished.timed_out:
        return Ending.UNFINISHED
    return Ending.FAILED if finished.code else Ending.OK


class _Found(msgspec.Struct):
    type: str
    event: str
    name: str = ""
    source_path: str = ""


def _listed(binary: _Binary, deadline: Deadline, *arguments: str) -> dict[str, _Found]:
    finished = binary.start(deadline, "--list", "--format", "json", *arguments, unstable=True)
    lines = [line for line in finished.stdout.splitlines() if line.startswith("{")]
    found = (msgspec.json.decode(line, type=_Found) for line in lines)
    return {f.name: f for f in found if f.type == "test" and f.event == "discovered"}


def _results(binary: _Binary, deadline: Deadline, only: tuple[str, ...]) -> tuple[dict[str, Ending], str]:
    """Return how the tests ended, and all that was printed."""
    chosen = ("--exact", *only) if only else ()
    with tempfile.TemporaryDirectory(prefix="remediate-") as folder:
        log = Path(folder) / "log"
        finished = binary.start(deadline, "--logfile", str(log), *chosen)
        return read_log(log), finished.stdout


def _said(printed: str, name: str, result: Ending) -> str:
    if result is not Ending.FAILED:
        return ""
    own = printed.partition(f"---- {name} stdout ----")[2]
    return _NEXT.split(own)[0][:MOST_SAID]


_NEXT = re.compile(r"\n---- .* stdout ----\n|\nfailures:\n")


def read_log(log: Path) -> dict[str, Ending]:
    """Read libtest's log file: a result, maybe a colon and its reason, and a name a line.

    Nothing when it was not written.
    """
    lines = log.read_text(errors="replace").splitlines() if log.is_file() else []
    found = {}
    for word, _, rest in (line.partition(" ") for line in lines):
        name = rest.rpartition(" ")[2] if word.endswith(":") else rest
        found[name] = _RESULTS.get(word.removesuffix(":"), Ending.FAILED)
    return found


_RESULTS = {"ok": Ending.OK, "ignored": Ending.IGNORED, "failed": Ending.FAILED}


def run_doctests(cargo: Cargo, chosen: Selection) -> Suite:
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
