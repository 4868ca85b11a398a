"""What rustc and rustdoc print of a target: expansion, MIR, typed bodies, links, public items.

All but the last are unstable formats of the toolchain's own. Typed bodies (THIR) and resolved syntax (HIR)
are asked for only of versions that were tried.
"""

import hashlib
import re
import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from remediate.cargo.check import Check, Configuration, Unit
from remediate.cargo.command import Cargo, selection
from remediate.cargo.wrappers import (
    expansion_wrapper,
    expansions_wrapper,
    facts_wrapper,
    has_shell,
    mir_wrapper,
    rustdoc_wrapper,
    wrappers_of_the_user,
)
from remediate.errors import BaselineError


@dataclass(frozen=True, slots=True, order=True)
class ScriptOutput:
    """What the build script of one package of the workspace produced.

    Attributes:
        package: The package's name.
        directives: What it told cargo: cfgs, variables, libraries and their folders, sorted.
        files: The files in its OUT_DIR, by their path there, each with a digest.
    """

    package: str
    directives: tuple[str, ...]
    files: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Expansion:
    """A target's text with all macros expanded, "" where rustc could not write it."""

    text: str
    scripts: tuple[ScriptOutput, ...] = ()


def expanded(
    cargo: Cargo, configuration: Configuration, spec: str, target: tuple[str, ...], *, test: bool
) -> Expansion:
    """Expand one target of a package as it stands on the disk; dependencies are those that its tests use.

    Args:
        cargo: cargo for the workspace.
        configuration: The feature set.
        spec: The package as a cargo spec.
        target: The arguments that choose the target: ``--lib``, ``--bin x``.
        test: Whether it is expanded as a test.

    Raises:
        ToolError: cargo is missing.
    """
    if not has_shell():
        return Expansion("")
    with tempfile.TemporaryDirectory(prefix="remediate-") as folder:
        file = Path(folder) / "expanded.rs"
        command = (
            *("rustc", "--message-format", "json", "--package", spec, *configuration.arguments, *target),
            *("--profile", "test" if test else "dev", "--", "-Zunpretty=expanded", "-o", str(file)),
        )
        try:
            heard, _ = cargo.listen(command, "cargo rustc", expansion_wrapper(cargo.results))
        except BaselineError:  # a target that needs a feature, say: cargo refuses it by itself
            return Expansion("")
        text = file.read_text(errors="replace") if heard.finished and file.is_file() else ""
    scripts = (
        ScriptOutput(package, tuple(sorted(heard.directives.get(package, ()))), _files(Path(out)))
        for package, variables in heard.built.items()
        if (out := variables.get("OUT_DIR"))
    )
    return Expansion(text, tuple(sorted(scripts)))


def _files(folder: Path) -> tuple[tuple[str, str], ...]:
    found = sorted(path for path in folder.rglob("*") if path.is_file())
    return tuple((p.relative_to(folder).as_posix(), digest(p)) for p in found)


def digest(path: Path) -> str:
    """Return a digest of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Expanding:
    """How one build also expands the units of tests that it compiles; empty where it does not.

    Attributes:
        arguments: What cargo is to be given.
        folder: Where the expansions are after the run.
    """

    arguments: tuple[str, ...] = ()
    folder: Path | None = None

    @classmethod
    def of(cls, cargo: Cargo, crates: Sequence[str]) -> "Expanding":
        """Return what expands crates; nothing where a wrapper of the user's has the place of ours."""
        if not crates or not has_shell() or wrappers_of_the_user(cargo.environment, cargo.root):
            return cls()
        script, folder = expansions_wrapper(cargo.results, crates)
        return cls(("--config", f"build.rustc-wrapper={msgspec.json.encode(script).decode()}"), folder)

    def made(self, units: Sequence[Unit]) -> dict[str, str]:
        """Return the expansion of each unit of tests that was compiled in the run, by its target's label."""
        names = {Path(u.executable or u.artifact.replace("/lib", "/")).stem: u for u in units if u.test}
        files = sorted(self.folder.glob("*.rs")) if self.folder else ()
        found = ((names[file.stem], file) for file in files if file.stem in names)
        return {
            u.label.removesuffix(" test"): text
            for u, file in found
            if (text := file.read_text(errors="replace"))
        }


Emitted = tuple[Check, dict[str, str]]
"""A check, and the MIR of each unit by its label."""


def emitted_mir(cargo: Cargo, configuration: Configuration, packages: Sequence[str]) -> Emitted:
    """Check packages and return, beside the check, the MIR of each unit of theirs by its label.

    Paths in it are full ones. A unit that did not compile has none.

    Raises:
        ToolError: cargo is missing, or there is no shell.
        BaselineError: cargo cannot begin.
    """
    wrapper = mir_wrapper(cargo.results)
    check = cargo.compile(("check", "--all-targets", "--keep-going"), configuration, packages, wrapper)
    names = {name.partition("@")[0] for name in packages}
    found: dict[str, str] = {}
    for unit in (u for u in check.units if u.package in names):
        # rustc puts the MIR of `libx-1.rmeta` in `x-1.mir`.
        artifact = Path(unit.artifact)
        file = artifact.with_name(f"{artifact.stem.removeprefix('lib')}.mir")
        if file.is_file():
            found[unit.label] = file.read_text(errors="replace")
    return check, found


