"""What the macro calls of a file define in its module, by the compiler's word.

rustc lists a module's items in the order of the source. So what stands between two written items is made by
the calls between these; where there are several, the names in their tokens and the macros that the text of
the items is from tell which. What that does not settle is unknown, and so is a call that makes nothing: it
may define tests, or names under a cfg that nobody asked about.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from remediate.codemods.split_file.analyze.macros import Macros
from remediate.codemods.split_file.analyze.preconditions import Ground
from remediate.facts.model import Item as Fact
from remediate.rust.mentions.references import SPACES, Space
from remediate.rust.resolution.names import Definition, ModuleScope, visibility_of
from remediate.rust.syntax.cfg import predicates
from remediate.rust.syntax.items import Item, children, inner_attributes
from remediate.rust.syntax.lexer import BRACKETS, Token, TokenKind, closing, code
from remediate.rust.syntax.macro_impls import names_by_cfg
from remediate.rust.syntax.relative import Visibility, visibility

_TEXTUAL = {"macro", "use", "mod", "foreignmod", "globalasm"}
"""Kinds of items whose location counts: the scope of a macro, an import or a module is that of the file."""
_UNNAMED = ("{", "_")
_QUALIFIERS = {b"unsafe", b"async", b"const", b"extern", b"auto"}
_KEYWORDS = {kind.encode() for kind in SPACES if kind != "macro_rules"}


@dataclass(frozen=True, slots=True)
class MadeItem:
    """An item with a name that a call makes.

    Attributes:
        kind: "struct", "const", ..
        insert: Where a visibility is, or would be, written in the call; -1 where its macro has to say it.
    """

    name: str
    kind: str
    visibility: Visibility
    insert: int

    @property
    def space(self) -> Space:
        """The namespaces it may be in."""
        return SPACES[self.kind]


@dataclass(frozen=True, slots=True)
class Made:
    """What one call makes, and whether that may stand in another module.

    Attributes:
        private: Names of fields and methods that no other module than the call's sees.
        macros: The macros it defines.
        owners: rustc's paths of all that it makes.
        problem: The reason code (``immovable``) of a call that stays; "" for one that may move.
    """

    items: tuple[MadeItem, ...] = ()
    private: frozenset[str] = frozenset()
    macros: frozenset[str] = frozenset()
    owners: frozenset[str] = frozenset()
    problem: str = ""


def declared_in(ground: Ground, block: Item) -> tuple[MadeItem, ...] | None:
    """Return what a block of foreign items declares, None if not all of that is sure to be there."""
    found = []
    for item in children(ground.source, block):
        plain = item.kind in ("fn", "static", "type") and item.name is not None
        if not plain or predicates(item.attributes) or item.node.has_error:
            return None
        found.append(MadeItem(item.name or "", item.kind, visibility_of(ground.source, item), item.start))
    return None if inner_attributes(ground.source, block) else tuple(found)


def made_by_calls(ground: Ground, macros: Macros) -> dict[int, Made]:
    """Return what each macro call in item position makes, by its start; nothing of those that are unknown."""
    starts = {item.start for item in ground.items if item.kind != "macro"}
    seen: dict[int, list[Made]] = defaultdict(list)
    for facts, beside in ground.package.facts.items_beside(ground.path, starts):
        inside = _inside(facts)
        for call, made in _by_call(ground, macros, beside).items():
            seen[call.start].append(_read(ground, call, made, inside))
    calls = [item for item in ground.items if item.kind == "macro"]
    standard = (call for call in calls if _is_thread_local(ground, macros, call))
    known = {call.start: [_statics(ground, call)] for call in standard} | seen
    return {c.start: _agreed(ground, macros, c, known[c.start]) for c in calls if c.start in known}


def _is_thread_local(ground: Ground, macros: Macros, call: Item) -> bool:
    """Whether a call is of the one macro of the standard library that defines names."""
    *path, name = (call.name or "").split("::")
    other = name in ground.scope.imported or name in macros.bodies
    return name == "thread_local" and (path in (["std"], ["", "std"]) or not (path or other))


def _statics(ground: Ground, call: Item) -> Made:
    """Return the statics that the tokens of a call declare."""
    stream = code(ground.source.text, *_span(call))
    names = [after.name for token, after in _listed(stream) if token.text == b"static"]
    places = [(name, _insert(stream, name)) for name in names]
    scopes = [visibility(_visibility(stream, at).encode()) for _, at in places]
    return Made(tuple(MadeItem(n, "static", s, at) for (n, at), s in zip(places, scopes, strict=True)))


def _listed(stream: Sequence[Token]) -> Iterator[tuple[Token, Token]]:
    """Yield the tokens between the brackets of a call, none of brackets inside, each with the next one."""
    depths = accumulate(BRACKETS.get(token.text, 0) for token in stream)
    pairs = zip(stream, stream[1:], depths, strict=False)
    return ((token, after) for token, after, depth in pairs if depth == 1)


def with_made(scope: ModuleScope, made: Mapping[int, Made]) -> ModuleScope:
    """Return a scope with what calls are known to define in place of what their tokens seem to."""
    known = (
        Definition(one.name, one.space, item, predicates(item.attributes))
        for item in scope.items
        for one in (made[item.start].items if item.start in made else ())
    )
    written = (d for d in scope.definitions if d.sure or d.item.start not in made)
    return replace(scope, definitions=(*written, *known))


def _by_call(ground: Ground, macros: Macros, beside: Sequence[Fact]) -> dict[Item, list[Fact] | None]:
    """Return the facts of one target by the call that makes them, None where that is not settled."""
    calls = [item for item in ground.items if item.kind == "macro"]
    found: dict[Item, list[Fact] | None] = {}
    run: list[Fact] = []
    at = 0
    for fact in beside:
        holder = _holder(ground, fact)
        if holder is None or holder.kind == "macro" or (fact.made and holder.kind == "macro_rules"):
            run.append(fact)
        elif not fact.made:
            _settle(ground, macros, [c for c in calls if at <= c.start < holder.start], run, found)
            run, at = [], holder.start
    _settle(ground, macros, [c for c in calls if at <= c.start], run, found)
    return found


def _holder(ground: Ground, fact: Fact) -> Item | None:
    """Return the item that the text of an item is part of: what a derive makes has the derive's."""
    place = fact.definition.span
    if place is None or place.file != ground.path:
        return None
    number = bisect_right(ground.items, place.start, key=lambda item: item.lead) - 1
    return ground.items[number] if number >= 0 and place.start < ground.items[number].end else None


