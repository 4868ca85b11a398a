"""nextest: names and results from its JUnit report, ignored tests from its event stream.

Human output is not read: a test can print a forged line. The report is made through a profile of the tool's
own that inherits the project's settings but never retries, so flaky tests stay visible. For what it says of
`.config/nextest.toml` it is asked to list the tests of no binary at all, so nothing is built. Keys it does
not know are only warnings, in words for people; there is no other form.
"""

import re
import tempfile
import time
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree as ET

import msgspec

from remediate.cargo.check import label
from remediate.cargo.command import Cargo, installed
from remediate.cargo.compiler_output import Expanding
from remediate.cargo.faults import failed, require_life
from remediate.cargo.messages import Messages
from remediate.cargo.process import Deadline, Finished, Streams
from remediate.cargo.suite import MOST_SAID, Case, Ending, Selection, Suite

_KILLED = re.compile(r"(?:abort|signal)\D*(\d+)")
_PROFILE = "remediate"
_UNBUILT, _RAN = 101, (0, 100)


def available() -> bool:
    """Whether nextest is installed."""
    return installed("cargo-nextest")


def run(cargo: Cargo, chosen: Selection) -> Suite:
    """Build and run a package's tests, each in a process of its own.

    Raises:
        ToolError: cargo is missing.
        MachineError: The disk, the memory or a signal ended the build or a test.
    """
    deadline, expanding = Deadline.after(cargo.timeout), Expanding.of(cargo, chosen.crates)
    with tempfile.TemporaryDirectory(prefix="remediate-") as folder:
        events = _Events(Messages(cargo.root), deadline, chosen.limit)
        report = Path(folder) / "junit.xml"
        finished = cargo.run(
            (*_command(chosen), *expanding.arguments, *_settings(Path(folder), report)),
            Streams(on_stdout=events.line, on_stderr=events.build.complaint),
            deadline,
            {"NEXTEST_EXPERIMENTAL_LIBTEST_JSON": "1"},
        )
        # A run that was ended early reports the tests it ended as failed: the events know better.
        reported = report.is_file() and not finished.timed_out
        tests = _reported(report, chosen.package, events) if reported else ()
    heard = events.build
    if heard.fault:
        raise failed(heard.fault)
    problem = _problem(finished, tests, chosen)
    return Suite(
        runner="nextest",
        configuration=chosen.configuration.name,
        tests=tuple(sorted((*tests, *events.ignored(), *events.open(timed_out=finished.timed_out)))),
        uncovered=chosen.uncovered,
        problem=problem,
        seconds=events.seconds,
        units=tuple(heard.units),
        build=None if heard.finished is None else heard.check(chosen.configuration.name, finished.seconds),
        expanded=expanding.made(heard.units),
    )


def _command(chosen: Selection) -> tuple[str, ...]:
    kinds = (name.split(" ", 1) for name in chosen.unharnessed)
    left_out = [
        f"(kind({k[0]}) & binary(={k[1].strip(chr(34))}))" if len(k) > 1 else "kind(lib)" for k in kinds
    ]
    left_out += ["kind(bench)"] if chosen.benches else []
    wanted = [f"not ({' | '.join(left_out)})"] if left_out else []
    wanted += [f"({' | '.join(f'test(={name})' for name in chosen.only)})"] if chosen.only else []
    targets = ("--all-targets",) if chosen.benches else ()
    return (
        *("nextest", "run", *chosen.arguments, *targets, "--cargo-message-format", "json"),
        *("--profile", _PROFILE, "--retries", "0", "--no-fail-fast", "--no-tests", "pass"),
        *("--ignore-default-filter", "--message-format", "libtest-json-plus"),
        *(("-E", " & ".join(wanted)) if wanted else ()),
    )


def _settings(folder: Path, report: Path) -> tuple[str, ...]:
    file = folder / "nextest.toml"
    quoted = msgspec.json.encode(str(report)).decode()
    store = msgspec.json.encode(str(folder / "store")).decode()
    file.write_text(
        f"[store]\ndir = {store}\n\n[profile.{_PROFILE}]\n"
        f"junit = {{ path = {quoted}, store-success-output = false, store-failure-output = false }}\n"
    )
    return ("--tool-config-file", f"remediate:{file}")


def _problem(finished: Finished, tests: tuple[Case, ...], chosen: Selection) -> str:
    if finished.timed_out:
        return f"the tests took longer than {chosen.limit:.0f} s"
    if finished.code == _UNBUILT:
        return "the tests do not compile"
    if finished.code in _RAN and (tests or finished.code == 0):
        return ""
    lines = [line for line in finished.stderr.splitlines() if line.startswith(("error:", "  "))]
    return f"nextest ended with status {finished.code}: {' '.join(' '.join(lines[:6]).split())[:400]}"


def _reported(report: Path, package: str, events: "_Events") -> tuple[Case, ...]:
    suites = ET.parse(report).getroot().iter("testsuite")  # noqa: S314 - as above
    return tuple(
        Case(
            binary_label(suite.get("name", ""), package),
            name := case.get("name", ""),
            _result(case),
            said=events.said.get(name, ""),
        )
        for suite in suites
        for case in suite.iter("testcase")
    )


def binary_label(binary: str, package: str) -> str:
    """Return cargo's name for nextest's: ``foo`` is foo's lib, ``foo::bin/x`` a bin, ``foo::x`` a test."""
    rest = binary.removeprefix(package).removeprefix("::")
    kind, slash, name = rest.partition("/")
    if not rest:
        return "lib"
    return f'{kind} "{name}"' if slash else f'test "{rest}"'


