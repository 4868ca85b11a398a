"""Types named after the function that they are for: ``CloneArgs`` and ``cmd_clone``."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from remediate.codemods.split_file.grouping.families import Family
from remediate.codemods.split_file.grouping.parts import Link
from remediate.codemods.split_file.grouping.words import name_words, stem

_TYPES = {"struct", "enum", "union", "type"}
_SHARE = 0.4
_FEWEST = 3
"""A word that so many names of a kind have, and this share of them, tells none of them from the others."""

Stems = Mapping[int, frozenset[str]]


def namesakes(families: Sequence[Family], links: Sequence[Link]) -> Iterator[tuple[int, int]]:
    """Yield the families of a function and of a type it mentions, where both have the same telling words.

    The smaller number comes first.
    """
    home = {part.index: family.number for family in families for part in family.parts}
    functions, types = _names(families, {"fn"}), _names(families, _TYPES)
    dull = _dull(functions) | _dull(types)
    for link in links:
        if link.weight and link.source in functions and link.target in types:
            telling = functions[link.source] - dull
            a, b = sorted((home[link.source], home[link.target]))
            if telling and telling == types[link.target] - dull and a != b:
                yield a, b


def _names(families: Sequence[Family], kinds: set[str]) -> Stems:
    """Return the stems of every word: fillers tell too, where a command is called ``new`` or ``clone``."""
    return {
        part.index: frozenset(map(stem, name_words(part.name or "")))
        for family in families
        for part in family.parts
        if part.kind in kinds
    }


def _dull(names: Stems) -> set[str]:
    counts = Counter(word for stems in names.values() for word in sorted(stems))
    return {word for word, count in counts.items() if count >= max(_FEWEST, _SHARE * len(names))}
