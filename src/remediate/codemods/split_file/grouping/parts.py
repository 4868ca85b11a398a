"""Units of the file as the grouping sees them: home, words, section, what they use of one another."""

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from remediate.codemods.split_file.analyze.units import Unit
from remediate.codemods.split_file.draft import Survey
from remediate.codemods.split_file.grouping.banners import attached_banner, banner, heading
from remediate.rust.syntax.items import Item, children
from remediate.rust.syntax.lexer import Token, TokenKind
from remediate.rust.syntax.source import Source

TYPES = frozenset({"struct", "enum", "union", "trait", "type"})
_NOT_PARTS = {"use", "extern crate", "error"}
_IDENT = re.compile(r"[A-Za-z_]\w*")
_NO_TYPE = {"mut", "dyn", "const", "crate", "self", "super", "impl", "for", "where", "as"}
_SELF = re.compile(r"^.*?\bfn\s+\w+[^(]*\(\s*(?:#\[[^\]]*\]\s*)*(?:&\s*(?:'\w+\s+)?)?(?:mut\s+)?self\b")
_CHAINS = re.compile(r"\(\s*mut\s+self\s*,|\bfn\s+with_\w+[^(]*\(\s*(?:mut\s+)?self\s*[,)]")
"""A builder's method, as against ``fn abs(self) -> Self`` of a number."""
_ERROR = re.compile(r"(?<=,)\s*[\w:]*Error\b[^,]*$")
"""The error of a ``Result``, which a function does not make."""
_RETURNS = re.compile(r"->\s*([^{;]*?)\s*(?:where\b[^{]*)?$", re.DOTALL)


@dataclass(frozen=True)
class Part:
    """A unit with what is read from it for the grouping.

    Attributes:
        unit: What moves: an item, or one member of an inherent impl.
        lines: Lines it takes in a file of its own, its free-standing comments included.
        frame: Lines of the impl block around a member, counted once for all members of it in a module.
        movable: False for what has to stay in the facade.
        home: The type or trait that it is about: of a definition itself, of an impl its type. It is one of
            this file, or a type of another file of the crate that impls here are about.
        foreign: For an impl about no type or trait of this file, the type's name.
        trait: Head of the implemented trait, "" for others.
        banner: Text of the section comment it stands under, None where there is none.
        headed: Whether its impl block has the title, in its documentation.
        imports: Which ``use`` declarations it draws on (offsets).
        private: Whether nothing outside of the file can name it.
        adjacent: Whether no blank line is between it and what is before it.
        code_lines: Lines without comments and blanks.
        constructor: Whether it makes a value of its home.
        chains: Whether it changes a value of its home that it takes, and returns it: a builder's method.
        made: The types of this file that a free function returns.
        inside: The names of the functions of an inherent impl that moves as a whole.
        summary: The first paragraph of its documentation.
    """

    unit: Unit = field(repr=False)
    lines: int
    frame: int
    movable: bool
    home: str
    foreign: str
    trait: str
    banner: str | None
    imports: frozenset[int] = field(repr=False)
    private: bool
    code_lines: int
    adjacent: bool = False
    headed: bool = False
    constructor: bool = False
    chains: bool = False
    made: frozenset[str] = frozenset()
    inside: tuple[str, ...] = ()
    summary: str = field(default="", repr=False)

    @property
    def index(self) -> int:
        """The unit's place in the file."""
        return self.unit.index

    @property
    def kind(self) -> str:
        """The kind of what it defines; "member" of a cut impl, "impl" for a macro that names nothing."""
        if self.unit.member is not None:
            return "member"
        return "impl" if self.unit.kind == "macro" and self.movable else self.unit.kind

    @property
    def name(self) -> str:
        """The declared name, "" for an impl."""
        return "" if self.kind == "impl" else self.unit.name

    @property
    def defines_type(self) -> bool:
        """Whether it is the definition of a type or trait."""
        return self.kind in TYPES

    @property
    def called(self) -> str:
        """What it is called by: its name, or of an impl the trait, the type."""
        return self.name or self.trait or self.home or self.foreign


