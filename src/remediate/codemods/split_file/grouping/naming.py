"""Names of modules: the type, the trait, the section's title, or what all members are about.

A name is never a verb, an adjective, a number, or a word of one member out of many.
"""

import itertools
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass

from remediate.codemods.split_file.grouping.concepts import (
    activity,
    converts,
    is_noun,
    is_noun_phrase,
    is_topic,
    known_concept,
    subject,
    topics,
)
from remediate.codemods.split_file.grouping.families import Family
from remediate.codemods.split_file.grouping.parts import Part
from remediate.codemods.split_file.grouping.vocabulary import (
    EMPTY_VERBS,
    FUNCTION_WORDS,
    PREPOSITIONS,
    VAGUE,
    VERBS,
)
from remediate.codemods.split_file.grouping.words import stem
from remediate.rust.resolution.names import snake, words
from remediate.rust.syntax.known_names import KEYWORDS, PRIMITIVES, RESERVED_FILES, STANDARD_CRATES

_NEVER = KEYWORDS | PRIMITIVES | STANDARD_CRATES | RESERVED_FILES
_NEVER |= {"lib", "main", "build", "tests", "test", "misc", "util", "utils", "common", "helpers", "mod"}
_MOST = 0.6
"""What names a module stands for so much of its lines."""
_PLURALS = {
    "fn": "functions",
    "member": "methods",
    "impl": "traits",
    "const": "constants",
    "static": "constants",
    "type": "types",
}
_SEVERAL = 3
"""From so many types on a module is called after the word that most of them share."""
_LARGEST = 0.4
"""What is cut in the order of the file is called after a method that has so much of its lines."""
_LONGEST = 4
"""A function of more words gives its module no name."""
_DIMENSION = re.compile(r"(\d)_([a-z]|d\d+)(?![a-z0-9])")
"""``box2_d`` is written ``box2d``, and ``id3_d12_device`` is ``id3d12_device``."""


@dataclass(frozen=True, slots=True)
class Name:
    """A module's name, and one sentence of why its parts are together."""

    name: str
    reason: str
    own: bool = False
    """Whether it is the very name of a type: then it may sound like another."""


class Namer:
    """Gives names to modules of one file, each once; ``module`` is the name of the file's own module."""

    def __init__(self, taken: Collection[str], module: str) -> None:
        self.module = module
        self.taken = set(taken)
        self._stems = set[tuple[str, ...]]()
        self._given: dict[str, str] = {}
        self.homes = frozenset[str]()
        """The names of the types that get modules."""
        self.traits = frozenset[str]()
        """The names of traits of elsewhere whose impls get modules."""

    def found(self, choices: Iterator[Name]) -> Name | None:
        """Take the first choice that is free and no echo of a name given before."""
        for choice in choices:
            for said in self._shortened(_DIMENSION.sub(r"\1\2", choice.name), own=choice.own):
                parent = is_topic(said) and _stems(said) == _stems(self.module)
                parent = parent or said == activity(self.module)
                parent = parent or (said not in self.traits and set(_stems(said)) < set(_stems(self.module)))
                echo = not choice.own and (parent or _stems(said) in self._stems)
                echo = echo or (choice.own and said in self.traits)
                if is_free(said, self.taken) and not echo:
                    self.take(said)
                    if choice.own:
                        self._given.setdefault(choice.name, said)
                    return Name(said, choice.reason)
        return None

    def _is_kind(self, rest: str, name: str) -> bool:
        """Whether other types are that too: where there is a violin plot no ``box_plot`` is the ``plot``."""
        rivals = (home for home in self.homes if home != name and not home.endswith(f"_{name}"))
        return any(home.endswith(f"_{rest}") for home in rivals)

    def last_resort(self, family: Family) -> Name:
        """Take a name that says only what kind of items there are."""
        home = snake(family.home) or self.module or "file"
        what = _PLURALS.get(_most_lines(family.parts, _kind), "items")
        first = [] if family.home else [what]
        numbered = (f"{home}_{what}_{n}" for n in itertools.count(2))
        choices = itertools.chain(first, (f"{home}_{what}",), numbered)
        name = next(choice for choice in choices if is_free(choice, self.taken))
        self.take(name)
        return Name(name, f"{what} about nothing in common")

    def take(self, name: str) -> None:
        """Keep others from having a name."""
        self.taken.add(name)
        self._stems.add(_stems(name))

    def _shortened(self, name: str, *, own: bool) -> Iterator[str]:
        """Yield ``guard`` for ``rw_lock_guard`` in a module ``rwlock``; never the module's own name.

        What a type's module is called begins the names of its pieces, and no name says a word twice.
        """
        kin = max((own for own in self._given if name.startswith(f"{own}_")), key=len, default="")
        if kin:
            rest = name.removeprefix(f"{kin}_")
            if stem(rest.split("_")[0]) != stem(kin.rpartition("_")[2]):
                yield f"{self._given[kin]}_{rest}"
            else:
                yield rest
            return
        parent, said = self.module.replace("_", ""), name.split("_")
        if "".join(said) == parent:
            return
        for count in range(1, len(said)):
            rest = "_".join(said[count:])
            stands = _names_a_thing(rest) if own else is_noun_phrase(rest)
            stands = stands and not (own and self._is_kind(rest, name))
            if parent and "".join(said[:count]) == parent and stands:
                yield rest
        yield name


