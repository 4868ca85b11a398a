"""Tests that no test module holds: beside the code, in macros, in functions, in modules of every build."""

import re
from collections.abc import Iterator, Sequence

from remediate.model import Skip
from remediate.rust.syntax.items import Item, children, items
from remediate.rust.syntax.source import Source

_TEST = rb"(?:test|bench|rstest|test_case|quickcheck|proptest|wasm_bindgen_test)"
_ATTRIBUTE = re.compile(rb"#\s*\[\s*(?:\w+\s*::\s*)*" + _TEST + rb"\b")


def strays(source: Source, moved: Sequence[Item]) -> tuple[Skip, ...]:
    """Return what keeps each test outside of the moved modules where it is, each reason once."""
    found: dict[str, Skip] = {}
    for offset in _tests(source, moved):
        skip = _reason(source, items(source), offset)
        found.setdefault(skip.reason, skip)
    return tuple(found.values())


def holds_tests(source: Source) -> bool:
    """Whether any test function stands in the file, in a module or not."""
    return any(True for _ in _tests(source, ()))


def _tests(source: Source, moved: Sequence[Item]) -> Iterator[int]:
    found = [m.start() for m in _ATTRIBUTE.finditer(source.text) if not _is_in(m.start(), moved)]
    if found:
        starts = {t.start for t in source.tokens if t.text == b"#"}
        yield from (offset for offset in found if offset in starts)


def _is_in(offset: int, moved: Sequence[Item]) -> bool:
    return any(item.lead <= offset < item.tail for item in moved)


def _reason(source: Source, declared: Sequence[Item], offset: int) -> Skip:
    item = next((i for i in declared if i.lead <= offset < i.tail), None)
    line = source.line_of(offset)
    if item is not None and item.kind in ("macro", "macro_rules"):
        return Skip("in-macro", f"{source.path}:{line} has a test inside {item.name}!")
    if item is not None and item.kind == "mod" and item.body:
        inner = _reason(source, children(source, item), offset)
        if inner.reason == "loose-tests":
            return Skip(
                "not-cfg-test", f"{source.path}:{line} has a test in {item.name}, which is in every build"
            )
        return inner
    if item is not None and item.body and item.body[0] <= offset:
        return Skip("inside-function", f"{source.path}:{line} has a test inside a function or block")
    return Skip("loose-tests", f"{source.path}:{line} has a test beside the code that has to stay there")
