"""The gate "MIR": the same functions do the same, as rustc understood them, wherever they now stand."""

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from remediate.cargo.check import Check, Configuration, Unit
from remediate.cargo.command import Cargo
from remediate.cargo.compiler_output import Emitted, emitted_mir
from remediate.feedback import MIR, Evidence, GateFailure
from remediate.gates import GateResult, failed, passed, unverified
from remediate.quantities import quantity
from remediate.rust.mir import KIND, Body, bodies, path_of
from remediate.rust.modules.module_tree import module_tree
from remediate.rust.package import Package

_OF_A_HEADER = re.compile(r"const (?:\w+::)*\{impl [^{}]*\}::\{constant#\d+\}:")
"""A constant in the header of an impl: each part of one that is cut has its own."""


@dataclass(frozen=True, slots=True)
class MirBaseline:
    """The bodies under one feature set before the change, by the label of the unit (``lib test``, say).

    ``unwritten`` are units that compile, but whose MIR rustc could not write.
    """

    configuration: Configuration
    units: tuple[tuple[str, tuple[Body, ...]], ...]
    unwritten: tuple[str, ...] = ()


def measure(  # noqa: PLR0913, PLR0917 - the two sides, and what a change declares of them
    cargo: Cargo,
    configuration: Configuration,
    spec: str,
    now: Package,
    before: Package | None = None,
    declared: Collection[str] = (),
    emitted: Emitted | None = None,
) -> tuple[Check, MirBaseline]:
    """Compile a package as it stands on the disk and read what its functions do.

    ``now`` is that package; ``before`` the one to whose module paths it is to be compared, if it has changed.
    ``declared``: as in ``moved_back``. ``emitted`` is what the compilation said and wrote, where it is done.

    Raises:
        ToolError: cargo is missing, or there is no shell.
        BaselineError: cargo cannot begin.
    """
    check, found = emitted or emitted_mir(cargo, configuration, (spec,))
    made = {unit.label: unit for unit in check.units if unit.package == now.name}
    units = {
        label: bodies(text, now.files, moved_back(before, now, made[label], declared) if before else str)
        for label, text in found.items()
    }
    unwritten = tuple(sorted(set(made) - set(found) - {"build script"}))
    return check, MirBaseline(configuration, tuple(sorted(units.items())), unwritten)


def without(
    base: MirBaseline, modules: Sequence[str], functions: Collection[str] = (), library: str = ""
) -> MirBaseline:
    """Return a baseline without what stands in some modules, and without some functions.

    ``modules`` are in another crate now: the harness's ``main``, which holds the list of all tests, goes with
    them. ``functions`` are declared to do something else, each by its path from its crate's name on; closures
    in them go too, and of a type all of its impls. ``library`` is the package's library's name.
    """
    if not modules and not functions:
        return base
    units = []
    for label, known in base.units:
        # The unit's crate: that in its label, or for ``lib`` and ``lib test`` the library's.
        named = re.search(r'"(.+)"', label)
        crate = (named[1] if named else library).replace("-", "_") + "::"
        mine = {path.removeprefix(crate) for path in functions if path.startswith(crate)}
        units.append((label, _remaining(known, modules, mine)))
    return replace(base, units=tuple(units))


def _remaining(known: Sequence[Body], modules: Sequence[str], functions: Collection[str]) -> tuple[Body, ...]:
    moved = "|".join(map(re.escape, modules))
    names = [f"(?<![\\w:])(?:{moved})::", "^fn main\\(\\)"] if modules else []
    for path in sorted(functions):
        # MIR may call it `m::Store::load`, `m::{impl impl Store}::load` or `<m::Store as Tr>::load`; of a
        # type that is declared all impls are meant.
        words = [
            rf"(?:{word}|\{{impl [^{{}}]*(?<!\w){word}(?!\w)[^{{}}]*\}})"
            for word in map(re.escape, path.split("::"))
        ]
        whole, owner = "::".join(words), "::".join(words[:-1])
        of_trait = rf"<{whole}(?:<.*>)? as [^(]*>|<{owner}(?:<.*>)? as [^(]*>::{words[-1]}"
        # What has a name behind a function's is another one, in a module called as the function perhaps.
        behind = r"(?!\w)" if path.rpartition("::")[2][:1].isupper() else r"(?!\w|::\w)"
        front = "".join(f"{word}::" for word in words[:-1])
        derived = rf"{front}\{{impl \w+\}}::\w+\(.*(?<![\w:]){re.escape(path)}(?!\w)"
        names.append(f"^{KIND}(?:(?:{whole}|{of_trait}){behind}|{derived})")
    gone = re.compile("|".join(names)) if names else None
    return tuple(body for body in known if gone is None or not gone.search(body.name))


