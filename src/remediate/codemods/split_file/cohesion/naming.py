"""Names a person would give: the plan's, the section's, the main type's, the word the items share."""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence

from remediate.codemods.split_file.cohesion.item_names import of_leading, of_single_items, of_subjects
from remediate.codemods.split_file.cohesion.model import Part
from remediate.codemods.split_file.cohesion.terms import bearers, in_order, lines_of, terms
from remediate.codemods.split_file.cohesion.topics import full_topic, kinds
from remediate.codemods.split_file.cohesion.type_names import (
    of_definition,
    of_impls,
    of_kin,
    of_types,
    of_whole_type,
)
from remediate.codemods.split_file.cohesion.vocabulary import ADJECTIVES, DULL, VERBS
from remediate.codemods.split_file.cohesion.words import stem
from remediate.rust.known_names import KEYWORDS, PRIMITIVES, RESERVED_FILES, STANDARD_CRATES
from remediate.rust.names import snake, words

_NEVER = KEYWORDS | PRIMITIVES | STANDARD_CRATES | RESERVED_FILES
_NEVER |= {"lib", "main", "build", "tests", "misc", "util", "utils", "common", "helpers"}
_LAST_RESORTS = {"impls", "definition"}
"""Dull, but better than a number."""
_SAY_LITTLE = DULL | ADJECTIVES
_LONGEST_TITLE = 3
_LEADING = 0.45
"""The share of a module's lines that its main type must have to name it."""
_SHARED = 0.4
"""The share of a module's lines whose items must have a word for it to name the module."""
_MAIN = 0.35
"""The share of a module's items that are of one kind for it to be named so where no word or type does."""

Candidate = tuple[str, str]


def name_for(
    members: Sequence[Part],
    everything: Sequence[Part],
    taken: Collection[str],
    module: str = "",
    siblings: Collection[str] = (),
) -> Candidate:
    """Return a free name for a group of parts and one sentence of why they are together.

    ``taken`` holds names in lower case; ``module`` is the name of the file's own module, whose words the
    names of its children need not repeat. ``siblings`` are the names given to other groups: nobody could
    tell ``parsing`` from ``parse``.
    """
    alike = {_stems(name) for name in siblings}
    telling = {snake(part.self_type) for part in members} | _LAST_RESORTS
    for name, reason in _candidates(members, everything, module):
        for shown in _shortened(name, module):
            good = shown in telling or not _SAY_LITTLE.issuperset(shown.split("_"))
            echo = _stems(shown) in alike or (_stems(shown) == _stems(module) and shown not in telling)
            if good and is_free(shown, taken) and not echo:
                return shown, reason
    raise AssertionError("the numbered names never end")


def is_free(name: str, taken: Collection[str]) -> bool:
    """Whether a name is a module name that collides with nothing on any file system."""
    return (
        re.fullmatch(r"[a-z][a-z0-9_]*", name) is not None
        and name not in _NEVER
        and name not in taken
        and not name.startswith("test_")
        and not name.endswith("_test")
    )


def _stems(name: str) -> tuple[str, ...]:
    return tuple(stem(word) for word in name.split("_"))


def _shortened(name: str, module: str) -> Iterator[str]:
    """Yield ``guard`` before ``rw_lock_guard`` in a module ``rw_lock`` or ``rwlock``."""
    parent, said = module.replace("_", ""), name.split("_")
    for count in range(1, len(said)):
        rest = "_".join(said[count:])
        if parent and "".join(said[:count]) == parent and len(rest) > 2:
            yield rest
    if name != module:
        yield name


def _candidates(members: Sequence[Part], everything: Sequence[Part], module: str) -> Iterator[Candidate]:
    """Yield names, best first, without end."""
    yield from _of_section(members, everything)
    leading = list(of_types(members))
    methods = [part for part in members if part.kind == "member"]
    if 2 * lines_of(methods) > lines_of(members):
        yield from of_whole_type(members, everything)
        yield from _of_methods(methods, everything)
        yield from ((name, reason) for name, reason, share in leading if share >= _LEADING)
        yield from of_definition(members, module)
        yield from of_subjects(methods)
    yield from of_definition(members, module)
    yield from of_kin(members)
    yield from ((name, reason) for name, reason, share in leading if share >= _LEADING)
    if all(part.trait for part in members):
        for found in kinds(members):
            yield found, f"mostly {found}"
            yield from ((f"{name}_{found}", f"mostly {found}") for name, _, _ in leading[:1])
    yield from of_impls(members)
    yield from _of_words(members, everything)
    yield from ((found, f"mostly {found}") for found in kinds(members, _MAIN))
    yield from ((name, reason) for name, reason, _ in leading)
    yield from of_subjects(members)
    yield from of_single_items(members, module)
    yield from _of_last_resort(members, leading)


