"""cargo's ``--message-format json`` lines, read while they come: diagnostics, artifacts, the files they read.

Diagnostics become ``model.Diagnostic``, paths relative to the workspace root. Of build scripts that fail
cargo tells on standard error alone, with what they printed last.
"""

import posixpath
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

import msgspec

from remediate.cargo import faults
from remediate.cargo.check import Check, Message, Unit, Unmade, label
from remediate.model import Diagnostic, Span


class RustcText(msgspec.Struct):
    """One source line under a span."""

    text: str = ""


class RustcSpan(msgspec.Struct):
    """rustc's DiagnosticSpan. Byte offsets are those of the file on disk; columns count characters."""

    file_name: str
    byte_start: int
    byte_end: int
    line_start: int
    column_start: int
    is_primary: bool = False
    label: str | None = None
    suggested_replacement: str | None = None
    suggestion_applicability: str | None = None
    text: list[RustcText] = []
    expansion: "RustcExpansion | None" = None


class RustcExpansion(msgspec.Struct):
    """The macro call a span comes out of."""

    span: RustcSpan


class RustcCode(msgspec.Struct):
    """An error code or lint name."""

    code: str = ""


class RustcDiagnostic(msgspec.Struct):
    """rustc's Diagnostic."""

    message: str
    level: str
    code: RustcCode | None = None
    spans: list[RustcSpan] = []
    children: list["RustcDiagnostic"] = []
    rendered: str | None = None


def diagnostic(raw: RustcDiagnostic, root: Path) -> Diagnostic:
    """Translate one message and its children."""
    return Diagnostic(
        level="error" if raw.level.startswith("error") else raw.level,
        code=raw.code.code if raw.code else "",
        message=raw.message,
        spans=tuple(span for s in raw.spans for span in _spans(s, root)),
        children=tuple(diagnostic(child, root) for child in raw.children),
        rendered=raw.rendered or "",
    )


def relative(path: str, root: Path) -> str:
    """Return a path of rustc or cargo relative to the workspace root, or as it is when it lies elsewhere.

    rustc spells the file of a ``#[path = "../tests/x.rs"]`` with the dots: they are taken out.
    """
    pure = PurePosixPath(posixpath.normpath(Path(path).as_posix()))
    base = PurePosixPath(root.as_posix())
    return str(pure.relative_to(base)) if pure.is_relative_to(base) else str(pure)


def _spans(raw: RustcSpan, root: Path) -> Iterator[Span]:
    """Yield the span, a macro's mapped to the outermost place in the workspace that the user wrote.

    The places between, a workspace macro's body for one, follow as secondary spans. A suggestion inside a
    macro is
    dropped: it would be applied to the wrong bytes.
    """
    chain = list(_chain(raw))
    inside = [s for s in chain if not relative(s.file_name, root).startswith(("/", "<"))]
    outermost = inside[-1] if inside else raw
    yield _span(outermost, root, primary=raw.is_primary, of=raw)
    for other in inside[:-1]:
        yield _span(other, root, primary=False, of=raw)


def _chain(raw: RustcSpan) -> Iterator[RustcSpan]:
    span: RustcSpan | None = raw
    while span is not None:
        yield span
        span = span.expansion.span if span.expansion else None


def _span(raw: RustcSpan, root: Path, *, primary: bool, of: RustcSpan) -> Span:
    before = raw.text[0].text[: raw.column_start - 1] if raw.text else ""
    suggested = raw is of and raw.expansion is None
    return Span(
        path=relative(raw.file_name, root),
        start=raw.byte_start,
        end=raw.byte_end,
        line=raw.line_start,
        column=len(before.encode()) + 1 if raw.text else raw.column_start,
        primary=primary,
        label=of.label or "",
        replacement=of.suggested_replacement if suggested else None,
        applicability=(of.suggestion_applicability or "") if suggested else "",
    )


_BLANK = re.compile(r"(?<!\\) ")


def files_read(artifacts: Sequence[str], root: Path) -> frozenset[str] | None:
    """Return the files behind an artifact, relative to ``root`` where below it.

    ``artifacts`` are cargo's "filenames" of one unit; the record lies beside the first that has one. rustc's
    own is in ``deps``: what cargo puts beside the copies above it is written only when the build has ended.
    A build script's is named by its crate and the hash of its folder. None when rustc left no record.
    """
    for artifact in sorted(map(Path, artifacts), key=lambda path: path.parent.name != "deps"):
        script = f"{artifact.stem.replace('-', '_')}-{artifact.parent.name.rpartition('-')[2]}"
        for stem in (artifact.stem, artifact.stem.removeprefix("lib"), artifact.name, script):
            record = artifact.with_name(f"{stem}.d")
            if record.is_file():
                return frozenset(relative(p, root) for p in parse(record.read_text(errors="replace")))
    return None


def parse(text: str) -> list[str]:
    """Return the dependencies of the rules of a dep-info file, in order, once each."""
    found: dict[str, None] = {}
    for line in text.splitlines():
        target, separator, rest = line.partition(": ")
        if separator and not target.startswith("#"):
            found.update(dict.fromkeys(part.replace("\\ ", " ") for part in _BLANK.split(rest) if part))
    return list(found)


_FAILED = re.compile(r"error: failed to run custom build command for `(\S+)")
_STDERR = "--- stderr"
_BACKTRACE = "stack backtrace:"
_MOST_SAID = 300


@dataclass
class ScriptFailures:
    """Collects the failures of one run. Call ``line`` for each line of standard error.

    Attributes:
        said: What each script printed on standard error, by package.
    """

    said: dict[str, list[str]] = field(default_factory=dict)
    _package: str = ""
    _heard: bool = False

    def line(self, text: str) -> None:
        """Take one line: cargo indents what a script printed."""
        if found := _FAILED.match(text):
            self._package, self._heard = found[1], False
            self.said[found[1]] = []
        elif self._package and text.strip() == _STDERR:
            self._heard = True
        elif self._package and self._heard:
            self._printed(text)

    def _printed(self, text: str) -> None:
        if (text.strip() and not text.startswith("  ")) or text.strip() == _BACKTRACE:
            self._package = ""
        elif text.strip() and not text.strip().startswith("note: "):
            self.said[self._package].append(text.strip())

    @property
    def sentences(self) -> tuple[str, ...]:
        """A sentence for each script that failed, with the end of what it said."""
        return tuple(
            f"the build script of {package} fails: {' '.join(said[-2:])[-_MOST_SAID:]}".rstrip(": ")
            for package, said in sorted(self.said.items())
        )


_SUMMARY = re.compile(r"\d+ (warnings?|errors?) emitted|aborting due to |For more information about ")
_DEATH = "process didn't exit successfully: "
_UNMADE = re.compile(r"error: could not compile `([^`]+)` \(([^)]*)\)")


class _Target(msgspec.Struct):
    kind: list[str]
    name: str
    src_path: str


class _Profile(msgspec.Struct):
    test: bool = False
    debug_assertions: bool = True


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
            debug_assertions=line.profile.debug_assertions,
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
