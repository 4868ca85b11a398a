"""Types named after the function that they are for: ``CloneArgs`` and ``cmd_clone``."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from remediate.codemods.split_file.grouping.graph import Graph
from remediate.codemods.split_file.grouping.words import name_words, stem

_TYPES = {"struct", "enum", "union", "type"}
_SHARE = 0.4
_FEWEST = 3
"""A word that so many names of a kind have, and this share of them, tells none of them from the others."""

Stems = Mapping[int, frozenset[str]]


def namesakes(graph: Graph, numbers: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Yield a function and a type it mentions, where both have the same telling words."""
    functions, types = _names(graph, numbers, {"fn"}), _names(graph, numbers, _TYPES)
    dull = _dull(functions) | _dull(types)
    for source in functions:
        for target in sorted(graph.uses[source]):
            telling = functions[source] - dull
            if target in types and telling and telling == types[target] - dull:
                yield source, target


def _names(graph: Graph, numbers: Sequence[int], kinds: set[str]) -> Stems:
    """Return the stems of every word: fillers tell too, where a command is called ``new`` or ``clone``."""
    return {
        n: frozenset(map(stem, name_words(graph.parts[n].name or "")))
        for n in numbers
        if graph.parts[n].kind in kinds
    }


def _dull(names: Stems) -> set[str]:
    counts = Counter(word for stems in names.values() for word in sorted(stems))
    return {word for word, count in counts.items() if count >= max(_FEWEST, _SHARE * len(names))}
