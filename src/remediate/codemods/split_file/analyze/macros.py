"""The textual macros around a file: which call sees which definition, and what bodies name for callers.

The names in a ``macro_rules!`` body mean what they mean where it is called: a call's module needs them.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

from remediate.codemods.split_file.analyze.preconditions import Ground
from remediate.facts.model import Span
from remediate.rust.mentions.index import mention_index
from remediate.rust.mentions.references import Member, Mention, References, Space
from remediate.rust.package import Package
from remediate.rust.syntax.cfg import disjoint, predicates
from remediate.rust.syntax.items import Item, children, items
from remediate.rust.syntax.known_names import PRELUDE_MACROS
from remediate.rust.syntax.lexer import TokenKind, closing, code
from remediate.rust.syntax.macro_impls import MacroImpls, macro_impls, names_by_cfg, only_public_functions

_DEFINES = re.compile(rb"\bmacro_rules\s*!\s*(\w+)")
_LOCATION = re.compile(rb"\b(?:module_path|file|line|column)\s*!")
_CFG = re.compile(rb"\bcfg(?!\s*!)|\bcfg_\w+\s*!")
_MODULE = re.compile(rb"\bmod\b|\b(?:self|super)\s*::")


@dataclass(frozen=True)
class Body:
    """What one definition of a macro mentions, and whether it holds relative paths or modules.

    ``located``: it says where it is called, by ``module_path!``, ``file!`` or a line. ``impls``: what it
    makes in item position, None if that is not impls alone. ``public``: all functions it declares are public.
    ``conditional``: a cfg decides which names it defines, or it makes tests. ``cfg``: there is a cfg in it.
    """

    span: Span
    mentions: tuple[Mention, ...]
    members: tuple[Member, ...]
    relative: bool
    located: bool = False
    impls: MacroImpls | None = None
    public: bool = False
    conditional: bool = False
    cfg: bool = False


@dataclass(frozen=True)
class Macros:
    """All macros of a package that calls in one file may mean.

    Attributes:
        local: Where each macro of this file's textual scope is defined: end offsets by name.
        bodies: What each macro of the package names, by the macro's name.
    """

    local: dict[str, tuple[int, ...]]
    bodies: dict[str, tuple[Body, ...]]

    def depend_on_cfg(self, here: References) -> bool:
        """Whether what the macros called here make of a call depends on a cfg, as far as is known."""
        called = {m.path[-1] for m in here.mentions if m.space is Space.MACRO or len(m.path) > 1}
        return any(b.cfg for name in called & self.bodies.keys() for b in self.bodies_of(name))

    def defining(self, place: Span) -> str:
        """Return the macro whose rules a place is in, "" for none."""
        return next((n for n, bodies in self.bodies.items() if any(place in b.span for b in bodies)), "")

    @property
    def last(self) -> int:
        """Where the last definition ends; 0 without any: new modules have to be declared behind it."""
        return max((max(ends) for ends in self.local.values()), default=0)

    @cached_property
    def plain(self) -> frozenset[str]:
        """The macros whose bodies hold no module and no relative path, nor do those they call."""
        return frozenset(n for n in self.bodies if not any(b.relative for b in self.bodies_of(n)))

    def implemented(self, name: str) -> frozenset[str] | None:
        """Return the traits that a macro implements, None if it may make anything else than impls."""
        found = [body.impls for body in self.bodies_of(name)]
        known = [impls for impls in found if impls is not None]
        calls = {called for impls in known for called in impls.calls}
        if not found or len(known) < len(found) or not calls <= self.bodies.keys():
            return None
        return frozenset(trait for impls in known for trait in impls.traits)

    def adds_public_members(self, ground: Ground, call: Item) -> bool:
        """Whether what a call among the members of an impl adds to it can be named from everywhere."""
        bodies = self.bodies_of(call.name or "")
        own = code(ground.source.text, call.start, call.end)
        return bool(bodies) and all(b.public for b in bodies) and only_public_functions(own)

    def obstacles(self, caller: Item, here: References) -> tuple[str, ...]:
        """Return why an item that calls macros has to stay: order of definition, relative paths in a body."""
        called = {m.name for m in here.mentions if m.space is Space.MACRO and len(m.path) == 1}
        called |= {n for name in called for n in self._calls(name)}
        for name in sorted(called):
            ends = self.local.get(name, ())
            if len(ends) > 1 or (ends and bisect_right(ends, caller.start) == 0):
                return ("macro-order",)
        if any(b.relative for name in called for b in self.bodies_of(name)):
            return ("macro-path",)
        anywhere = {m.path[-1] for m in here.mentions if m.space is Space.MACRO or len(m.path) > 1}
        if any(b.located for name in anywhere & self.bodies.keys() for b in self.bodies_of(name)):
            return ("file-relative",)
        return ()

    def named(self, here: References) -> References:
        """Return what the bodies of the macros called here mention, as if it stood at the call."""
        mentions: list[Mention] = []
        members: list[Member] = []
        for call in here.mentions:
            if (call.space is Space.MACRO or len(call.path) > 1) and call.path[-1] in self.bodies:
                for body in self.bodies_of(call.path[-1]):
                    mentions += [_at(m, call) for m in body.mentions]
                    members += [
                        Member(m.name, m.form, (), call.start, call.cfg, call.module) for m in body.members
                    ]
        return References(tuple(mentions), tuple(members))

    def bodies_of(self, name: str) -> tuple[Body, ...]:
        """Return the bodies of a macro, and of those it calls."""
        return tuple(b for n in sorted(self.reached(name)) for b in self.bodies.get(n, ()))

    def reached(self, name: str) -> frozenset[str]:
        """Return a macro and those that its bodies call, directly or through others."""
        return self._calls(name) | {name}

    def _calls(self, name: str) -> frozenset[str]:
        """Return the macros a macro's bodies call, directly or through others."""
        seen: set[str] = set()
        todo = [name]
        while todo:
            for body in self.bodies.get(todo.pop(), ()):
                more = {m.path[-1] for m in body.mentions if m.path[-1] in self.bodies} - seen
                seen |= more
                todo += more
        return frozenset(seen)


