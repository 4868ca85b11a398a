"""What the words of a planned module say, and how well a family, or a piece of one, is what they say.

A module called like a type, or like the end of its name, is about that type, and so is one described so. A
description is an enumeration of phrases ("fonts, labels and titles"), of which any may be meant. Code is what
a phrase says if it has the last of its words, which the others describe. Names are the evidence, and where it
has a whole phrase the documentation.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from remediate.codemods.split_file.grouping.concepts import converts, trait_concept
from remediate.codemods.split_file.grouping.families import Family
from remediate.codemods.split_file.grouping.parts import Part
from remediate.codemods.split_file.grouping.vocabulary import (
    ABBREVIATIONS,
    DOUBLED,
    GERUNDS,
    NOISE,
    PREPOSITIONS,
    TRAIT_CONCEPTS,
    VAGUE,
    VERBS,
)
from remediate.codemods.split_file.grouping.words import stem, stems
from remediate.model import PlannedModule
from remediate.rust.resolution.names import words

NAMED, SAME, KIND, ABOUT = 14.0, 13.0, 12.0, 8.0
"""Scores: named outright, called like the type, of the module's kind; the least of what is about a type."""
_COVERED, _SOME, _PART, _PHRASE, _HINT = 9.0, 6.0, 4.0, 3.0, 1.0
"""Scores: all of a type's name is said, its kind or last word, a part of it, a phrase, a word."""
_VAGUELY = 0.6
"""How much of its score counts of a module whose name says no subject: "types"."""
_PRIVATE, _OF_MANY = 0.6, 0.4
"""How present a word is of a private type among others, and one of several in a trait's name."""
PRESENT, _WHOLE = 0.5, 0.9
"""From when on a word is there (in a type's name, in the names of half of the lines), or a whole phrase."""
_FEW, _COMMON = 4, 0.6
"""Of so many families and more, a word of more than this share says nothing."""
_SEPARATORS = re.compile(r"[,;:()/&+]|\band\b|\bor\b|\s[-\u2013\u2014]+\s", re.IGNORECASE)
_OF = re.compile(r"\b(?:of|for|in|on|from|to|into|by|against|that|which|per|between|about)\b", re.IGNORECASE)
_IDENTIFIER = re.compile(
    r"\b[A-Z][a-z0-9]+(?:[A-Z][A-Za-z0-9]*)+\b|\b[a-z][a-z0-9]*(?:_[a-z0-9]+)+\b|`(\w+)`"
)
_GENERIC = frozenset(stems("api handling management processing tracking definition operation system"))
"""What plans call any code."""
_NOISE, _VAGUE = frozenset(map(stem, NOISE)), frozenset(map(stem, VAGUE))
_STRICT = ("error", "trait", "constant")
"""A module called so is about nothing else."""
_SYNONYMS = {
    "trait": "trait interface",
    "constant": "constant const",
    "error": "error failure",
    "formatting": "display format",
    "conversions": "convert",
    "serialization": "deserialization serde",
    "iteration": "iterator",
    "ops": "operator arithmetic",
    "core": "core main",
    "constructors": "constructor",
    "predicates": "predicate",
}
_PREDICATES = {("is",), ("has",), ("contains",)}
_CONVERTING = {("to",), ("into",), ("from",), ("as",)}
_KINDS = {stem(concept): concept for concept in TRAIT_CONCEPTS.values()} | {
    stem(word): kind for kind, said in _SYNONYMS.items() for word in said.split()
}
"""What some words of plans mean for the kind of an item rather than for its name."""
_KIND_WORDS = frozenset(_KINDS)
_ROLES = {
    "types": frozenset(["type", "types", "struct", "structs", "data"]),
    "helpers": frozenset(["util", "utils", "helper", "helpers", "common", "misc"]),
}
"""What the names of modules that say no subject say of what is in them."""
_ABBREVIATED = {stem(short): stem(word) for short, word in ABBREVIATIONS.items()}
_NOUNS = {stem(verb): stem(noun) for verb, noun in GERUNDS.items()}
"""What is done, for the verb: a plan says "comparison", and a function is called ``compare``."""