def type_names(family: Family, *, plain: bool = False) -> Iterator[Name]:
    """Yield the names of a module about a type, best first: the main one's own.

    ``plain`` leaves out those that only say that it is a type.
    """
    functions = sum(part.lines for part in family.parts if part.kind == "fn")
    if functions >= _MOST * family.lines and not family.is_shared:
        yield from function_names(family)
    if len(family.types) >= _SEVERAL:
        shared = Counter(w for name in dict.fromkeys(family.types) for w in dict.fromkeys(words(name)))
        for word, count in sorted(shared.items(), key=lambda pair: (-pair[1], pair[0])):
            if count >= _MOST * len(family.types) and is_noun_phrase(word) and word in words(family.home):
                yield Name(word, f"{count} types about {word}")
                if word == "error":
                    yield Name("errors", f"{count} types about errors")
                break
    if home := family.home or next(iter(family.types), ""):
        reason = f"`{home}` and what belongs to it"
        answers = (p.name for p in family.parts if p.kind == "fn" and words(p.name) == words(home)[:-1])
        yield from (Name(name, f"`{name}` and what it takes", own=True) for name in answers)
        yield Name(snake(home), reason, own=True)
        is_trait = any(part.kind == "trait" and part.name == home for part in family.parts)
        yield from (Name(rest, reason, own=True) for rest in _endings(home))
        kind = "trait" if is_trait else "type"
        if not plain and words(home)[-1] != kind:
            yield Name(f"{snake(home)}_{kind}", reason, own=True)


def _endings(home: str) -> Iterator[str]:
    """Yield ``option`` for a ``CtOption`` in a module ``ct_option``: what kind of thing the type is."""
    said = words(home)
    rests = ("_".join(said[at:]) for at in range(1, len(said)))
    yield from (rest for rest in rests if _names_a_thing(rest))


def _names_a_thing(rest: str) -> bool:
    """Whether the end of a type's name can stand alone: ``set`` of ``BitSet`` is no verb there."""
    last = rest.rpartition("_")[2]
    return is_noun_phrase(rest) or (last in VERBS and last not in VAGUE - {"set"})


_SYNONYMS = {"ops": "operators"}
"""What a topic is called where its first name is taken."""


def topic_names(
    family: Family, topics: Sequence[str], reason: str, main: str, type_name: str
) -> Iterator[Name]:
    """Yield the names of a piece of a type: its topic, behind the type's name if the file is not about it."""
    home = snake(type_name)
    said = f"`{type_name}`: {reason}" if type_name else reason
    topics = [t for topic in topics for t in (topic, _SYNONYMS.get(topic, "")) if t]
    if not home or type_name == main:
        yield from (Name(topic, said) for topic in topics)
    if home:
        yield from (Name(_piece_name(home, topic), said) for topic in topics)
    if not topics and home:
        prefix = "" if type_name == main else f"{home}_"
        found = function_names(family, _LARGEST)
        yield from (Name(f"{prefix}{name.name}", name.reason) for name in found)


def _piece_name(home: str, topic: str) -> str:
    """Return how a piece of a type is called: ``map_iter``; ``tool``, no ``agent_tool_tool``."""
    return topic if f"_{home}".endswith(f"_{topic}") else f"{home}_{topic}"


def function_names(family: Family, share: float = _MOST) -> Iterator[Name]:
    """Yield what functions or methods are about: what the longest is, if it is most of them."""
    named = [p for p in family.parts if p.name and p.kind in ("fn", "member")]
    heads = [p for p in named if not p.private]
    if not heads or sum(p.lines for p in named) - _with_helpers(heads, family) > (1 - share) * family.lines:
        heads = named
    longest = max(heads, key=lambda p: (p.lines, -p.index), default=None)
    if longest is not None and _with_helpers([longest], family) >= share * family.lines:
        about = "" if converts(longest.name) else subject(longest.name)
        reason = f"`{longest.name}` and its helpers"
        if about and is_noun_phrase(about) and not is_kind_of_another(about, family):
            yield Name(about, reason)
        yield from _named_alike(heads)
        said = words(longest.name)
        if len(said) <= _LONGEST and not {*said[:1]} & (PREPOSITIONS | FUNCTION_WORDS):
            yield Name(snake(longest.name), reason, own=True)
        if said and said[0] in VERBS and said[0] not in VAGUE and activity(said[0]):
            yield Name(activity(said[0]), reason)
    yield from _named_alike(heads)
    yield from _shared_topics(family, max(share, _MOST))
    yield from _shared_word(heads)


