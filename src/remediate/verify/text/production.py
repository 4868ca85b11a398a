"""The gate "production code": a change that declares to touch only tests leaves every other token as it was.

Stronger than conservation, which would let production code move about: here each file's code outside its
tests must be the same sequence of tokens. It stands or falls with what is a test: items under a cfg that
needs ``test``, and functions with a test attribute.
"""

from collections.abc import Iterator

from remediate.audit.scan.scopes import is_test
from remediate.edits import Change
from remediate.gates import GateResult, failed, passed
from remediate.quantities import quantity
from remediate.rust.modules.module_tree import module_tree
from remediate.rust.package import Package
from remediate.rust.syntax.cfg import predicates, requires_test
from remediate.rust.syntax.items import Item, children, items
from remediate.rust.syntax.lexer import TokenKind
from remediate.rust.syntax.source import Source

_GATE = "production code"


def production(package: Package, change: Change) -> GateResult:
    """Compare the code outside tests of every file of ``package`` that the change touches."""
    after = change.result(package.files)
    old = [p for p in change.originals() if p.endswith(".rs") and not _is_test_file(package, p)]
    wrong = [
        path
        for path in old
        if _code(path, package.files[path]) != _code(path, after.get(change.moves.get(path, path)) or b"")
    ]
    if wrong:
        return failed(_GATE, f"code outside tests has changed: {', '.join(wrong[:5])}")
    return passed(_GATE, f"every token outside tests of {quantity(len(old), 'file')} is as it was")


def _is_test_file(package: Package, path: str) -> bool:
    """Whether a file as a whole is test code: every module it is needs ``test``, or is in a test target."""
    modules = module_tree(package).of_file(path)
    return bool(modules) and all(
        requires_test(m.cfg) or all("test" in t.kinds or "bench" in t.kinds for t in m.targets)
        for m in modules
    )


def _code(path: str, text: bytes) -> list[bytes]:
    source = Source(path, text)
    tests = list(_tests(source, items(source)))
    return [
        token.text
        for token in source.tokens
        if token.kind != TokenKind.COMMENT and not any(a <= token.start < b for a, b in tests)
    ]


def _tests(source: Source, found: tuple[Item, ...]) -> Iterator[tuple[int, int]]:
    for item in found:
        tested = requires_test(predicates(item.attributes))
        if tested or (item.kind == "fn" and any(map(is_test, item.attributes))):
            after = source.text[item.end :]
            closing = len(after) - len(after.lstrip()) + 1 if after.lstrip().startswith(b";") else 0
            yield item.lead, item.end + closing
        elif item.kind == "mod":
            # Where the test modules in it are now looked for; where anything else is, rustc would say.
            yield from ((a.start, a.end) for a in item.attributes if a.path == "path" and item.body)
            yield from _tests(source, children(source, item))
