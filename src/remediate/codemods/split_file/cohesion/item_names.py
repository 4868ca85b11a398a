"""Names after single items: what a function is about rather than what it does."""

from collections import Counter
from collections.abc import Iterator, Sequence

from remediate.codemods.split_file.cohesion.model import Part
from remediate.codemods.split_file.cohesion.terms import lines_of
from remediate.codemods.split_file.cohesion.topics import full_topic
from remediate.codemods.split_file.cohesion.vocabulary import (
    ADJECTIVES,
    DULL,
    EVERYWHERE,
    PREPOSITIONS,
    VERBS,
)
from remediate.rust.names import snake, words

_LONGEST = 3
_LESS = {"const", "static", "type"}
"""Kinds that name a module only where nothing else does."""

Candidate = tuple[str, str]


def subject(name: str) -> str:
    """Return what a function is about: "comp_flags" of ``create_comp_flags_from_zip_params``.

    "" where the name has no noun: of ``retain``, ``try_retain``, ``reserve_exact``.
    """
    found = list(words(name))
    while found and (found[0] in DULL or found[0] in VERBS):
        del found[0]
    end = next((at for at, word in enumerate(found) if word in PREPOSITIONS), len(found))
    found = found[:end]
    while found and (found[-1] in DULL | ADJECTIVES or found[-1].isdigit()):
        del found[-1]
    return "_".join(found) if len(found) <= _LONGEST else ""


def of_leading(part: Part, term: str) -> Iterator[Candidate]:
    """Yield names for a module in which this part alone bears the term that tells it from others."""
    reason = f"`{part.name}` and its kin"
    about = subject(part.name or "")
    if about:
        yield about, reason
    if about and term in VERBS:
        yield term, reason
    if _is_noun_phrase(part):
        yield snake(part.name or ""), reason


def _is_noun_phrase(part: Part) -> bool:
    """Whether a name stands for a thing or an activity, as ``from_parts`` and ``is_done`` do not."""
    said = words(part.name or part.foreign_type or part.self_type or part.trait)
    dull = not said or said[-1][-1].isdigit() or (len(said) > 1 and said[0] in DULL | PREPOSITIONS)
    return len(said) <= _LONGEST and not dull


def of_subjects(members: Sequence[Part]) -> Iterator[Candidate]:
    """Yield what functions and methods are about, by the lines of those that are about the same."""
    lines: Counter[str] = Counter()
    for part in members:
        if part.kind in ("fn", "member"):
            lines[subject(part.name or "")] += part.lines
    for found, _ in sorted(lines.items(), key=lambda pair: -pair[1]):
        if found not in EVERYWHERE and len(found) > 2:
            yield found, f"{found.replace('_', ' ')} and its kin"


def of_single_items(members: Sequence[Part], module: str) -> Iterator[Candidate]:
    """Yield names after single items, the largest first; then those with their type in front."""
    by_size = sorted(members, key=lambda part: (part.kind in _LESS, -part.lines, part.position))
    for part in filter(_is_noun_phrase, by_size):
        named = part.name or part.foreign_type or part.self_type or part.trait
        own = snake(named)
        if own not in EVERYWHERE and len(own) > 2:
            yield own, f"`{named}` and its kin"
            yield full_topic(own), f"`{named}` and its kin"
    yield from _with_types(by_size)
    for part in by_size:
        if part.name:
            own = snake(part.name)
            other = f"{module}_{own}" if module not in ("", own) else f"{own}_{part.kind}"
            yield other, f"`{part.name}` and its kin"


def _with_types(by_size: Sequence[Part]) -> Iterator[Candidate]:
    """Yield methods, and the impl that a module is nearly all of, with the type in front."""
    for part in sorted(by_size, key=lambda part: (not _is_noun_phrase(part), not subject(part.name or ""))):
        home, own = part.self_type or part.foreign_type, part.name or part.trait
        large = part.kind == "member" or 2 * part.lines > lines_of(by_size)
        if home and own and snake(home) != snake(own) and large:
            yield f"{snake(home)}_{snake(own)}", f"`{own}` of `{home}`"