@dataclass(frozen=True, slots=True)
class Link:
    """How often one unit names what another defines; ``shared`` are private members among it."""

    source: int
    target: int
    weight: float
    shared: frozenset[str] = frozenset()


def parts(survey: Survey) -> tuple[Part, ...]:
    """Return every unit but imports and module declarations, in file order."""
    source = survey.ground.source
    types = {name for u in survey.units for name in _defined_types(u)}
    elsewhere = _implemented_here(survey, types)
    own = {i.leaf.start: i.item.start for i in survey.ground.scope.imports}
    sections = _sections(source, survey.units)
    found = (
        _part(survey, unit, types, elsewhere, own)
        for unit in survey.units
        if unit.item.kind not in _NOT_PARTS and not (unit.item.kind == "mod" and unit.item.body is None)
    )
    return tuple(
        replace(part, banner=sections.get(part.index), headed=bool(_heading(source, part.unit.item)))
        for part in found
    )


def links(survey: Survey) -> tuple[Link, ...]:
    """Return who names whose definitions; what tests name says nothing, they name everything."""
    found: list[Link] = []
    for unit, needs in zip(survey.units, survey.needs, strict=True):
        weights: dict[int, float] = defaultdict(float)
        shared: dict[int, set[str]] = defaultdict(set)
        for symbol, places in needs.symbols.items():
            if symbol.unit != unit.index:
                weights[symbol.unit] += len(places)
                if symbol.kind != "item" and symbol.visibility.private:
                    shared[symbol.unit].add(symbol.key)
        found += [Link(unit.index, to, weights[to], frozenset(shared[to])) for to in sorted(weights)]
    return tuple(found)


def type_names(text: str) -> list[str]:
    """Return the names in a written type, in order: ["Vec", "Foo"] of ``Vec<Foo>``."""
    return [name for name in _IDENT.findall(text) if name not in _NO_TYPE]


def _part(
    survey: Survey, unit: Unit, types: set[str], elsewhere: Collection[str], own_imports: Mapping[int, int]
) -> Part:
    source, item = survey.ground.source, unit.item
    is_module = item.kind == "mod"
    stream = _tokens(source, unit.own.lead, unit.own.tail)
    code = [t for t in stream if t.kind is not TokenKind.COMMENT]
    home, trait = _home(item, types), _last(item.trait)
    if item.kind == "impl" and not home and _foreign(item.self_type) in elsewhere:
        home = _foreign(item.self_type)
    if item.kind == "macro":
        home, trait = _made_by_macro(survey, item, code, types)
        home = next(iter(_defined_types(unit)), home)
    head = _head(source, unit) if unit.own.kind == "fn" else ""
    returned = _RETURNS.search(head)
    made = set(type_names(_ERROR.sub("", returned.group(1)))) - {"Result"} if returned else set()
    takes_self = bool(_SELF.match(head))
    code_lines = _code_lines(source.text, code)
    return Part(
        unit=unit,
        lines=2 if is_module else max(1, unit.lines),
        frame=_frame(source, unit) if unit.member is not None else 0,
        movable=unit.index not in survey.pins,
        home=home,
        foreign="" if home or item.kind != "impl" else _foreign(item.self_type),
        trait=trait,
        banner=None,
        imports=frozenset(
            own_imports[leaf] for leaf in survey.needs[unit.index].imports if leaf in own_imports
        ),
        private=unit.visibility.private,
        code_lines=code_lines,
        adjacent=source.text.count(b"\n", unit.own.gap, unit.own.lead) <= 1,
        constructor=_constructs(source, unit, home)
        if _inside(source, unit)
        else unit.member is not None
        and returned is not None
        and (_makes_value(home, returned.group(1), takes_self=takes_self) or _starts_a_builder(unit, head)),
        chains=bool(home and unit.member is not None and returned and _CHAINS.search(head))
        and _makes_value(home, returned.group(1) if returned else "", takes_self=False),
        made=frozenset(made & types) if item.kind == "fn" else frozenset(),
        inside=_inside(source, unit),
        summary=_summary(stream),
    )


