"""What rustc prints of a target that it has read: typed bodies (THIR) and resolved syntax (HIR).

Both are unstable formats of the toolchain's own, so they are asked for only of versions that were tried.
"""

import re
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from remediate.cargo.configuration import Configuration
from remediate.cargo.door import Cargo, selection
from remediate.cargo.wrappers import facts_wrapper

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
    """The files that hold one target's output; None for what rustc could not print."""

    thir: Path | None
    hir: Path | None


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
    """
    cargo.results.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="remediate-facts-", dir=cargo.results))
    try:
        # The number makes cargo ask rustc, whatever it still knows of an earlier run.
        mark = ("--", "-C", f"metadata=remediate-facts-{time.time_ns()}")
        profile = ("--profile", "test" if look.built else "check")
        arguments = ("rustc", *configuration.arguments, *selection((spec,)), *look.target, *profile)
        command = (*arguments, "--message-format", "json", *mark)
        cargo.listen(command, "cargo rustc", facts_wrapper(cargo.results, folder, look.crate_type))
        yield Printed(_there(folder / "thir-flat"), _there(folder / "hir-tree"))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _there(file: Path) -> Path | None:
    return file if file.is_file() else None
