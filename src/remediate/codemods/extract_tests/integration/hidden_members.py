"""Private methods and fields whose name means something else outside of the crate, and still compiles.

From outside rustc passes over a private method and takes what it finds next: a method of a trait, or of what
the type derefs to. From inside it takes the private one.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from remediate.codemods.extract_tests.integration.ground import Ground
from remediate.codemods.extract_tests.integration.test_build import library_files
from remediate.rust.fields import fields
from remediate.rust.items import Item, children, items
from remediate.rust.names import trait_members
from remediate.rust.package import Package
from remediate.rust.scope import visibility_of
from remediate.rust.standard_traits import STANDARD_TRAITS
from remediate.rust.syntax import Source

_NAME = re.compile(r"[\w:]+")
_EVERY = "*"
# What the standard library gives every type, or every type with some other trait.
_OF_EVERY = {"into", "try_into", "borrow", "borrow_mut", "type_id"}
_FOLLOWS = {"Clone": {"to_owned", "clone_into"}, "Display": {"to_string"}, "Iterator": {"into_iter"}}

_Names = defaultdict[str, set[str]]


def _names() -> _Names:
    return defaultdict(set)


@dataclass
class _Types:
    """By a type's name its private methods, private fields and traits; by a trait's name its members."""

    methods: _Names = field(default_factory=_names)
    fields: _Names = field(default_factory=_names)
    traits: _Names = field(default_factory=_names)
    members: _Names = field(default_factory=_names)


def hidden_members(package: Package, ground: Ground) -> frozenset[str]:
    """Return the names that, said of a value, may mean one thing inside of the library, another outside."""
    types = _Types()
    for module in library_files(package, ground):
        source = package.source(module.file)
        for item in _all(source, items(source)):
            _read(source, item, types)
    return frozenset(name for type_ in {*types.methods, *types.fields} for name in _hidden(types, type_))


def _hidden(types: _Types, type_: str) -> Iterator[str]:
    methods, traits = types.methods[type_], types.traits[type_] | types.traits[_EVERY]
    if traits & {"Deref", "DerefMut"}:
        yield from methods | types.fields[type_]
        return
    known = set(_OF_EVERY)
    for trait in traits:
        known |= types.members[trait] | STANDARD_TRAITS.get(trait, frozenset()) | _FOLLOWS.get(trait, set())
    yield from methods & known


def _all(source: Source, found: tuple[Item, ...]) -> Iterator[Item]:
    for item in found:
        yield item
        if item.kind == "mod":
            yield from _all(source, children(source, item))


def _read(source: Source, item: Item, types: _Types) -> None:
    if item.kind == "trait" and item.name:
        types.members[item.name] |= trait_members(source, item) or set()
    elif item.kind in ("struct", "enum", "union") and item.name:
        derived = (t.text.decode() for a in item.attributes if a.path == "derive" for t in a.arguments)
        types.traits[item.name] |= set(derived)
        types.fields[item.name] |= {f.name for f in fields(source, item) if f.visibility.kind != "pub"}
    elif item.kind == "impl" and item.trait:
        types.traits[_head(source, item)].add(item.trait.partition("<")[0].rpartition("::")[2].strip())
    elif item.kind == "impl":
        private = (m for m in children(source, item) if visibility_of(source, m).kind != "pub")
        types.methods[_head(source, item)] |= {m.name for m in private if m.name and m.kind != "macro"}


def _head(source: Source, item: Item) -> str:
    """Return the name of the type an impl is for; that of every type where it is for a parameter."""
    match = _NAME.search(item.self_type)
    name = match[0].rpartition("::")[2] if match else _EVERY
    header = source.text[item.start : (item.body or (item.end,))[0]].decode(errors="replace")
    generic = re.match(r"(?:unsafe\s+)?impl\s*<([^>]*)", header)
    return _EVERY if generic and re.search(rf"\b{re.escape(name)}\b", generic[1]) else name