def is_kind_of_another(name: str, family: Family) -> bool:
    """Whether a type elsewhere is called so: one would look for ``ProcessorState`` in ``state``."""
    types = (p.name for p in family.graph.parts if p.defines_type and p.name not in family.types)
    return any(words(type_name)[-1:] == (name,) for type_name in types)


def shared_beginning(family: Family) -> list[str]:
    """Return the words that the names of all functions of a family begin with, of nothing else too."""
    heads = [part for part in family.parts if part.kind == "fn" and not part.private]
    plain = all(part.kind in ("fn", "const", "static") for part in family.parts)
    return _beginning(heads) if plain else []


def _beginning(heads: Sequence[Part]) -> list[str]:
    said = [words(part.name) for part in heads]
    shared = [at[0] for at in itertools.takewhile(lambda at: len({*at}) == 1, zip(*said, strict=False))]
    while shared and (shared[-1] in PREPOSITIONS or shared[-1] in FUNCTION_WORDS):
        del shared[-1]
    return shared


def _named_alike(heads: Sequence[Part]) -> Iterator[Name]:
    """Yield what several functions' names begin with: ``parse`` of ``parse_any`` and ``parse_exact``."""
    name = "_".join(_beginning(heads))
    if len(heads) > 1 and name and name not in VAGUE and name not in EMPTY_VERBS:
        yield Name(name, f"functions called `{name}..`")


def _shared_word(heads: Sequence[Part]) -> Iterator[Name]:
    """Yield what is done in all of several functions: "extraction" of ``impl_struct_by_extracting_..``."""
    shared = set.intersection(*(set(words(part.name)) for part in heads)) if len(heads) > 1 else set()
    for word in sorted(shared - VAGUE - PREPOSITIONS - FUNCTION_WORDS):
        verb = next(
            (v for v in sorted(VERBS) if f"{v}ing" == word or f"{v.removesuffix('e')}ing" == word), ""
        )
        name = activity(verb) if verb else word
        if name and (verb or is_noun(name)):
            yield Name(name, f"functions about {name}")


def _with_helpers(heads: Sequence[Part], family: Family) -> int:
    """Return the lines of functions and of the private ones here that they use, through others too."""
    graph, seen, first = family.graph, set[int](), {head.index for head in heads}
    todo = [n for n in family.numbers if graph.parts[n].index in first]
    while todo:
        number = todo.pop()
        seen.add(number)
        todo += [
            u for u in graph.uses[number] if u in family.numbers and u not in seen and graph.parts[u].private
        ]
    return sum(graph.parts[n].lines for n in seen)


def _shared_topics(family: Family, share: float) -> Iterator[Name]:
    """Yield what functions with so much of the lines are about."""
    lines: Counter[str] = Counter()
    names: dict[str, set[str]] = {}
    concepts = {known_concept(part.name) for part in family.parts}
    for part in family.parts:
        for topic in dict.fromkeys(topics(part, concepts)):
            lines[topic] += part.lines
            names.setdefault(topic, set()).add(part.name)
    for topic, found in sorted(lines.items(), key=lambda pair: (-pair[1], pair[0])):
        asked = all(words(part.name)[:1] == ("is",) for part in family.parts if part.kind == "fn")
        if topic == activity("is") and not asked:
            continue
        if found >= share * family.lines and len(names[topic]) > 1:
            yield Name(topic, f"functions about {topic.replace('_', ' ')}")


def is_free(name: str, taken: Collection[str]) -> bool:
    """Whether a name is a module name that collides with nothing on any file system."""
    return (
        re.fullmatch(r"[a-z][a-z0-9_]*", name) is not None
        and name not in _NEVER
        and name not in taken
        and not name.startswith("test_")
        and not name.endswith("_test")
    )


def _kind(part: Part) -> str:
    return "member" if part.kind == "impl" and not part.trait else part.kind


def _stems(name: str) -> tuple[str, ...]:
    return tuple(stem(word) for word in name.split("_"))


def _most_lines(parts: Sequence[Part], of: Callable[[Part], str]) -> str:
    lines: Counter[str] = Counter()
    for part in parts:
        lines[of(part)] += part.lines
    return max(lines, key=lambda key: (lines[key], key))