@lru_cache(maxsize=20_000)
def _full(word: str) -> str:
    """Return a stem, of an abbreviation that of the whole word, of "wrapp" that of "wrap"."""
    once = word[:-1] if word[:-1] in DOUBLED and word[-1:] == word[-2:-1] else word
    once = _ABBREVIATED.get(once, once)
    return _NOUNS.get(once, once)


_VERBS = frozenset(_full(stem(verb)) for verb in VERBS)


def _kinds_said(text: str) -> dict[str, str]:
    """Return the kinds of items that a text says, by the stem of the word."""
    said = map(stem, re.findall(r"[a-z]+", text.lower()))
    return {word: _KINDS[word] for word in said if word in _KINDS}


def _raw(name: str) -> tuple[str, ...]:
    return tuple(_full(stem(word)) for word in words(name))


def type_words(names: Iterable[str]) -> frozenset[str]:
    """Return the stems of types' names of one word: in another type's method they mean that type."""
    return frozenset(words[0] for name in names if len(words := _raw(name)) == 1)


def _telling(text: str) -> tuple[str, ...]:
    """Return the stems of a text's words but for those that say nothing; of a type's name all of them."""
    said = re.findall(r"\w+", text)
    known = (_raw(word) if _IDENTIFIER.fullmatch(word) else map(_full, stems(word)) for word in said)
    return tuple(dict.fromkeys(stem for found in known for stem in found))


@dataclass(frozen=True)
class Phrase:
    """Words of a plan, as stems: the last is described by those before; ``more`` is what follows "of"."""

    words: tuple[str, ...]
    more: tuple[str, ...] = ()

    @property
    def all(self) -> tuple[str, ...]:
        """All of its words."""
        return (*self.words, *self.more)

    @property
    def subject(self) -> tuple[str, ...]:
        """What it is about: "numeric fields" of "encoding of numeric fields"."""
        return self.more if self.more and _VERBS.issuperset(self.words) else self.words


def _phrases(text: str) -> Iterable[Phrase]:
    for phrase in _SEPARATORS.split(text):
        parts = _OF.split(phrase, maxsplit=1)
        found = [tuple(word for word in _telling(part) if word not in _GENERIC) for part in parts]
        said = [part for part in found if part]
        if said:
            yield Phrase(*said)


