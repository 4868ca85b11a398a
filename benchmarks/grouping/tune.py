"""Try other weights on the half that tuning may see: ``python -m benchmarks.grouping.tune ordered``.

One weight at a time is changed, and a change is kept if the mean MoJoFM rises by more than noise; what was
kept is printed, to be put into ``grouping/affinity.py`` by hand. "ordered" weights are tried on un-merged
folders in natural order and on real splits, "loose" ones on shuffled folders.
"""

import sys
from statistics import mean

from benchmarks.grouping.case import Case
from benchmarks.grouping.run import held_out, score, sets
from remediate.codemods.split_file.grouping.affinity import BIAS, WEIGHTS

SEEN_BY = {"ordered": ("un-merge, natural order", "real splits"), "loose": ("un-merge, shuffled order",)}
FACTORS = (0.5, 0.75, 1.4)
STEPS = (-1.0, -0.5, 0.5, 1.0)
NOISE = 0.08


def main(which: str) -> None:
    """Go through the bias and every weight once."""
    everything = sets()
    cases = [[c for c in everything[name] if not held_out(c.crate)] for name in SEEN_BY[which]]
    best = _mean(cases)
    print(f"{which}: {best:.2f}")
    for table, key, options in _choices(which):
        for option in options:
            before, table[key] = table[key], option
            value = _mean(cases)
            if value > best + NOISE:
                best = value
                print(f"    {key} {option}: {best:.2f}", flush=True)
            else:
                table[key] = before


def _choices(which: str) -> list[tuple[dict[str, float], str, list[float]]]:
    weights = WEIGHTS[which]
    choices = [(BIAS, which, [BIAS[which] + step for step in STEPS])]
    return choices + [(weights, k, [round(v * f, 2) for f in FACTORS]) for k, v in weights.items()]


def _mean(cases: list[list[Case]]) -> float:
    """Return the mean of the sets' means, so that a large set does not drown a small one."""
    return mean(mean(score(case).ours for case in some) for some in cases)


if __name__ == "__main__":
    main(sys.argv[1])
