"""What a family is: constants, an iterator, a function with its helpers; and which types are alike."""

from collections import defaultdict
from collections.abc import Sequence

from remediate.codemods.split_file.grouping.families import Family
from remediate.codemods.split_file.grouping.sizes import Limits
from remediate.rust.resolution.names import snake, words

_MAIN = 0.6
"""A type with this share of the file's lines is what the file is about."""
PROCEDURE = 0.25
"""A function with its helpers is a module from this share of a file on."""


def main_type(families: Sequence[Family], module: str) -> str:
    """Return the type that the file is about: the one it is called like, or one that fills most of it."""
    for family in families:
        if family.home and snake(family.home).replace("_", "") == module.replace("_", ""):
            return family.home
    total = sum(f.lines for f in families) or 1
    longest = max((f for f in families if f.home), key=lambda f: (f.lines, f.home), default=None)
    return longest.home if longest is not None and longest.lines >= _MAIN * total else ""


def dull_words(home: str, module: str) -> set[str]:
    """Return what says nothing of a part of a type: the names of the type and of the file's own module."""
    said = {snake(home), module, *words(home)}
    return {*said, *(f"{word}s" for word in said)}


def are_alike(family: Family, other: Family) -> bool:
    """Whether two types have most of their methods' names in common: ``Map`` and ``Set``."""
    mine, others = ({p.name for p in f.parts if p.kind == "member"} for f in (family, other))
    return family is not other and 2 * len(mine & others) > max(len(mine), len(others))


def are_kin(family: Family, other: Family, word: str) -> bool:
    """Whether two types have a word in one place: no ``VersionNegotiation`` goes with an ``IpVersion``.

    And neither is the other's opposite: ``Blocking`` says nothing of ``NonBlocking``.
    """
    said = words(family.home), words(other.home)
    opposite = any(a[:1] in (("non",), ("not",)) and a[1:] == b for a, b in (said, said[::-1]))
    return not opposite and any(all(names[at] == word for names in said) for at in (0, -1))


def is_constants(family: Family) -> bool:
    """Whether a family is constants and statics only."""
    return all(part.kind in ("const", "static") for part in family.parts)


def is_foreign(family: Family) -> bool:
    """Whether a family is blocks of foreign items, maybe with the types that only they name."""
    return 2 * sum(part.lines for part in family.parts if part.kind == "extern") > family.lines


def is_for_another(family: Family) -> bool:
    """Whether a family is impls of traits for a type of another file whose methods are here too."""
    inherent = {part.foreign for part in family.graph.parts if part.foreign and not part.trait}
    return all(part.trait and part.foreign in inherent for part in family.parts)


def is_procedure(family: Family, limits: Limits) -> bool:
    """Whether a family is one function that others may call, long with the helpers that only it has."""
    heads = [part for part in family.parts if part.kind == "fn" and not part.private]
    helped = sum(part.kind == "fn" for part in family.parts) > 1
    return not family.home and len(heads) == 1 and helped and family.length >= PROCEDURE * limits.max_lines


def is_entry(family: Family, module: str) -> bool:
    """Whether a family is about the public function that the file is called after: one looks for it there."""
    return not family.home and any(part.name == module and not part.private for part in family.parts)


def iterates(family: Family) -> bool:
    """Whether a family is an iterator and little else."""
    traits = {words(part.trait) for part in family.parts if part.trait}
    return bool(family.types) and any(
        w[-1:] == ("iterator",) and w[0] not in ("into", "from") for w in traits
    )


def may_hold_functions(family: Family) -> bool:
    """Whether one may look for public functions with a type: it is public, and more than data."""
    named = any(part.defines_type and not part.private for part in family.parts)
    return named and any(part.kind in ("member", "trait") or part.inside for part in family.parts)


def series_of(found: Sequence[Family]) -> list[tuple[str, list[Family]]]:
    """Return constants by the first word of their names, if there are several such words."""
    alike: dict[str, list[Family]] = defaultdict(list)
    for family in found:
        firsts = {(*words(part.name), "")[0] for part in family.parts}
        alike[firsts.pop() if len(firsts) == 1 else ""].append(family)
    return list(alike.items()) if len(alike) > 1 else [("", list(found))]


def alias_of(family: Family, others: Sequence[Family]) -> Family | None:
    """Return the family with the type that an alias is called like: ``LocalGenerator`` and ``Generator``."""
    defining = [part for part in family.parts if part.defines_type]
    if not defining or any(part.kind != "type" for part in defining):
        return None
    said = words(defining[0].name)
    for other in others:
        for named in (words(name) for name in other.types if other is not family):
            if 0 < len(named) < len(said) and named in (said[: len(named)], said[-len(named) :]):
                return other
    return None


def whole_of(family: Family, others: Sequence[Family]) -> Family | None:
    """Return the one data type that holds a data type in a field: ``Response`` of ``Usage``.

    Data types have no methods; of what has some one looks for its parts under their own names.
    """
    holders = {n for n in family.users() if family.graph.parts[n].kind in ("struct", "enum")}
    found = [other for other in others if not holders.isdisjoint(other.numbers)]
    whole = found[0] if len(found) == 1 and holders.issubset(found[0].numbers) else None
    if whole is None or not (is_data(family) and is_data(whole)):
        return None
    users, known = set(family.users()), set(whole.users())
    alone = (o for o in others if o.home and o is not whole and not is_data(o))
    return None if any(users & set(o.numbers) and not known & set(o.numbers) for o in alone) else whole


def is_data(family: Family) -> bool:
    """Whether a family is types without behaviour; errors are not meant."""
    behaves = any(p.kind in ("member", "trait", "fn") or p.inside for p in family.parts)
    return bool(family.types) and not behaves and not family.errors
