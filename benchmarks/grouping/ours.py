"""A case, grouped by the program."""

from collections import Counter
from collections.abc import Hashable
from dataclasses import dataclass, replace
from time import process_time

from benchmarks.grouping.case import Case
from remediate.codemods.split_file.analyze.survey import survey
from remediate.codemods.split_file.grouping import Grouper, Grouping
from remediate.codemods.split_file.options import SplitOptions
from remediate.model import Finding, Skip
from remediate.rust.package import Package, Target

OPTIONS = SplitOptions(max_lines=300, min_lines=30)
_MACROS = {"macro", "macro_rules", "error", "mod"}
_PATH = "src/case.rs"


@dataclass(frozen=True)
class Result:
    """A grouping and its figures.

    Attributes:
        partition: Group by index of the item; an impl cut into members counts where most of its lines are.
        sizes: Lines of each new module's units.
        seconds: CPU time that grouping took, parsing and the survey left out.
    """

    grouping: Grouping
    partition: dict[int, Hashable]
    sizes: tuple[int, ...]
    seconds: float


def grouped(case: Case) -> Result:
    """Group one case as the program would; only macros, whose place the grouping cannot choose, are held."""
    files = {"src/lib.rs": b"mod case;\n", _PATH: case.text}
    package = Package("cases", "", "", "2021", (Target("cases", ("lib",), "src/lib.rs"),), files)
    known = survey(package, Finding("1", "0" * 16, "large-file", _PATH, _PATH), OPTIONS)
    if isinstance(known, Skip):
        raise LookupError(f"{case.name}: {known.sentence}")  # noqa: TRY004
    held = {u.index: "declaration" for u in known.units if u.item.kind in _MACROS}
    known = replace(known, pins=held)
    start = process_time()
    found = Grouper(known).grouped()
    seconds = process_time() - start
    place = {index: g.name for g in found.groups for index in g.units}
    numbers = {item.start: number for number, item in enumerate(known.ground.items)}
    lines: dict[int, Counter[str]] = {}
    for unit in known.units:
        lines.setdefault(numbers[unit.item.start], Counter())[place.get(unit.index, "")] += unit.lines
    partition: dict[int, Hashable] = {item: counts.most_common(1)[0][0] for item, counts in lines.items()}
    sizes = tuple(sum(known.units[i].lines for i in g.units) for g in found.groups)
    return Result(found, partition, sizes, seconds)
