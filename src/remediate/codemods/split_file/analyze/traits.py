"""Which imports and items of M are traits whose methods code uses without naming the trait."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from remediate.codemods.split_file.analyze.preconditions import Ground
from remediate.codemods.split_file.analyze.resolved_members import TraitPaths, trait_paths
from remediate.codemods.split_file.analyze.uses import Needs
from remediate.rust.mentions.index import mention_index
from remediate.rust.mentions.references import Mention, Space
from remediate.rust.modules.module import Module
from remediate.rust.package import Package
from remediate.rust.resolution.heuristic_traits import members_of
from remediate.rust.resolution.names import Import, snake, trait_members
from remediate.rust.resolution.resolver import Resolver
from remediate.rust.syntax.cfg import Cfg
from remediate.rust.syntax.known_names import CORE_TRAITS, STANDARD_CRATES

_OF_ONE_MODULE: dict[tuple[str, ...], frozenset[str]] = {
    ("fmt", "Write"): frozenset({"write_str", "write_char", "write_fmt"})
}
"""The members of traits that share their name with another one."""
_NO_BARE_OBJECTS = "2021"
"""Since this edition a trait alone is no type."""
_TRAIT = re.compile(rb"\btrait\s+(\$|\w+)")


@dataclass(frozen=True)
class Traits:
    """Members by trait: of M's imports by leaf offset, of M's own traits by name; None where unknown.

    They say what code may need that the compiler did not see. What it saw needs the traits of ``paths``.
    ``named`` has the same paths by name: where M has another trait of the name, under another cfg, code that
    was seen with the one needs the other there. ``anyway`` are imports of what is in scope anyway.
    """

    imported: dict[int, frozenset[str] | None]
    own: dict[str, frozenset[str] | None]
    paths: TraitPaths
    named: dict[int | str, frozenset[str]]
    anyway: frozenset[int]

    def imports_used(self, needs: Needs) -> Iterator[tuple[int, list[Cfg]]]:
        """Yield the imports that members need, with the cfg of every place that does."""
        known = {*self.imported, *(key for key in self.named if isinstance(key, int))}
        for start in sorted(known - self.anyway):
            members = self.imported.get(start, frozenset())
            yield start, [*users(needs, members), *self._resolved(needs, start)]

    def own_used(self, needs: Needs) -> Iterator[tuple[str, list[Cfg]]]:
        """Yield M's own traits that members need, with the cfg of every place that does."""
        for name, members in self.own.items():
            yield name, [*users(needs, members), *self._resolved(needs, name)]

    def _resolved(self, needs: Needs, key: int | str) -> Iterator[Cfg]:
        for path in sorted(self.named.get(key, ())):
            yield from needs.traits.get(path, ())

    def unnamed(self, needs: Needs) -> dict[str, list[Cfg]]:
        """Return the traits needed that no import names: the prelude has them, or a glob."""
        return {path: cfgs for path, cfgs in needs.traits.items() if path not in self.paths.all}


def traits(ground: Ground) -> Traits:
    """Return the traits that M's scope holds by name."""
    imported: dict[int, frozenset[str] | None] = {}
    paths = trait_paths(ground)
    for one in ground.scope.imports:
        if not one.leaf.glob and not _is_own(ground, one) and one.leaf.start not in paths.other:
            members = _members(ground.resolver, ground.module, one)
            if members is None:
                members = _guessed(ground, one)
            elif path := _standard_path(ground, one):
                members &= _OF_ONE_MODULE.get(path[-2:], members)
            if members is None or members:
                imported[one.leaf.start] = members
    own = {i.name: trait_members(ground.source, i) for i in ground.items if i.kind == "trait" and i.name}
    standard = (i for i in ground.scope.imports if i.leaf.path[0] in STANDARD_CRATES and not i.leaf.glob)
    anyway = frozenset(i.leaf.start for i in standard if i.name == i.leaf.path[-1] and i.name in CORE_TRAITS)
    return Traits(imported, own, paths, _named(ground, paths), anyway)


def _named(ground: Ground, paths: TraitPaths) -> dict[int | str, frozenset[str]]:
    """Return by import and by own trait the paths of all traits that M knows by the same name."""
    found: dict[str, set[str]] = {}
    for one in ground.scope.imports:
        if one.leaf.start in paths.imported:
            name = str(one.leaf.start) if one.name == "_" else one.name
            found.setdefault(name, set()).add(paths.imported[one.leaf.start])
    for name, path in paths.own.items():
        found.setdefault(name, set()).add(path)
    alike: dict[int | str, frozenset[str]] = {name: frozenset(known) for name, known in found.items()}
    for one in ground.scope.imports:
        name = str(one.leaf.start) if one.name == "_" else one.name
        if name in found and not one.leaf.glob and one.leaf.start not in paths.other:
            alike[one.leaf.start] = frozenset(found[name])
    return alike


