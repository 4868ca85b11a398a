"""The gate "constraints": what audits forbid in code does not grow in the files a change touches.

Counted over all touched files together, so that code may move from one to the other. Purely by tokens: what
stands in a string or a comment is no code. A project's own constraints, those of its audit and of its
configuration, are held one by one, each breach with its line.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from remediate.audit.constraints import CHECKED, Constraint
from remediate.audit.scan.settings import matches
from remediate.edits import Change
from remediate.gates import Gate, GateResult, failed, passed
from remediate.quantities import quantity
from remediate.rust.codebase import Codebase
from remediate.rust.modules.module_tree import module_tree
from remediate.rust.syntax.cfg import requires_test
from remediate.rust.syntax.lexer import Token, TokenKind, tokens

if TYPE_CHECKING:
    from remediate.verify.text.constraint_uses import Use

Texts = Mapping[str, bytes | None]
DEFAULT_LIMIT = 300
_GATE = "constraints"
_METHODS = {b"unwrap", b"expect", b"block_on", b"lock", b"unwrap_unchecked"}
_FUNCTIONS = {b"block_on", b"block_in_place", b"spawn_blocking"}
_DECLARABLE = {".block_on()", ".lock()", "block_on()", ".unwrap()"}
_MACROS = {b"todo", b"unimplemented", b"panic", b"unreachable", b"dbg"}


@dataclass(frozen=True, slots=True)
class Side:
    """The touched files before a change, or after it.

    Attributes:
        texts: By path; None for one that is not there.
        tests: The files that are test code as a whole: their module needs ``cfg(test)``.
    """

    texts: Texts
    tests: frozenset[str] = frozenset()

    @classmethod
    def of(cls, codebase: Codebase, paths: Collection[str]) -> "Side":
        """Return the side of some files of a codebase."""
        tests = frozenset(path for path in paths if _is_test_file(codebase, path))
        return cls({path: codebase.files.get(path) for path in paths}, tests)


def constraints(
    before: Mapping[str, bytes | None],
    after: Mapping[str, bytes | None],
    declared: Mapping[str, Mapping[str, int]] = MappingProxyType({}),
) -> GateResult:
    """Compare how often each forbidden construct stands in the touched files.

    ``declared`` are those that a change adds on purpose, by path; only calls that block, what makes the
    runtime for them, and the `lock` that is awaited instead of its blocking twin can be.
    """
    meant: Counter[str] = Counter()
    for path in declared:
        meant.update({name: n for name, n in declared[path].items() if name in _DECLARABLE})
    grown = _counted(after) - _counted(before)
    undeclared = grown - meant
    if undeclared:
        words = ", ".join(f"{count} more {name}" for name, count in sorted(undeclared.items()))
        return failed(_GATE, f"the change adds {words}")
    if grown:
        words = ", ".join(f"{count} {name}" for name, count in sorted(grown.items()))
        return passed(_GATE, f"no more of what audits forbid, but as declared at callers: {words}")
    return passed(_GATE, "no more unsafe, unwrap, expect, panic, placeholder, blocking call or lock")


def breaches(
    demanded: Sequence[Constraint], before: Side, after: Side, *, by_item: bool = False
) -> Iterator[str]:
    """Yield how a change breaks constraints: one sentence for each, with the lines that it adds.

    ``by_item`` is whether an occurrence may not move from one item to another: for changes that move nothing.
    Constraints without a check are passed over.
    """
    for one in demanded:
        if one.name == "file-size":
            yield from _grown_files(one, before.texts, after.texts)
        elif one.name:
            grown = _grown(list(_uses(one, before)), list(_uses(one, after)), by_item=by_item)
            if grown:
                shown = "; ".join(map(str, grown[:5]))
                more = f"; and {len(grown) - 5} more" if len(grown) > 5 else ""
                yield f"{one.name}: {quantity(len(grown), 'occurrence')} more: {shown}{more}"


def gate(demanded: Sequence[Constraint], *, by_item: bool = False) -> Gate:
    """Return the gate that holds a change to constraints; what it covers says how they were understood."""

    def check(before: Codebase, after: Codebase, change: Change) -> str:
        touched = {*change.originals(), *change.result(before.files)}
        return "; ".join(
            breaches(demanded, Side.of(before, touched), Side.of(after, touched), by_item=by_item)
        )

    return Gate("project constraints", check, understood(demanded))


def understood(demanded: Sequence[Constraint]) -> str:
    """Return what is checked of the constraints, and what is not, in one sentence."""
    checked = ", ".join(str(one) for one in demanded if one.name in CHECKED) or "none"
    unchecked = [repr(one.text) for one in demanded if not one.name]
    if any(one.name == "no-allocation" and not one.paths for one in demanded):
        checked += " (no-allocation only in modules that say `// remediate: no-allocation`)"
    rest = f"; not checked: {', '.join(unchecked)}" if unchecked else ""
    return f"{checked}{rest}"


def _is_test_file(codebase: Codebase, path: str) -> bool:
    package = codebase.package_of(path)
    modules = module_tree(package).of_file(path) if package and path.endswith(".rs") else ()
    return bool(modules) and all(requires_test(module.cfg) for module in modules)


def _uses(one: Constraint, side: Side) -> "Iterator[Use]":
    from remediate.verify.text.constraint_uses import is_marked, uses  # noqa: PLC0415 - only where demanded

    for path, text in side.texts.items():
        if text is None or not path.endswith(".rs"):
            continue
        marked = one.name == "no-allocation" and is_marked(text)
        everywhere = not one.paths and one.name != "no-allocation"
        if everywhere or marked or matches(one.paths, path):
            yield from uses(one.name, path, text, test=path in side.tests)


def _grown(before: "Sequence[Use]", after: "Sequence[Use]", *, by_item: bool) -> "list[Use]":
    """Return the occurrences that are too many, those on new lines first."""

    def key(use: "Use") -> tuple[str, ...]:
        return (use.construct, use.path, use.item) if by_item else (use.construct,)

    old, lines = Counter(map(key, before)), Counter(use.text for use in before)
    found: list[Use] = []
    for kind, count in (Counter(map(key, after)) - old).items():
        own = [use for use in after if key(use) == kind]
        own.sort(key=lambda use: (lines[use.text] > 0, use.line))
        # A line that stood in the files before has moved with its item, whatever that is called now.
        found += [use for use in own[:count] if not (by_item and lines[use.text])]
    return sorted(found, key=lambda use: (use.path, use.line))


def _grown_files(one: Constraint, before: Texts, after: Texts) -> Iterator[str]:
    """Yield the files over the limit, where all together are further over it than before."""
    limit = one.limit or DEFAULT_LIMIT
    old, new = (
        {
            path: text.count(b"\n") + (not text.endswith(b"\n"))
            for path, text in side.items()
            if text and path.endswith(".rs") and (not one.paths or matches(one.paths, path))
        }
        for side in (before, after)
    )
    if sum(max(0, n - limit) for n in new.values()) > sum(max(0, n - limit) for n in old.values()):
        over = ", ".join(f"{p}: {n} lines" for p, n in sorted(new.items()) if n > max(limit, old.get(p, 0)))
        yield f"file-size: over {limit} lines: {over}"


def _counted(files: Mapping[str, bytes | None]) -> Counter[str]:
    found: Counter[str] = Counter()
    for path, text in files.items():
        if text is not None and path.endswith(".rs"):
            found.update(_constructs(text))
    return found


@lru_cache(maxsize=128)
def _constructs(text: bytes) -> tuple[str, ...]:
    code = [token for token in tokens(text) if token.kind != TokenKind.COMMENT]
    return tuple(name for i, token in enumerate(code) if (name := _construct(code, i, token)))


def _construct(code: list[Token], index: int, token: Token) -> str:
    before = code[index - 1].text if index else b""
    after = code[index + 1].text if index + 1 < len(code) else b""
    name = token.text.decode(errors="replace")
    if token.text == b"unsafe":
        return name
    if token.text in _METHODS and before == b"." and after == b"(":
        return f".{name}()"
    if token.text in _FUNCTIONS and before != b"fn" and after == b"(":
        return f"{name}()"
    return f"{name}!" if token.text in _MACROS and after == b"!" else ""
