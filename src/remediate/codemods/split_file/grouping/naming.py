"""Names a maintainer would give a module, each with how good it is: the objective counts that.

Best is the section's title, the main type, the trait; then what several members are about. A name is never
a verb, an adjective, a number, or a word that one member out of many has.
"""

import itertools
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from remediate.codemods.split_file.grouping.concepts import (
    activity,
    concept,
    is_noun,
    is_noun_phrase,
    is_topic,
    std_concept,
    subject,
)
from remediate.codemods.split_file.grouping.parts import TYPES, Part
from remediate.codemods.split_file.grouping.vocabulary import (
    FUNCTION_WORDS,
    MODIFIERS,
    PREPOSITIONS,
    TRAIT_CONCEPTS,
    VAGUE,
    VERBS,
)
from remediate.codemods.split_file.grouping.words import stem
from remediate.rust.resolution.names import snake, words
from remediate.rust.syntax.known_names import KEYWORDS, PRIMITIVES, RESERVED_FILES, STANDARD_CRATES

_NEVER = KEYWORDS | PRIMITIVES | STANDARD_CRATES | RESERVED_FILES
_NEVER |= {"lib", "main", "build", "tests", "test", "misc", "util", "utils", "common", "helpers", "mod"}
_LONGEST_TITLE = 3
_HALF, _MOST, _NEARLY_ALL = 0.45, 0.6, 0.8
_LEADING = ((0.75, 1.0), (0.6, 0.85), (0.45, 0.68), (0.3, 0.52), (0.0, 0.3))
"""How good the main type's name is, by its share of the lines."""
_LEADS = 0.3
"""The share of a module's lines from which its largest type may name it."""
_PLURALS = {
    "fn": "functions",
    "member": "methods",
    "impl": "impls",
    "const": "constants",
    "static": "constants",
}
_BY_RECEIVER = {"&mut": "mutation", "&": "access", "self": "operations"}
"""What methods are that have nothing in common but how they take ``self``."""
_BALANCE = 0.25
_DIMENSION = re.compile(r"(\d)_([a-z])(?![a-z0-9])")
"""``box2_d`` is written ``box2d``."""
_WIDER = {
    "insertion": "mutation", "removal": "mutation", "ordering": "mutation", "capacity": "mutation",
    "slices": "access", "search": "access", "iteration": "access", "entries": "access",
}  # fmt: skip
"""What two concepts of a collection's methods are together."""


@dataclass(frozen=True, slots=True)
class Name:
    """A module's name, one sentence of why its parts are together, and how good it is, 0 to 1."""

    name: str
    reason: str
    quality: float


