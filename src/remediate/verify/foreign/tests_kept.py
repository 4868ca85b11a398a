"""The gate "tests kept": every test is still there, token for token, and nothing keeps it from running.

Beside the runs, which show that the same tests end as before: a test whose assertion is weaker ends as before
as well. New tests, and what they need, may be added where no test that exists can mean them. An ignored test
that waits for what is asked may be enabled: its ``#[ignore]`` goes, and its body is written.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from remediate.audit.scan.scopes import is_test
from remediate.edits import Change
from remediate.model import WaitingTest
from remediate.rust.codebase import Codebase
from remediate.rust.modules.module import items_of
from remediate.rust.modules.module_tree import module_tree
from remediate.rust.package import Package
from remediate.rust.syntax.cfg import predicates, requires_test
from remediate.rust.syntax.items import Item, children, inner_attributes, items
from remediate.rust.syntax.lexer import TokenKind, tokens
from remediate.rust.syntax.source import Source
from remediate.rust.syntax.use_tree import leaves, use_tree

_MOST_SHOWN = 5
_WORD = re.compile(rb"[A-Za-z_]\w*")
_FENCE = re.compile(rb"^[ \t]*(?:///|//!|\*)?[ \t]*(`{3,}|~{3,})", re.MULTILINE)
_ASSERTIONS = frozenset(
    {"assert", "assert_eq", "assert_ne", "matches", "panic", "debug_assert", "unreachable"}
)


@dataclass(frozen=True, slots=True)
class _Part:
    """A piece of test code: an item, the head of a module, or a file's inner attributes.

    Attributes:
        where: The file, and the modules in it.
        kind, name: As ``Item``; a test is of the kind "test".
        code: Its tokens, comments left out.
    """

    where: str
    kind: str
    name: str
    code: tuple[bytes, ...]


def is_reserved(item: Item) -> bool:
    """Whether an item is there for tests alone."""
    return requires_test(predicates(item.attributes)) or (
        item.kind == "fn" and any(map(is_test, item.attributes))
    )


def lost_tests(before: Codebase, after: Codebase, change: Change, waiting: Sequence[WaitingTest] = ()) -> str:
    """Return what of the test code is gone, altered, or hidden by what was added; "" if nothing is."""
    paths = {*change.originals(), *change.creations, *change.moves.values()}
    old, new = (Counter(_parts(side, paths)) for side in (before, after))
    enabled = {
        part: (test, _same_place(part, new - old))
        for test in waiting
        for part in old - new
        if _is(part, test)
    }
    said = {
        part: _not_enabled(part, *enabled[part]) if part in enabled else "is gone or not what it was"
        for part in old - new
    }
    told = [f"{_called(part)} {why}" for part, why in said.items() if why]
    allowed = {now for _, now in enabled.values()}
    words = {word for part in old for token in part.code for word in _WORD.findall(token)}
    known = {part.where for part in old}
    told += [
        f"{_called(part)} may hide what a test means"
        for part in new - old
        if part.where in known and part not in allowed and _hides(part, words)
    ]
    told += _examples(before, after, paths)
    told += _macros(before, after, paths, words)
    return _told(told)


def test_names(package: Package) -> frozenset[str]:
    """Return the harness's names of a package's tests, as far as plain syntax tells them."""
    return frozenset({*names_of_tests(package, ignored=False), *names_of_tests(package, ignored=True)})


def names_of_tests(package: Package, *, ignored: bool) -> frozenset[str]:
    """Return the names of the tests that have ``#[ignore]``, or of those that have none."""
    found = set()
    for module in module_tree(package).modules:
        source = package.source(module.file)
        tests = (
            i
            for i in items_of(source, module)
            if i.kind == "fn"
            and any(map(is_test, i.attributes))
            and ignored is any(a.path == "ignore" for a in i.attributes)
        )
        found |= {"::".join([*module.path[1:], item.name]) for item in tests if item.name}
    return frozenset(found)


def _parts(codebase: Codebase, paths: set[str]) -> Iterator[_Part]:
    for path in sorted(p for p in paths if p.endswith(".rs") and p in codebase.files):
        source = Source(path, codebase.files[path])
        whole = _is_test_file(codebase, path)
        if whole:
            yield from _attributes(source, path, None)
        yield from _in(source, items(source), path, test=whole)


def _in(source: Source, found: tuple[Item, ...], where: str, *, test: bool) -> Iterator[_Part]:
    for item in found:
        reserved = test or is_reserved(item)
        inline = item.kind == "mod" and item.body is not None
        if inline:
            inside = f"{where}::{item.name}"
            if reserved and item.body is not None:
                yield _Part(where, "mod", item.name or "", _code(source, item.lead, item.body[0]))
                yield from _attributes(source, inside, item)
            yield from _in(source, children(source, item), inside, test=reserved)
        elif reserved:
            kind = "test" if item.kind == "fn" and any(map(is_test, item.attributes)) else item.kind
            yield _Part(where, kind, item.name or "", _code(source, item.lead, item.end))


def _attributes(source: Source, where: str, item: Item | None) -> Iterator[_Part]:
    for one in inner_attributes(source, item):
        yield _Part(where, "attribute", one.path, _code(source, one.start, one.end))


