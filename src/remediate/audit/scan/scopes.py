"""Which parts of a file only a test build holds, and where its tests are."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from remediate.rust.syntax.attributes import Attribute
from remediate.rust.syntax.cfg import predicates, requires_test, resolved
from remediate.rust.syntax.items import Item, children, items
from remediate.rust.syntax.outline import Outline, attributes, behind_attributes, frames, statement_end
from remediate.rust.syntax.source import Source

_MAYBE = re.compile(rb"#\s*!?\s*\[[^\]]*(?:test|bench|quickcheck)")
_MOD = re.compile(rb"(?:pub(?:\s*\([^)]*\))?\s+)?(?:unsafe\s+)?mod\s+(?:r#)?([\w\x80-\xff]+)")
_FN = re.compile(rb"fn(?<!\wfn)\s+(?:r#)?([\w\x80-\xff]+)")
_WORDS = (b"test", b"bench", b"quickcheck")
_MAYBE_TESTS = re.compile(rb"\btest\b|_test\b|\btest_|rstest|test_case|quickcheck|proptest")
_TEST_ATTRIBUTES = {"test", "rstest", "test_case", "quickcheck", "bench", "wasm_bindgen_test", "test_log"}


@dataclass(frozen=True, slots=True)
class TestItem:
    """An item that its attributes reserve for test builds.

    Attributes:
        start: Where the first of its attributes begins.
        own: Where the item itself begins.
        end: Behind its last byte.
        kind: "mod" (inline), "fn" (a test function), "decl" (``mod x;``) or "other".
        name: The declared name, "" for "other".
    """

    start: int
    own: int
    end: int
    kind: str
    name: str


@dataclass(frozen=True)
class Scopes:
    """The test code of one file."""

    outline: Outline

    @cached_property
    def items(self) -> tuple[TestItem, ...]:
        """Every item under a test attribute, in order, nested ones included."""
        if not any(word in self.outline.code for word in _WORDS):
            return ()
        return tuple(self._items())

    @cached_property
    def whole_file(self) -> bool:
        """Whether the file says ``#![cfg(test)]``."""
        code = self.outline.code
        if b"cfg" not in code[: code.find(b"{") if b"{" in code else len(code)]:
            return False
        own = behind_attributes(code, 0, len(code))
        inner = [a for a in attributes(self.outline, 0, own) if a.inner]
        return requires_test(predicates(inner))

    def covers(self, offset: int) -> bool:
        """Whether only a test build holds the code at an offset."""
        index = bisect_right(self._starts, offset) - 1
        return self.whole_file or (index >= 0 and offset < self._spans[index][1])

    @cached_property
    def _spans(self) -> list[tuple[int, int]]:
        """Outermost test items."""
        found: list[tuple[int, int]] = []
        for item in self.items:
            if not found or item.start >= found[-1][1]:
                found.append((item.start, item.end))
        return found

    @cached_property
    def _starts(self) -> list[int]:
        return [start for start, _ in self._spans]

    def _items(self) -> Iterator[TestItem]:
        code, done = self.outline.code, 0
        for match in _MAYBE.finditer(code):
            start = match.start()
            if start < done:
                continue
            own = done = behind_attributes(code, start, len(code))
            found = attributes(self.outline, start, own)
            outer = [a for a in found if not a.inner]
            if outer and _reserves(outer):
                yield self._item(start, own, any(map(is_test, outer)))

    def _item(self, start: int, own: int, tested: bool) -> TestItem:  # noqa: FBT001
        code = self.outline.code
        brace = statement_end(code, own)
        opens = code[brace : brace + 1] == b"{"
        end = self.outline.blocks.close_of(brace) + 1 if opens else brace + 1
        head = code[own:brace]
        if tested and (name := _FN.search(head)):
            return TestItem(start, own, end, "fn", name[1].decode(errors="replace"))
        if module := _MOD.match(head):
            kind = "mod" if opens else "decl"
            return TestItem(start, own, end, kind, module[1].decode(errors="replace"))
        return TestItem(start, own, end, "other", "")


def _reserves(found: list[Attribute]) -> bool:
    return any(map(is_test, found)) or requires_test(predicates(found))


def embedded(scopes: Scopes) -> Iterator[TestItem]:
    """Yield the inline test modules and the test functions outside of them, at module level."""
    done = 0
    for item in scopes.items:
        if item.start < done or item.kind not in ("mod", "fn"):
            continue
        if all(f.kind == "mod" for f in frames(scopes.outline, item.start)):
            yield item
            done = item.end


def never_run(scopes: Scopes) -> Iterator[TestItem]:
    """Yield the test functions inside of a function body or a constant: the harness never sees them."""
    for item in scopes.items:
        if item.kind == "fn":
            kinds = [f.kind for f in frames(scopes.outline, item.start)]
            if ("fn" in kinds or "const" in kinds) and not {"macro", "macro_rules"} & set(kinds):
                yield item


def test_count(scopes: Scopes) -> int:
    """Return how many test functions stand where a harness can see them."""
    dead = {item.start for item in never_run(scopes)}
    return sum(item.kind == "fn" and item.start not in dead for item in scopes.items)


def embedded_tests(source: Source) -> tuple[int, ...]:
    """Return the offsets of a file's inline test modules and of test functions outside them, in order."""
    return tuple(_tests(source, items(source))) if _MAYBE_TESTS.search(source.text) else ()


def _tests(source: Source, found: tuple[Item, ...]) -> Iterator[int]:
    for item in found:
        tested = requires_test(predicates(item.attributes))
        inline = item.kind == "mod" and item.body is not None
        if (inline and tested) or (item.kind == "fn" and any(map(is_test, item.attributes))):
            yield item.start
        elif inline:
            yield from _tests(source, children(source, item))


def is_test(attribute: Attribute) -> bool:
    """Whether an attribute makes a function a test: ``test``, ``tokio::test``, ``rstest``, ..."""
    return any(
        one.path.rpartition("::")[2] in _TEST_ATTRIBUTES and not one.path.startswith("rustfmt")
        for one in resolved(attribute)
    )
