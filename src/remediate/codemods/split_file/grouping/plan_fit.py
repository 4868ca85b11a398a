"""How well each family fits the modules that an audit plans: by meaning, not by what is left.

A word of a planned module's name weighs more than one of its description, and the more the fewer families of
the file have it. Best it stands in a type's or function's own name; in comments and signatures it counts for
little. Only a family's best modules are offered to it.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from remediate.codemods.split_file.grouping.division import atoms
from remediate.codemods.split_file.grouping.families import Family
from remediate.codemods.split_file.grouping.parts import Part
from remediate.codemods.split_file.grouping.sizes import Limits
from remediate.codemods.split_file.grouping.vocabulary import TRAIT_CONCEPTS
from remediate.codemods.split_file.grouping.words import name_stems, stem, stems
from remediate.model import PlannedModule

Fits = Sequence[Sequence[float]]

SUITS = 2.0
"""How well a family must fit a planned module to go there."""
NAMED = 12.0
"""An item that the plan names outright."""
_MOST, _SCALE = 8.0, 4.0
_NAME, _DESCRIPTION, _FACET = 2.5, 1.0, 0.8
"""What the words of a module's name weigh together, what each word of its description, what kind of thing."""
_IN_COMMENTS, _IN_CODE = 0.35, 0.2
"""How present a word is that stands in comments, or in code only."""
_TOLD = 0.45
"""What comments and code come to at most: nothing is about a word that none of its names has."""
_OF_PIECE = 0.6
"""How present the type's name is in a piece of a divided family that has not its definition."""
_LIGHT, _WEIGHTY = 0.2, 100
"""How much less a small family says of what a module is for, and from how many lines it is none."""
_RARE = 1.6
"""A word of up to three in eight families says all it can, one of all of them nothing."""
_OFFERED = 0.8
"""A module is offered to a family if it fits so well, compared with the best."""
_CAMEL = re.compile(r"\b[A-Z][a-z0-9]+(?:[A-Z][A-Za-z0-9]*)+\b|`(\w+)`")
_FACETS = {
    stem(word): facet
    for facet, said in {
        "trait": "trait interface",
        "constant": "constant const",
        "error": "error failure",
        "formatting": "display format",
        "conversions": "conversion convert",
        "serialization": "serialization deserialization serde",
        "iteration": "iterator iteration",
        "ops": "operator arithmetic",
        "core": "core main",
    }.items()
    for word in said.split()
}
"""What some words of plans mean for the kind of an item rather than for its name."""


@dataclass(frozen=True)
class Planned:
    """What a plan gets: by the place of each module in the plan what it is filled with, and what is left."""

    filled: dict[int, Family]
    left: list[Family]


def planned(plan: Sequence[PlannedModule], families: Sequence[Family], limits: Limits) -> Planned:
    """Fill planned modules with what they are about, the best first, and with what only that uses."""
    pieces: list[Family] = []
    whole: list[Family] = []
    for family in families:
        cut = atoms(family, limits) if family.length > limits.max_lines else [family]
        pieces += cut
        whole += [family] * len(cut)
    rows = _fits(plan, pieces, whole)
    filled: dict[int, Family] = {}
    placed: set[int] = set()
    for fit, module, number in sorted(_suiting(rows), key=lambda c: (-c[0], c[1], c[2])):
        del fit
        taken = filled[module].joined(pieces[number]) if module in filled else pieces[number]
        if number not in placed and taken.length <= limits.max_lines:
            filled[module] = taken
            placed.add(number)
    _follow(filled, placed, pieces, limits)
    left: dict[tuple[int, ...], Family] = {}
    for number, piece in enumerate(pieces):
        if number not in placed:
            key = whole[number].numbers
            left[key] = left[key].joined(piece) if key in left else piece
    return Planned(filled, list(left.values()))


def _suiting(rows: Sequence[Sequence[float]]) -> Iterator[tuple[float, int, int]]:
    for module, row in enumerate(rows):
        yield from ((fit, module, number) for number, fit in enumerate(row) if fit >= SUITS)


def _follow(filled: dict[int, Family], placed: set[int], pieces: Sequence[Family], limits: Limits) -> None:
    """Let what a plan says nothing of go where all its users went."""
    changed = True
    while changed:
        changed = False
        home = {n: module for module, family in filled.items() for n in family.numbers}
        for number, piece in enumerate(pieces):
            hosts = {home.get(n) for n in piece.users()}
            if number in placed or len(hosts) != 1 or (host := hosts.pop()) is None:
                continue
            taken = filled[host].joined(piece)
            if taken.length <= limits.max_lines:
                filled[host] = taken
                placed.add(number)
                changed = True
                break