def _defined_types(unit: Unit) -> tuple[str, ...]:
    """Return the types and traits that an item, or a macro's call, defines."""
    if unit.made:
        return tuple(one.name for one in unit.made if one.kind in TYPES)
    return (unit.item.name,) if unit.item.kind in TYPES and unit.item.name else ()


def _constructs(source: Source, unit: Unit, home: str) -> bool:
    """Whether each function of an inherent impl that moves as a whole makes a value of its type."""
    heads = []
    for member in children(source, unit.item):
        end = member.body[0] - 1 if member.body else member.end
        if member.kind == "fn":
            heads.append(source.text[member.start : end].decode(errors="replace").strip())
    found = [(head, _RETURNS.search(head)) for head in heads]
    return all(
        returned is not None and _makes_value(home, returned.group(1), takes_self=bool(_SELF.match(head)))
        for head, returned in found
    )


def _summary(stream: Sequence[Token]) -> str:
    """Return the first paragraph of ``///`` comments as one line."""
    lines: list[str] = []
    for token in stream:
        text = token.text.decode(errors="replace")
        if token.kind is TokenKind.COMMENT and text.startswith("///"):
            said = text[3:].strip()
            if not said and lines:
                break
            lines.append(said)
    return " ".join(lines)


def _inside(source: Source, unit: Unit) -> tuple[str, ...]:
    if unit.item.kind != "impl" or unit.item.trait or unit.member is not None:
        return ()
    return tuple(m.name for m in children(source, unit.item) if m.kind == "fn" and m.name)


def _makes_value(home: str, returned: str, *, takes_self: bool) -> bool:
    """Whether a member returns a value of its type, maybe wrapped, without having one."""
    bare = returned.strip()
    while wrapped := _WRAPPED.match(bare):
        bare = bare[wrapped.end() :]
    made = _IDENT.match(bare)
    return made is not None and made.group() in {"Self", home} and not takes_self


def _starts_a_builder(unit: Unit, head: str) -> bool:
    """Whether a member is what the API guidelines call the start of a builder: ``fn builder()``."""
    return unit.own.name == "builder" and not _SELF.match(head)


_RUSTDOC_SECTIONS = {"example", "examples", "panics", "errors", "safety"}
"""Headings with which rustdoc's book lets documentation describe any item."""
_WRAPPED = re.compile(r"(?:\w+\s*::\s*)*(?:Option|Result|Box|Rc|Arc)\s*<\s*")


def _code_lines(text: bytes, code: Sequence[Token]) -> int:
    """Return on how many lines tokens begin."""
    count = at = 0
    for token in code:
        count += not count or b"\n" in text[at : token.start]
        at = token.start
    return count


def _head(source: Source, unit: Unit) -> str:
    end = unit.own.body[0] - 1 if unit.own.body else unit.own.end
    return source.text[unit.own.start : end].decode(errors="replace").strip()


def _home(item: Item, types: set[str]) -> str:
    """Return the type or trait of this file that an item is about.

    Of ``impl From<A> for Vec<B>`` B before A: an impl has to be about one of the two.
    """
    if item.kind in TYPES:
        return item.name or ""
    if item.kind != "impl":
        return ""
    trait = item.trait.partition("<")
    for text in (item.self_type, trait[2], trait[0]):
        found = next((n for n in type_names(text) if n in types), "")
        if found:
            return found
    return ""


