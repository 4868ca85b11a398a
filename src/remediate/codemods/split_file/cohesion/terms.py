"""Which words the names of parts share, and which of them tell these parts from the others."""

from collections import Counter
from collections.abc import Iterator, Sequence

from remediate.codemods.split_file.cohesion.model import Part
from remediate.codemods.split_file.cohesion.vocabulary import DULL
from remediate.rust.names import snake, words

_LEAST_TELLING = 0.2
_NEARLY = 0.8
"""The share of a word's lines that a phrase with it must have to be named instead."""


def terms(members: Sequence[Part], everything: Sequence[Part]) -> Iterator[tuple[str, float]]:
    """Yield telling words with their share, each before it with the words around it that nearly always are.

    Methods about ``create_key_value`` and ``get_key_value`` are about "key_value" rather than "value".
    """
    phrases = _phrases(members)
    total = lines_of(members)
    for word, share in _distinctive(members, everything):
        around = [
            (len(phrase), lines, phrase)
            for phrase, lines in phrases.items()
            if word in phrase and lines >= _NEARLY * share * total
        ]
        if around:
            _, lines, phrase = max(around)
            yield "_".join(phrase), lines / total
        yield word, share


def _phrases(members: Sequence[Part]) -> Counter[tuple[str, ...]]:
    """Return two or three words in a row, with the lines of the parts whose names have them."""
    found: Counter[tuple[str, ...]] = Counter()
    for part in members:
        named = words(_named(part))
        rows = {named[i : i + n] for n in (2, 3) for i in range(len(named) - n + 1)}
        for row in rows:
            if not DULL & set(row) and all(word.isalpha() for word in row):
                found[row] += part.lines
    several = {row for row in found if len({_named(part) for part in bearers(members, "_".join(row))}) > 1}
    return Counter({row: lines for row, lines in found.items() if row in several})


def bearers(members: Sequence[Part], term: str) -> list[Part]:
    """Return the parts whose name has a word, or several in a row."""
    return [part for part in members if f"_{term}_" in f"_{snake(_named(part))}_"]


def _named(part: Part) -> str:
    return part.name or part.self_type or part.trait


def in_order(members: Sequence[Part], one: str, other: str) -> tuple[str, str]:
    """Return two words in the order in which names have them."""
    for part in members:
        named = words(part.name or part.self_type)
        if one in named and other in named:
            return (one, other) if named.index(one) < named.index(other) else (other, one)
    return one, other


def _distinctive(members: Sequence[Part], everything: Sequence[Part]) -> list[tuple[str, float]]:
    """Return words of names with the share of the members' lines they cover, the most telling first.

    A word tells more the more of its uses are here: what all parts of the file are called by tells nothing.
    """
    here, all_ = _word_lines(members), _word_lines(everything)
    total = lines_of(members)
    scored = [(n / total * (n / all_[word]) ** 0.5, word, n / total) for word, n in here.items()]
    ordered = sorted(scored, key=lambda found: (-round(found[0], 6), found[1]))
    return [(word, share) for score, word, share in ordered if score > _LEAST_TELLING]


def _word_lines(parts: Sequence[Part]) -> Counter[str]:
    lines: Counter[str] = Counter()
    for part in parts:
        for word in set(words(_named(part))) - DULL:
            if len(word) > 2 and word.isalpha():
                lines[word] += part.lines
    return lines


def lines_of(parts: Sequence[Part]) -> int:
    """Return the lines of parts, at least 1: a divisor."""
    return sum(part.lines for part in parts) or 1
