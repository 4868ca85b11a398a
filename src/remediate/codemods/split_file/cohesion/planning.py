"""How well each family fits the modules that an audit plans, by their names and descriptions."""

import re
from collections import Counter
from collections.abc import Sequence
from math import log, sqrt

from remediate.codemods.split_file.cohesion.families import Family
from remediate.codemods.split_file.cohesion.model import Part
from remediate.codemods.split_file.cohesion.words import name_stems, stem, stems
from remediate.model import PlannedModule

Fits = Sequence[Sequence[float]]

NAMED = 12.0
"""An item that the plan names outright."""
_SCALE = 4.0
_MOST = 8.0
_NAME_WEIGHT = 2.5
_CAMEL = re.compile(r"\b[A-Z][a-z0-9]+(?:[A-Z][A-Za-z0-9]*)+\b|`(\w+)`")

# What some words of plans mean for the kind of an item rather than for its name.
_FACETS = {
    "trait": "trait", "interfac": "trait", "constant": "const", "const": "const", "default": "default",
    "error": "error", "display": "display", "format": "display", "conversion": "conversion",
    "convert": "conversion", "serialization": "serialization", "deserialization": "serialization",
    "iterator": "iterator", "operator": "operator", "type": "type", "struct": "type", "definition": "type",
    "core": "core",
}  # fmt: skip
_FACETS = {stem(word): facet for word, facet in _FACETS.items()}
_TRAITS = {
    "Display": "display", "Debug": "display", "From": "conversion", "Into": "conversion",
    "TryFrom": "conversion", "TryInto": "conversion", "FromStr": "conversion", "AsRef": "conversion",
    "Serialize": "serialization", "Deserialize": "serialization", "Iterator": "iterator",
    "IntoIterator": "iterator", "Default": "default", "Add": "operator", "Sub": "operator",
    "Mul": "operator", "Div": "operator", "Neg": "operator",
}  # fmt: skip
_KINDS = {
    "trait": "trait",
    "const": "const",
    "static": "const",
    "struct": "type",
    "enum": "type",
    "type": "type",
}
_FACET_WEIGHT = 0.5


def fits(planned: Sequence[PlannedModule], families: Sequence[Family]) -> Fits:
    """Return for each planned module what it has for each family: 0 for nothing, 8 for much, 12 by name."""
    wanted = [_wanted(module) for module in planned]
    known = [_profile(family) for family in families]
    in_plan = Counter(word for words in wanted for word in words)
    in_file = Counter(word for words in known for word in words)
    main = max(families, key=lambda f: (len(f.parts), -f.number), default=None)
    rows: list[list[float]] = []
    for module, words in zip(planned, wanted, strict=True):
        rarity = {
            word: weight
            * log((len(planned) + 1) / in_plan[word])
            * log(1 + len(families) / (1 + in_file[word]))
            for word, weight in words.items()
        }
        row = [_fit(module, rarity, known[f.number], f) for f in families]
        if main is not None and row[main.number] < _MOST:
            row[main.number] += _SCALE * rarity.get("[core]", 0.0)
        rows.append(row)
    return rows


def _wanted(module: PlannedModule) -> dict[str, float]:
    """Return the stems a plan asks for, with weights; a facet is written in brackets."""
    found: dict[str, float] = {}
    for text, weight in ((module.description, 1.0), (module.name.replace("/", " "), _NAME_WEIGHT)):
        for word in stems(text):
            found[word] = max(weight, found.get(word, 0.0))
        for raw in re.findall(r"[a-z]+", text.lower().replace("_", " ")):
            if facet := _FACETS.get(stem(raw)):
                found[f"[{facet}]"] = max(weight * _FACET_WEIGHT, found.get(f"[{facet}]", 0.0))
    return found


def _profile(family: Family) -> dict[str, float]:
    """Return what a family's words are, each with how much of the family speaks of it, 0 to 1."""
    counts: Counter[str] = Counter()
    names: Counter[str] = Counter()
    for part in family.parts:
        counts.update(part.words)
        names.update(set(name_stems(part.name or "")) | set(name_stems(part.self_type)))
        counts.update(stems(part.banner or ""))
    total = sum(counts.values()) or 1
    found = {word: sqrt(min(1.0, 2 * count / total)) * 0.7 for word, count in counts.items()}
    for word, count in names.items():
        found[word] = max(found.get(word, 0.0), sqrt(count / len(family.parts)))
    facets = Counter(f for part in family.parts for f in _facets(part))
    for facet, count in facets.items():
        found[f"[{facet}]"] = count / len(family.parts)
    return found


def _facets(part: Part) -> set[str]:
    found = {_KINDS.get(part.kind, ""), _TRAITS.get(part.trait, "")} - {""}
    if "Error" in (part.self_type or part.name or ""):
        found.add("error")
    return found


def _fit(module: PlannedModule, rarity: dict[str, float], profile: dict[str, float], family: Family) -> float:
    names = {name for part in family.parts for name in (part.name, part.self_type) if name}
    named = {m.group(1) or m.group() for m in _CAMEL.finditer(module.description)} | set(module.exports)
    if names & named:
        return NAMED
    value = sum(weight * profile.get(word, 0.0) for word, weight in sorted(rarity.items()))
    whole = name_stems(module.name.rpartition("/")[2])
    if whole and any(name_stems(name) == whole for name in names):
        value += 1.0
    return min(_MOST, _SCALE * value)
