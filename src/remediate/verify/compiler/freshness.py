"""The freshness proof: did rustc, in this very run, read the bytes that were written?

cargo decides by file times and can call stale results fresh: a shared target folder, a copied one, an edit
that carries an old time. So a run counts only if every compilation that reads an edited file really took
place, and every edited Rust file was read by one that ended well.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path

from remediate.cargo.check import Unit
from remediate.cargo.compiler_output import digest
from remediate.gates import GateResult, Verdict, passed, unverified

GATE = "freshness"


def freshness(
    runs: Sequence[Sequence[Unit]],
    package: str,
    written: Collection[str],
    removed: Collection[str] = (),
    name: str = GATE,
) -> GateResult:
    """Return whether the runs together read every written ``.rs`` file, and reused nothing that is stale.

    Args:
        runs: What each run compiled, one run per configuration in which the package compiles at all.
        package: The name of the package under edit.
        written: The workspace-relative paths that now hold new bytes.
        removed: Those that are gone.
        name: The gate's name.
    """
    rust = sorted(path for path in written if path.endswith(".rs"))
    doubts = stale_runs(runs, package, [*written, *removed])
    reasons = [reason for found in doubts for reason in found]
    reasons += misread([unit for units in runs for unit in units], removed)
    reasons += [] if runs else [f"nothing of {package} compiles"]
    reasons += _unread([unit for units in runs for unit in units], rust)
    if reasons:
        return unverified(name, "; ".join(list(dict.fromkeys(reasons))[:8]))
    return passed(name, f"rustc read all {len(rust)} edited files in this run")


def stale_runs(runs: Sequence[Sequence[Unit]], package: str, edited: Collection[str]) -> list[list[str]]:
    """Return for each run why it says nothing about an edit.

    A feature set under which nothing reads the edited files is rightly not compiled again, if another was.
    """
    found = [stale(units, package, edited) for units in runs]
    if all(found):
        return found
    return [
        [] if _is_untouched(units, package, edited) else reasons
        for units, reasons in zip(runs, found, strict=True)
    ]


def _is_untouched(units: Sequence[Unit], package: str, edited: Collection[str]) -> bool:
    """Whether all of a package compiles, and is known to read no edited file."""
    own = [unit.files for unit in units if unit.package == package]
    return bool(own) and all(files is not None and not files & set(edited) for files in own)


def stale(units: Sequence[Unit], package: str, edited: Collection[str]) -> list[str]:
    """Return why a run says nothing about an edit: reused results, or none of the package; else nothing."""
    if edited and all(path.endswith("nextest.toml") for path in edited):
        return []  # neither rustc nor cargo reads it: what was compiled before is what would be compiled now
    reasons = reused(units, edited)
    if not any(unit.package == package and not unit.fresh for unit in units):
        reasons.append(f"nothing of {package} was compiled in this run")
    return reasons


def reused(units: Sequence[Unit], edited: Collection[str]) -> list[str]:
    """Return which results cargo reused although an edited file went into them, each a sentence."""
    touched = set(edited)
    return [
        f"cargo reused an earlier result for {unit.package} ({unit.label})"
        for unit in units
        if unit.fresh and unit.files and unit.files & touched
    ]


def misread(units: Sequence[Unit], gone: Collection[str]) -> list[str]:
    """Return which compilations say to have read a file that is gone: their record is an earlier one's."""
    return [
        f"{unit.package} ({unit.label}) names {min(unit.files & set(gone))}, which is gone"
        for unit in units
        if not unit.fresh and unit.files and unit.files & set(gone)
    ]


def unread_by_tests(units: Sequence[Unit], edited: Collection[str]) -> list[str]:
    """Return which test builds did not read an edited file that the same crate's ordinary build read."""
    read: dict[tuple[str, str], frozenset[str]] = {
        (u.package, u.root): (u.files or frozenset()) & set(edited) for u in units if not u.test
    }
    return [
        f"{unit.package} ({unit.label}) did not read {missing[0]}"
        for unit in units
        if unit.test and unit.files is not None
        for missing in [sorted(read.get((unit.package, unit.root), frozenset()) - unit.files)]
        if missing
    ]


def digests(units: Iterable[Unit]) -> tuple[tuple[str, str], ...]:
    """Return a digest of what each compilation made, by its label: the program, or else the library."""
    found = ((unit.label, Path(unit.executable or unit.artifact)) for unit in units)
    return tuple(sorted((label, digest(path)) for label, path in found if path.is_file()))


def unchanged(units: Sequence[Unit], edited: Collection[str], before: Iterable[tuple[str, str]]) -> list[str]:
    """Return which compilations took place and made byte for byte what was made before.

    Of what does not read an edited file, the programs of tests: they link a library that does.
    """
    known = set(before)
    mine = [u for u in units if not u.fresh and (u.test or (u.files and u.files & set(edited)))]
    return [
        f"{label} is byte for byte what it was before" for label, d in digests(mine) if (label, d) in known
    ]


def doubted(gates: Iterable[GateResult], reasons: Sequence[str]) -> Iterator[GateResult]:
    """Yield the gates of a run; with reasons to doubt its freshness, what it passed is unverified."""
    for gate in gates:
        doubtful = reasons and gate.verdict is Verdict.PASSED
        yield unverified(gate.name, "; ".join(reasons[:8])) if doubtful else gate


def _unread(units: Sequence[Unit], paths: Sequence[str]) -> list[str]:
    read = {path for unit in units if not unit.fresh and unit.files for path in unit.files}
    return [f"{path} was read by no compilation that ended well" for path in paths if path not in read]
