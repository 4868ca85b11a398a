"""A case, grouped by the program."""

from collections import Counter
from collections.abc import Hashable
from dataclasses import dataclass
from time import process_time

from benchmarks.grouping.case import Case
from remediate.codemods.split_file.cohesion import Grouping, Limits, group, parts_and_links
from remediate.rust.syntax import Source

LIMITS = Limits(max_lines=300, min_lines=30)


@dataclass(frozen=True)
class Result:
    """A grouping and its figures.

    Attributes:
        partition: Group by index of the item; an impl cut into members counts where most of its lines are.
        edits: ``pub(super)`` edits per 1,000 lines.
        seconds: CPU time that reading and grouping took, parsing left out.
    """

    grouping: Grouping
    partition: dict[int, Hashable]
    edits: float
    seconds: float


def grouped(case: Case) -> Result:
    """Group one case as the program would."""
    source = Source("lib.rs", case.text)
    assert source.tree.root_node
    start = process_time()
    parts, links = parts_and_links(source, LIMITS)
    found = group(parts, links, LIMITS)
    seconds = process_time() - start
    place = {key: g.name for g in found.groups for key in g.members}
    lines: dict[int, Counter[str]] = {}
    for part in parts:
        lines.setdefault(part.item, Counter())[place.get(part.key, "")] += part.lines
    partition: dict[int, Hashable] = {item: counts.most_common(1)[0][0] for item, counts in lines.items()}
    return Result(found, partition, 1000 * len(found.edits) / source.line_count, seconds)