class Namer:
    """Names groups of one file's parts; ``module`` is the name of the file's own module."""

    def __init__(
        self, parts: Sequence[Part], taken: Collection[str], module: str, labels: Mapping[int, str]
    ) -> None:
        """A module may be called like a function, which is in another namespace, but like no other item.

        ``labels`` says what the pieces of divided families are about, by unit.
        """
        self.parts, self.module, self.labels = parts, module, labels
        own = {part.name for part in parts if part.kind not in ("member", "fn") and part.name}
        self.taken = {*taken, *own}
        self._sections = _lines(parts, lambda part: part.banner or "")
        self._homes = _lines(parts, lambda part: part.home)
        self._receivers = _balanced(parts)
        self._main = next((home for home, _ in _ranked(self._homes) if home), "")

    def best(self, members: Sequence[Part], given: Collection[str] = ()) -> Name:
        """Return the best free name of a group; ``given`` are names of siblings, which it must not echo."""
        alike = {_stems(name) for name in given}
        seen = sorted(self._shown(members), key=lambda n: -n.quality)
        for found in seen:
            if is_free(found.name, self.taken) and _stems(found.name) not in alike:
                return found
        return self._numbered(members, given)

    def _shown(self, members: Sequence[Part]) -> Iterator[Name]:
        for found in self._candidates(members):
            for name, loss in self._shortened(_DIMENSION.sub(r"\1\2", found.name)):
                yield Name(name, found.reason, found.quality - loss)

    def _shortened(self, name: str) -> Iterator[tuple[str, float]]:
        """Yield ``guard`` for ``rw_lock_guard`` in a module ``rwlock``; never the module's own name."""
        parent, said = self.module.replace("_", ""), name.split("_")
        if "".join(said).rstrip("s") == parent.rstrip("s"):
            return
        for count in range(1, len(said)):
            rest = "_".join(said[count:])
            if parent and "".join(said[:count]) == parent and is_noun_phrase(rest):
                yield rest, 0.0
                yield name, 0.15
                return
        yield name, 0.0

    def _numbered(self, members: Sequence[Part], given: Collection[str]) -> Name:
        """Return a name that says what kind of items these are, if nothing else can be said."""
        lines = _lines(members, lambda part: part.home or part.foreign)
        home = next((snake(h) for h, _ in _ranked(lines) if h), "") or self.module or "file"
        what = _ranked(_lines(members, lambda part: _PLURALS.get(part.kind, "items")))[0][0]
        numbered = (f"{home}_{what}_{n}" for n in itertools.count(2))
        choices = itertools.chain((what, f"{home}_{what}", f"{home}_items"), numbered)
        name = next(c for c in choices if is_free(c, self.taken) and c not in given)
        return Name(name, f"{what} about nothing in common", 0.1)

    def _candidates(self, members: Sequence[Part]) -> Iterator[Name]:
        total = sum(part.lines for part in members) or 1
        yield from self._of_section(members, total)
        yield from _of_iterators(members, total)
        yield from self._of_labels(members, total)
        yield from self._of_types(members, total)
        yield from _of_traits(members, total)
        yield from _of_concepts(members, total)
        yield from _of_words(members, total)
        yield from _of_kinds(members, total)
        yield from _of_rest(members, total, self._main, self._receivers)
        yield from _of_largest(members, total)

    def _of_section(self, members: Sequence[Part], total: int) -> Iterator[Name]:
        """Yield the title of the section that most lines stand in, if most of the section is here."""
        for title, inside in _ranked(_lines(members, lambda part: part.banner or "")):
            said = [w for w in words(re.sub(r"\W", " ", title)) if w not in FUNCTION_WORDS and w not in VAGUE]
            long = not 0 < len(said) <= _LONGEST_TITLE
            if not title or long or inside < _MOST * total or 2 * inside < self._sections[title]:
                continue
            if is_noun_phrase("_".join(said)):
                yield Name("_".join(said), f'section "{title}"', 0.9)

    def _of_types(self, members: Sequence[Part], total: int) -> Iterator[Name]:
        """Yield the main type, what several types are called alike, the type that is cut."""
        lines = _lines(members, lambda part: part.home)
        defined = {part.name for part in members if part.defines_type}
        ranked = [(home, n) for home, n in _ranked(lines) if home in defined]
        shared = _shared_words([home for home, _ in ranked]) if len(ranked) > 1 else ""
        if shared and sum(n for _, n in ranked) >= _NEARLY_ALL * total:
            listed = ", ".join(f"`{home}`" for home, _ in ranked[:3])
            yield Name(shared, f"{listed} and what belongs to them", 0.97)
        several = len(ranked) > 1
        for home, n in ranked[:1]:
            share = n / total
            quality = next((q for least, q in _LEADING if share >= least), 0.0) - 0.04 * (
                several and bool(shared)
            )
            yield Name(snake(home), f"`{home}` and what belongs to it", quality)
            yield Name(f"{snake(home)}_type", f"`{home}` and what belongs to it", quality - 0.4)
            if snake(home).replace("_", "") == self.module.replace("_", ""):
                yield Name("definition", f"`{home}` itself", quality - 0.2)
        for home, n in ranked[1:]:
            yield Name(snake(home), f"`{home}` and what belongs to it", 0.5 if n >= _LEADS * total else 0.2)

    def _of_labels(self, members: Sequence[Part], total: int) -> Iterator[Name]:
        """Yield what most pieces of a large type are about."""
        lines = _lines(members, lambda part: self.labels.get(part.index, ""))
        for label, n in _ranked(lines):
            name = label.replace(" ", "_")
            if label and n >= _HALF * total and (is_topic(name) or is_noun_phrase(name)):
                home = members[0].home or members[-1].home
                quality = 0.5 + 0.42 * n / total
                foreign = bool(home) and home != self._main and name != "settings"
                yield Name(name, f"{label} of `{home}`", quality - 0.1 * foreign)
                if home and stem(name) not in _stems(snake(home)):
                    yield Name(f"{snake(home)}_{name}", f"{label} of `{home}`", quality - 0.05)


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


def _lines(parts: Sequence[Part], of: Callable[[Part], str]) -> Counter[str]:
    found: Counter[str] = Counter()
    for part in parts:
        found[of(part)] += part.lines
    return found


def _ranked(lines: Counter[str]) -> list[tuple[str, int]]:
    return sorted(lines.items(), key=lambda pair: (-pair[1], pair[0]))


def _shared_words(names: Sequence[str]) -> str:
    """Return the words that all names begin with, or else end with, if they are a noun phrase."""
    said = [words(name) for name in names]
    for split in (said, [s[::-1] for s in said]):
        count = 0
        while all(len(s) > count for s in split) and len({s[count] for s in split}) == 1:
            count += 1
        shared = split[0][:count] if split is said else split[0][:count][::-1]
        if shared and is_noun_phrase("_".join(shared)):
            return "_".join(shared)
    return ""