def _result(case: ET.Element) -> Ending:
    """Return how a test ended.

    Raises:
        MachineError: It was killed.
    """
    found = [case.find("failure"), case.find("error")]
    for one in found:
        words = "" if one is None else f"{one.get('type', '')} {one.get('message', '')}"
        if killed := _KILLED.search(words):
            require_life(-int(killed[1]), f"the test {case.get('name', '')}")
    bad = any(one is not None for one in found)
    return Ending.FAILED if bad else Ending.OK


class _Binary(msgspec.Struct):
    crate: str
    test_binary: str
    kind: str


class _Event(msgspec.Struct):
    type: str
    event: str
    name: str = ""
    nextest: _Binary | None = None
    stdout: str = ""


_DECODER = msgspec.json.Decoder(_Event)


@dataclass
class _Events:
    """Hears the build, then the event stream: when the tests begin, which are ignored, which never end."""

    build: Messages
    deadline: Deadline
    limit: float
    began: float = 0.0
    last: float = 0.0
    labels: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    last_event: dict[str, str] = field(default_factory=dict)
    said: dict[str, str] = field(default_factory=dict)

    def line(self, text: str) -> None:
        if self.build.finished is None or not text.startswith("{"):
            self.build.line(text)
            return
        try:
            event = _DECODER.decode(text)
        except msgspec.DecodeError:
            return
        if self.deadline.remaining <= 0:
            return
        self.last = time.monotonic()
        if not self.began:
            self.began = self.last
            self.deadline.restart(self.limit)
        if event.type == "suite" and event.nextest:
            binary = event.nextest
            kind = label((binary.kind,), binary.test_binary)
            self.labels[f"{binary.crate}::{binary.test_binary}"].add(kind)
        elif event.type == "test":
            self.last_event[event.name] = event.event
            if event.event == "failed":
                self.said[event.name.partition("$")[2]] = event.stdout[:MOST_SAID]

    @property
    def seconds(self) -> float:
        return self.last - self.began

    def ignored(self) -> tuple[Case, ...]:
        return self._tests("ignored", Ending.IGNORED)

    def open(self, *, timed_out: bool) -> tuple[Case, ...]:
        """Return the tests that were begun and not ended.

        nextest 0.9.143 also says "started", and then nothing, of an ignored test that is the first of its
        binary; in a run that came to its end every other test is in the report.
        """
        return self._tests("started", Ending.UNFINISHED if timed_out else Ending.IGNORED)

    def _tests(self, event: str, result: Ending) -> tuple[Case, ...]:
        """Return the tests whose last event this was.

        A lib and a bin of one name share their prefix here; such a test is said to be of either.
        """
        found = (name.split("$", 1) for name, last in self.last_event.items() if last == event)
        return tuple(Case(" or ".join(sorted(self.labels[b])), name, result) for b, name in found)


PATH = ".config/nextest.toml"
# nextest 0.9.143 takes a build that made nothing.
_NOTHING_BUILT = {
    "rust-build-meta": {
        "target-directory": "",
        "base-output-directories": [],
        "non-test-binaries": {},
        "linked-paths": [],
    },
    "rust-binaries": {},
}
_UNKNOWN = "ignoring unknown configuration key"


@dataclass(frozen=True, slots=True)
class Judgment:
    """The keys nextest does not know, as it writes them ("profile.ci.overrides.0.x"); or why it fails."""

    unknown: tuple[str, ...] = ()
    error: str = ""

    @property
    def sound(self) -> bool:
        """Whether nextest takes the file and knows every key."""
        return not (self.unknown or self.error)


def judged(cargo: Cargo) -> Judgment:
    """Return what nextest says of the workspace's configuration; it must be installed. Writes nothing there.

    Raises:
        ToolError: cargo is missing.
    """
    found = _judged(cargo, ("--no-deps",))
    if found.error and (cargo.root / "Cargo.lock").is_file():
        # A filter may name a dependency, and those are known from a full description only.
        full = _judged(cargo, ("--locked",))
        return found if full.error else full
    return found


def _judged(cargo: Cargo, described_as: tuple[str, ...]) -> Judgment:
    metadata = cargo.run(("metadata", "--format-version", "1", *described_as))
    if metadata.code:
        return Judgment(error="cargo cannot read the workspace")
    with tempfile.TemporaryDirectory(prefix="remediate-") as folder:
        described, built = Path(folder) / "metadata.json", Path(folder) / "built.json"
        described.write_text(metadata.stdout)
        built.write_bytes(msgspec.json.encode(_NOTHING_BUILT))
        files = ("--cargo-metadata", str(described), "--binaries-metadata", str(built))
        said = cargo.run(("nextest", "list", *files, "--override-version-check", "--message-format", "json"))
    if said.code:
        return Judgment(error=_error(said.stderr))
    return Judgment(tuple(sorted(_unknown(said.stderr.splitlines()))))


def _unknown(lines: list[str]) -> list[str]:
    """Return the key behind the warning, or the list of several below it."""
    found: list[str] = []
    listing = False
    for line in lines:
        _, warned, rest = line.partition(_UNKNOWN)
        listing = bool(warned) or (listing and (not line.strip() or line.startswith("  - ")))
        if warned and rest.startswith(":") and rest.strip(": "):
            found.append(rest.strip(": "))
        elif listing and line.startswith("  - "):
            found.append(line.removeprefix("  - ").strip())
    return found


def _error(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    start = next((n for n, line in enumerate(lines) if line.startswith("error:")), 0)
    return " ".join(lines[start : start + 5])[:400]
