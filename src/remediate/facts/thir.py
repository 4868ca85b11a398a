"""Typed bodies (``-Zunpretty=thir-flat``): every call with what it resolves to, every expression's type."""

import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence

from remediate.facts.debug_text import (
    definition_path,
    inside,
    location,
    one_line,
    split_list,
    type_text,
)
from remediate.facts.model import Call, Definition, Form, Origin, Span, TargetFacts, UnreadableError
from remediate.facts.positions import Positions

_EXPRESSION = re.compile(r"^        Expr \{\n(.*?)^        \},$", re.MULTILINE | re.DOTALL)
_PARTS = re.compile(
    r"            kind: (\w+)((?: \{|\()\n.*?)^            ty: (.*?),\n            temp_scope_id: \d+,\n"
    r"            span: ([^\n]*),\n",
    re.MULTILINE | re.DOTALL,
)
_FUN = re.compile(r"^                fun: e(\d+),$", re.MULTILINE)
_FIRST_ARGUMENT = re.compile(r"^                args: \[\n                    e(\d+),$", re.MULTILINE)
_FN_SPAN = re.compile(r"^                fn_span: (.*),$", re.MULTILINE)
_LEFT = re.compile(r"^                lhs: e(\d+),$", re.MULTILINE)
_OPERAND = re.compile(r"^                (?:arg|source|value): e(\d+),$", re.MULTILINE)
_VALUE = re.compile(r"^                value: e(\d+),$", re.MULTILINE)
_CONSTANT = re.compile(r"^                def_id: (DefId\(.*\)),$", re.MULTILINE)
_ARGUMENTS = re.compile(r"^                args: \[(.*?)\],$", re.MULTILINE | re.DOTALL)
_GENERIC = re.compile(r"[^\[\]<>(){}&*]*/#\d+$|dyn \[")
_NAMES = """
    Adt Array Assign AssignOp Become Binary Block Borrow Box Break ByUse Call Cast Closure ConstBlock
    ConstContinue ConstParam Continue Deref Field If Index InlineAsm Let Literal LogicalOp Loop LoopMatch
    Match NamedConst NeverToAny NonHirLiteral OffsetOf PlaceTypeAscription PlaceUnwrapUnsafeBinder
    PointerCoercion RawBorrow Reborrow Repeat Return Scope StaticRef ThreadLocalRef Tuple Unary UpvarRef Use
    ValueTypeAscription ValueUnwrapUnsafeBinder VarRef WrapUnsafeBinder Yield ZstLiteral
"""
_KINDS = frozenset(_NAMES.split())
"""Every kind of expression there is in Rust 1.95: another one may be a call by another name."""
_CHOICE = "Match"
"""What ``?`` and ``.await`` become; its type is that of the whole."""
_ELSEWHERE = Span("", 0, 0)
"""Where the tokens of other crates' macros are."""


def read_thir(
    target: str, lines: Iterable[str], files: Mapping[str, bytes], typed: Container[str] | None = None
) -> TargetFacts:
    """Return what the typed bodies of one target tell.

    ``lines`` end with a line feed. Types are kept of the files in ``typed``, of all where it is None.

    Raises:
        UnreadableError: rustc printed something that this was not tried with.
    """
    positions = Positions(files)
    bodies: list[Definition] = []
    calls: list[Call] = []
    types: dict[str, dict[tuple[int, int], str]] = {}
    owners: dict[str, dict[int, str]] = {}
    for path, text in _bodies(lines):
        body = _Body(path, text, positions)
        bodies.append(body.definition)
        calls.extend(body.calls())
        for span, owner in body.accesses():
            owners.setdefault(span.file, {})[span.end] = owner
        for span, known in body.types():
            if typed is None or span.file in typed:
                types.setdefault(span.file, {}).setdefault((span.start, span.end), known)
    return TargetFacts(target, Origin.TYPED, tuple(bodies), tuple(calls), types, owners)