def _of_iterators(members: Sequence[Part], total: int) -> Iterator[Name]:
    """Yield std's word for a module of several iterators."""
    homes = {part.home for part in members if part.trait in ("Iterator", "FallibleIterator") and part.home}
    homes &= {part.name for part in members if part.defines_type}
    lines = sum(part.lines for part in members if part.home in homes)
    if len(homes) > 1 and lines >= _MOST * total:
        listed = ", ".join(f"`{home}`" for home in sorted(homes)[:3])
        yield Name("iter", f"the iterators {listed}", 0.93)
        yield Name("iterators", f"the iterators {listed}", 0.92)


def _of_traits(members: Sequence[Part], total: int) -> Iterator[Name]:
    """Yield names for impls of traits, where hardly anything else is here."""
    impls = [part for part in members if part.trait]
    lines = sum(part.lines for part in impls)
    if lines < _NEARLY_ALL * total or any(part.defines_type for part in members):
        return
    for name, n in _ranked(_lines(impls, lambda part: TRAIT_CONCEPTS.get(part.trait, ""))):
        if name and n >= _MOST * lines:
            yield Name(name, f"{name}: impls of std's traits", 0.93)
    traits = _ranked(_lines(impls, lambda part: part.trait))
    homes = {part.home or part.foreign for part in impls}
    trait, n = traits[0]
    if n >= _NEARLY_ALL * lines:
        several = len(homes) > 1
        yield Name(f"{snake(trait)}_impls", f"impls of `{trait}`", 0.8 if several else 0.6)
    foreign = _ranked(_lines(impls, lambda part: part.foreign))
    if foreign and foreign[0][0] and foreign[0][1] >= _NEARLY_ALL * lines:
        yield Name(f"{snake(foreign[0][0])}_impls", f"impls for `{foreign[0][0]}`", 0.75)
    if len(impls) > 1:
        yield Name("trait_impls", "impls of traits", 0.72)
        if len(homes) == 1:
            yield Name(f"{snake(min(homes))}_impls", f"impls for `{min(homes)}`", 0.71)


def _has_main_type(members: Sequence[Part], total: int) -> bool:
    """Whether a type that most of a module belongs to is defined in it: that is what it is about."""
    defined = {part.name for part in members if part.defines_type}
    return any(
        n >= _HALF * total for home, n in _lines(members, lambda part: part.home).items() if home in defined
    )


def _of_concepts(members: Sequence[Part], total: int) -> Iterator[Name]:
    """Yield what most methods or functions are about."""
    behaving = [part for part in members if part.kind in ("fn", "member") or part.inside]
    if sum(part.lines for part in behaving) < _MOST * total or _has_main_type(members, total):
        return
    found = _lines(behaving, concept)
    for name, n in _ranked(found):
        several = sum(max(1, len(part.inside)) for part in behaving if concept(part) == name) > 1
        if name and n >= 0.4 * total and (is_topic(name) or is_noun_phrase(name)):
            quality = 0.55 + 0.4 * n / total if several else 0.62 if n >= _MOST * total else 0.3
            yield Name(name, f"{name.replace('_', ' ')}", quality)
    wide = _lines(behaving, lambda part: _WIDER.get(std_concept(part.name), ""))
    for name, n in _ranked(wide):
        if name and n >= _MOST * total:
            yield Name(name, f"{name}: {_listed(found)}", 0.68)
    verbs = _lines(behaving, _verb)
    for verb, n in _ranked(verbs):
        several = len({part.name for part in behaving if _verb(part) == verb}) > 1
        if verb and several and n >= _HALF * total:
            yield Name(activity(verb), f"what is called `{verb}..`", 0.45 + 0.35 * n / total)


def _listed(found: Counter[str]) -> str:
    return ", ".join(name for name, _ in _ranked(found)[:3] if name)


def _verb(part: Part) -> str:
    said = words(part.name)
    return said[0] if said and said[0] in VERBS and said[0] not in VAGUE else ""


def _of_words(members: Sequence[Part], total: int) -> Iterator[Name]:
    """Yield the nouns that the names of several parts share, phrases before words."""
    lines: Counter[tuple[str, ...]] = Counter()
    names: dict[tuple[str, ...], set[str]] = {}
    for part in members:
        said = words(part.called)
        rows = {said[i : i + n] for n in (1, 2, 3) for i in range(len(said) - n + 1)}
        for row in rows:
            lines[row] += part.lines
            names.setdefault(row, set()).add(part.called)
    distinct = len({part.called for part in members})
    for row, n in sorted(lines.items(), key=lambda pair: (-len(pair[0]), -pair[1], pair[0])):
        share, several = n / total, len(names[row]) / max(1, distinct)
        if len(names[row]) > 1 and share >= _HALF and all(_stands(word, names[row]) for word in row):
            reason = f"items about {' '.join(row)}"
            yield Name("_".join(row), reason, 0.5 + 0.25 * share + 0.15 * several + 0.02 * len(row))


