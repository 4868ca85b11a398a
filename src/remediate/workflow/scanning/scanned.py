"""What a scan is asked for, what comes of it, and that cut down to paths, packages or changed lines."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from remediate.audit.scan.baseline import with_sites
from remediate.audit.scan.facts import FILE_RULES, Scan
from remediate.errors import InputError
from remediate.model import Files, Finding
from remediate.rust.codebase import is_below
from remediate.rust.package import Package
from remediate.workflow.sources.reading import Problem, Stamp


@dataclass(frozen=True, slots=True)
class Asked:
    """What a scan is asked for.

    Attributes:
        start: The folder to look for the workspace around.
        manifest_path: Its Cargo.toml, if named.
        paths: Files and folders, relative to ``start`` or absolute, to report on; empty is all.
        packages: Names of the packages to report on; empty is all.
        only: Rules to report; empty is all.
        severities: Severities from the command line, over those of the configuration.
        max_lines: The size limit, if given.
        deep: Whether to parse every file.
        cached: Whether the cache may be used.
        cargo: Arguments of every cargo run.
        forbid: "locks" and "allocation" that are forbidden everywhere, whatever the configuration says.
    """

    start: Path
    manifest_path: Path | None = None
    paths: tuple[Path, ...] = ()
    packages: tuple[str, ...] = ()
    only: frozenset[str] = frozenset()
    severities: tuple[tuple[str, str], ...] = ()
    max_lines: int | None = None
    deep: bool = False
    cached: bool = True
    cargo: tuple[str, ...] = ()
    forbid: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Scanned:
    """A scan with what it was made from.

    Attributes:
        root: The workspace's absolute folder.
        files: The texts that were scanned.
        problems: What could not be read.
        remark: Why a part of the scan did not happen; "" if all of it did.
        stamp: Of the files that were read.
    """

    root: Path
    scan: Scan
    files: Files
    problems: tuple[Problem, ...] = ()
    remark: str = ""
    stamp: Stamp | None = None

    @property
    def unread(self) -> tuple[Problem, ...]:
        """The problems that may hide findings; a link leads to a file that is read itself."""
        return tuple(problem for problem in self.problems if problem.reason != "symlink")


def narrowed(  # noqa: PLR0913, PLR0917 - what is asked, in plain values
    scan: Scan,
    root: Path,
    start: Path,
    paths: Sequence[Path],
    asked: Sequence[str],
    packages: Sequence[Package],
) -> Scan:
    """Return the scan about the paths and packages that were asked for.

    Raises:
        InputError: One of them is not there: a misspelt name must not pass for a clean one.
    """
    for path in paths:
        if not (start / path).resolve().is_relative_to(root) or not (start / path).exists():
            raise InputError(f"there is no {path} in the workspace {root}")
    names = {p.name for p in packages}
    for name in asked:
        if name not in names:
            known = f"Known are {', '.join(sorted(names))}." if names else "cargo cannot say which there are."
            raise InputError(f"there is no package {name} in the workspace {root}", known)
    wanted = [_relative(root, start, path) for path in paths]
    wanted += [p.root for p in packages if p.name in asked]
    if not paths and not asked:
        return scan
    kept = tuple(f for f in scan.findings if any(is_below(f.path, w) for w in wanted))
    return replace(scan, findings=kept)


def within(
    problems: Sequence[Problem], root: Path, start: Path, paths: Sequence[Path]
) -> tuple[Problem, ...]:
    """Return the problems of the paths that were asked for; all where none was."""
    wanted = [_relative(root, start, path) for path in paths]
    return tuple(p for p in problems if not wanted or any(is_below(p.path, w) for w in wanted))


def since(scan: Scan, changed: Mapping[str, tuple[range, ...] | None]) -> Scan:
    """Return the scan about changed lines: a finding about a whole file counts if any line of it changed."""
    kept = [
        left for f in scan.findings if f.path in changed and (left := _on(f, changed[f.path])) is not None
    ]
    return replace(scan, findings=tuple(kept))


def _on(finding: Finding, lines: tuple[range, ...] | None) -> Finding | None:
    if lines is None or finding.rule in FILE_RULES:
        return finding
    return with_sites(finding, tuple(s for s in finding.sites if any(s.line in span for span in lines)))


def _relative(root: Path, start: Path, path: Path) -> str:
    absolute = (start / path).resolve()
    inside = absolute.relative_to(root).as_posix() if absolute.is_relative_to(root) else str(path)
    return "" if inside == "." else inside
