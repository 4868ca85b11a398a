"""The new modules while they are made: what has none of its own is given to the one that it belongs to."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from remediate.codemods.split_file.grouping.families import Family
from remediate.codemods.split_file.grouping.naming import Name, shared_beginning
from remediate.codemods.split_file.grouping.sizes import Limits
from remediate.codemods.split_file.grouping.vocabulary import VERBS
from remediate.rust.resolution.names import words

TIED = 0.5
"""Functions go with a type that has this share of what they mention, and of who mentions them."""
_OWNED = 0.75
"""A tiny type goes to a module that has this share of what mentions it: else one would not look there."""
_FEW = 2
"""A word alone may begin the name of a type by chance."""
_DEFINING = {"struct", "enum", "union", "type", "const", "static"}


@dataclass(frozen=True)
class Module:
    """A new module: its family, and its possible names, best first.

    If none of them is free, it goes to the module with the part ``host``, or stays in the facade if it may.
    """

    family: Family
    names: tuple[Name, ...] = field(repr=False)
    host: int | None = None
    may_stay: bool = False


class Modules:
    """The modules made so far; ``module`` is the name of the file's own module."""

    def __init__(self, limits: Limits, module: str) -> None:
        self.limits, self.module = limits, module
        self._made: list[Module] = []

    def __iter__(self) -> Iterator[Module]:
        return iter(self._made)

    def add(
        self, family: Family, names: Iterable[Name], host: int | None = None, *, may_stay: bool = False
    ) -> None:
        """Make a module."""
        self._made.append(Module(family, tuple(names), host, may_stay))

    def fits(self, *families: Family) -> bool:
        """Whether families fit one file together."""
        return families[0].joined(*families[1:]).length <= self.limits.max_lines

    def may_take(self, host: Family, family: Family) -> bool:
        """Whether a small family goes to a host: it fits, or is private or defines only.

        The latter if the host is too long anyway.
        """
        hidden = all(part.private or part.kind == "impl" for part in family.parts)
        defines = all(part.kind in _DEFINING for part in family.parts)
        long = bool(host.home) and host.length > self.limits.max_lines
        return self.fits(host, family) or (long and (hidden or defines))

    def give_to_user(self, family: Family) -> bool:
        """Give a tiny type or a function to the module that mentions it most, if there is one."""
        users = family.users()
        weights = [(sum(users[n] for n in m.family.numbers), -at) for at, m in enumerate(self._made)]
        for weight, at in sorted(weights, reverse=True):
            made = self._made[-at]
            mostly = weight > (_OWNED if family.types else TIED) * users.total()
            if weight and mostly and self.may_take(made.family, family):
                self._give(family, made)
                return True
        return False

    def give_to_namesake(self, family: Family) -> bool:
        """Give functions to a module of others whose names begin as theirs do: ``sorted_by``, .."""
        for made in self._made:
            said = shared_beginning(made.family)
            alike = said and shared_beginning(family)[: len(said)] == said
            if alike and self.fits(made.family, family):
                self._give(family, made)
                return True
        return False

    def join_same_subjects(self) -> None:
        """Join modules that would be called alike: ``startup`` and ``load_startup_lora`` in a file ``lora``.

        And functions about what the name of a type begins with: ``tree_diff`` and ``TreeDiffChange``.
        """
        for numbers in [m.family.numbers for m in sorted(self._made, key=_by_lines)]:
            made = next((m for m in self._made if m.family.numbers == numbers), None)
            if made is None:
                continue  # it has got others
            larger = [m for m in self._made if m is not made and m.family.lines >= made.family.lines]
            found = (m for m in larger if self._are_one_subject(made, m))
            to = next((m for m in found if self.fits(made.family, m.family)), None)
            if to is not None:
                names = sorted((made.names, to.names), key=lambda names: len(words(names[0].name)))
                self._made = [m for m in self._made if m is not made]
                self._give(made.family, to, (*names[0], *names[1]))

    def _give(self, family: Family, made: Module, names: tuple[Name, ...] = ()) -> None:
        stays = made.may_stay and not names
        whole = replace(made, family=made.family.joined(family), names=names or made.names, may_stay=stays)
        self._made[self._made.index(made)] = whole

    def _are_one_subject(self, made: Module, other: Module) -> bool:
        """Whether two modules' names say the same, but for what the file's own says and for what is done.

        Or one is functions about what the name of the other's type begins with.
        """
        if not (made.names and other.names):
            return False
        said, others = (self._subject(m.names[0]) for m in (made, other))
        functions, typed = (made, other) if other.family.types else (other, made)
        beginning = words(functions.names[0].name)
        begins = len(beginning) >= _FEW and words(typed.family.home)[: len(beginning)] == beginning
        linked = not set(functions.family.uses()).isdisjoint(typed.family.numbers)
        return (bool(said) and said == others) or (begins and linked and not functions.family.types)

    def _subject(self, name: Name) -> tuple[str, ...]:
        said = [word for word in words(name.name) if word not in words(self.module)]
        done = len(said) > 1 and said[0] in VERBS and said[-1] != "impls"
        return tuple(said[1:] if done and not name.own else said)


def _by_lines(made: Module) -> tuple[int, tuple[int, ...]]:
    return made.family.lines, made.family.numbers
