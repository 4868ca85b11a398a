"""Names after types: the one a module is about, or what several are called alike."""

from collections import Counter
from collections.abc import Iterator, Sequence

from remediate.codemods.split_file.cohesion.model import Part
from remediate.codemods.split_file.cohesion.terms import lines_of
from remediate.codemods.split_file.cohesion.vocabulary import ADJECTIVES, DULL
from remediate.rust.names import snake, words

TYPES = {"struct", "enum", "union", "trait", "type"}
_MANY = 3
_ALL = 0.8
_MOST = 0.6
"""The share of a type's lines that must be in a module for it to be the type's, whatever its methods do."""

Candidate = tuple[str, str]


def of_whole_type(members: Sequence[Part], everything: Sequence[Part]) -> Iterator[Candidate]:
    """Yield the type that is defined here and has most of its methods here, whatever they do."""
    lines, defined = _type_lines(members)
    all_, _ = _type_lines(everything)
    home, size = max(lines.items(), key=lambda pair: (pair[1], pair[0]), default=("", 0))
    if home in defined and 2 * size > lines_of(members) and size >= _MOST * all_[home]:
        yield snake(home), f"`{home}` and what belongs to it"


def of_definition(members: Sequence[Part], module: str) -> Iterator[Candidate]:
    """Yield a name for the type that the file is called by already."""
    lines, defined = _type_lines(members)
    for home, size in sorted(lines.items()):
        if home in defined and snake(home) == module and 2 * size > lines_of(members):
            yield "definition", f"`{home}` itself"


def of_types(members: Sequence[Part]) -> Iterator[tuple[str, str, float]]:
    """Yield the types by size with their share of the lines; those defined here come first."""
    lines, defined = _type_lines(members)
    total = lines_of(members)
    for home, size in sorted(lines.items(), key=lambda pair: (pair[0] not in defined, -pair[1], pair[0])):
        reason = f"`{home}` and what belongs to it" if home in defined else f"impls of `{home}`"
        yield snake(home), reason, size / total


def _type_lines(members: Sequence[Part]) -> tuple[Counter[str], set[str | None]]:
    lines: Counter[str] = Counter()
    defined = {part.name for part in members if part.kind in TYPES}
    for part in members:
        home = part.self_type or (part.name or "" if part.kind in TYPES else "")
        home = home or (part.trait if part.trait in defined else "")
        if home:
            lines[home] += part.lines
    return lines, defined


def of_kin(members: Sequence[Part]) -> Iterator[Candidate]:
    """Yield the words that the names of several types begin or else end with: ``Error``, ``ErrorKind``."""
    lines, defined = _type_lines(members)
    homes = [words(home) for home in sorted(lines) if home in defined]
    if len(homes) < 2 or sum(lines.values()) < _ALL * lines_of(members):
        return
    for shared in (_common(homes), _common([home[::-1] for home in homes])[::-1]):
        if shared and not set(shared) <= DULL | ADJECTIVES:
            named = " and ".join(f"`{home}`" for home in sorted(lines)[:3])
            yield "_".join(shared), f"{named} and what belongs to them"


def _common(names: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    """Return the words that all names begin with."""
    length = 0
    while all(len(name) > length for name in names) and len({name[length] for name in names}) == 1:
        length += 1
    return names[0][:length]


def of_impls(members: Sequence[Part]) -> Iterator[Candidate]:
    """Yield names for impls of traits, where hardly anything else is here."""
    impls = [part for part in members if part.trait]
    if len(impls) < 2 or lines_of(impls) < _ALL * lines_of(members):
        return
    homes = Counter(part.self_type or part.foreign_type for part in impls)
    traits = Counter(part.trait for part in impls)
    if len(homes) == 1:
        yield f"{snake(min(homes))}_impls", f"impls of `{min(homes)}`"
    elif len(traits) == 1 and len(homes) >= _MANY:
        yield f"{snake(min(traits))}_impls", f"impls of `{min(traits)}`"
