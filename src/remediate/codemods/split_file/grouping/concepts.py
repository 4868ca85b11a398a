"""What methods, functions and trait impls are about, by their names and std's conventions."""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import lru_cache

from remediate.codemods.split_file.grouping.parts import Part
from remediate.codemods.split_file.grouping.vocabulary import (
    ADJECTIVES,
    COUNTERS,
    DOUBLED,
    EMPTY_VERBS,
    FUNCTION_WORDS,
    GERUNDS,
    MODIFIERS,
    NOISE,
    PREPOSITIONS,
    STD_CONCEPTS,
    TELLING,
    TRAIT_CONCEPTS,
    VAGUE,
    VERBS,
)
from remediate.rust.resolution.names import snake, words

_LONGEST = 3


@lru_cache(maxsize=20_000)
def base(name: str) -> str:
    """Return what siblings are all called: "get" of ``get``, ``get_mut`` and ``get_or_insert_with``."""
    found = words(name)
    head = found[:1] if found[:1] in _DISTINCT else ()
    found = found[len(head) :]
    joined = (at for at, word in enumerate(found) if at and (word in PREPOSITIONS or word in _CONJUNCTIONS))
    found = found[: next(joined, len(found))]
    kept = tuple(w for w in found if w not in MODIFIERS)
    return "_".join((*head, *(kept or found[:1])))


def inverses(names: Mapping[int, str]) -> list[list[int]]:
    """Return what undoes each other, ``encode_key`` and ``decode_key``, by numbers.

    Of several such pairs the two verbs are what a file is about: then encoding and decoding are apart.
    """
    alike: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for number, name in names.items():
        verb, *rest = words(name) or ("",)
        if rest:
            alike[_INVERSE.sub("", verb), *rest].append(number)
    pairs = {said: found for said, found in alike.items() if len({words(names[n])[0] for n in found}) > 1}
    count = Counter(verb for verb, *_ in pairs)
    return [found for (verb, *_), found in pairs.items() if count[verb] == 1]


_INVERSE = re.compile(r"^(?:en|de|un|dis)(?=[a-z]{3})")
_DISTINCT = {("is",), ("from",), ("with",)}
"""``is_locked`` is no sibling of ``locked``, and ``from_str`` none of ``as_str``."""
_CONJUNCTIONS = frozenset({"and", "or", "else"})


@lru_cache(maxsize=20_000)
def known_concept(name: str) -> str:
    """Return the concept of std's API that has a method of this very name, or of one that differs little."""
    return STD_CONCEPTS.get(name) or STD_CONCEPTS.get(base(name), "")


@lru_cache(maxsize=20_000)
def std_concept(name: str) -> str:
    """Return the concept of std's API that a method's name sounds like, "" for none.

    That says something of a type only if it has a ``known_concept`` of the same kind.
    """
    said = words(name)
    while len(said) > 1 and (said[0] == "try" or (said[0].endswith("ly") and len(said[0]) > len("fly"))):
        said = said[1:]
    starts = ((said[:at], said[at:]) for at in range(len(said), 0, -1))
    found = ("_".join(start) for start, rest in starts if not is_noun(start[0]) or MODIFIERS.issuperset(rest))
    known = next((STD_CONCEPTS[start] for start in found if start in STD_CONCEPTS), "")
    if known or said[:1] == ("is",):
        return known or STD_CONCEPTS.get(base(name), "")
    rests = ("_".join(said[at:]) for at in range(1, len(said)))
    known = next((STD_CONCEPTS[w] for w in said if w in TELLING), "")
    return known or next((STD_CONCEPTS[rest] for rest in rests if rest in STD_CONCEPTS), "")


@lru_cache(maxsize=2_000)
def trait_concept(trait: str) -> str:
    """Return what a trait is about by std's and serde's names, or by the words of such a name in another."""
    said = words(trait)
    for concept, parts in _TRAIT_WORDS.items():
        if not parts.isdisjoint(said):
            return concept
    return TRAIT_CONCEPTS.get(trait, "")


_TRAIT_WORDS = {
    "serialization": frozenset({"serialize", "deserialize"}),
    "iteration": frozenset({"iterator", "iter"}),
}
"""Traits of other crates are often called after those of std and serde: ``BorshSerialize``."""


@lru_cache(maxsize=2_000)
def trait_stem(trait: str) -> str:
    """Return what a trait and its variants are called: "add" of ``Add`` and ``AddAssign``."""
    said = [w for w in words(trait) if w not in ("assign", "mut", "partial", "try", "owned", "checked")]
    return "_".join(said) or "_".join(words(trait))


_TOPICS = frozenset({*STD_CONCEPTS.values(), *TRAIT_CONCEPTS.values()})


def topics(part: Part, concepts: Collection[str]) -> Iterator[str]:
    """Yield what a function, a method or a small impl is about, best first.

    ``concepts`` are those of std's API that the type has: ``add_sibling`` inserts nothing.
    """
    if part.inside:
        yield from _common([tuple(_of_name(name, concepts, is_method=True)) for name in part.inside])
    if part.kind in ("fn", "member"):
        yield from _of_name(part.name, concepts, is_method=part.kind == "member")


def _common(choices: Sequence[tuple[str, ...]]) -> Iterator[str]:
    """Yield what nearly all of an impl's functions may be about, most of them first."""
    counts = Counter(topic for found in choices for topic in dict.fromkeys(found))
    for topic, count in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])):
        if 4 * count >= 3 * len(choices):
            yield topic