def _settle(
    ground: Ground,
    macros: Macros,
    calls: Sequence[Item],
    run: Sequence[Fact],
    found: dict[Item, list[Fact] | None],
) -> None:
    """Record which of a few calls in a row makes which items of a run, both in the order of the source."""
    allowed = [_makers(ground, macros, calls, fact) for fact in run]
    first, last = [0] * len(run), [0] * len(run)
    least, most = 0, len(calls) - 1
    for n in range(len(run)):
        first[n] = least = next((a for a in allowed[n] if a >= least), len(calls))
    for n in reversed(range(len(run))):
        last[n] = most = next((a for a in reversed(allowed[n]) if a <= most), -1)
    for n, fact in enumerate(run):
        named = not fact.definition.name.startswith("{impl#")
        for call in calls if first[n] > last[n] else calls[first[n] : last[n] + 1]:
            made = found.setdefault(call, [])
            if first[n] != last[n] and named:
                found[call] = None
            elif made is not None:
                made.append(fact)


def _makers(ground: Ground, macros: Macros, calls: Sequence[Item], fact: Fact) -> list[int]:
    """Return which of a few calls can make an item, by their numbers."""
    holder, name, place = _holder(ground, fact), fact.definition.name, fact.definition.span
    if holder in calls:
        return [calls.index(holder)]
    able = list(range(len(calls)))
    if rules := macros.defining(place) if place is not None else "":
        named = [call.name or "" for call in calls]
        able = [n for n in able if rules in macros.reached(named[n]) or named[n] not in macros.bodies]
    said = [n for n in able if any(t.name == name for t in code(ground.source.text, *_span(calls[n])))]
    return said or able


