"""MoJoFM: how close one partition is to another (Wen and Tzerpos, "An effectiveness measure for software
clustering algorithms", IWPC 2004), in per cent.

``mno(A, B)`` is the least number of moves of one element and joins of two groups that turn A into B; MoJoFM
sets it against the greatest that any partition of the same elements has: 100 is "the same", 0 "as far off as
a partition can be". It is not symmetric: the first is ours, the second the truth.
"""

from collections import Counter, defaultdict
from collections.abc import Hashable, Mapping

Partition = Mapping[int, Hashable]
"""Element to group."""


def mojofm(ours: Partition, truth: Partition) -> float:
    """Return MoJoFM of two partitions of the same elements."""
    assert ours.keys() == truth.keys()
    worst = greatest_distance(truth)
    return 100.0 * (1 - distance(ours, truth) / worst) if worst else 100.0


def distance(ours: Partition, truth: Partition) -> int:
    """Return the least number of moves and joins from ``ours`` to ``truth``.

    Each of our groups is meant to become the true group it shares most elements with; the rest of it moves.
    Where several are equally good, they are chosen so that as many true groups as possible are meant: groups
    meant for the same one must be joined.
    """
    shared: dict[Hashable, Counter[Hashable]] = defaultdict(Counter)
    for element, mine in ours.items():
        shared[mine][truth[element]] += 1
    best = {mine: max(counts.values()) for mine, counts in shared.items()}
    choices = {
        mine: sorted((g for g, n in counts.items() if n == best[mine]), key=repr)
        for mine, counts in sorted(shared.items(), key=lambda pair: repr(pair[0]))
    }
    moves = len(ours) - sum(best.values())
    return moves + len(choices) - _largest_matching(choices)


def greatest_distance(truth: Partition) -> int:
    """Return the largest distance any partition of the elements has to ``truth``."""
    groups = 0
    for size in sorted(Counter(truth.values()).values()):
        groups += groups < size
    return len(truth) - groups


def _largest_matching(choices: Mapping[Hashable, list[Hashable]]) -> int:
    taken: dict[Hashable, Hashable] = {}

    def place(mine: Hashable, seen: set[Hashable]) -> bool:
        for target in choices[mine]:
            if target not in seen:
                seen.add(target)
                if target not in taken or place(taken[target], seen):
                    taken[target] = mine
                    return True
        return False

    return sum(place(mine, set()) for mine in choices)
