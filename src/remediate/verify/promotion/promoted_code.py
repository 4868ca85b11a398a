"""What rustc made of promoted tests and of the library they link, before the change and after it."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from remediate.cargo.compiler_output import emitted_mir
from remediate.cargo.door import Cargo
from remediate.edits import Promotion
from remediate.rust.package import Package
from remediate.verify.baseline import Baseline
from remediate.verify.promotion import same_library, same_tests
from remediate.verify.promotion.same_library import SameLibrary
from remediate.verify.promotion.same_tests import SameTests, TestBodies
from remediate.verify.promotion.targets import TARGET
from remediate.verify.report import Level


@dataclass(frozen=True, slots=True)
class Promoted:
    """Tests that change their target, and what they did ``before``, by ``promoted_before``."""

    promotions: tuple[Promotion, ...] = ()
    before: tuple[TestBodies, ...] = ()


NONE = Promoted()


def promoted_before(
    cargo: Cargo, package: Package, baseline: Baseline, promotions: Sequence[Promotion]
) -> Promoted:
    """Look at tests that are to change their target, in the untouched tree on the disk.

    Raises:
        ToolError: cargo is missing, or there is no shell.
        BaselineError: cargo cannot begin.
    """
    if not promotions:
        return NONE
    sets, found = [base.configuration for base in baseline.checks], []
    for configuration in sets[:1] if baseline.level is Level.QUICK else sets:
        _, emitted = emitted_mir(cargo, configuration, (baseline.spec,))
        mir = emitted.get("lib test", "")
        found.append(same_tests.before(configuration.name, mir, package.files, promotions))
    return Promoted(tuple(promotions), tuple(found))


def same_code(
    cargo: Cargo, package: Package, edited: Collection[str], baseline: Baseline, promoted: Promoted
) -> Iterator[SameLibrary | SameTests]:
    """Yield what is the same under each feature set, up to the first where something is not.

    ``edited`` are the paths that the change wrote or removed. Where no test is promoted any more, nothing
    links the library from outside that did not before, and nothing is asked. Raises as ``promoted_before``.
    """
    if not promoted.promotions:
        return
    unseen = same_tests.unseen(promoted.before, promoted.promotions)
    if unseen.wrong:
        yield unseen
        return
    files = _on_disk(cargo.root, package, edited)
    sets = {base.configuration.name: base.configuration for base in baseline.checks}
    for old in promoted.before:
        if not old.made:
            yield same_library.unjudged(old.configuration)
            continue
        _, emitted = emitted_mir(cargo, sets[old.configuration], (baseline.spec,))
        for found in _compared(emitted, files, old, promoted.promotions):
            yield found
            if found.wrong:
                return


def _compared(
    emitted: Mapping[str, str], files: Mapping[str, bytes], old: TestBodies, promotions: Sequence[Promotion]
) -> Iterator[SameLibrary | SameTests]:
    """Yield the library's two builds compared, then the tests with what they were."""
    yield same_library.held(old.configuration, emitted.get("lib", ""), emitted.get("lib test", ""))
    outside, inside = emitted.get(TARGET, ""), emitted.get("lib test", "")
    new = same_tests.after(old.configuration, outside, files, promotions, inside)
    yield same_tests.held(old, new, promotions)


def _on_disk(root: Path, package: Package, edited: Collection[str]) -> Mapping[str, bytes]:
    now = {path: (root / path).read_bytes() for path in edited if (root / path).is_file()}
    return {path: text for path, text in package.files.items() if path not in edited} | now