def _span(item: Item) -> tuple[int, int]:
    return item.start, item.end


def _inside(facts: Iterable[Fact]) -> dict[str, list[Fact]]:
    """Return fields and methods by what they are in."""
    found: dict[str, list[Fact]] = defaultdict(list)
    for fact in facts:
        if fact.made and fact.definition.kind not in ("impl", "use"):
            found[fact.definition.parent].append(fact)
    return found


def _read(ground: Ground, call: Item, made: Sequence[Fact] | None, inside: Mapping[str, list[Fact]]) -> Made:
    if made is None:
        return Made(problem="item-macro")
    stream = code(ground.source.text, *_span(call))
    # An import that is passed through is none of the facts.
    imports = any(token.text == b"use" for token, _ in _listed(stream))
    items, private, problem = list[MadeItem](), set[str](), "made-declaration" if imports else ""
    for fact in made:
        own = fact.definition
        members = inside.get(own.path, ()) if own.kind in ("struct", "union", "impl") else ()
        private |= {m.definition.name for m in members if _is_private(m)}
        if own.kind in _TEXTUAL or own.kind not in {*SPACES, "impl"}:
            problem = "made-declaration"
        elif own.kind != "impl" and not own.name.startswith(_UNNAMED):
            insert = _insert(stream, own.name)
            written = _visibility(stream, insert) if insert >= 0 else ""
            seen = fact.visibility if fact.made else written
            known = visibility((seen or "").encode())
            # What a macro says itself of the modules around it would mean others in a new module.
            if seen is None or (known.kind == "in" and known != visibility(written.encode())):
                problem = problem or "item-macro"
            items.append(MadeItem(own.name, own.kind, known, insert))
    textual = frozenset(f.definition.name for f in made if f.definition.kind == "macro")
    owners = frozenset(f.definition.path for f in made)
    return Made(tuple(items), frozenset(private), textual, owners, problem)


def _is_private(member: Fact) -> bool:
    return member.visibility is not None and visibility(member.visibility.encode()).private


def _agreed(ground: Ground, macros: Macros, call: Item, seen: Sequence[Made]) -> Made:
    """Return what all targets and feature sets that compile a call say of it."""
    problem = next((one.problem for one in seen if one.problem), "")
    if not problem and (len({one.items for one in seen}) > 1 or _is_conditional(ground, macros, call)):
        problem = "made-by-cfg"
    private, textual, owners = (
        frozenset().union(*found)
        for found in ([m.private for m in seen], [m.macros for m in seen], [m.owners for m in seen])
    )
    return Made(seen[0].items, private, textual, owners, problem)


def _is_conditional(ground: Ground, macros: Macros, call: Item) -> bool:
    """Whether a call, or a macro of the package behind it, decides by a cfg which names it defines."""
    own = code(ground.source.text, *_span(call))
    return names_by_cfg(own, 1) or any(body.conditional for body in macros.bodies_of(call.name or ""))


def _insert(stream: Sequence[Token], name: str) -> int:
    """Return where a call that declares an item has its visibility, or would have it; -1 nowhere."""
    for at, token in enumerate(stream):
        if token.kind is not TokenKind.IDENT or token.name != name:
            continue
        start = at - 1
        while start > 0 and stream[start].text in (b"ref", b"mut"):
            start -= 1
        if stream[start].text in _KEYWORDS:
            while stream[start - 1].text in _QUALIFIERS:
                start -= 1
            opening = start - 1
            if stream[opening].text == b")":
                while opening > 0 and stream[opening].text != b"(":
                    opening -= 1
                opening -= 1
            return stream[opening if stream[opening].text == b"pub" else start].start
    return -1


def _visibility(stream: Sequence[Token], insert: int) -> str:
    at = next(n for n, token in enumerate(stream) if token.start == insert)
    if stream[at].text != b"pub":
        return ""
    end = closing(stream, at + 1) if stream[at + 1].text == b"(" else at
    return b" ".join(token.text for token in stream[at : end + 1]).decode()
