"""What is known of a workspace: its texts, their syntax, and what the compiler says of them."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from typing import TypeVar, cast

from remediate.audit.scan.scopes import Scopes
from remediate.audit.tree import is_test_path
from remediate.codemods.replace_block_on.options import BlockingOptions
from remediate.facts.model import UNKNOWN, Call, Definition, Form
from remediate.facts.query import Facts
from remediate.model import Skip
from remediate.rust.codebase import Codebase
from remediate.rust.modules.manifest import is_published, manifest
from remediate.rust.package import LIBRARIES, Deriving, Package
from remediate.rust.syntax.bodies import Function, function_at, functions, last_name
from remediate.rust.syntax.outline import Outline
from remediate.rust.syntax.source import Source

_T = TypeVar("_T")


@dataclass(frozen=True)
class Known(Deriving):
    """A workspace with its facts.

    Attributes:
        facts: By package name; a package that is missing is not known.
        refused: The functions that the compiler refused to have async, by their ``identity``, and why.
    """

    codebase: Codebase
    facts: Mapping[str, Facts]
    options: BlockingOptions
    refused: Mapping[str, Skip] = field(default_factory=dict)

    def refusing(self, refused: Mapping[str, Skip]) -> "Known":
        """Return the same with more functions refused; what was found out besides is not found out again."""
        other = replace(self, refused={**self.refused, **refused})
        own = {one.name for one in fields(self)}
        other.__dict__.update({name: found for name, found in self.__dict__.items() if name not in own})
        return other

    @cached_property
    def rust_files(self) -> tuple[str, ...]:
        """The paths of the workspace's Rust files, sorted."""
        return tuple(sorted(path for path in self.codebase.files if path.endswith(".rs")))

    def source(self, path: str) -> Source:
        """Return a file parsed."""
        return self.codebase.home(path).source(path)

    def outline(self, path: str) -> Outline:
        """Return a file's outline; the same object every time."""
        package = self.codebase.package_of(path)
        memory = self._outlines if package is None else package.derived(_outlines)
        if path not in memory:
            memory[path] = Outline(self.codebase.files[path])
        return memory[path]

    def functions(self, path: str) -> tuple[Function, ...]:
        """Return every function of a file, in its order."""
        memory = self.memory(functions)
        if path not in memory:
            memory[path] = functions(self.source(path))
        return memory[path]

    def facts_at(self, path: str) -> Facts:
        """Return what is known of the package that a file belongs to."""
        package = self.codebase.package_of(path)
        return self.facts.get(package.name, _NOTHING) if package is not None else _NOTHING

    def calls_named(self, path: str, offset: int) -> tuple[Call, ...]:
        """Return the calls whose callee is named at a byte; operators and what else is implied are none."""
        found = self.facts_at(path).calls_named(path, offset)
        return tuple(call for call in found if call.form is not Form.IMPLICIT)

    def callers_of(self, function: str) -> tuple[Call, ...]:
        """Return every known call and mention of a function, in whichever package."""
        names = self.names_of(function)
        found = [f.callers_of(Definition(name)) for f in self.facts.values() for name in names]
        calls = {call: None for some in found if some is not UNKNOWN for call in some}
        return tuple(sorted(calls, key=lambda call: call.span))

    def callers_through(self, function: str) -> tuple[Call, ...]:
        """Return ``callers_of`` a function and, of one that implements a trait's, who may call it by that."""
        _, found = self.written(function) or ("", None)
        calls = self.callers_of(function)
        if found is None or found.owner != "trait impl":
            return calls
        methods = self._trait_methods.get((found.trait_name, found.name), set())
        if len(methods) != 1:
            return calls
        (method,) = methods
        own = re.compile(rf"\b{re.escape(found.type_name)}\b")
        is_own = self.declared(method) is not None
        through = (
            call
            for call in self.callers_of(method)
            if (is_own and call.generic_self) or (call.arguments and own.search(call.arguments[0]))
        )
        return tuple(sorted({*calls, *through}, key=lambda call: call.span))

    @cached_property
    def _trait_methods(self) -> dict[tuple[str, str], set[str]]:
        """The paths of the methods of traits that are called, by the names of trait and method."""
        found: dict[tuple[str, str], set[str]] = {}
        for facts in self.facts.values():
            for call in (c for target in facts.targets for c in target.calls):
                if call.trait is not None:
                    found.setdefault((last_name(call.trait), call.callee.name), set()).add(call.callee.path)
        return found

    def function_of(self, path: str, offset: int) -> str:
        """Return rustc's path of the function around a byte, "" where it is not known."""
        body = self.facts_at(path).body_at(path, offset)
        return "" if body is UNKNOWN else body.function.path

    def written(self, function: str) -> tuple[str, Function] | None:
        """Return where a function of the workspace is written, by its path; None if nowhere, or twice."""
        spans = self._bodies.get(function, frozenset())
        if len(spans) != 1:
            return None
        path, start = next(iter(spans))
        found = function_at(self.source(path), start + 1)
        return None if found is None else (path, found)

    def declared(self, function: str) -> tuple[str, Function] | None:
        """Return as ``written``; also a method that only a trait declares, where one package tells of it."""
        found = self.written(function)
        spans = (facts.located(Definition(function)).span for facts in self.facts.values() if not found)
        where = {span for span in spans if span is not None}
        if len(where) != 1:
            return found
        span = where.pop()
        inside = function_at(self.source(span.file), span.end - 1)
        return None if inside is None or inside.name != last_name(function) else (span.file, inside)

    def names_of(self, function: str) -> tuple[str, ...]:
        """Return all paths of the code that a path leads to: a file may be part of several crates."""
        spans = self._bodies.get(function, frozenset())
        return tuple(sorted({function, *(name for span in spans for name in self._at[span])}))

    def line(self, path: str, offset: int) -> int:
        """Return the line of a byte."""
        return self.codebase.files[path].count(b"\n", 0, offset) + 1

    def location(self, path: str, offset: int) -> str:
        """Return a byte's path and line, as a person would write them."""
        return f"{path}:{self.line(path, offset)}"

    def in_tests(self, path: str, offset: int) -> bool:
        """Whether only test builds, or examples and benchmarks, hold the code at a byte."""
        memory = self.memory(Scopes)
        if path not in memory:
            memory[path] = Scopes(self.outline(path))
        return is_test_path(path) or memory[path].covers(offset)

    def is_public(self, path: str, function: Function) -> bool:
        """Whether a function may be part of a published crate's API, which is to stay as it is."""
        return not self.options.public_api and self.is_api(path, function)

    def is_api(self, path: str, function: Function) -> bool:
        """Whether a function may be part of the API of a crate that is published."""
        return function.visibility == "pub" and self.is_exported(path)

    def is_exported(self, path: str) -> bool:
        """Whether a file is part of a library that is published."""
        package = self.codebase.home(path)
        library = any(LIBRARIES & set(target.kinds) for target in package.targets)
        return library and is_published(package)

    def memory(self, function: "Callable[..., _T]") -> dict[object, _T]:
        """Return where the answers of a function are kept, by what it was asked."""
        return cast("dict[object, _T]", self._memories.setdefault(function, {}))

    @cached_property
    def _memories(self) -> "dict[Callable[..., object], dict[object, object]]":
        return {}

    @cached_property
    def blocked_by_tokio(self) -> tuple[Call, ...]:
        """Every call of ``block_on`` that is tokio's own, in whichever package."""
        calls = (call for facts in self.facts.values() for target in facts.targets for call in target.calls)
        return tuple(
            call for call in calls if call.callee.name == "block_on" and call.callee.crate == "tokio"
        )

    @cached_property
    def _outlines(self) -> dict[str, Outline]:
        return {}

    def structs(self, name: str) -> tuple[str, ...]:
        """Return what each struct of this name in the workspace holds, as written behind the name."""
        return tuple(
            text for package in self.codebase.packages for text in package.derived(_structs).get(name, ())
        )

    @cached_property
    def _at(self) -> dict[tuple[str, int], list[str]]:
        """The paths of the functions whose body begins at a byte: the crates that a file is a part of."""
        found: dict[tuple[str, int], list[str]] = {}
        for name, spans in self._bodies.items():
            for span in spans:
                found.setdefault(span, []).append(name)
        return found

    @cached_property
    def _bodies(self) -> dict[str, frozenset[tuple[str, int]]]:
        """Where the body of each function begins, by the function's path."""
        found: dict[str, set[tuple[str, int]]] = {}
        for facts in self.facts.values():
            for definition in (d for target in facts.targets for d in target.bodies):
                if definition.span is not None and definition.function == definition:
                    found.setdefault(definition.path, set()).add(
                        (definition.span.file, definition.span.start)
                    )
        return {path: frozenset(spans) for path, spans in found.items()}


