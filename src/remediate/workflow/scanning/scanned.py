"""What a scan is asked for, and what comes of it."""

from dataclasses import dataclass
from pathlib import Path

from remediate.audit.scan.facts import Scan
from remediate.model import Files
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