def _is_test_file(codebase: Codebase, path: str) -> bool:
    package = codebase.package_of(path)
    modules = module_tree(package).of_file(path) if package else ()
    return bool(modules) and all(
        requires_test(m.cfg) or all({"test", "bench"} & set(t.kinds) for t in m.targets) for m in modules
    )


def _hides(part: _Part, words: set[bytes]) -> bool:
    """Whether new test code has a name that tests mention already, and which they may now mean."""
    if part.kind == "use":
        text = b" ".join(part.code)
        return any(leaf.glob or leaf.name.encode() in words for leaf in leaves(use_tree(text, 0, len(text))))
    if part.kind == "attribute":
        return True
    if part.kind in {"macro", "error", "extern crate"}:
        return True
    return part.name.encode() in words or part.name in _ASSERTIONS


def _is(part: _Part, test: WaitingTest) -> bool:
    return (part.kind, part.name, part.where.partition("::")[0]) == ("test", test.name, test.path)


def _same_place(part: _Part, found: Iterable[_Part]) -> _Part | None:
    """Return the part that stands where another did, under its name."""
    named = (part.where, part.kind, part.name)
    return next((one for one in found if (one.where, one.kind, one.name) == named), None)


def _not_enabled(part: _Part, test: WaitingTest, now: _Part | None) -> str:
    """Return why a test that waited may not be as it is now; "" where it was enabled as is allowed."""
    if now is None:
        return "is gone"
    head, body = _cut(now.code)
    if b"ignore" in head:
        return "was changed and is still ignored"
    if head != _unignored(_cut(part.code)[0]):
        return "lost more than its #[ignore], or gained something, in front of its body"
    called = {name for name, next_ in pairwise(body) if next_ in {b"(", b"::", b"!"}}
    if test.function.rpartition("::")[2].encode() not in called:
        return f"does not call {test.function}, for which it waited"
    if not called & {name.encode() for name in _ASSERTIONS}:
        return "asserts nothing"
    return ""


def _cut(code: tuple[bytes, ...]) -> tuple[tuple[bytes, ...], tuple[bytes, ...]]:
    """Return what stands before a function's body, and the body."""
    at = code.index(b"{") if b"{" in code else len(code)
    return code[:at], code[at:]


def _unignored(head: tuple[bytes, ...]) -> tuple[bytes, ...]:
    """Return the head of a test without its ``#[ignore]``, which has no brackets inside."""
    at = head.index(b"ignore") if b"ignore" in head else 0
    if head[max(0, at - 2) : at] != (b"#", b"["):
        return head
    return head[: at - 2] + head[head.index(b"]", at) + 1 :]


def _examples(before: Codebase, after: Codebase, paths: set[str]) -> Iterator[str]:
    """Yield that examples of the documentation are gone: they are tests too."""
    old, new = (Counter(_blocks(side, paths)) for side in (before, after))
    for block in old - new:
        first = next((line.strip(" /!*") for line in block.splitlines()[1:]), "")
        yield f"an example of the documentation is gone or not what it was ({first[:60]!r})"


def _blocks(codebase: Codebase, paths: set[str]) -> Iterator[str]:
    for path in sorted(p for p in paths if p.endswith(".rs") and p in codebase.files):
        doc = [
            token.text
            for token in Source(path, codebase.files[path]).tokens
            if token.kind is TokenKind.COMMENT and token.text.startswith((b"///", b"//!", b"/**", b"/*!"))
        ]
        text = b"\n".join(line.strip() for comment in doc for line in comment.splitlines())
        marks = list(_FENCE.finditer(text))
        for start, end in zip(marks[::2], marks[1::2], strict=False):
            yield text[start.start() : end.end()].decode(errors="replace")


def _macros(before: Codebase, after: Codebase, paths: set[str], words: set[bytes]) -> Iterator[str]:
    """Yield the new macros, made or imported anywhere, that have the name of one that tests may call."""
    old, new = (set(_defined(side, paths)) for side in (before, after))
    for name in sorted(new - old):
        if name.encode() in words or name in _ASSERTIONS:
            yield f"the new macro {name}! may be what tests call"


def _defined(codebase: Codebase, paths: set[str]) -> Iterator[str]:
    for path in sorted(p for p in paths if p.endswith(".rs") and p in codebase.files):
        stream = [t.text for t in tokens(codebase.files[path]) if t.kind is not TokenKind.COMMENT]
        for index, word in enumerate(stream[:-2]):
            if word == b"macro_rules" and stream[index + 1] == b"!":
                yield stream[index + 2].decode(errors="replace")
        source = Source(path, codebase.files[path])
        for item in (item for item in items(source) if item.kind == "use"):
            bound = {leaf.name for leaf in leaves(use_tree(source.text, item.start, item.end))}
            yield from bound & _ASSERTIONS


def _code(source: Source, start: int, end: int) -> tuple[bytes, ...]:
    return tuple(t.text for t in tokens(source.text, start, end) if t.kind is not TokenKind.COMMENT)


def _called(part: _Part) -> str:
    return f"{part.where}: {part.kind} {part.name}".rstrip()


def _told(found: list[str]) -> str:
    more = f"; and {len(found) - _MOST_SHOWN} more" if len(found) > _MOST_SHOWN else ""
    return "; ".join(sorted(found)[:_MOST_SHOWN]) + more
