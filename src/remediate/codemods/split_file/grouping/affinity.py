"""How much two families belong together: one number per pair, above 0 for "rather in one file than not".

The number is the sum of the pair's evidence, each kind with its weight, and a bias below 0. The weights
began as those of a logistic regression on modules that people wrote, and were then tried one by one on the
half of ``benchmarks/grouping`` that is not held out (``python -m benchmarks.grouping.tune``).
"""

from collections import defaultdict
from collections.abc import Sequence

from remediate.codemods.split_file.grouping.evidence import evidence
from remediate.codemods.split_file.grouping.families import Family
from remediate.codemods.split_file.grouping.parts import Link, Part

Matrix = list[list[float]]

BIAS = {"ordered": -3.5, "loose": -1.5}
WEIGHTS: dict[str, dict[str, float]] = {
    "ordered": {
        "mention": 1.2,
        "only user": 1.0,
        "namesake": 6.0,
        "together": 2.0,
        "fields": 0.5,
        "names": 0.4,
        "docs": 1.2,
        "code": 0.8,
        "same type": 3.2,
        "same foreign type": 1.6,
        "same trait": 1.6,
        "near": 3.7,
        "same label": 2.5,
        "other label": -2.5,
        "other nature": -2.5,
        "same receiver": 0.8,
        "other receiver": -0.8,
        "core": 1.2,
        "aside": -1.0,
        "stray": -4.0,
        "iterators": 1.5,
        "constructor": 1.0,
        "section": 1.0,
        "other section": -0.5,
    },
    "loose": {
        "mention": 4.2,
        "only user": 0.4,
        "namesake": 6.0,
        "together": 3.2,
        "fields": 0.75,
        "names": 0.6,
        "docs": 1.2,
        "code": 2.3,
        "same type": 3.5,
        "same foreign type": 2.6,
        "same trait": 1.0,
        "same label": 2.5,
        "other label": -2.5,
        "other nature": -2.5,
        "same receiver": 0.8,
        "other receiver": -0.8,
        "core": 1.2,
        "aside": -1.0,
        "stray": -4.0,
        "iterators": 1.5,
        "constructor": 1.0,
        "section": 1.0,
    },
}
_MOST = 6.0
"""No pair may weigh more: one strong tie is no reason to take a whole group along."""


class Affinities:
    """The affinities of a file's families, worked out once for each set of families."""

    def __init__(self, links: Sequence[Link]) -> None:
        self._links = links
        self._known: dict[tuple[tuple[int, ...], ...], Matrix] = {}

    def of(self, families: Sequence[Family]) -> Matrix:
        """Return what ``affinity`` does; nobody may change it."""
        key = tuple(tuple(part.index for part in family.parts) for family in families)
        if key not in self._known:
            self._known[key] = affinity(families, self._links)
        return self._known[key]


def affinity(families: Sequence[Family], links: Sequence[Link]) -> Matrix:
    """Return the affinity of every two families by their numbers; the diagonal is 0."""
    order = orderliness([part for family in families for part in family.parts])
    weights = {
        kind: order * WEIGHTS["ordered"].get(kind, 0.0) + (1 - order) * WEIGHTS["loose"].get(kind, 0.0)
        for kind in {**WEIGHTS["ordered"], **WEIGHTS["loose"]}
    }
    bias = order * BIAS["ordered"] + (1 - order) * BIAS["loose"]
    matrix = [[bias] * len(families) for _ in families]
    for (a, b), found in evidence(families, links).items():
        value = bias + sum(weights.get(kind, 0.0) * amount for kind, amount in found.items())
        matrix[a][b] = matrix[b][a] = min(_MOST, value)
    for number in range(len(families)):
        matrix[number][number] = 0.0
    return matrix


def orderliness(parts: Sequence[Part]) -> float:
    """Return how much the order of a file says, 0 to 1: do types stand with their impls, or anywhere?

    The span of each type is set against what parts strewn at random would have.
    """
    homes: dict[str, list[int]] = defaultdict(list)
    for part in parts:
        if (part.home or part.foreign) and part.kind != "member":
            homes[part.home or part.foreign].append(part.index)
    spare = expected = 0.0
    for places in homes.values():
        steps = len(places) - 1
        spare += max(places) - min(places) - steps
        expected += (len(parts) + 1) * steps / (steps + 2) - steps
    ordered = 1 - spare / expected if expected > 0 else 1.0
    return min(1.0, max(0.0, (ordered - 0.3) / 0.4))