def may_bring(glob: tuple[str, ...], names: frozenset[str] | None, trait: str) -> bool:
    """Whether a glob import, with the names it brings where they are known, may be what brings a trait.

    ``glob`` is its path where it leads to another crate: the standard library's traits are told by the
    modules on the way; of other crates re-exports hide the origin.
    """
    crate, *modules, name = trait.split("::")
    if names is not None:
        return name in names
    if not glob or glob[0] not in STANDARD_CRATES:
        return crate not in STANDARD_CRATES
    return crate in STANDARD_CRATES and {*glob[1:]} - {"prelude"} <= {*modules}


def glob_members(
    resolver: Resolver, module: Module, glob: Import, seen: set[int] | None = None
) -> frozenset[str] | None:
    """Return the members of every trait that a glob import may bring, None where that cannot be told.

    Modules that lead back to one another are asked once each: ``seen`` has the ids of those that were.
    """
    home, meaning = resolver.at_home(resolver.of_import(module, glob))
    modules, seen = home.modules_of(meaning), {id(module)} if seen is None else seen
    if not modules:
        return frozenset() if home.variants_of(meaning.path) else None
    every: frozenset[str] = frozenset()
    for inner in (m for m in modules if id(m) not in seen):
        seen.add(id(inner))
        here, source = home.scope_of(inner), home.package.source(inner.file)
        if any(i.kind in ("macro", "error") for i in here.items):
            return None
        own = [trait_members(source, i) for i in here.items if i.kind == "trait"]
        globs = [glob_members(home, inner, i, seen) for i in here.imports if i.leaf.glob]
        named = [_members(home, inner, i) for i in here.imports if not i.leaf.glob]
        for members in (*own, *globs, *named):
            if members is None:
                return None
            every |= members
    return every


def _members(resolver: Resolver, module: Module, imported: Import) -> frozenset[str] | None:
    """Return the members that an import puts in scope: none if it is no trait, None if unknown.

    A name of the package that macros define is hardly a trait where no tokens of the package say so.
    """
    members = members_of(resolver, resolver.of_import(module, imported))
    if members is not None or imported.leaf.path[:1] not in (("crate",), ("self",), ("super",)):
        return members
    words = resolver.package.derived(_trait_words)
    return None if imported.leaf.path[-1] in words or "$" in words else frozenset()


def _trait_words(package: Package) -> frozenset[str]:
    """Return every name that follows ``trait`` in the package; "$" is among them if a macro makes traits."""
    return frozenset(m.decode() for p in package.rust_files for m in _TRAIT.findall(package.files[p]))


def users(needs: Needs, members: frozenset[str] | None) -> list[Cfg]:
    """Return the cfg of every place that may use a member of a trait.

    A trait whose members are unknown may have any, also one that the standard library has: without the
    import the program would compile and call that. What turns out unused, rustc reports.
    """
    if members is None:
        return [cfg for places in needs.members.values() for cfg in places]
    return [cfg for name in sorted(members) for cfg in needs.members.get(name, ())]


def _is_own(ground: Ground, one: Import) -> bool:
    """Whether it is another name for an item of M: a method needs the trait, and that has its own name."""
    *front, name = one.leaf.path
    return front in ([], ["self"]) and name in ground.scope.defined


def _standard_path(ground: Ground, one: Import) -> tuple[str, ...]:
    """Return the path of what an import means in the standard library, nothing for what is not there."""
    meaning = ground.resolver.of_import(ground.module, one)
    return meaning.path if meaning.outside and meaning.path[0] in STANDARD_CRATES else ()


def _is_type(mention: Mention) -> bool:
    """Whether a name stands alone where a type does, and not where a trait can: those are known already."""
    return mention.origin == "code" and mention.space is Space.TYPE and len(mention.path) == 1


def _guessed(ground: Ground, one: Import) -> frozenset[str] | None:
    """Return the members of a trait of another package, None if it may have any, nothing for no trait.

    What is named only as types are is no trait; only imported, or named in bounds and impls, it is one. What
    is only derived may be one, whose methods are mostly called like it: ``Pread`` has ``pread_with``.
    """
    here = mention_index(ground.package).of(ground.path)
    named = [m for m in here.mentions if m.name == one.name and m.origin not in ("doc", "definition")]
    if one.name == "_" or not named or one.name in here.traits:
        return None
    if ground.package.edition >= _NO_BARE_OBJECTS and any(_is_type(m) for m in named):
        return frozenset()
    if all(m.origin == "attribute" for m in named):
        return frozenset(m.name for m in here.members if m.name.startswith(snake(one.name)))
    return None if any(len(m.path) > 1 and m.path[1][:1].islower() for m in named) else frozenset()