@dataclass(frozen=True)
class Wanted:
    """A planned module as words."""

    plan: PlannedModule

    @property
    def label(self) -> str:
        """Its name, without the folder."""
        return self.plan.name.rpartition("/")[2]

    @cached_property
    def name(self) -> tuple[str, ...]:
        """The stems of its name."""
        return tuple(w for w in _raw(self.label) if w not in _GENERIC) or _raw(self.label)

    @cached_property
    def names_nothing(self) -> bool:
        """Whether its name says no subject by itself: "types", "values"."""
        return all(word in VAGUE - {"set"} for word in words(self.label))

    @cached_property
    def phrases(self) -> tuple[Phrase, ...]:
        """What its description enumerates."""
        return tuple(_phrases(self.plan.description))

    @cached_property
    def called(self) -> tuple[Phrase, ...]:
        """Its name as a phrase."""
        return tuple(_phrases(self.label.replace("_", " ")))

    @cached_property
    def said(self) -> frozenset[str]:
        """All its words."""
        return frozenset({*self.name, *(word for phrase in self.phrases for word in phrase.all)})

    @cached_property
    def named(self) -> frozenset[str]:
        """What it names outright."""
        found = _IDENTIFIER.finditer(self.plan.description)
        return frozenset({*(m.group(1) or m.group() for m in found), *self.plan.exports})

    @cached_property
    def kinds(self) -> frozenset[str]:
        """The kinds of items that its name says."""
        return frozenset(_kinds_said(self.label.replace("_", " ")).values())

    @cached_property
    def described(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """The kinds of items that its description says, each with what else the phrase says of them."""
        found = []
        for phrase in _SEPARATORS.split(self.plan.description):
            known = _kinds_said(phrase)
            others = tuple(w for w in _telling(phrase) if w not in _GENERIC and w not in map(_full, known))
            found += [(kind, others) for kind in known.values()]
        return tuple(found)

    @cached_property
    def strict(self) -> str:
        """The only kind of items that it is about, "" if there is none."""
        alone = len(self.called) == 1 and len(self.called[0].words) == 1
        return next((kind for kind in _STRICT if kind in self.kinds and alone), "")

    @cached_property
    def qualifiers(self) -> frozenset[str]:
        """What its name says beside the kind of items: "push" of "push_errors"."""
        return frozenset(self.name) - {_full(word) for word in _KIND_WORDS}

    @property
    def role(self) -> str:
        """What role code has in a module of such a name: "types", "helpers", or "" for what has a subject."""
        last = words(self.label)[-1:]
        return next((role for role, names in _ROLES.items() if {*last} & names and self.names_nothing), "")

    @property
    def is_vague(self) -> bool:
        """Whether nothing that it says tells one item from another."""
        telling = self.called and not self.names_nothing
        kinds = {*self.kinds, *(kind for kind, _ in self.described)} - {"core"}
        return not (telling or self.phrases or self.named or kinds)

    def says(self, home: str) -> bool:
        """Whether its name says a word of a type's, or nothing: then it can be called like the type."""
        return self.names_nothing or "core" in self.kinds or not {*self.name}.isdisjoint(_raw(home))


@dataclass(frozen=True)
class Subject:
    """What some parts are about: a type or trait, words and how present they are, kinds of items."""

    home: str
    identifiers: frozenset[str]
    present: Mapping[str, float]
    kinds: Mapping[str, float]
    summary: frozenset[str]

    @cached_property
    def type_words(self) -> tuple[str, ...]:
        """The stems of the type's name."""
        return _raw(self.home)


def subject_of(family: Family, *, inside: str = "") -> Subject:
    """Return what a family is about; or a piece of the family of a type, whose name says nothing there."""
    home = "" if inside else _home(family)
    public = [] if home else [p for p in family.parts if p.kind == "fn" and not p.private]
    speaking = public or family.parts
    total = sum(part.lines for part in speaking) or 1
    present: defaultdict[str, float] = defaultdict(float)
    kinds: defaultdict[str, float] = defaultdict(float)
    for part in speaking:
        for word, weight in _said(part).items():
            if word not in _raw(inside):
                present[word] += weight * part.lines / total
        for kind in _kinds(part):
            kinds[kind] += part.lines / total
    types = [part for part in family.parts if part.defines_type]
    for part in types:
        weight = 1.0 if part.name == home or not part.private else _PRIVATE if home else 0.0
        for word in _raw(part.name):
            present[word] = max(present[word], weight)
    present |= dict.fromkeys(_raw(home), 1.0)
    home = home or _only(part.trait for part in family.parts)
    named = {p.name or p.trait for p in family.parts if inside or not (p.trait or p.kind == "member")}
    summary = next((part.summary for part in types if part.name == home), "")
    return Subject(home, frozenset(named - {""}), present, kinds, frozenset(_telling(summary)))


def _home(family: Family) -> str:
    """Return the type that a family is about: of impls alone that of elsewhere, of functions none."""
    types = {part.name: part for part in family.parts if part.defines_type}
    public = sum(part.lines for part in family.parts if part.kind == "fn" and not part.private)
    if family.home in types and types[family.home].private and 2 * public > family.lines:
        return ""
    impls = [part for part in family.parts if part.kind in ("impl", "member")]
    mostly = 2 * sum(part.lines for part in impls) > family.lines
    return family.home or (_only(part.foreign for part in impls) if mostly else "")


def _only(names: Iterable[str]) -> str:
    found = {*names}
    return found.pop() if len(found) == 1 else ""


def common_words(subjects: Sequence[Subject]) -> frozenset[str]:
    """Return the words that so many have that they say nothing."""
    count = Counter(word for one in subjects for word, share in one.present.items() if share >= PRESENT)
    return frozenset(w for w, n in count.items() if len(subjects) >= _FEW and n > _COMMON * len(subjects))


def fit(wanted: Wanted, subject: Subject, common: Collection[str], *, is_main: bool = False) -> float:
    """Return how well a planned module suits what some parts are about: 0 for not at all."""
    if subject.home in wanted.named:
        return NAMED
    if wanted.strict:
        base = KIND if subject.kinds.get(wanted.strict, 0.0) >= PRESENT else 0.0
    else:
        base = max(_fit_of_type(wanted, subject, common), _fit_of_words(wanted, subject, common))
        said = bool(subject.home) and wanted.said.issuperset(subject.type_words)
        if "core" in wanted.kinds and (is_main or said):
            base = max(base, ABOUT)
    if not base:
        return 0.0
    shares = [_share(phrase.all, subject, common) for phrase in wanted.phrases]
    covered = len(wanted.said.intersection(subject.type_words)) / max(1, len(subject.type_words))
    literal = not _literal_words(wanted.label).isdisjoint(_literal_words(subject.home))
    total = base + 2 * max(shares, default=0.0) + 2 * covered + literal / 2
    return _VAGUELY * total if wanted.names_nothing and base < ABOUT else total


def hint(wanted: Wanted, subject: Subject, common: Collection[str]) -> float:
    """Return whether a module says a type's name, or what functions are about, or that a phrase of it."""
    if _is_error(subject):
        return 0.0
    dull = {*common} | _NOISE | _GENERIC | _VAGUE
    own = {*subject.type_words} or {w for w, s in subject.present.items() if s >= PRESENT and w not in _VERBS}
    own -= dull
    phrases = [{*phrase.subject} - dull for phrase in wanted.phrases]
    for said in [{word} for word in {*wanted.name} - dull] + phrases:
        if own and said and (own <= said or said <= own):
            return _HINT
    return 0.0


def _literal_words(name: str) -> set[str]:
    """Return a name's words but for an "s": the stem of an allocator is that of an allocation."""
    return {word.removesuffix("s") for word in words(name)}


def _fit_of_type(wanted: Wanted, subject: Subject, common: Collection[str]) -> float:
    home, name = subject.type_words, wanted.name
    if not home:
        return 0.0
    if name == home:
        return SAME
    if _is_error(subject) and name[-1] != home[-1]:
        home = home[:-1]
    covered = wanted.said.issuperset(home)
    if is_called_after(wanted, subject) or name[-len(home) :] == home:
        return _COVERED if covered else ABOUT
    if home != subject.type_words and not covered and home[-len(name) :] != name:
        return 0.0
    if set(name) <= set(home) and (covered or not wanted.names_nothing):
        return _COVERED if covered else _PART
    said = [phrase for phrase in wanted.phrases if _is_said(wanted, phrase, subject, common)]
    whole = [p for p in wanted.phrases if {*home} < {*p.all} and all(subject.present.get(w) for w in p.all)]
    return _SOME if whole or any(phrase.words[-1] == home[-1] for phrase in said) else 0.0


def _is_error(subject: Subject) -> bool:
    return len(subject.type_words) > 1 and subject.type_words[-1] == stem("error")


def is_called_after(wanted: Wanted, subject: Subject) -> bool:
    """Whether a module has the name of a type, or the end of it."""
    ending = subject.type_words[-len(wanted.name) :]
    return ending == wanted.name and (ending == subject.type_words or not wanted.names_nothing)


def _fit_of_words(wanted: Wanted, subject: Subject, common: Collection[str]) -> float:
    own = [kind for kind in wanted.kinds if subject.kinds.get(kind, 0.0) >= PRESENT]
    if {*own} & {*_STRICT} and not any(subject.present.get(w, 0.0) >= PRESENT for w in wanted.qualifiers):
        own = []
    found = [_SOME] * len(own)
    for kind, others in wanted.described:
        if subject.kinds.get(kind, 0.0) >= PRESENT and _share(others, subject, ()) >= PRESENT * bool(others):
            found.append(_PHRASE)
    if not wanted.named.isdisjoint(subject.identifiers):
        found.append(ABOUT)
    if _is_error(subject):
        return max(found, default=0.0)
    if any(_is_said(wanted, phrase, subject, common) for phrase in wanted.called):
        found.append(_PHRASE if wanted.names_nothing else _PART)
    said = (
        _is_said(wanted, p, subject, common) or _is_documented(p, subject, common) for p in wanted.phrases
    )
    if any(said):
        found.append(_PHRASE)
    return max(found, default=0.0)


def _share(said: Collection[str], subject: Subject, common: Collection[str]) -> float:
    telling = [word for word in said if word not in common]
    return sum(min(1.0, subject.present.get(word, 0.0)) for word in telling) / max(1, len(telling))


def _is_said(wanted: Wanted, phrase: Phrase, subject: Subject, common: Collection[str]) -> bool:
    """Whether code has a phrase's last word, and half of the others: all, if it has no word of the name.

    A phrase of one word, then, is no verb, and is what a type's name ends in.
    """
    last = phrase.words[-1]
    if phrase.more and set(phrase.words) <= _KIND_WORDS and not any(map(subject.present.get, phrase.more)):
        return False
    if last in common or subject.present.get(last, 0.0) < PRESENT:
        return False
    hints = (wanted.qualifiers or {*wanted.name}) - {*common}
    hints = {word for word in hints if subject.present.get(word, 0.0) >= PRESENT}
    alone = len(phrase.all) == 1 and phrase not in wanted.called
    head = [word for word in subject.type_words if word not in _NOISE][-1:]
    done = last in _VERBS and not any(_raw(name) == (last,) for name in subject.identifiers)
    if alone and not hints and (done or head not in ([], [last])):
        return False
    return _share(phrase.words, subject, common) >= (PRESENT if hints else _WHOLE)


def _is_documented(phrase: Phrase, subject: Subject, common: Collection[str]) -> bool:
    return len({*phrase.all} - {*common}) > 1 and subject.summary.issuperset(phrase.all)


def _said(part: Part) -> Mapping[str, float]:
    """Return the words that a part is called by; of a trait that it implements one word alone says little."""
    found = defaultdict(float, dict.fromkeys(_telling(part.banner or ""), 1.0))
    inside = [part.name] if part.name else part.inside
    for name in inside:
        for word in {*_subject(name)}:
            found[word] += 1 / len(inside)
    if part.trait and not part.name:
        found |= dict.fromkeys(_raw(part.trait), 1.0 if len(words(part.trait)) == 1 else _OF_MANY)
        found |= dict.fromkeys(_telling(trait_concept(part.trait)), 1.0)
    return found


def _subject(name: str) -> tuple[str, ...]:
    """Return the stems of a function's name before "with", "by", ..: what follows says how."""
    said = words(name)
    ends = (at for at, word in enumerate(said) if at and word in PREPOSITIONS)
    return _raw("_".join(said[: next(ends, len(said))]))


def _kinds(part: Part) -> set[str]:
    found = {trait_concept(part.trait)} if part.trait else set()
    if part.kind in ("const", "static"):
        found.add("constant")
    if part.kind == "trait":
        found.add("trait")
    if part.constructor:
        found.add("constructors")
    if part.kind in ("fn", "member") and words(part.name)[:1] in _PREDICATES:
        found.add("predicates")
    if part.kind in ("fn", "member") and (words(part.name)[:1] in _CONVERTING or converts(part.name)):
        found.add("conversions")
    if stem("error") in _raw(part.home or part.name)[-1:]:
        found.add("error")
    return found - {""}
