"""What speaks for two families belonging together, as numbers between 0 and about 1 each."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import exp, log, sqrt

from remediate.codemods.split_file.grouping.families import Family
from remediate.codemods.split_file.grouping.namesakes import namesakes
from remediate.codemods.split_file.grouping.parts import Link, Part
from remediate.codemods.split_file.grouping.words import name_stems

_ITERATE = {"Iterator", "FallibleIterator", "Stream", "Streamer"}
Pair = tuple[int, int]
Vector = dict[Hashable, float]

KINDS = (
    "mention",  # one mentions the other; a thing that many mention says less
    "only user",  # nothing else mentions it
    "namesake",  # a type is named after a function that mentions it
    "together",  # both mention, or are mentioned by, the same others
    "fields",  # both use the same private fields or methods
    "imports",  # both use the same imports
    "names",  # words of their names
    "docs",  # words of their comments
    "code",  # words in their code
    "same type",  # pieces of one large type
    "same foreign type",  # impls for one type of elsewhere
    "same trait",  # impls of one trait
    "near",  # close in the file
    "same label",  # pieces of one large type about the same
    "other label",  # about different things
    "other nature",  # the one methods, the other impls of traits
    "same receiver",  # both take `&self`, both `&mut self`
    "other receiver",  # the one looks, the other changes
    "core",  # its definition, and a piece about nothing in particular
    "aside",  # its definition, and a piece that is about something
    "stray",  # a piece of a large type, and something that is none of it
    "iterators",  # both are types that iterate
    "constructor",  # a function that makes a value of the type
    "section",  # under one section comment
    "other section",  # under different ones
)


def evidence(families: Sequence[Family], links: Sequence[Link]) -> dict[Pair, dict[str, float]]:
    """Return the evidence for each pair (smaller number first) that has any."""
    found: dict[Pair, dict[str, float]] = defaultdict(dict)
    mentioned = _mentioned(families, links)
    _add_mentions(found, mentioned)
    for pair in namesakes(families, links):
        found[pair]["namesake"] = 1.0
    vectors = _vectors(families, links, mentioned)
    for kind, rows in vectors.items():
        for pair, value in _cosines(rows).items():
            found[pair][kind] = value
    for a, b in combinations([_facts(family) for family in families], 2):
        found[a.number, b.number].update(_direct(a, b))
    return found


def _mentioned(families: Sequence[Family], links: Sequence[Link]) -> dict[Pair, float]:
    """Return how much each family (first) mentions each other one (second)."""
    home = {part.index: family.number for family in families for part in family.parts}
    found: dict[Pair, float] = defaultdict(float)
    for link in sorted(links, key=lambda link: (link.source, link.target)):
        a, b = home.get(link.source), home.get(link.target)
        if a is not None and b is not None and a != b and link.weight:
            found[a, b] += link.weight
    return found


def _add_mentions(found: dict[Pair, dict[str, float]], mentioned: Mapping[Pair, float]) -> None:
    users: dict[int, int] = defaultdict(int)
    for _, target in mentioned:
        users[target] += 1
    for (source, target), weight in mentioned.items():
        pair = (min(source, target), max(source, target))
        strength = min(1.0, log(1 + weight) / 2) / sqrt(users[target])
        found[pair]["mention"] = found[pair].get("mention", 0.0) + strength
        if users[target] == 1:
            found[pair]["only user"] = 1.0


def _vectors(
    families: Sequence[Family], links: Sequence[Link], mentioned: Mapping[Pair, float]
) -> dict[str, list[Vector]]:
    together: list[Vector] = [defaultdict(float) for _ in families]
    for (source, target), weight in mentioned.items():
        together[source][target] = log(1 + weight)
        together[target][source, "user"] = log(1 + weight)
    inside: dict[int, list[str]] = defaultdict(list)
    for link in sorted(links, key=lambda link: (link.source, link.target)):
        inside[link.source] += sorted(link.shared)
    return {
        "together": together,
        "fields": [_counts(label for part in f.parts for label in inside[part.index]) for f in families],
        "imports": [_counts(i for part in f.parts for i in sorted(part.imports)) for f in families],
        "names": [_counts(s for part in f.parts for s in _names(part)) for f in families],
        "docs": [_counts(w for part in f.parts for w in part.words) for f in families],
        "code": [_counts(w for part in f.parts for w in sorted(part.vocabulary)) for f in families],
    }


def _names(part: Part) -> tuple[str, ...]:
    """Return the stems of a part's name; of an impl also the trait's: ``Add`` goes with ``CheckedAdd``."""
    return name_stems(part.name or part.home) + name_stems(part.trait)


def _counts(features: Iterable[Hashable]) -> Vector:
    counts: Vector = defaultdict(float)
    for feature in features:
        counts[feature] += 1
    return {feature: log(1 + count) for feature, count in counts.items()}


def _cosines(rows: Sequence[Vector]) -> dict[Pair, float]:
    """Return the cosine of every two rows that share a feature; rare features weigh more."""
    owners: dict[Hashable, list[int]] = defaultdict(list)
    for number, row in enumerate(rows):
        for feature in row:
            owners[feature].append(number)
    rarity = {feature: log(len(rows) / len(found)) for feature, found in owners.items()}
    lengths = [sqrt(sum((v * rarity[f]) ** 2 for f, v in row.items())) or 1.0 for row in rows]
    dots: dict[Pair, float] = defaultdict(float)
    for feature, found in owners.items():
        if len(found) > 1 and rarity[feature] > 0:
            for a, b in combinations(found, 2):
                dots[a, b] += rows[a][feature] * rows[b][feature] * rarity[feature] ** 2
    return {(a, b): dot / lengths[a] / lengths[b] for (a, b), dot in dots.items()}


@dataclass(frozen=True, slots=True)
class _Facts:
    """What of a family is held against that of every other one."""

    number: int
    home: str
    foreign: frozenset[str]
    traits: frozenset[str]
    positions: tuple[int, ...]
    banners: frozenset[str]
    label: str
    divided: bool
    core: bool
    made: frozenset[str]
    nature: str
    receiver: str
    iterates: bool


def _facts(family: Family) -> _Facts:
    parts = family.parts
    return _Facts(
        family.number,
        family.home,
        frozenset({part.foreign for part in parts} - {""}),
        frozenset(part.trait for part in parts if part.trait and parts[0].kind == "impl"),
        tuple(part.index for part in parts),
        frozenset(part.banner for part in parts if part.banner is not None),
        family.label,
        family.divided,
        family.core,
        frozenset(made for part in parts for made in part.made) if not family.home else frozenset(),
        _nature(family),
        _receiver(family),
        _iterates(family),
    )


def _iterates(family: Family) -> bool:
    """Whether a family is an iterator, or a piece of a large type that makes iterators of it."""
    if family.divided:
        return all(part.trait == "IntoIterator" for part in family.parts)
    return any(part.trait in _ITERATE and part.home for part in family.parts)


def _nature(family: Family) -> str:
    """Return whether a piece of a divided family is of trait impls or of methods, "" if of both or none."""
    if not family.divided or family.core:
        return ""
    found = {"trait" if part.trait else part.kind for part in family.parts}
    return found.pop() if len(found) == 1 else ""


def _receiver(family: Family) -> str:
    """Return how all methods of a piece take ``self``, "" where they differ."""
    found = {part.receiver for part in family.parts} if family.divided and not family.core else set()
    return found.pop() if len(found) == 1 else ""


def _pieces(a: _Facts, b: _Facts) -> Iterable[tuple[str, float]]:
    """Yield what speaks for and against two pieces of one large type."""
    if a.label and a.label == b.label:
        yield "same label", 1.0
    elif a.label and b.label:
        yield "other label", 1.0
    if a.nature and b.nature and a.nature != b.nature:
        yield "other nature", 1.0
    if a.receiver and b.receiver and not (a.label and a.label == b.label):
        yield ("same receiver" if a.receiver == b.receiver else "other receiver"), 1.0
    if a.core or b.core:
        yield ("aside" if a.label or b.label else "core"), 1.0


def _direct(a: _Facts, b: _Facts) -> Iterable[tuple[str, float]]:
    if a.home and a.home == b.home:
        yield "same type", 1.0
    if not a.foreign.isdisjoint(b.foreign):
        yield "same foreign type", 1.0
    if not a.traits.isdisjoint(b.traits):
        yield "same trait", 1.0
    if a.divided and b.divided and a.home == b.home:
        yield from _pieces(a, b)
    elif (a.divided or b.divided) and not (a.iterates and b.iterates):
        yield "stray", 1.0
    if a.iterates and b.iterates:
        yield "iterators", 1.0
    if a.home in b.made or b.home in a.made:
        yield "constructor", 1.0 / max(len(a.made), len(b.made))
    apart = min(abs(p - q) for p in a.positions for q in b.positions)
    yield "near", exp(-apart / 10)
    if a.banners and b.banners:
        yield ("other section" if a.banners.isdisjoint(b.banners) else "section"), 1.0
