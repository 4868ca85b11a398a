"""Stems of words, so that "query parsing" finds ``parse_query`` and ``QueryParser``."""

import re
from functools import lru_cache

from remediate.codemods.split_file.grouping.vocabulary import FILLERS, SUFFIXES

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[A-Z]+")
_LATIN = {"axes": "axis", "indices": "index", "matrices": "matrix", "vertices": "vertex"}
"""Plurals that no rule of English makes."""
_PROSE = re.compile(r"[A-Za-z_][A-Za-z_0-9]*")


def stems(text: str) -> list[str]:
    """Return the stems of the words of a text or name, in order; filler words are left out."""
    return [s for word in _PROSE.findall(text) for s in name_stems(word)]


@lru_cache(maxsize=20_000)
def name_stems(name: str) -> tuple[str, ...]:
    """Return the stems of the words an identifier is made of."""
    words = (w.lower() for w in _WORD.findall(name))
    return tuple(stem(w) for w in words if len(w) > 1 and w not in FILLERS)


def name_words(name: str) -> tuple[str, ...]:
    """Return the words an identifier is made of, in lower case."""
    return tuple(w.lower() for w in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z0-9]+|[A-Z]+|\d+", name))


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """Return what forms of one word share: "pars" of parse, parses, parsing and parser."""
    word = _singular(word)
    while (shorter := _shorter(word)) != word:
        word = shorter
    return word[:-1] + "i" if word.endswith("y") and len(word) > 3 else word


def _singular(word: str) -> str:
    if word in _LATIN:
        return _LATIN[word]
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    plural = word.endswith("s") and not word.endswith(("ss", "us", "is")) and len(word) > 3
    return word[:-1] if plural else word


def _shorter(word: str) -> str:
    for suffix in SUFFIXES:
        rest = word.removesuffix(suffix)
        if rest != word and len(rest) >= 3 and re.search(r"[aeiouy]", rest):
            return rest
    return word
