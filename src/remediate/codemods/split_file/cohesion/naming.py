"""Names a person would give: the plan's, the section's, the main type's, the word the items share."""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence

from remediate.codemods.split_file.cohesion.model import Part
from remediate.codemods.split_file.cohesion.terms import in_order, lines_of, terms
from remediate.codemods.split_file.cohesion.topics import full_topic, kinds
from remediate.codemods.split_file.cohesion.vocabulary import DULL, EVERYWHERE
from remediate.rust.known_names import KEYWORDS, PRIMITIVES, RESERVED_FILES, STANDARD_CRATES
from remediate.rust.names import snake, words

TYPES = {"struct", "enum", "union", "trait", "type"}
_NEVER = KEYWORDS | PRIMITIVES | STANDARD_CRATES | RESERVED_FILES
_NEVER |= {"lib", "main", "build", "tests", "misc", "util", "utils", "common", "helpers"}
_LONGEST_TITLE = 3
_LEADING = 0.45
"""The share of a module's lines that its main type must have to name it."""
_SHARED = 0.4
"""The share of a module's lines whose items must have a word for it to name the module."""
_ALL = 0.8
_MAIN = 0.35
"""The share of a module's items that are of one kind for it to be named so where no word or type does."""
_LESS = {"const", "static", "type"}
"""Kinds that name a module only where nothing else does."""

Candidate = tuple[str, str]


def name_for(
    members: Sequence[Part], everything: Sequence[Part], taken: Collection[str], module: str = ""
) -> Candidate:
    """Return a free name for a group of parts and one sentence of why they are together.

    ``taken`` holds names in lower case; ``module`` is the name of the file's own module, whose words the
    names of its children need not repeat.
    """
    for name, reason in _candidates(members, everything, module):
        for shown in _shortened(name, module):
            if shown not in DULL and is_free(shown, taken):
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


def _shortened(name: str, module: str) -> Iterator[str]:
    """Yield ``engine`` before ``search_engine`` in module ``search``."""
    prefix = f"{module}_"
    rest = name.removeprefix(prefix)
    if module and rest != name and len(rest) > 2 and rest not in DULL:
        yield rest
    if name != module:
        yield name


def _candidates(members: Sequence[Part], everything: Sequence[Part], module: str) -> Iterator[Candidate]:
    """Yield names, best first, without end."""
    yield from _of_section(members, everything)
    leading = list(_of_types(members))
    methods = [part for part in members if part.kind == "member"]
    if 2 * lines_of(methods) > lines_of(members):
        yield from _of_methods(methods, everything)
    yield from _of_kin(members)
    yield from ((name, reason) for name, reason, share in leading if share >= _LEADING)
    yield from _of_words(members, everything)
    yield from ((f"{found}", f"mostly {found}") for found in kinds(members, _MAIN))
    yield from ((name, reason) for name, reason, _ in leading)
    yield from _of_single_items(members, module)
    stem = next((name for name, _, _ in leading), "items")
    yield from ((f"{stem}_{number}", "what was left over") for number in range(2, 100_000))


def _of_section(members: Sequence[Part], everything: Sequence[Part]) -> Iterator[Candidate]:
    """Yield the title of the section most lines stand in, if most of the section is here."""
    lines: Counter[str] = Counter()
    for part in members:
        lines[part.banner or ""] += part.lines
    for title, inside in _by_size(lines):
        whole = sum(part.lines for part in everything if part.banner == title)
        found = [word for word in words(re.sub(r"\W", " ", title)) if word not in DULL]
        if (
            title
            and 2 * inside > lines_of(members)
            and 2 * inside > whole
            and 0 < len(found) <= _LONGEST_TITLE
        ):
            yield "_".join(found), f'section "{title}"'


def _of_types(members: Sequence[Part]) -> Iterator[tuple[str, str, float]]:
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


def _of_kin(members: Sequence[Part]) -> Iterator[Candidate]:
    """Yield the words that the names of several types begin or else end with: ``Error``, ``ErrorKind``."""
    lines, defined = _type_lines(members)
    homes = [words(home) for home in sorted(lines) if home in defined]
    if len(homes) < 2 or sum(lines.values()) < _ALL * lines_of(members):
        return
    for shared in (_common(homes), _common([home[::-1] for home in homes])[::-1]):
        if shared and not set(shared) <= DULL:
            named = " and ".join(f"`{home}`" for home in sorted(lines)[:3])
            yield "_".join(shared), f"{named} and what belongs to them"


def _common(names: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    """Return the words that all names begin with."""
    length = 0
    while all(len(name) > length for name in names) and len({name[length] for name in names}) == 1:
        length += 1
    return names[0][:length]


def _of_methods(methods: Sequence[Part], everything: Sequence[Part]) -> Iterator[Candidate]:
    """Yield what most methods of a cut impl are about, then what kind they are."""
    others = [part for part in everything if part.kind == "member"]
    home = methods[0].self_type
    found = [term for term, share in terms(methods, others) if share >= _SHARED]
    for term in found:
        yield term, f"methods of `{home}` about {_spoken(term)}"
    for kind in kinds(methods):
        yield kind, f"{kind} of `{home}`"
        yield f"{snake(home)}_{kind}", f"{kind} of `{home}`"
    for term in found:
        yield full_topic(term), f"methods of `{home}` about {_spoken(term)}"
        if term not in words(home):
            yield f"{snake(home)}_{term}", f"methods of `{home}` about {_spoken(term)}"


def _of_words(members: Sequence[Part], everything: Sequence[Part]) -> Iterator[Candidate]:
    """Yield the words that the names of the parts share."""
    found = [term for term, share in terms(members, everything) if share >= _SHARED]
    if not found:
        return
    noun = "functions" if {part.kind for part in members} == {"fn"} else "items"
    yield found[0], f"{noun} about {_spoken(found[0])}"
    for second in found[1:3]:
        both = in_order(members, found[0], second)
        if "_" not in found[0] + second:
            yield "_".join(both), f"{noun} about {' '.join(both)}"
    yield full_topic(found[0]), f"{noun} about {_spoken(found[0])}"


def _spoken(term: str) -> str:
    return term.replace("_", " ")


def _of_single_items(members: Sequence[Part], module: str) -> Iterator[Candidate]:
    """Yield names after single items, the largest first; then those with their type in front."""
    named = {part.key: part.name or part.foreign_type or part.self_type or part.trait for part in members}
    by_size = sorted(
        members,
        key=lambda part: (part.kind in _LESS, _is_long(named[part.key]), -part.lines, part.position),
    )
    for part in by_size:
        own = snake(named[part.key])
        if own not in DULL | EVERYWHERE and len(own) > 2:
            yield own, f"`{named[part.key]}` and its kin"
            yield full_topic(own), f"`{named[part.key]}` and its kin"
    for part in by_size:
        home, own = snake(part.self_type or part.foreign_type), snake(part.name or part.trait or "")
        if home and own and home != own:
            yield f"{home}_{own}", f"`{part.name or part.trait}` of `{part.self_type or part.foreign_type}`"
    for part in by_size:
        if part.name:
            own = snake(part.name)
            other = f"{module}_{own}" if module not in ("", own) else f"{own}_{part.kind}"
            yield other, f"`{part.name}` and its kin"


def _is_long(name: str) -> bool:
    return len(words(name)) > _LONGEST_TITLE


def _by_size(lines: Counter[str]) -> list[tuple[str, int]]:
    return sorted(lines.items(), key=lambda pair: (-pair[1], pair[0]))