def identity(path: str, function: Function) -> str:
    """Return what tells a function from others: a trait's method is one, with all that implement it."""
    trait = function.trait_name
    return f"{trait}::{function.name}" if trait else f"{path}:{function.keyword}"


def called(call: Call) -> bool:
    """Whether it is a call that stands in the source, not a mention and nothing a macro makes."""
    return call.form in {Form.METHOD, Form.PATH} and not call.expanded


def _outlines(_: Package) -> dict[str, Outline]:
    return {}


def _structs(package: Package) -> dict[str, list[str]]:
    """Return what the structs of a package hold, by their name."""
    found: dict[str, list[str]] = {}
    outlines = package.derived(_outlines)
    for path in package.rust_files:
        outline = outlines.setdefault(path, Outline(package.files[path]))
        for match in _STRUCT.finditer(outline.code):
            found.setdefault(match[1].decode(), []).append(match[2].decode(errors="replace"))
    return found


def users_of(codebase: Codebase, package: Package) -> tuple[Package, ...]:
    """Return a package with all that may use it, told by the names in their manifests; that one first."""
    found = [package]
    for known in found:
        name = known.name.encode()
        found += [p for p in codebase.packages if name in manifest(p) and p not in found]
    return tuple(found)


def executors_of(codebase: Codebase, package: Package) -> tuple[Package, ...]:
    """Return the other packages of the workspace that a package asks for and that define a ``block_on``."""
    asked = (p for p in codebase.packages if p is not package and p.name.encode() in manifest(package))
    return tuple(p for p in asked if any(_EXECUTOR.search(p.files[path]) for path in p.rust_files))


_EXECUTOR = re.compile(rb"\bfn\s+block_on\b")
_NOTHING = Facts()
_STRUCT = re.compile(rb"\bstruct\s+(\w+)([^;{]*(?:;|\{[^{}]*\}))")


def known(codebase: Codebase, options: BlockingOptions) -> Known:
    """Return a workspace with what the compiler was found to know of it."""
    return Known(codebase, {package.name: package.facts for package in codebase.packages}, options)