def _implemented_here(survey: Survey, types: set[str]) -> frozenset[str]:
    """Return the types of other files of the crate whose impls in this file belong together.

    An inherent impl shows that a type is the crate's own (E0116), and so does an import from the crate. Where
    more types than traits are so implemented the file is about the traits, and only inherent impls count. A
    type whose impls are too many for one file is cut by what its methods are about, and its traits are apart.
    """
    impls = [u for u in survey.units if u.item.kind == "impl" and not _home(u.item, types)]
    lines, blocks = Counter[str](), Counter[str]()
    for unit in impls:
        lines[_foreign(unit.item.self_type)] += unit.lines
        blocks[_foreign(unit.item.self_type)] += 1
    fitting = {name for name, count in lines.items() if name and count <= survey.options.max_lines}
    inherent = {name for u in impls if not u.item.trait and (name := _foreign(u.item.self_type)) in fitting}
    imported = {
        name
        for name, found in survey.ground.scope.imported.items()
        if any(one.leaf.path[0] in {"crate", "self", "super"} for one in found)
    }
    own = inherent | {name for name in imported & fitting if blocks[name] > 1}
    traits = {_last(u.item.trait) for u in impls if u.item.trait and _foreign(u.item.self_type) in own}
    return frozenset(own if len(own) <= len(traits) else inherent)


def _made_by_macro(survey: Survey, item: Item, code: Sequence[Token], types: set[str]) -> tuple[str, str]:
    """Return what a macro's call is about, and the trait it implements, or else the macro's own name.

    It is about the one type of this file that its arguments name, or about the trait.
    """
    named = {token.name for token in code} & types
    traits = survey.macros.implemented(item.name or "") or frozenset()
    trait = next(iter(traits)) if len(traits) == 1 else ""
    home = named.pop() if len(named) == 1 else trait if trait in types else ""
    return home, trait or item.name or ""


def _foreign(self_type: str) -> str:
    names = [n for n in type_names(re.sub(r"\w+\s*::\s*", "", self_type)) if len(n) > 1]
    return names[0] if names else ""


def _last(trait: str) -> str:
    return trait.split("<", maxsplit=1)[0].rpartition("::")[2].strip(" !?")


def _frame(source: Source, unit: Unit) -> int:
    body = unit.item.body or (unit.item.start, unit.item.end)
    return source.text.count(b"\n", unit.item.lead, body[0]) + 3


def _sections(source: Source, units: Sequence[Unit]) -> dict[int, str]:
    """Return the section of each unit by index; a remark above a single one is no section.

    The heading of an impl block's documentation is the title of what is in it.
    """
    found: dict[int, str] = {}
    section: str | None = None
    for unit in units:
        if title := _heading(source, unit.item):
            found[unit.index] = title
            continue
        for item in dict.fromkeys((unit.item, unit.own)) if _is_first(units, unit) else (unit.own,):
            section = _title(source, item) or section
        if section is not None:
            found[unit.index] = section
    counts = Counter(found.values())
    return {index: title for index, title in found.items() if counts[title] > 1}


def _heading(source: Source, item: Item) -> str | None:
    documentation = source.text[item.lead : item.start].decode(errors="replace")
    title = heading(documentation) if item.kind == "impl" and not item.trait else None
    return None if (title or "").lower() in _RUSTDOC_SECTIONS else title


def _is_first(units: Sequence[Unit], unit: Unit) -> bool:
    return unit.index == 0 or units[unit.index - 1].item.start != unit.item.start


def _title(source: Source, item: Item) -> str | None:
    free = source.text[item.gap : item.lead].decode(errors="replace")
    own = source.text[item.lead : item.start].decode(errors="replace")
    return attached_banner(own) or banner(free)


def _tokens(source: Source, start: int, end: int) -> tuple[Token, ...]:
    everything = source.tokens
    first = bisect_left(everything, start, key=_start)
    return everything[first : bisect_left(everything, end, key=_start)]


def _start(token: Token) -> int:
    return token.start
