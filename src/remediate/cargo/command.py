"""The only place that starts cargo: with which environment, and how often."""

import os
import re
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

import msgspec

from remediate.cargo import faults
from remediate.cargo.check import DEFAULT, Check, Configuration
from remediate.cargo.environment import environment
from remediate.cargo.faults import refusal
from remediate.cargo.messages import Messages
from remediate.cargo.metadata import Metadata, Package
from remediate.cargo.process import Deadline, Finished, Streams, run
from remediate.errors import ToolError

_JSON = ("--message-format", "json")
# What cargo says of a member that a dependency from a registry shares its name and version with.
_AMBIGUOUS = re.compile(r"specification\w* `[^`]*` is ambiguous")


@dataclass
class Cargo:
    """cargo for one checkout of one workspace.

    Two checkouts must never share a ``target_dir``: cargo then calls stale results fresh.

    Attributes:
        root: The workspace root; compiler paths are relative to it.
        target_dir: Where results go; ``root / "target"`` when None. The user's own setting is not used.
        arguments: Passed to every run: ``--locked``, ``--offline``, ``--frozen``.
        extra: Set beside the user's own environment for every run.
        timeout: Seconds a build may take.
        on_line: Called with every line cargo writes to standard error, for progress.
        on_gate: Called with the name of a gate that begins, for progress.
        runs: How many times cargo was started, by this one and those made of it.
        seconds: The wall time of those runs, and of test binaries that are started without cargo.
    """

    root: Path
    target_dir: Path | None = None
    arguments: tuple[str, ...] = ()
    extra: Mapping[str, str] = field(default_factory=dict)
    timeout: float = 3600.0
    on_line: Callable[[str], None] | None = None
    on_gate: Callable[[str], None] | None = None
    runs: int = 0
    seconds: float = 0.0
    _ids: dict[str, str] = field(default_factory=dict, init=False, repr=False)
    _known: Metadata | None = field(default=None, init=False, repr=False)
    _manifests: tuple[bytes, ...] = field(default=(), init=False, repr=False)

    def __post_init__(self) -> None:
        self.root = self.root.resolve()
        self.target_dir = (self.target_dir or self.root / "target").absolute()

    @cached_property
    def program(self) -> str:
        """The cargo to call: the one that called us, else the one on the path."""
        return os.environ.get("CARGO") or "cargo"

    @property
    def results(self) -> Path:
        """The folder results go to."""
        return self.target_dir or self.root / "target"

    @property
    def environment(self) -> dict[str, str]:
        """The variables every run sees."""
        return environment(os.environ, self.results, self.extra)

    def metadata(self) -> Metadata:
        """Return the workspace's own packages; asked anew each time.

        Raises:
            ToolError: cargo is missing.
            BaselineError: The manifest is broken.
        """
        finished = self.run(("metadata", "--no-deps", "--format-version", "1"))
        if finished.code:
            raise refusal("cargo metadata", finished)
        self._known = msgspec.json.decode(finished.stdout, type=Metadata)
        self._manifests = self._read_manifests()
        return self._known

    def member(self, name: str) -> Package:
        """Return what the manifests say of a member; asked anew only where a manifest is another one now.

        Its targets are not kept up to date: files make them too.

        Raises:
            KeyError: There is none.
            ToolError, BaselineError: As ``metadata``.
        """
        if self._known is None or self._manifests != self._read_manifests():
            return self.metadata().package(name)
        return self._known.package(name)

    def _read_manifests(self) -> tuple[bytes, ...]:
        """Return the bytes of all manifests that the last metadata names, and of the workspace's own."""
        if self._known is None:
            return ()
        folders = (Path(self._known.workspace_root), *(Path(p.folder) for p in self._known.packages))
        files = [folder / "Cargo.toml" for folder in folders]
        return tuple(file.read_bytes() if file.is_file() else b"" for file in files)

    def check(
        self, configuration: Configuration = DEFAULT, packages: Sequence[str] = (), more: Sequence[str] = ()
    ) -> Check:
        """Run ``cargo check`` on all targets, as far as it gets.

        ``packages`` are package ids or names; none means the whole workspace. ``more`` are further arguments.

        Raises:
            ToolError: cargo is missing or timed out.
            BaselineError: cargo cannot even begin: a broken manifest, dependencies that cannot be had.
        """
        return self.compile(("check", "--all-targets", "--keep-going", *more), configuration, packages)

    def clippy(self, configuration: Configuration = DEFAULT, packages: Sequence[str] = ()) -> Check:
        """Run clippy on all targets. Shapes and errors as in ``check``; a missing clippy is a ToolError."""
        return self.compile(("clippy", "--all-targets", "--keep-going"), configuration, packages)

    def doc(self, configuration: Configuration = DEFAULT, packages: Sequence[str] = ()) -> Check:
        """Run rustdoc on the packages alone, private items included. Shapes and errors as in ``check``."""
        return self.compile(("doc", "--no-deps", "--document-private-items"), configuration, packages)

    def compile(
        self,
        command: Sequence[str],
        configuration: Configuration,
        packages: Sequence[str],
        extra: Mapping[str, str] | None = None,
    ) -> Check:
        """Run a command that compiles and reports in JSON. Raises as ``check``."""
        chosen = (*configuration.arguments, *selection(packages))
        end = command.index("--") if "--" in command else len(command)
        arguments = (*command[:end], *_JSON, *chosen, *command[end:])
        heard, seconds = self.listen(arguments, f"cargo {command[0]}", extra)
        return heard.check(configuration.name, seconds)

    def listen(
        self, arguments: Sequence[str], name: str, extra: Mapping[str, str] | None = None
    ) -> tuple[Messages, float]:
        """Run a command to the end of its build and return what it said, and its wall time in seconds.

        Raises:
            ToolError: cargo is missing or timed out.
            BaselineError: cargo ended before it began to compile.
            MachineError: The disk, the memory or a signal ended it.
        """
        heard = Messages(self.root)
        streams = Streams(on_stdout=heard.line, on_stderr=heard.complaint)
        finished = self.run(arguments, streams, extra=extra)
        if finished.timed_out:
            raise ToolError(f"{name} took longer than {self.timeout:.0f} s", "Raise the time limit.")
        if heard.fault:
            raise faults.failed(heard.fault)
        if heard.finished is None:
            raise refusal(name, finished)
        return heard, finished.seconds

    def run(
        self,
        arguments: Sequence[str],
        streams: Streams | None = None,
        deadline: Deadline | None = None,
        extra: Mapping[str, str] | None = None,
    ) -> Finished:
        """Start cargo once and wait for it; ``extra`` variables are for this run alone.

        Where cargo finds a package's name and version ambiguous, it is started again with the member's id.

        Raises:
            ToolError: cargo is missing.
            MachineError: The workspace's folder is, or cargo was killed.
        """
        finished = self._started(arguments, streams or Streams(), deadline, extra)
        if finished.code and not self._ids and _AMBIGUOUS.search(finished.stderr):
            self._ids = {f"{p.name}@{p.version}": p.id for p in self.metadata().packages}
            return self._started(arguments, streams or Streams(), deadline, extra)
        return finished

    def _started(
        self,
        arguments: Sequence[str],
        streams: Streams,
        deadline: Deadline | None,
        extra: Mapping[str, str] | None,
    ) -> Finished:
        if not self.root.is_dir():
            raise faults.failed(f"the folder {self.root} is gone")
        self.runs += 1
        try:
            finished = run(
                (self.program, *self._completed(arguments)),
                self.root,
                {**self.environment, **(extra or {})},
                deadline or Deadline.after(self.timeout),
                replace(streams, on_stderr=self._tee(streams.on_stderr)),
            )
        except (FileNotFoundError, PermissionError) as error:
            raise ToolError(
                f"cannot start {self.program}",
                "Install Rust from https://rustup.rs, or put cargo on the PATH.",
            ) from error
        self.seconds += finished.seconds
        if not finished.timed_out:
            faults.require_life(finished.code, f"cargo {arguments[0]}")
        return finished

    @contextmanager
    def unwrapped(self) -> Iterator[None]:
        """Run cargo without the user's compiler wrapper, for one that caches may give an old result."""
        kept = self.extra
        self.extra = {**kept, "RUSTC_WRAPPER": "", "RUSTC_WORKSPACE_WRAPPER": ""}
        try:
            yield
        finally:
            self.extra = kept

    def gate(self, name: str) -> None:
        """Tell that a gate begins."""
        if self.on_gate:
            self.on_gate(name)

    def touch(self, paths: Iterable[str]) -> None:
        """Give files of the workspace a new time, so that cargo cannot take an earlier result for theirs."""
        for path in paths:
            if (self.root / path).is_file():
                os.utime(self.root / path)

    def _completed(self, arguments: Sequence[str]) -> tuple[str, ...]:
        """Return the arguments with those of every run, before any that are the tests' own."""
        end = arguments.index("--") if "--" in arguments else len(arguments)
        if "--binaries-metadata" in arguments:
            return tuple(arguments)  # nothing is built: nextest takes no word about how to
        folder = ("--target-dir", str(self.results)) if arguments[0] != "metadata" else ()
        own = (self._ids.get(a, a) for a in arguments[:end])
        return (*own, *folder, *self.arguments, *arguments[end:])

    def _tee(self, other: Callable[[str], None] | None) -> Callable[[str], None]:
        listeners = [listener for listener in (self.on_line, other) if listener]

        def tell(line: str) -> None:
            for listener in listeners:
                listener(line)

        return tell


def selection(packages: Sequence[str]) -> tuple[str, ...]:
    """Return the arguments that choose packages; none chooses the workspace."""
    return tuple(word for p in packages for word in ("--package", p)) or ("--workspace",)


def installed(program: str) -> bool:
    """Whether a program, ``cargo-nextest`` for one, is on the path."""
    return shutil.which(program) is not None