def macros(ground: Ground) -> Macros:
    """Return the macros that calls in the file may mean."""
    bodies = ground.package.derived(macro_bodies)
    return Macros(_local(ground), bodies)


def macro_bodies(package: Package) -> dict[str, tuple[Body, ...]]:
    """Return what the ``macro_rules!`` of a package mention, by macro name; several for a name used twice."""
    found: dict[str, list[Body]] = {}
    for path in package.rust_files:
        if not _DEFINES.search(package.files[path]):
            continue
        source = package.source(path)
        whole = mention_index(package).of(path)
        stream = [token for token in source.tokens if token.kind is not TokenKind.COMMENT]
        starts = [token.start for token in stream]
        for match in _DEFINES.finditer(source.text):
            opens = bisect_left(starts, match.end())
            closes = closing(stream, opens)
            rules = stream[opens : closes + 1]
            end = rules[-1].end if rules else match.end()
            name = match.group(1).decode()
            mentions = tuple(
                m for m in whole.within(match.end(), end).mentions if m.name not in PRELUDE_MACROS
            )
            relative = _MODULE.search(source.text, match.end(), end) is not None
            members = whole.within(match.end(), end).members
            located = _LOCATION.search(source.text, match.end(), end) is not None
            made = macro_impls(rules), only_public_functions(rules), names_by_cfg(rules, 2)
            cfg = _CFG.search(source.text, match.end(), end) is not None
            span = Span(path, match.end(), end)
            found.setdefault(name, []).append(Body(span, mentions, members, relative, located, *made, cfg))
    return {name: tuple(b) for name, b in found.items()}


def _at(mention: Mention, call: Mention) -> Mention:
    return Mention(mention.path, mention.space, call.start, call.cfg, "definition", call.module)


def _local(ground: Ground) -> dict[str, tuple[int, ...]]:
    """Return where the definitions of each macro end; variants by cfg count as the last of them."""
    found: dict[str, list[Item]] = {}
    for item in ground.items:
        for name in _defined(ground, item):
            found.setdefault(name, []).append(item)
    return {
        name: (defining[-1].end,) if _are_variants(defining) else tuple(item.end for item in defining)
        for name, defining in found.items()
    }


def _are_variants(defining: Sequence[Item]) -> bool:
    """Whether no configuration compiles two of these definitions."""
    cfgs = [predicates(item.attributes) for item in defining]
    return all(disjoint(one, other) for one, other in combinations(cfgs, 2))


def _defined(ground: Ground, item: Item) -> tuple[str, ...]:
    if item.kind == "macro_rules":
        return (item.name,) if item.name else ()
    if item.kind == "macro":
        return tuple(m.decode() for m in _DEFINES.findall(ground.source.text[item.start : item.end]))
    if item.kind != "mod" or not any(a.path == "macro_use" for a in item.attributes):
        return ()
    if item.body is not None:
        return tuple(name for inner in children(ground.source, item) for name in _defined(ground, inner))
    declared = (child for child in ground.resolver.tree.children(ground.module) if child.name == item.name)
    child = next(declared, None)
    if child is None or child.file not in ground.package.files:
        return ()
    source = ground.package.source(child.file)
    return tuple(i.name for i in items(source) if i.kind == "macro_rules" and i.name)