def gates(before: MirBaseline, after: MirBaseline) -> Iterator[GateResult]:
    """Yield the gate of one configuration, then what of it could not be judged."""
    name = f"{MIR} ({before.configuration.name})"
    found = dict(after.units)
    pairs = [(label, known, found[label]) for label, known in before.units if label in found]
    odd = [(label, body) for label, old, new in pairs for body in _different(old, new, "loose")]
    total = sum(len(known) for _, known, _ in pairs)
    if odd:
        wrong = [f"{label}: {body}" for label, body in odd]
        said = dict.fromkeys(
            GateFailure(MIR, f"`{body}` does something else", (Evidence(name=path_of(body)),))
            for _, body in odd
        )
        yield failed(name, f"{len(odd)} of {total} bodies differ: {'; '.join(wrong[:4])}", tuple(said))
    elif total:
        yield passed(name, f"{total} of {total} bodies in {quantity(len(pairs), 'target')} are the same")
    else:
        yield unverified(name, "nothing of the package compiles, before the change or after it")
    locations = [f"{label}: {body}" for label, old, new in pairs for body in _different(old, new, "digest")]
    if locations and not odd:
        words = "; ".join(locations[:4])
        yield unverified(f"{name}: locations", f"differ only in what may be line!() or file!(): {words}")
    if lacking := sorted({*before.unwritten, *after.unwritten}):
        yield unverified(f"{name}: {', '.join(lacking)}", "rustc could not write down what it does")
    if gone := [label for label, _ in before.units if label not in {*found, *after.unwritten}]:
        yield unverified(f"{name}: {', '.join(gone)}", "does not compile after the change")


def _different(before: tuple[Body, ...], after: tuple[Body, ...], by: str) -> list[str]:
    """Return the names of the bodies that only one side has, compared ``by`` that digest."""
    old, new = (Counter((b.name, getattr(b, by)) for b in side) for side in (before, after))
    for key in [key for key in old if key in new and _OF_A_HEADER.match(key[0])]:
        old[key] = new[key] = 1
    return sorted({name for name, _ in (old - new) + (new - old)})


def moved_back(
    before: Package, after: Package, unit: Unit, declared: Collection[str] = ()
) -> Callable[[str], str]:
    """Return what turns the paths of a unit's MIR after the change into those before it.

    A new private child of a module holds what the module held: ``m::child::f`` was ``m::f``. One that is
    ``declared``, by its path from its crate's name on, holds new code.
    """
    crate = unit.target.replace("-", "_")
    new = _modules(after, unit) - _modules(before, unit)
    new = {path for path in new if "::".join((crate, *path[1:])) not in declared}
    # The deepest first, so that a child of a new child loses its own name before its parent does.
    steps = [step for path in sorted(new, key=lambda p: (-len(p), p)) for step in _steps(path[1:], crate)]

    def back(text: str) -> str:
        for pattern, replacement in steps:
            text = pattern.sub(replacement, text)
        return text

    return back


def _modules(package: Package, unit: Unit) -> set[tuple[str, ...]]:
    """Return the module paths of the unit's own crate: another may use the same names for other things."""
    return {
        module.path
        for module in module_tree(package).modules
        if any(t.name == unit.target and t.kinds == unit.kinds for t in module.targets)
    }


def _steps(path: tuple[str, ...], crate: str) -> Iterator[tuple[re.Pattern[str], str]]:
    """Yield what takes a new module's name out of paths, and out of what ``module_path!()`` gave.

    A function may have the module's name: then what has no name of its own, a closure say, is the function's.
    """
    whole, front = re.escape("::".join(path)), re.escape(crate)
    parent = "".join(f"{segment}::" for segment in path[:-1])
    yield re.compile(rf"(?<![\w:])((?:{front}::)?){whole}::(?!\{{(?!impl )|promoted\[)"), rf"\g<1>{parent}"
    yield re.compile(rf'"{front}::{whole}"'), f'"{crate}::{parent}"'.replace('::"', '"')