def _stands(word: str, names: Collection[str]) -> bool:
    """Whether a word is a noun, or a possible verb that begins none of the names: ``read_record``."""
    if is_noun(word) or word not in VERBS:
        return is_noun(word)
    before = [
        said[said.index(word) - 1] if said.index(word) else ""
        for name in names
        if word in (said := words(name))
    ]
    return "" not in before and any(is_noun(w) or (w in VERBS and w not in MODIFIERS) for w in before)


def _balanced(parts: Sequence[Part]) -> frozenset[str]:
    """Return the types that both look and change: where all methods do the same, that tells nothing."""
    lines = _lines(parts, lambda part: f"{part.home} {part.receiver}" if part.receiver else "")
    homes = {part.home for part in parts if part.home}
    shares = {home: sorted(lines[f"{home} {receiver}"] for receiver in ("&", "&mut")) for home in homes}
    return frozenset(home for home, (less, more) in shares.items() if less >= _BALANCE * (less + more) > 0)


def _of_rest(members: Sequence[Part], total: int, main: str, balanced: Collection[str]) -> Iterator[Name]:
    """Yield names for methods of one type that are about nothing in common: how they take ``self``."""
    homes = {part.home for part in members}
    home = min(homes)
    if len(homes) != 1 or not home or home in {part.name for part in members}:
        return
    for receiver, n in _ranked(_lines(members, lambda part: part.receiver)):
        share, name = n / total, _BY_RECEIVER.get(receiver, "")
        several = len({part.name for part in members if part.receiver == receiver}) > 2
        if name and share >= _MOST and several and home in balanced:
            alone = 0.3 if home == main else 0.2
            yield Name(name, f"methods of `{home}` that take `{receiver}`", alone + 0.35 * share)
            yield Name(
                f"{snake(home)}_{name}", f"methods of `{home}` that take `{receiver}`", 0.27 + 0.35 * share
            )
    yield Name(f"{snake(home)}_methods", f"more methods of `{home}`", 0.45)
    yield Name("methods", f"more methods of `{home}`", 0.35)


def _of_kinds(members: Sequence[Part], total: int) -> Iterator[Name]:
    kinds = _lines(members, lambda part: part.kind)
    constants = kinds["const"] + kinds["static"]
    if constants >= _NEARLY_ALL * total:
        yield Name("constants", "constants", 0.8)
    if kinds["type"] >= _NEARLY_ALL * total:
        yield Name("aliases", "type aliases", 0.65)
    errors = sum(part.lines for part in members if "error" in words(part.home or ""))
    if errors >= _MOST * total:
        yield Name("errors", "error types", 0.85)
    if members and all(part.constructor for part in members if part.kind == "member"):
        methods = sum(part.lines for part in members if part.kind == "member")
        if methods >= _MOST * total:
            yield Name("construction", "what makes values", 0.8)


def _of_largest(members: Sequence[Part], total: int) -> Iterator[Name]:
    """Yield what the largest part is about, where it is most of the module; else a poor name."""
    for part in sorted(members, key=lambda p: (-p.lines, p.index))[:2]:
        share = part.lines / total
        if share < _HALF and len(members) > 2:
            continue
        if part.kind in ("fn", "member"):
            about = subject(part.name)
            quality = 0.66 if share >= _MOST else 0.3
            if about:
                yield Name(about, f"`{part.name}` and its helpers", quality)
            said = words(part.name)
            phrase = 1 < len(said) <= 3 and not {*said[:1]} & (PREPOSITIONS | FUNCTION_WORDS)
            if phrase and is_noun(said[-1]):
                yield Name(snake(part.name), f"`{part.name}` and its helpers", quality - 0.04)
            if said and said[0] in VERBS and said[0] not in VAGUE:
                yield Name(activity(said[0]), f"`{part.name}` and its helpers", quality - 0.02)
            if share >= _MOST and len(said) <= 2 and part.kind == "fn":
                yield Name(snake(part.name), f"`{part.name}` and its helpers", quality - 0.1)
        elif part.kind not in TYPES and not part.trait and is_noun_phrase(snake(part.called)):
            yield Name(snake(part.called), f"`{part.called}`", 0.6 if share >= _MOST else 0.3)
