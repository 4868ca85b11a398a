"""Tests of the other packages of a workspace: those that may read a file that a change moves are run too.

Whether they may is a heuristic over string literals: one that names the file or its stem, or that leads to a
folder above it. The tests of all others are not run, and that is told by name.
"""

import posixpath
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace

from remediate.cargo.command import Cargo
from remediate.cargo.suite import Suite
from remediate.gates import GateResult, unverified
from remediate.rust.package import Package
from remediate.verify.baseline import Baseline, Neighbour, selection
from remediate.verify.compiler.freshness import doubted, reused
from remediate.verify.report import Level, Report
from remediate.verify.tests import testing

GATE = "tests of other packages"
_RUNNER = "libtest"
_LITERAL = re.compile(rb'"([^"\\\n]{1,200})"')


def may_read_heuristic(other: Package, path: str) -> bool:
    """Whether something in a package, a test or a build script, may read a file of another package."""
    name = posixpath.basename(path)
    stem = name.partition(".")[0]
    return any(
        name in text or text == stem or _leads_to(other, file, text, path)
        for file in other.rust_files
        for text in (found[1].decode(errors="replace") for found in _LITERAL.finditer(other.files[file]))
    )


def _leads_to(other: Package, file: str, text: str, path: str) -> bool:
    """Whether a literal is a path that leads to a folder above a file, from the package or from its file."""
    way = text.partition("{")[0].lstrip("/")
    if ("/" not in text and text != "..") or not re.search(r"\.\.|\w", way):
        return False
    ends = (posixpath.normpath(posixpath.join(base, way)) for base in (other.root, posixpath.dirname(file)))
    return any(
        end == "." or f"{path}/".startswith(f"{end.rstrip('/')}/") for end in ends if end != other.root
    )


def wanted(package: Package, level: Level, paths: Collection[str]) -> tuple[Package, ...]:
    """Return the packages whose tests are to be run beside those of ``package``: all at level full."""
    if level is Level.QUICK:
        return ()
    return tuple(
        other
        for other in package.others
        if other.targets and (level is Level.FULL or any(may_read_heuristic(other, path) for path in paths))
    )


def measure(cargo: Cargo, package: Package, baseline: Baseline, paths: Collection[str]) -> list[Neighbour]:
    """Run the tests of the packages that are wanted and not yet known, in the untouched tree.

    Raises:
        ToolError: cargo is missing.
        BaselineError: cargo cannot begin.
    """
    known = {one.package for one in baseline.neighbours}
    missing = [other for other in wanted(package, baseline.level, paths) if other.name not in known]
    versions = {p.name: p.version for p in cargo.metadata().packages} if missing else {}
    return [
        Neighbour(other.name, spec, testing.measure(cargo, _RUNNER, selection(other, spec), repeats=1))
        for other in missing
        for spec in [f"{other.name}@{versions[other.name]}"]
    ]


@dataclass(frozen=True)
class Neighbours:
    """The tests of other packages, with a change on the disk.

    ``paths`` are the existing files that it changes, ``touched`` all that it writes or removes.
    """

    cargo: Cargo
    package: Package
    baseline: Baseline
    paths: tuple[str, ...]
    touched: tuple[str, ...]

    def gates(self) -> Iterator[GateResult]:
        """Yield the gates of each package whose tests are run, and one that names the others."""
        if self.baseline.level is Level.QUICK:
            return
        run = {o.name: o for o in wanted(self.package, self.baseline.level, self.paths)}
        known = {one.package: one for one in self.baseline.neighbours}
        for name in sorted(run.keys() & known.keys()):
            yield from Report(tuple(self._gates(run[name], known[name]))).about(name).gates
        unread = {o.name for o in self.package.others if o.targets} - run.keys()
        left_out = {
            "nothing in them seems to read the files": sorted(unread),
            "they were not run before the change": sorted(run.keys() - known.keys()),
        }
        told = [
            f"not run, for {why}: {', '.join(names[:12])}"
            + (f" and {len(names) - 12} more" if len(names) > 12 else "")
            for why, names in left_out.items()
            if names
        ]
        if told:
            yield unverified(GATE, "; ".join(told))

    def _gates(self, other: Package, before: Neighbour) -> Iterator[GateResult]:
        chosen, first = selection(other, before.spec), list[Suite]()

        def run() -> Suite:
            if first:
                return testing.again(self.cargo, before.suite, chosen)
            first.append(testing.fresh(self.cargo, before.suite, chosen, self.touched))
            return first[0]

        # Which part of the change is at fault is not searched for here: it goes as a whole.
        gates = tuple(replace(gate, tests=()) for gate in testing.gates(run, before.suite))
        yield from doubted(gates, reused(first[0].units, self.touched) if first else [])
