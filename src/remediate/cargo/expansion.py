"""A target after macro expansion, as rustc writes it, and what the package's build script gave it."""

import hashlib
import tempfile
from dataclasses import dataclass
from pathlib import Path

from remediate.cargo.configuration import Configuration
from remediate.cargo.door import Cargo
from remediate.cargo.wrappers import expansion_wrapper, has_shell
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
    return tuple((p.relative_to(folder).as_posix(), _digest(p)) for p in found)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()[:16]
