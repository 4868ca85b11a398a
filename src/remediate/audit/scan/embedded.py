"""Which files under ``src/`` hold tests, and where."""

import re
from collections.abc import Iterator

from remediate.audit.tree import Tree
from remediate.rust.syntax.attributes import Attribute
from remediate.rust.syntax.cfg import predicates, requires_test, resolved
from remediate.rust.syntax.items import Item, children, items
from remediate.rust.syntax.source import Source

_MAYBE = re.compile(rb"\btest\b|_test\b|\btest_|rstest|test_case|quickcheck|proptest")
_TEST_ATTRIBUTES = {"test", "rstest", "test_case", "quickcheck", "bench", "wasm_bindgen_test", "test_log"}


def in_src(tree: Tree, path: str) -> bool:
    """Whether a file is production code of its package: not under ``tests/``, ``benches/``, ``examples/``."""
    root = tree.package_of(path)[0]
    inside = path[len(root) + 1 :] if root else path
    return path.endswith(".rs") and inside.partition("/")[0] not in ("tests", "benches", "examples")


def embedded_tests(source: Source) -> tuple[int, ...]:
    """Return the offsets of a file's inline test modules and of test functions outside them, in order."""
    return tuple(_tests(source, items(source))) if _MAYBE.search(source.text) else ()


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
