"""What rustc made of promoted tests and of the library they link, before the change and after it."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path

from remediate.cargo.configuration import Configuration
from remediate.cargo.door import Cargo
from remediate.cargo.mir import emit
from remediate.edits import Promotion
from remediate.rust.package import Package
from remediate.verify import same_library, same_tests
from remediate.verify.promotion import TARGET
from remediate.verify.same_library import SameLibrary
from remediate.verify.same_tests import SameTests, TestBodies


def before(
    cargo: Cargo, spec: str, sets: Sequence[Configuration], package: Package, promotions: Sequence[Promotion]
) -> tuple[TestBodies, ...]:
    """Return what the tests of some modules do in the untouched tree on the disk, under each feature set.

    Raises:
        ToolError: cargo is missing, or there is no shell.
        BaselineError: cargo cannot begin.
    """
    found = []
    for configuration in sets if promotions else ():
        _, texts = emit(cargo, configuration, (spec,))
        mir = texts.get("lib test", "")
        found.append(same_tests.before(configuration.name, mir, package.files, promotions))
    return tuple(found)


def compared(
    emitted: Mapping[str, str], files: Mapping[str, bytes], old: TestBodies, promotions: Sequence[Promotion]
) -> tuple[SameLibrary, SameTests]:
    """Hold the MIR of the tree on the disk, of which ``files`` are the sources, against what was."""
    library = same_library.held(old.configuration, emitted.get("lib", ""), emitted.get("lib test", ""))
    new = same_tests.after(old.configuration, emitted.get(TARGET, ""), files, promotions)
    return library, same_tests.held(old, new, promotions)


def written(root: Path, package: Package, edited: Collection[str]) -> Mapping[str, bytes]:
    """Return a package's sources as they are on the disk, where some paths were edited or removed."""
    now = {path: (root / path).read_bytes() for path in edited if (root / path).is_file()}
    return {path: text for path, text in package.files.items() if path not in edited} | now


def faults(found: tuple[SameLibrary, SameTests]) -> Iterator[SameLibrary | SameTests]:
    """Yield both comparisons; where the library is another one, its tests say nothing."""
    library, tests = found
    yield library
    if not library.wrong:
        yield tests