def _of_section(members: Sequence[Part], everything: Sequence[Part]) -> Iterator[Candidate]:
    """Yield the title of the section most lines stand in, if most of the section is here."""
    lines: Counter[str] = Counter()
    for part in members:
        lines[part.banner or ""] += part.lines
    for title, inside in sorted(lines.items(), key=lambda pair: (-pair[1], pair[0])):
        whole = sum(part.lines for part in everything if part.banner == title)
        found = [word for word in words(re.sub(r"\W", " ", title)) if word not in DULL]
        if (
            title
            and 2 * inside > lines_of(members)
            and 2 * inside > whole
            and 0 < len(found) <= _LONGEST_TITLE
        ):
            yield "_".join(found), f'section "{title}"'


def _of_methods(methods: Sequence[Part], everything: Sequence[Part]) -> Iterator[Candidate]:
    """Yield what most methods of a cut impl are about, then what kind they are."""
    others = [part for part in everything if part.kind == "member"]
    home = methods[0].self_type or methods[0].foreign_type
    found = _ranked((term for term, share in terms(methods, others) if share >= _SHARED), methods)
    for term in found:
        yield from _of_term(term, methods, f"methods of `{home}` about {_spoken(term)}")
    for kind in kinds(methods):
        yield kind, f"{kind} of `{home}`"
        yield f"{snake(home)}_{kind}", f"{kind} of `{home}`"
    for term in found:
        yield full_topic(term), f"methods of `{home}` about {_spoken(term)}"
        if stem(term) not in _stems(snake(home)) and term not in ADJECTIVES:
            yield f"{snake(home)}_{term}", f"methods of `{home}` about {_spoken(term)}"


def _of_words(members: Sequence[Part], everything: Sequence[Part]) -> Iterator[Candidate]:
    """Yield the words that the names of the parts share."""
    found = _ranked((term for term, share in terms(members, everything) if share >= _SHARED), members)
    if not found:
        return
    noun = "functions" if {part.kind for part in members} == {"fn"} else "items"
    yield from _of_term(found[0], members, f"{noun} about {_spoken(found[0])}")
    for second in found[1:3]:
        both = in_order(members, found[0], second)
        if "_" not in found[0] + second:
            yield "_".join(both), f"{noun} about {' '.join(both)}"
    yield full_topic(found[0]), f"{noun} about {_spoken(found[0])}"


def _ranked(found: Iterator[str], members: Sequence[Part]) -> list[str]:
    """Return terms: those of several items before those of one, nouns before verbs and adjectives."""
    return sorted(
        found, key=lambda term: (len(bearers(members, term)) == 1, term in VERBS or term in ADJECTIVES)
    )


def _of_term(term: str, members: Sequence[Part], reason: str) -> Iterator[Candidate]:
    """Yield a word, but where one item alone has it the name of that item."""
    having = bearers(members, term)
    if len(having) == 1 and having[0].kind in ("fn", "member"):
        yield from of_leading(having[0], term)
    else:
        yield term, reason


def _of_last_resort(
    members: Sequence[Part], leading: Sequence[tuple[str, str, float]]
) -> Iterator[Candidate]:
    """Yield names that say little; the numbered ones never end."""
    foreign = (snake(part.foreign_type) for part in members if part.foreign_type)
    stem_ = next((name for name, _, _ in leading), "") or next(foreign, "items")
    if all(part.trait for part in members):
        yield "impls", "impls of traits"
    if all(part.kind in ("impl", "member") for part in members):
        yield f"{stem_}_impl", f"what `{stem_}` can do"
    yield from ((f"{stem_}_{number}", "what was left over") for number in range(2, 100_000))


def _spoken(term: str) -> str:
    return term.replace("_", " ")