TRIED = frozenset({"1.95"})
"""The versions of Rust whose output the parsers in ``facts`` were tried with."""
_VERSION = re.compile(r"\brustc (\d+\.\d+)\.")


@dataclass(frozen=True, slots=True)
class Look:
    """Which target to look at, and how.

    Attributes:
        target: The target in cargo's words: ``("--lib",)``, ``("--bin", "x")``.
        crate_type: What it is to be read as, without ``cfg(test)``; "" for a unit of tests.
        built: Whether its dependencies are built as for tests, which suits who runs tests as well; else they
            are only checked.
    """

    target: tuple[str, ...]
    crate_type: str
    built: bool


@dataclass(frozen=True, slots=True)
class Printed:
    """The files that hold one target's output; None for what rustc could not print.

    Attributes:
        has_dependencies: Whether no build script failed: what it needs of the machine may be there later.
    """

    thir: Path | None
    hir: Path | None
    has_dependencies: bool


def is_tried(identity: str) -> bool:
    """Whether a toolchain, as ``toolchain.identity`` describes it, is one of those that were tried."""
    found = _VERSION.search(identity)
    return found is not None and found[1] in TRIED


@contextmanager
def printed(cargo: Cargo, configuration: Configuration, spec: str, look: Look) -> Iterator[Printed]:
    """Let rustc print one target; the files are there until the block ends.

    Raises:
        ToolError: cargo is missing or took too long, or there is no shell.
        BaselineError: cargo cannot begin.
        MachineError: The disk, the memory or a signal ended it.
    """
    cargo.results.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="remediate-facts-", dir=cargo.results))
    try:
        # The number makes cargo ask rustc, whatever it still knows of an earlier run.
        mark = ("--", "-C", f"metadata=remediate-facts-{time.time_ns()}")
        profile = ("--profile", "test" if look.built else "check")
        arguments = ("rustc", *configuration.arguments, *selection((spec,)), *look.target, *profile)
        command = (*arguments, "--message-format", "json", *mark)
        heard, _ = cargo.listen(command, "cargo rustc", facts_wrapper(cargo.results, folder, look.crate_type))
        yield Printed(_there(folder / "thir-flat"), _there(folder / "hir-tree"), not heard.scripts.said)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _there(file: Path) -> Path | None:
    return file if file.is_file() else None


_OPTIONS = ("-Z", "unstable-options", "--generate-link-to-definition", "--document-private-items")


def linked_pages(cargo: Cargo, configuration: Configuration, spec: str, library: str) -> dict[str, str]:
    """Return the pages of a library by the file they show, relative to the folder of the library's root file.

    Errors in bodies do not matter; where an import leads nowhere there are none.

    Raises:
        ToolError: cargo is missing, or there is no shell.
        BaselineError: cargo cannot begin.
    """
    crate = library.replace("-", "_")
    for folder in _folders(cargo, crate):
        shutil.rmtree(folder, ignore_errors=True)
    mark = ("--cap-lints", "allow", "--crate-version", f"run-{time.time_ns()}")
    command = ("rustdoc", "--lib", "--", *_OPTIONS, *mark)
    cargo.compile(command, configuration, (spec,), rustdoc_wrapper(cargo.results))
    return {
        page.relative_to(folder).as_posix().removesuffix(".html"): page.read_text("utf-8")
        for folder in _folders(cargo, crate)
        for page in sorted(folder.rglob("*.rs.html"))
    }


def _folders(cargo: Cargo, crate: str) -> list[Path]:
    return [*cargo.results.glob(f"doc/src/{crate}"), *cargo.results.glob(f"*/doc/src/{crate}")]


_JSON = ("-Z", "unstable-options", "--output-format", "json", "--cap-lints", "allow")
_PRIVATE = ("--document-private-items", "--document-hidden-items")
FORMATS = range(50, 60)
"""The format versions whose shape is the one read here (rustdoc-types); 57 is that of Rust 1.95."""


def public_items(
    cargo: Cargo, configuration: Configuration, spec: str, library: str, *, private: bool = False
) -> tuple[Check, Mapping[str, Any] | None]:
    """Document a library; return the run and rustdoc's JSON, None when it made none of a format known here.

    ``library`` is the lib target's name; ``private`` asks for what is private or hidden as well.

    Raises:
        ToolError: cargo is missing, or there is no shell.
        BaselineError: cargo cannot begin.
    """
    file = f"{library.replace('-', '_')}.json"
    # The file is one for all feature sets, so no earlier run may count: a new argument makes cargo start
    # anew.
    more = _PRIVATE if private else ()
    command = ("rustdoc", "--lib", "--", *_JSON, *more, "--crate-version", f"run-{time.time_ns()}")
    check = cargo.compile(command, configuration, (spec,), rustdoc_wrapper(cargo.results))
    made = [*cargo.results.glob(f"doc/{file}"), *cargo.results.glob(f"*/doc/{file}")]
    if not made or not check.success:
        return check, None
    found: Mapping[str, Any] = msgspec.json.decode(made[0].read_bytes())
    return check, found if found.get("format_version") in FORMATS else None