def _of_name(name: str, concepts: Collection[str], *, is_method: bool) -> Iterator[str]:
    if (found := std_concept(name)) in concepts and found:
        yield found
    if not is_method and converts(name):
        yield "conversions"
    about = subject(name)
    if about:
        yield about
        last = about.rpartition("_")[2]
        if last != about and is_noun(last):
            yield last
    first = (*words(name), "")[0]
    if first in VERBS and (noun := GERUNDS.get(first, "") if is_method else activity(first)):
        yield noun


def converts(name: str) -> bool:
    """Whether a function makes one thing of another: ``rgb_to_hsv``, not ``write_to_file``."""
    said = words(name)
    return said[:1] != () and said[0] not in VERBS and not {"to", "into"}.isdisjoint(said[1:-1])


@lru_cache(maxsize=20_000)
def subject(name: str) -> str:
    """Return what a function is about: "comp_flags" of ``create_comp_flags_from_zip_params``.

    "" where the name has no noun: of ``retain``, ``try_retain``, ``reserve_exact``. Behind another word what
    may be a verb is a noun: "byte_record" of ``read_byte_record``.
    """
    found = list(words(name))
    found = found[: next((at for at, word in enumerate(found) if at and word in PREPOSITIONS), len(found))]
    while found and found[-1] in NOISE:
        del found[-1]
    while found and not is_noun(found[0]):
        if len(found) > 1 and _is_abbreviation(found[0]) and is_noun(found[1]):
            break
        del found[0]
    last = found[-1] if found else ""
    noun = (is_noun(last) and "_".join(found) not in MODIFIERS) or (
        len(found) > 1 and (last in VERBS or last in VAGUE)
    )
    return "_".join(found) if noun and len(found) <= _LONGEST else ""


def _is_abbreviation(word: str) -> bool:
    """Whether two letters stand for a thing: "ai" of ``ai_metrics``, no "as" and no "is"."""
    plain = word in PREPOSITIONS or word in FUNCTION_WORDS or word in VERBS or word in EMPTY_VERBS
    return re.fullmatch(r"[a-z]{2}", word) is not None and not plain


@lru_cache(maxsize=20_000)
def is_noun(word: str) -> bool:
    """Whether a word may stand for a thing: no verb, adjective, participle, number or particle."""
    participle = len(word) > 4 and word.endswith("ed") and not word.endswith("eed")
    gerund = len(word) > 5 and word.endswith("ing") and {word[:-3], f"{word[:-3]}e", word[:-4]} & VERBS
    adjective = word in ADJECTIVES or _ADJECTIVE.search(word) is not None
    return not (
        participle
        or gerund
        or adjective
        or len(word) < 3
        or re.search(r"\d", word)
        or word in VERBS
        or word in FUNCTION_WORDS
        or word in COUNTERS
        or word in VAGUE
    )


_ADJECTIVE = re.compile(r"\w{3}(?:ible|ous|ful|less|ish)$|\w{4}(?<!vari)(?<!execut)able$")


def is_noun_phrase(name: str) -> bool:
    """Whether a name ends in a noun and holds nothing but nouns, adjectives and attributive verbs."""
    found = name.split("_")
    attributive = len(found) > 1 and (found[-1] in VERBS or found[-1] in VAGUE)
    last = is_noun(found[-1]) or (attributive and is_noun(found[-2]))
    return last and not any(w in PREPOSITIONS or w in FUNCTION_WORDS for w in found)


def activity(verb: str) -> str:
    """Return the noun of a verb: "validation", "parsing"; "" of what only starts a name: ``is``, ``make``."""
    if verb in GERUNDS or verb in EMPTY_VERBS:
        return GERUNDS.get(verb, "")
    stem = verb + verb[-1] if verb in DOUBLED else verb
    return (stem[:-1] if stem.endswith("e") and not stem.endswith("ee") else stem) + "ing"


def is_telling(word: str) -> bool:
    """Whether a word says what is done, or to what: no particle, adjective or word for anything at all."""
    return len(word) > 3 and not (
        word in VAGUE
        or word in MODIFIERS
        or word in FUNCTION_WORDS
        or word in PREPOSITIONS
        or word in ADJECTIVES
        or word in EMPTY_VERBS
    )


def is_topic(name: str) -> bool:
    """Whether a name is one that this module gives: a concept of std, the noun of a verb."""
    return name in _TOPICS or name in _ACTIVITIES


def is_activity(name: str) -> bool:
    """Whether a name is the noun of a verb, ``generation``: of one function its own name says more."""
    return name in _ACTIVITIES


_ACTIVITIES = frozenset(filter(None, map(activity, VERBS)))


def section_name(title: str) -> str:
    """Return the title of a section as a module's name, "" if it cannot be one.

    What stands behind a colon or a stroke explains it: ``widgets`` of "Adding widgets: labels, buttons".
    """
    short = re.split(r"[:/(\u2013\u2014]", title.translate(_LINK_MARKS), maxsplit=1)[0]
    said = [w.replace("-", "_") for w in short.split() if w.replace("-", "").isalpha()]
    said = [w for w in said if w.lower() not in _UNSAID]
    while said and said[0].endswith("ing") and len(said) > 1:
        said = said[1:]
    name = snake("_".join(said))
    return name if is_noun_phrase(name) and len(name.split("_")) <= 3 else ""


_LINK_MARKS = str.maketrans("", "", "`[]")
_UNSAID = {"impl", "impls", "implementation", "implementations", "the", "etc", "stuff"}
