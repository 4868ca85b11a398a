"""From families to modules: a type has one of its own, and what is too small for one goes where it is used.

    too long     cut by traits and topics                                   (``division``)
    a section    what stands under one section comment, if nothing large    by the title
    iterators    all types that iterate                                     ``iter``
    one word     small types with a word of their names in common           by the word
    called alike a type with those whose names begin with its own           by the first
    functions    each with its helpers if long, else by nouns, by verbs     (``division``)
    constants    all that no family uses alone                              ``constants``
    foreign      blocks of foreign items                                    ``ffi``
    very small   into the family that mentions them most, or they stay
    the main one the type that the file is called after stays               the file's

No family is put to another one that it has nothing to do with: a short file is better than an odd one.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence

from remediate.codemods.split_file.grouping.concepts import (
    is_activity,
    is_noun,
    is_noun_phrase,
    section_name,
    trait_concept,
)
from remediate.codemods.split_file.grouping.division import Piece, divided, shared_topics
from remediate.codemods.split_file.grouping.families import Family
from remediate.codemods.split_file.grouping.kinds import (
    PROCEDURE,
    alias_of,
    are_alike,
    are_kin,
    dull_words,
    is_constants,
    is_entry,
    is_for_another,
    is_foreign,
    is_procedure,
    iterates,
    main_type,
    may_hold_functions,
    series_of,
    whole_of,
)
from remediate.codemods.split_file.grouping.modules import TIED, Module, Modules
from remediate.codemods.split_file.grouping.naming import (
    Name,
    function_names,
    is_free,
    is_kind_of_another,
    topic_names,
    type_names,
)
from remediate.codemods.split_file.grouping.siblings import atoms
from remediate.codemods.split_file.grouping.sizes import Limits
from remediate.codemods.split_file.grouping.words import stem
from remediate.rust.resolution.names import snake, words

_TINY = 0.4
"""What is shorter than this share of a small file is no module of its own."""
_PEER = 0.4
"""Only families of up to this share of a file are put together by a word of their names."""
_TOGETHER = 0.6
"""Types of which one is called after the other share a file if they fill no more of it."""
_STAYING = 0.35
"""Functions, and tiny types, about nothing in common stay in the facade up to this share of a file."""
_LISTING = 8
"""So many short types that share no word are a listing, easier to read in one file than in as many."""
_SEVERAL = 3
"""What so many names of types end with is a noun, whatever it is elsewhere: ``ReadFieldResult``, .."""


def assembled(families: Sequence[Family], limits: Limits, module: str) -> list[Module]:
    """Return the modules of a file in file order; what is in none of them stays in the facade.

    ``module`` is the name of the file's own module, or of the library whose root it is.
    """
    return _Assembly(families, limits, module).modules()


class _Assembly:
    def __init__(self, families: Sequence[Family], limits: Limits, module: str) -> None:
        self.limits, self.module = limits, module
        self.open = list(families)
        self.made = Modules(limits, module)
        self.main = main_type(families, module)
        self.parts = families[0].graph.parts if families else []

    def modules(self) -> list[Module]:
        self._errors()
        self._place_small_by_use()
        self._by_section()
        self._divide_types()
        self._iterators()
        self._by_first_name()
        self._by_word()
        self._constants()
        self._foreign_items()
        self._methods_of_others()
        self._tie_functions()
        self._types()
        self._functions()
        self.made.join_same_subjects()
        return sorted(self.made, key=lambda m: m.family.numbers)

    def _make_of_type(self, family: Family) -> None:
        """Make the module of a type; the one that the file is called after stays where one looks for it.

        There is no other name for it: ``color/color.rs`` is what clippy calls ``module_inception``. A short
        type stays too if something else has its name.
        """
        main = snake(family.home).replace("_", "") == self.module.replace("_", "")
        stays = main or family.length < 2 * self.limits.min_lines
        self.made.add(family, type_names(family, plain=stays), may_stay=stays)

    def _replace(self, old: Sequence[Family], new: Family | None = None) -> None:
        self.open = [f for f in self.open if f not in old]
        if new is not None:
            self.open = sorted([*self.open, new], key=lambda f: f.numbers)

    def _place_small_by_use(self) -> None:
        """Join what is too small for a file with the one family that uses it, or that it is about."""
        changed = True
        while changed:
            changed = False
            for family in sorted(self.open, key=lambda f: (f.lines, f.numbers)):
                apart = is_for_another(family) or is_constants(family) or (family.errors and family.is_shared)
                if apart or family.lines >= self.limits.min_lines:
                    continue
                host = alias_of(family, self.open) or self._host(family) or whole_of(family, self.open)
                if host is not None and self.made.may_take(host, family):
                    self._replace((host, family), host.joined(family))
                    changed = True
                    break

    def _errors(self) -> None:
        """Join several error types that others may name: they are looked for in one place."""
        found = [f for f in self.open if f.errors and set(f.types) == f.errors and f.is_shared]
        if len(found) >= _SEVERAL and self.made.fits(*found):
            self._replace(found, found[0].joined(*found[1:]))

    def _host(self, family: Family) -> Family | None:
        """Return the family that a small one goes to: its only user, or the only one it mentions."""
        home = {n: f for f in self.open for n in f.numbers}
        users = family.users()
        defines = any(part.kind in ("struct", "enum", "union") for part in family.parts)
        defines = defines and all(part.private or part.kind == "impl" for part in family.parts)
        fields = [n for n in users if defines and family.graph.parts[n].kind in ("struct", "enum", "union")]
        for found in (users, fields, [] if family.types else family.uses()):
            hosts = {home[n] for n in found if n in home}
            elsewhere = any(n not in home for n in found)
            if len(hosts) == 1 and not elsewhere:
                host = hosts.pop()
                return None if is_constants(host) else host
        return None

    def _by_section(self) -> None:
        """Make modules of sections that hold several families and fit a file."""
        sections: dict[str, list[Family]] = defaultdict(list)
        for family in self.open:
            titles = {part.banner for part in family.parts if part.defines_type or not part.home}
            if len(titles) == 1 and (title := titles.pop()):
                sections[title].append(family)
        types = {snake(name) for f in self.open for name in f.types}
        for title, found in sections.items():
            name = section_name(title)
            if name in types - {snake(t) for f in found for t in f.types}:
                continue  # named after a type that stands elsewhere
            behaving = not all(is_constants(f) for f in found)
            if name and len(found) > 1 and behaving and self.made.fits(*found) and name != self.module:
                whole = found[0].joined(*found[1:])
                if whole.lines >= self.limits.min_lines:
                    self._replace(found)
                    self.made.add(whole, [Name(name, f'section "{title}"'), *type_names(whole)])

    def _divide_types(self) -> None:
        """Cut the families of types that are longer than a file."""
        long = [f for f in self.open if f.home and f.length > self.limits.max_lines]
        dull = {f.numbers: dull_words(f.home, self.module) for f in long}
        topics = {f.numbers: {p.topic for p in divided(f, self.limits, dull[f.numbers])} for f in long}
        for family in long:
            alike = {t for other in long if are_alike(family, other) for t in topics[other.numbers]}
            pieces = divided(family, self.limits, dull[family.numbers], alike - {""})
            self._replace([family])
            for piece in pieces:
                if self._joined_with_its_type(piece, family):
                    continue
                if piece is pieces[0]:
                    self._make_of_type(piece.family)
                else:
                    names = topic_names(piece.family, piece.topics, piece.reason, self.main, family.home)
                    self.made.add(piece.family, names, pieces[0].family.numbers[0])

    def _joined_with_its_type(self, piece: Piece, family: Family) -> bool:
        """Join methods about headers with a small type `Headers`, methods that iterate with the iterators."""
        if piece.topic == "iteration":
            kin = [f for f in self.open if iterates(f)]
            if len(kin) > 1 and self.made.fits(piece.family, *kin):
                self._replace(kin)
                self._make_iterators(piece.family.joined(*kin), kin)
                return True
            return False
        if not piece.topic or any(part.trait for part in piece.family.parts):
            return False
        own = set(family.numbers)
        mine = set(piece.family.numbers)
        used = [f for f in self.open if f.types and f.users() and own.issuperset(f.users())]
        kin = [f for f in used if stem(snake(f.home)) == stem(piece.topic) or mine.issuperset(f.users())]
        if not kin or not self.made.fits(piece.family, *kin):
            return False
        self._replace(kin, piece.family.joined(*kin))
        return True

    def _make_iterators(self, whole: Family, kin: Sequence[Family]) -> None:
        listed = ", ".join(f"`{f.home}`" for f in kin[:3])
        self.made.add(whole, [Name(name, f"the iterators {listed}") for name in ("iter", "iterators")])

    def _iterators(self) -> None:
        """Make one module of all iterators, or of the very small ones if that would be too long."""
        found = [f for f in self.open if iterates(f)]
        if len(found) > 1 and not self.made.fits(*found):
            found = self._fitting([f for f in found if f.lines < self.limits.min_lines])
        if len(found) > 1 and self.made.fits(*found):
            self._replace(found)
            self._make_iterators(found[0].joined(*found[1:]), found)

    def _fitting(self, found: Sequence[Family]) -> list[Family]:
        """Return as many families as one file takes, short ones first."""
        taken: list[Family] = []
        for family in sorted(found, key=lambda f: (f.length, f.numbers)):
            if self.made.fits(family, *taken):
                taken.append(family)
        return sorted(taken, key=lambda f: f.numbers)

    def _by_first_name(self) -> None:
        """Join a type with those whose names begin with its own: ``Token`` and ``TokenKind``."""
        for family in sorted(self.open, key=lambda f: (len(words(f.home)), f.numbers)):
            if not family.types or family not in self.open or family.home == self.main:
                continue
            own = words(family.home)
            longer = [f for f in self.open if f.types and words(f.home)[: len(own)] == own and f != family]
            whole = family.joined(*longer)
            if longer and whole.length <= _TOGETHER * self.limits.max_lines:
                self._replace([family, *longer])
                self.made.add(whole, type_names(family))

    def _by_word(self) -> None:
        """Make modules of types whose names begin or end with one noun, where some are too small alone."""
        while True:
            groups = self._words()
            best = max(groups.items(), key=lambda g: (len(g[1]), g[0]), default=None)
            if best is None:
                return
            word, found = best
            whole = found[0].joined(*found[1:])
            listed = ", ".join(f"`{f.home}`" for f in found[:3])
            self._replace(found)
            self.made.add(whole, [Name(word, f"{listed} and what belongs to them"), *type_names(whole)])

    def _words(self) -> dict[str, list[Family]]:
        types = [f for f in self.open if f.types and words(f.home)]
        carrying: dict[str, list[Family]] = defaultdict(list)
        for family in types:
            said = words(family.home)
            for word in sorted({said[0], said[-1]} - ({"error"} if said[-1] != "error" else set())):
                carrying[word].append(family)
        groups = {}
        for word, found in carrying.items():
            peers = [f for f in found if f.length <= _PEER * self.limits.max_lines]
            small = any(f.lines < 2 * self.limits.min_lines for f in peers)
            ends = len(found) >= _SEVERAL and all(words(f.home)[-1:] == (word,) for f in found)
            dull = 2 * len(found) > len(types) > 3 and not ends
            dull = dull or word in self._plain_words()
            if len(peers) < 2 or len(peers) < len(found) or not small or dull:
                continue
            if len(peers) == 2 and not are_kin(peers[0], peers[1], word):
                continue
            if not (is_noun_phrase(word) or ends):
                continue
            if self.made.fits(*peers) and sum(f.lines for f in peers) >= _TINY * self.limits.min_lines:
                groups[word] = peers
        return groups

    def _plain_words(self) -> set[str]:
        return {*words(self.module), *(words(self.main) if self.main else ())}

    def _constants(self) -> None:
        """Make one module of the constants that no family uses alone, unless they are few."""
        found = [f for f in self.open if is_constants(f)]
        if not found:
            return
        rest = []
        for word, series in series_of(found):
            long = sum(f.lines for f in series) >= self.limits.min_lines
            if is_noun(word) and self.made.fits(*series) and long:
                self._replace(series)
                self.made.add(series[0].joined(*series[1:]), [Name(word, f"constants called `{word}..`")])
            else:
                rest += series
        if sum(f.lines for f in rest) >= self.limits.min_lines:
            self._replace(rest)
            self.made.add(rest[0].joined(*rest[1:]), [Name("constants", "constants")])

    def _foreign_items(self) -> None:
        """Make one module of the blocks of foreign items, unless they are few."""
        found = [f for f in self.open if not f.home and is_foreign(f)]
        if found and sum(f.lines for f in found) >= self.limits.min_lines:
            self._replace(found)
            names = [Name(name, "foreign items") for name in ("ffi", "foreign")]
            self.made.add(found[0].joined(*found[1:]), names)

    def _tie_functions(self) -> None:
        """Join functions with the type they are tied to."""
        for family in [f for f in self.open if not f.home and not is_constants(f)]:
            apart = is_entry(family, self.module) or is_for_another(family)
            host = None if apart else self._tied(family)
            if host is not None and self.made.fits(host, family):
                self._replace((host, family), host.joined(family))

    def _functions(self) -> None:
        """Place functions by what they are about, else where they are used."""
        typed = [f for f in self.open if f.types and not f.home and f.lines >= self.limits.min_lines]
        for family in filter(self.made.fits, typed):
            self._replace([family])
            self.made.add(family, [*function_names(family), *type_names(family)])
        self._implemented_for_others()
        entries = [f for f in self.open if is_entry(f, self.module)]
        for family in [f for f in self.open if is_procedure(f, self.limits) and f not in entries]:
            if (names := tuple(function_names(family))) and self.made.fits(family):
                self._replace([family])
                self.made.add(family, names)
        entries = [f for f in entries if f.lines <= _STAYING * self.limits.max_lines]
        found = [f for f in self.open if not f.home and not is_constants(f) and f not in entries]
        if not found:
            return
        whole = found[0].joined(*found[1:])
        kept = (f for f in found if f.types and self.made.fits(f))
        pieces = divided(whole, self.limits, {self.module}, together=kept)
        rest = []
        for piece in pieces:
            if piece.topic and is_free(piece.topic, ()):
                topic, names = Name(piece.topic, piece.reason), tuple(function_names(piece.family))
                last = is_activity(piece.topic) or is_kind_of_another(piece.topic, piece.family)
                self.made.add(piece.family, (*names, topic) if last else (topic, *names))
            else:
                rest.append(piece.family)
        if rest:
            self._place_where_used(rest[0].joined(*rest[1:]))
        self._replace(found)

    def _implemented_for_others(self) -> None:
        """Make a module of each trait of elsewhere, by its concept if it is the only one of that."""
        found = [f for f in self.open if all(p.kind == "impl" and not p.home for p in f.parts)]
        concepts = Counter(trait_concept(f.parts[0].trait) for f in found)
        self._replace(found)
        for family in found:
            trait = family.parts[0].trait
            concept = trait_concept(trait) if concepts[trait_concept(trait)] == 1 else ""
            if family.lines >= self.limits.min_lines and trait:
                names = [name for name in (concept, f"{snake(trait)}_impls") if name]
                self.made.add(family, [Name(name, f"impls of `{trait}`") for name in names])

    def _methods_of_others(self) -> None:
        """Make modules of the methods of types that are defined elsewhere; what is about nothing stays."""
        for family in [f for f in self.open if not f.home]:
            foreign = {part.foreign for part in family.parts if part.foreign and not part.trait}
            if len(foreign) == 1 and family.lines >= self.limits.min_lines:
                (name,) = foreign
                self._replace([family])
                pieces = divided(family, self.limits, {self.module, snake(name)})
                for piece in pieces:
                    names = [Name(piece.topic, piece.reason)] if piece.topic else []
                    if piece.topic:
                        names.append(Name(f"{snake(name)}_{piece.topic}", piece.reason))
                    if piece.topic or len(pieces) == 1:
                        names.append(Name(snake(name), f"methods of `{name}`"))
                    self.made.add(piece.family, names, may_stay=not names or snake(name) == self.module)

    def _place_where_used(self, functions: Family) -> None:
        """Give functions to the modules that use them; make one module of those that none uses."""
        left = atoms(functions, self.limits)
        changed = True
        while changed:
            placed = [atom for atom in left if self.made.give_to_user(atom)]
            left = [atom for atom in left if atom not in placed]
            changed = bool(placed)
        if len(left) > 1 and not any(function_names(left[0].joined(*left[1:]), 1.0)):
            left = [atom for atom in left if not self._made_of_one(atom)]
            left = [atom for atom in left if not self.made.give_to_namesake(atom)]
        if left:
            self._make_functions(left[0].joined(*left[1:]))

    def _made_of_one(self, family: Family) -> bool:
        """Make a module of a long function with its helpers, where all together are about nothing."""
        names = tuple(function_names(family))
        alone = bool(names) and family.lines >= max(self.limits.min_lines, PROCEDURE * self.limits.max_lines)
        if alone:
            self.made.add(family, names)
        return alone

    def _make_functions(self, family: Family) -> None:
        """Make a module of functions; those about nothing in common stay in the facade while it has room."""
        names = tuple(function_names(family, 1.0))
        if not names:
            family = self._made_by_topics(family)
        few = sum(part.code_lines for part in family.parts) <= _STAYING * self.limits.max_lines
        few = few or family.length + self._staying() <= self.limits.max_lines
        if family.lines >= self.limits.min_lines:
            self.made.add(family, names or (() if few else function_names(family, 1.0)), may_stay=few)

    def _made_by_topics(self, family: Family) -> Family:
        """Make modules of functions of which several are about one thing, and return the others."""
        wanted = {t for t in shared_topics(family, self.limits, {self.module}) if is_free(t, ())}
        rest, *pieces = divided(family, self.limits, {self.module}, wanted)
        for piece in pieces:
            self.made.add(piece.family, [Name(piece.topic, piece.reason)], may_stay=True)
        return rest.family

    def _staying(self) -> int:
        """Return the lines of what is in no module so far, and no function that one may still get."""
        placed = {n for made in self.made for n in made.family.numbers if not made.may_stay}
        placed |= {n for family in self.open for n in family.numbers}
        return sum(part.lines for n, part in enumerate(self.parts) if n not in placed)

    def _tied(self, family: Family) -> Family | None:
        """Return the family of the type that functions have most to do with."""
        defined = [
            f for f in self.open if any(p.kind in ("struct", "enum", "union", "trait") for p in f.parts)
        ]
        public = any(not part.private for part in family.parts)
        holding = [f for f in defined if f.home not in f.errors and (not public or may_hold_functions(f))]
        home = {n: f for f in holding for n in f.numbers if f.home}
        weights: Counter[tuple[int, ...]] = Counter()
        known = {f.numbers: f for f in self.open}
        others = 0
        for found in (family.users(), family.uses()):
            for number, weight in found.items():
                if number in home:
                    weights[home[number].numbers] += weight
                else:
                    others += weight
        if not weights:
            return None
        best = max(weights, key=lambda n: (weights[n], [-x for x in n]))
        host = known[best]
        if weights[best] <= TIED * (weights.total() + others):
            return None
        elsewhere = any(n not in family.numbers for n in host.users())
        return None if elsewhere and family.lines > host.lines else host

    def _types(self) -> None:
        """Make a module of each type that is left; tiny ones go to who mentions them most, or share one."""
        tiny: list[Family] = []
        listed, kept = self._listed(), 0
        for family in sorted(self.open, key=lambda f: (-f.lines, f.numbers)):
            if not family.home or family in listed:
                continue
            apart = not family.types and any(p.name == family.home for p in family.graph.parts)
            if apart and self._staying() + kept + family.lines <= self.limits.max_lines:
                kept += family.lines
                continue
            if family.lines >= (2 * self.limits.min_lines if apart else _TINY * self.limits.min_lines):
                self._make_of_type(family)
            elif not apart and not self.made.give_to_user(family):
                tiny.append(family)
        shared = self._fitting(tiny) if len(tiny) > 2 else []
        if sum(f.lines for f in shared) > _STAYING * self.limits.max_lines:
            self.made.add(
                shared[0].joined(*shared[1:]), [Name("types", "small types that several modules use")]
            )
            self._replace(shared)
        self.open = [f for f in self.open if not any(f is m.family for m in self.made)]

    def _listed(self) -> list[Family]:
        """Return the short types, where they are so many that they stay together in the facade."""
        short = [f for f in self.open if f.home and _TINY <= f.lines / self.limits.min_lines < 1]
        fits = sum(f.lines for f in short) + self._staying() <= self.limits.max_lines
        return short if len(short) >= _LISTING and fits else []