def _bodies(lines: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield each body's path and the text of its expressions."""
    path, kept, listing = "", list[str](), False
    for line in lines:
        if listing:
            if line.startswith("    ],"):
                yield path, "".join(kept)
                path, kept, listing = "", [], False
            else:
                kept.append(line)
        elif line.startswith("DefId("):
            path = definition_path(line.rstrip().removesuffix(":"))
        elif line.startswith("    exprs: ["):
            listing = True
    if listing or path:
        raise UnreadableError(f"the body of {path} does not end")


class _Expression:
    """One expression; a scope has the span and the type of what it holds."""

    __slots__ = ("kind", "made", "span", "text", "type", "written")

    def __init__(self, text: str, positions: Positions) -> None:
        parts = _PARTS.fullmatch(text)
        if parts is None or parts[1] not in _KINDS:
            raise UnreadableError(f"no expression: {one_line(text)[:200]}")
        self.kind, self.text, self.type, self.written = parts.groups()
        self.span, self.made = location(self.written, positions)

    @property
    def is_call(self) -> bool:
        """Whether it is written as a call. Its receiver's adjustments have its span and stand before it."""
        return self.kind == "Call" and "from_hir_call: true" in self.text

    @property
    def is_adjustment(self) -> bool:
        """Whether it is part of a dereference through ``Deref``."""
        return "::ops::deref::Deref" in (self.type if self.kind == "ZstLiteral" else self.text)

    def found(self, pattern: re.Pattern[str]) -> str:
        """Return what a field of this kind of expression holds."""
        match = pattern.search(self.text)
        if match is None:
            raise UnreadableError(f"no {pattern.pattern} in {self.kind} {one_line(self.text)[:200]}")
        return match[1]


class _Body:
    def __init__(self, path: str, text: str, positions: Positions) -> None:
        self._all = [_Expression(m[1], positions) for m in _EXPRESSION.finditer(text)]
        if not self._all:
            raise UnreadableError(f"no expressions in {path}")
        whole = self._all[-1]
        self.definition = Definition(path, "body", None if whole.made else whole.span)
        self._plain: dict[str, _Expression] = {}
        for one in self._all:
            if one.is_call or (one.made and one.kind == _CHOICE):
                self._plain[one.written] = one
            elif one.kind != "Scope" and not one.is_adjustment:
                self._plain.setdefault(one.written, one)

    def types(self) -> Iterator[tuple[Span, str]]:
        """Yield the type of each span's expression before any coercion."""
        for one in self._plain.values():
            if one.span is not None and (not one.made or one.kind == _CHOICE):
                yield one.span, type_text(one.type)

    def accesses(self) -> Iterator[tuple[Span, str]]:
        """Yield each expression that reads or writes a field, with the type that has the field."""
        for one in self._all:
            if one.kind == "Field" and one.span is not None and not one.made:
                yield one.span, type_text(self._unscoped(one.found(_LEFT)).type)

    def calls(self) -> Iterator[Call]:
        called = set()
        for one in self._all:
            if one.kind == "Call":
                function = self._unscoped(one.found(_FUN))
                called.add(function)
                if function.type.startswith("FnDef("):
                    yield self._call(one, function)
        for one in self._all:
            if one.kind == "ZstLiteral" and one.type.startswith("FnDef(") and one not in called:
                yield self._resolved(one, one, Form.VALUE, *_function(one.type))
            elif one.kind == "NamedConst":
                path, arguments = definition_path(one.found(_CONSTANT)), one.found(_ARGUMENTS)
                yield self._resolved(one, one, Form.CONSTANT, path, split_list(one_line(arguments)))

    def _unscoped(self, index: str) -> _Expression:
        one = self._all[int(index)]
        while one.kind == "Scope":
            one = self._all[int(one.found(_VALUE))]
        return one

    def _call(self, one: _Expression, function: _Expression) -> Call:
        path, arguments = _function(function.type)
        if "from_hir_call: false" in one.text:
            return self._resolved(one, function, Form.IMPLICIT, path, arguments)
        if one.found(_FN_SPAN) == one.written:
            return self._resolved(one, function, Form.PATH, path, arguments)
        return self._resolved(one, function, Form.METHOD, path, arguments, self._receiver(one))

    def _receiver(self, call: _Expression) -> str:
        """Return the type of a method's receiver; adjustments of it have the span of the call.

        In what a procedural macro made, all may have the span of the macro: there it ends with a variable.
        """
        one = self._unscoped(call.found(_FIRST_ARGUMENT))
        while one.written == call.written:
            held = (_FIRST_ARGUMENT if one.kind == "Call" else _OPERAND).search(one.text)
            if held is None:
                return type_text(one.type)
            one = self._unscoped(held[1])
        return type_text(self._plain.get(one.written, one).type)

    def _resolved(  # noqa: PLR0913, PLR0917 - the parts of a call
        self,
        one: _Expression,
        named: _Expression,
        form: Form,
        path: str,
        arguments: Sequence[str],
        receiver: str = "",
    ) -> Call:
        return Call(
            callee=Definition(path),
            trait=_trait(path, form),
            span=one.span or _ELSEWHERE,
            name=named.span or _ELSEWHERE,
            form=form,
            arguments=tuple(type_text(a) for a in arguments if not a.startswith("'")),
            receiver=receiver,
            result=type_text(one.type),
            body=self.definition,
            expanded=one.made or named.made or one.span is None,
            generic_self=bool(arguments) and _GENERIC.match(arguments[0]) is not None,
        )


def _function(text: str) -> tuple[str, list[str]]:
    """Return the path and the generic arguments of ``FnDef(DefId(..), [..])``."""
    path, arguments = split_list(inside(one_line(text), len("FnDef"))[0])
    return definition_path(path), split_list(arguments[1:-1])


def _trait(path: str, form: Form) -> str | None:
    """Return the trait that a callee belongs to.

    A method is an impl's or a trait's. Of what is called by its path, modules and traits are told apart by
    the case of their names, as rustc's own lints want it.
    """
    parent = path.rpartition("::")[0]
    owner = parent.rpartition("::")[2]
    if owner.startswith("{") or path.endswith("}"):
        return None
    return parent if form is Form.METHOD or owner[:1].isupper() else None
