"""cargo's ``--message-format json`` lines, read while they come."""

import re
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from remediate.cargo import faults
from remediate.cargo.check import Check, Message, Unit, Unmade, label
from remediate.cargo.dep_info import files_read
from remediate.cargo.diagnostics import RustcDiagnostic, diagnostic, relative
from remediate.cargo.script_failures import ScriptFailures

_SUMMARY = re.compile(r"\d+ (warnings?|errors?) emitted|aborting due to |For more information about ")
_DEATH = "process didn't exit successfully: "
_UNMADE = re.compile(r"error: could not compile `([^`]+)` \(([^)]*)\)")


class _Target(msgspec.Struct):
    kind: list[str]
    name: str
    src_path: str


class _Profile(msgspec.Struct):
    test: bool = False


class _Line(msgspec.Struct):
    reason: str
    package_id: str = ""
    target: _Target | None = None
    message: RustcDiagnostic | None = None
    profile: _Profile = msgspec.field(default_factory=_Profile)
    features: list[str] = []
    filenames: list[str] = []
    executable: str | None = None
    fresh: bool = False
    success: bool = False
    cfgs: list[str] = []
    out_dir: str = ""
    env: list[tuple[str, str]] = []
    linked_paths: list[str] = []
    linked_libs: list[str] = []


_DECODER = msgspec.json.Decoder(_Line)


@dataclass
class Messages:
    """Collects what one run says. Call ``line`` for standard output, ``complaint`` for standard error.

    Attributes:
        finished: cargo's own verdict, None as long as it has not given one.
        built: What the build script of a package set: its environment with OUT_DIR.
        directives: What the build script of a package told cargo, a line each.
        linked: Folders of native libraries that build scripts named.
        scripts: The build scripts that failed.
        fault: What of the machine failed, so that nothing of this counts; "" as long as nothing has.
    """

    root: Path
    units: list[Unit] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)
    unmade: list[Unmade] = field(default_factory=list)
    cfgs: list[tuple[str, str]] = field(default_factory=list)
    built: dict[str, dict[str, str]] = field(default_factory=dict)
    directives: dict[str, tuple[str, ...]] = field(default_factory=dict)
    linked: list[str] = field(default_factory=list)
    scripts: ScriptFailures = field(default_factory=ScriptFailures)
    finished: bool | None = None
    fault: str = ""

    def line(self, text: str) -> None:
        """Take one line; what is not cargo's JSON or comes behind its last message is a program's own."""
        if self.finished is not None or not text.startswith("{"):
            return
        try:
            line = _DECODER.decode(text)
        except msgspec.DecodeError:
            # A line this program cannot read proves nothing: whatever it told of stays unproven.
            return
        self._take(line)

    def complaint(self, text: str) -> None:
        """Take one line of standard error: only there does cargo name the units that failed."""
        if self.finished is None or _DEATH in text:  # later, tests may print whatever they like
            self.fault = self.fault or faults.in_complaint(text)
        self.scripts.line(text)
        if found := _UNMADE.match(text):
            self.unmade.append(Unmade(found[1], found[2]))

    def check(self, configuration: str, seconds: float) -> Check:
        """Return what was said as the outcome of one run under a feature set."""
        return Check(
            configuration=configuration,
            success=bool(self.finished),
            units=tuple(self.units),
            unmade=tuple(self.unmade),
            messages=tuple(self.messages),
            cfgs=tuple(self.cfgs),
            scripts=self.scripts.sentences,
            seconds=seconds,
        )

    def _take(self, line: _Line) -> None:
        own = _is_path(line.package_id)
        if line.reason == "build-finished":
            self.finished = line.success
        elif line.reason == "build-script-executed":
            self._built(line, package_name(line.package_id))
        elif line.reason == "compiler-artifact" and line.target and own:
            self.units.append(self._unit(line, line.target))
        elif line.reason == "compiler-message" and line.target and line.message and own:
            self._message(line, line.target, line.message)

    def _built(self, line: _Line, package: str) -> None:
        self.linked += [path.rpartition("=")[2] for path in line.linked_paths]
        if _is_path(line.package_id):
            self.cfgs += [(package, cfg) for cfg in line.cfgs]
            self.built[package] = {**dict(line.env), "OUT_DIR": line.out_dir}
            self.directives[package] = (
                *(f"rustc-cfg={cfg}" for cfg in line.cfgs),
                *(f"rustc-env={name}={value}" for name, value in line.env),
                *(f"rustc-link-search={path}" for path in line.linked_paths),
                *(f"rustc-link-lib={name}" for name in line.linked_libs),
            )

    def _unit(self, line: _Line, target: _Target) -> Unit:
        return Unit(
            package=package_name(line.package_id),
            target=target.name,
            kinds=tuple(target.kind),
            root=relative(target.src_path, self.root),
            test=line.profile.test,
            fresh=line.fresh,
            features=tuple(line.features),
            executable=line.executable,
            files=files_read(line.filenames, self.root),
            artifact=line.filenames[0] if line.filenames else "",
        )

    def _message(self, line: _Line, target: _Target, raw: RustcDiagnostic) -> None:
        if raw.level == "failure-note" or _SUMMARY.match(raw.message):
            return
        said = diagnostic(raw, self.root)
        self.fault = self.fault or faults.in_diagnostic(said)
        self.messages.append(
            Message(
                package=package_name(line.package_id),
                label=label(target.kind, target.name),
                root=relative(target.src_path, self.root),
                diagnostic=said,
            )
        )


def package_name(identity: str) -> str:
    """Return the name in an id: ``path+file:///x/foo#0.1.0``, ``..#foo@0.1.0``, ``foo 0.1.0 (path+..)``."""
    if " " in identity:
        return identity.split(" ", 1)[0]
    location, _, fragment = identity.partition("#")
    name, at, _ = fragment.partition("@")
    return name if at else location.rstrip("/").rpartition("/")[2].partition("?")[0]


def _is_path(identity: str) -> bool:
    return "path+file:" in identity