def _fits(plan: Sequence[PlannedModule], pieces: Sequence[Family], whole: Sequence[Family]) -> Fits:
    """Return for each planned module what it has for each family: 0 for nothing, 8 for much, 12 by name."""
    names = [
        _names(w.parts if w is not p and p.types else p.parts) for p, w in zip(pieces, whole, strict=True)
    ]
    known = Counter(word for found in names for word in found)
    rarity = {word: min(1.0, _RARE * (1 - count / len(pieces))) for word, count in known.items()}
    largest = max(whole, key=lambda f: (f.lines, f.numbers), default=None)
    rows = [
        [
            _fit(module, piece, own, rarity, main=family is largest and bool(piece.types))
            for piece, own, family in zip(pieces, names, whole, strict=True)
        ]
        for module in plan
    ]
    best = [max((row[n] for row in rows), default=0.0) for n in range(len(pieces))]
    return [[v if v >= _OFFERED * best[n] else 0.0 for n, v in enumerate(row)] for row in rows]


def _names(parts: Sequence[Part]) -> dict[str, float]:
    """Return the words of a family's names: those of its type, and of the others by their share of lines."""
    total = sum(part.lines for part in parts) or 1
    found: dict[str, float] = {}
    types = [part for part in parts if part.defines_type]
    for part in types:
        for word in name_stems(part.name):
            found[word] = 1.0
    lines: Counter[str] = Counter()
    for part in parts:
        own = {*name_stems(part.name), *stems(part.banner or "")} - ({""} if types else set())
        own |= {w for name in part.inside for w in name_stems(name)} if len(part.inside) == 1 else set()
        for word in own:
            lines[word] += part.lines
    if not types:
        found |= dict.fromkeys((w for part in parts for w in name_stems(part.home)), _OF_PIECE)
    for word, n in lines.items():
        found[word] = max(found.get(word, 0.0), n / total if 2 * n >= total or not types else 0.0)
    return found


def _fit(
    module: PlannedModule,
    family: Family,
    names: Mapping[str, float],
    rarity: Mapping[str, float],
    *,
    main: bool,
) -> float:
    own = {name for part in family.parts for name in (part.name, part.home) if name}
    if own & ({m.group(1) or m.group() for m in _CAMEL.finditer(module.description)} | set(module.exports)):
        return NAMED
    comments, code = (
        Counter(w for p in family.parts for w in p.words),
        {w for p in family.parts for w in p.vocabulary},
    )
    named = told = 0.0
    for word, weight in _wanted(module).items():
        telling = weight * max(0.0, rarity.get(word, 0.8))
        if word in names:
            named += telling * names[word]
        elif comments[word] > 1:
            told += telling * _IN_COMMENTS
        elif word in code:
            told += telling * _IN_CODE
    named += sum(_FACET * w * _is_of(family, facet, main=main) for facet, w in _asked(module).items())
    told = min(told, _TOLD)
    value = named + told if named >= _TOLD else max(named, told)
    weight = 1 - _LIGHT * max(0.0, 1 - family.lines / _WEIGHTY)
    return weight * min(_MOST, _SCALE * value)


def _wanted(module: PlannedModule) -> dict[str, float]:
    """Return the stems a plan asks for, with weights."""
    named = name_stems(module.name.rpartition("/")[2])
    found = dict.fromkeys(stems(module.description), _DESCRIPTION)
    return found | dict.fromkeys(named, _NAME / max(1, len(named)))


def _asked(module: PlannedModule) -> dict[str, float]:
    found: dict[str, float] = {}
    for text, weight in ((module.description, 1.0), (module.name, _NAME)):
        for word in re.findall(r"[a-z]+", text.lower().replace("_", " ")):
            if facet := _FACETS.get(stem(word)):
                found[facet] = weight
    return found


def _is_of(family: Family, facet: str, *, main: bool) -> float:
    """Return how much of a family is of a kind."""
    if facet == "core":
        return float(main)
    total = family.lines or 1
    return sum(part.lines for part in family.parts if facet in _kinds(part)) / total


def _kinds(part: Part) -> set[str]:
    found = {TRAIT_CONCEPTS.get(part.trait, "")} if part.trait else set()
    if part.kind in ("const", "static"):
        found.add("constant")
    if part.kind == "trait":
        found.add("trait")
    if "error" in name_stems(part.home or part.name) or "Error" in (part.home or part.name):
        found.add("error")
    return found
