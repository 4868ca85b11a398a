"""What of a library keeps all its tests in the unit tier: ``cfg(test)`` in it, or state of the process.

An integration test links the library as it is without ``cfg(test)``. The compiler is asked whether its
functions do the same without it (the gate "same library"). Here is told what is plainly another library, and
what is no function: how a type is laid out, what happens when one is dropped, what is linked or registered.
And state that all tests of a process share is another state in another binary, beside other tests.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise, takewhile

from remediate.codemods.extract_tests.integration.target import TestTarget
from remediate.model import Skip
from remediate.rust.modules.module import Module
from remediate.rust.modules.module_tree import module_tree
from remediate.rust.package import Package
from remediate.rust.syntax.attributes import Attribute
from remediate.rust.syntax.cfg import Predicate, predicates, requires_test, resolved
from remediate.rust.syntax.items import Item, children, inner_attributes, items
from remediate.rust.syntax.lexer import Token, TokenKind
from remediate.rust.syntax.source import Source

LINTS = {"allow", "warn", "deny", "forbid", "expect", "doc"}
_HARMLESS = {*LINTS, "no_std", "feature", "macro_use", "cfg", "derive"}
_LINKED = {"no_mangle", "export_name", "link_section", "used"}
_LINKED |= {"global_allocator", "panic_handler", "ctor", "dtor"}
_REGISTERED = {"submit", "inventory", "distributed_slice", "include"}
_OF_VALUES = {"Drop", "GlobalAlloc"}
_TYPES = {"struct", "enum", "union", "trait"}
_IN_MACROS = {b"mod", b"const", b"static", b"use", b"let"}
_MUTABLE = re.compile(
    rb"Mutex|RwLock|Atomic\w*|(?:Ref|Unsafe|Once|Lazy)?Cell|Once|OnceLock|ArcSwap\w*|DashMap|Sender|Receiver"
)
_ONCE = {b"OnceLock", b"OnceCell"}
# What a test calls to change, or to lock, something of its process.
_CALLS = {
    b"set_var", b"remove_var", b"set_current_dir", b"set_hook", b"take_hook", b"set_logger",
    b"set_boxed_logger", b"set_global_default", b"serial_test", b"file_serial", b"ctor",
    b"set_alloc_error_hook", b"global_allocator", b"setenv", b"chdir", b"umask",
}  # fmt: skip
_LOGGERS = {b"env_logger", b"pretty_env_logger", b"simple_logger", b"test_log", b"tracing_subscriber"}


def differs(package: Package, target: TestTarget) -> Skip | None:
    """Return where the library is plainly another one in test builds, None if nothing says so."""
    for module in library_files(package, target):
        found = next(_differences(package, module), None)
        if found is not None:
            line = package.source(module.file).line_of(found.offset)
            return Skip("test-build-differs", f"{module.file}:{line}: {found.why}")
    return None


def library_files(package: Package, target: TestTarget) -> tuple[Module, ...]:
    """Return the whole-file modules of the library that are not test code."""
    return tuple(m for m in all_files(package, target) if not requires_test(m.cfg))


def all_files(package: Package, target: TestTarget) -> tuple[Module, ...]:
    """Return the whole-file modules of the library, those of test code too."""
    return tuple(
        m
        for m in module_tree(package).modules
        if m.span is None and m.file in package.files and (m is target.root or target.root in m.ancestors())
    )


@dataclass(frozen=True)
class _Difference:
    offset: int
    why: str


def _differences(package: Package, module: Module) -> Iterator[_Difference]:
    source = package.source(module.file)
    known = set()
    for attribute, item in _attributes(source, items(source), inner_attributes(source)):
        if attribute.path in ("cfg", "cfg_attr") and any(t.text == b"test" for t in attribute.arguments):
            known.add(attribute.start)
            if why := _harm(attribute, item):
                yield _Difference(attribute.start, why)
    code = production_tokens(source)
    for index in _cfgs_of_test(code):
        start = code[index].start
        new = not any(start - known_start in range(8) for known_start in known)
        if new and (why := _harm_within(source, code, index)):
            yield _Difference(start, why)


def production_tokens(source: Source) -> tuple[Token, ...]:
    """Return a file's code without what needs ``cfg(test)``."""
    spans = list(_test_spans(source, items(source)))
    return tuple(
        t
        for t in source.tokens
        if t.kind is not TokenKind.COMMENT and not any(a <= t.start < b for a, b in spans)
    )


def _test_spans(source: Source, found: tuple[Item, ...]) -> Iterator[tuple[int, int]]:
    for item in found:
        if requires_test(predicates(item.attributes)) or any(a.path == "test" for a in item.attributes):
            yield item.start, item.end
        elif item.kind in ("mod", "impl"):
            yield from _test_spans(source, children(source, item))


def _attributes(
    source: Source, found: tuple[Item, ...], inner: tuple[Attribute, ...]
) -> Iterator[tuple[Attribute, Item | None]]:
    """Yield the attributes of a file, its items, and the members of its modules and impls."""
    yield from ((a, None) for a in inner)
    for item in found:
        yield from ((a, item) for a in item.attributes)
        if item.kind in ("mod", "impl") and not requires_test(predicates(item.attributes)):
            yield from _attributes(source, children(source, item), inner_attributes(source, item))


def _harm(attribute: Attribute, item: Item | None) -> str:
    """Return what an attribute about ``test`` changes that no function shows; "" for nothing."""
    if attribute.path == "cfg_attr":
        harmful = [c.path for c in resolved(attribute) if c.path not in _HARMLESS]
        return f"`{harmful[0]}` depends on `test`" if harmful else ""
    if item is not None and item.kind == "extern crate":
        return ""
    if not all(_positive(p) for p in predicates([attribute])):
        what = f"{item.kind} {item.name or ''}".rstrip() if item else "the file"
        return f"{what} is not there in test builds, or is another"
    return _of_more_than_functions(item) if item else ""


def _of_more_than_functions(item: Item) -> str:
    """Return what an item that only test builds have does to more than the names of the library."""
    trait = (item.trait or "").partition("<")[0].rpartition("::")[2].strip()
    if trait in _OF_VALUES:
        return f"{trait} of {item.self_type} is there in test builds only"
    linked = sorted({a.path.rpartition("::")[2] for a in item.attributes} & _LINKED)
    if linked:
        return f"`{linked[0]}` acts on test builds only"
    if item.kind == "macro" and (item.name or "").rpartition("::")[2] in _REGISTERED:
        return f"`{item.name}!` is there in test builds only"
    return ""


def _harm_within(source: Source, code: tuple[Token, ...], index: int) -> str:
    """Return what a ``cfg`` about ``test`` in the midst of an item changes that no function shows."""
    kind = _kind_around(source, items(source), code[index].start)
    if kind in _TYPES:
        return f"a part of a {kind} depends on `test`"
    if kind not in ("macro", "macro_rules") or code[index + 1].text == b"!":
        return ""
    return "" if _behind_attribute(code, index) in _IN_MACROS else "a part of a macro depends on `test`"


def _kind_around(source: Source, found: tuple[Item, ...], offset: int) -> str:
    """Return the kind of the innermost item around an offset, "" without any."""
    for item in found:
        if item.start <= offset < item.end:
            inside = children(source, item) if item.kind in ("mod", "impl") else ()
            return _kind_around(source, inside, offset) or item.kind
    return ""


def _behind_attribute(code: tuple[Token, ...], index: int) -> bytes:
    """Return the first word behind the attribute that begins at a ``cfg``."""
    depth = 1
    for at in range(index, len(code)):
        depth += (code[at].text == b"[") - (code[at].text == b"]")
        if not depth:
            return code[at + 1].text if at + 1 < len(code) else b""
    return b""


def _positive(predicate: Predicate) -> bool:
    """Whether a test build has all that other builds have: ``test`` stands under no ``not``."""
    if predicate.operator == "not":
        return not _says_test(predicate)
    return all(_positive(p) for p in predicate.of)


def _says_test(predicate: Predicate) -> bool:
    return predicate.name == "test" or any(_says_test(p) for p in predicate.of)


def _cfgs_of_test(code: tuple[Token, ...]) -> Iterator[int]:
    """Yield the index of each ``cfg(..)``, ``cfg!(..)`` or ``cfg_attr(..)`` that says ``test``."""
    for index, token in enumerate(code):
        if token.text not in (b"cfg", b"cfg_attr"):
            continue
        at = index + 2 if code[index + 1 : index + 2] and code[index + 1].text == b"!" else index + 1
        depth = 0
        for inner in code[at:]:
            depth += (inner.text == b"(") - (inner.text == b")")
            if inner.text == b"test":
                yield index
            if inner.text == b"test" or not depth:
                break


def shared_by_library(package: Package, target: TestTarget) -> Skip | None:
    """Return the first mutable static of the library, or of an existing test target, None without any."""
    for module in library_files(package, target):
        source = package.source(module.file)
        found = next(_statics(production_tokens(source)), None)
        if found is not None:
            line = source.line_of(found.start)
            return Skip("global-state", f"{module.file}:{line}: the process shares the static {_said(found)}")
    for module in module_tree(package).modules:
        if module.root == target.main and module.span is None and module.file in package.files:
            code = [t for t in package.source(module.file).tokens if t.kind is not TokenKind.COMMENT]
            if (skip := shared_by_tests(code, module.file)) is not None:
                return skip
    return None


def shared_by_tests(code: Sequence[Token], file: str) -> Skip | None:
    """Return what of the process the tests in these tokens change, None for nothing."""
    called = (t for t in code if t.text in _CALLS | _LOGGERS and t.kind is TokenKind.IDENT)
    locked = (t for before, t in pairwise(code) if t.text == b"serial" and before.text in (b"[", b":"))
    found = next(chain(called, locked, _statics(code)), None)
    if found is None:
        return None
    return Skip("global-state", f"a test in {file} shares {_said(found)} with its process")


def _statics(code: Sequence[Token]) -> Iterator[Token]:
    """Yield the name of each static that can change: ``static mut``, or of a type that lets it."""
    for index, token in enumerate(code):
        if token.text != b"static" or token.kind is not TokenKind.IDENT or index + 1 >= len(code):
            continue
        at = index + 1
        mutable = code[at].text == b"mut"
        at += code[at].text in (b"mut", b"ref")
        if at + 1 >= len(code) or code[at + 1].text != b":" or _is_of_one_thread(code, index):
            continue
        of_type = takewhile(lambda t: t.text not in (b"=", b";"), code[at + 2 :])
        words = [t.text for t in of_type if _MUTABLE.fullmatch(t.text)]
        own = index == 0 or code[index - 1].text not in (b"pub", b")")
        if mutable or (words and not (own and set(words) <= _ONCE and _is_constant(code, code[at].text))):
            yield code[at]


def _is_constant(code: Sequence[Token], name: bytes) -> bool:
    """Whether all that is done with a cell set once is to set it to the same: `get_or_init(|| f())`."""
    uses = [i for i, t in enumerate(code) if t.text == name and code[i - 1].text not in (b"static", b"ref")]
    return all(_sets_constant(list(code[i + 1 : i + 60])) for i in uses)


def _sets_constant(code: Sequence[Token]) -> bool:
    """Whether tokens begin with ``.get_or_init(|| ..)`` in which no name is a variable's."""
    if [t.text for t in code[:3]] != [b".", b"get_or_init", b"("] or b"|" not in code[3].text:
        return False
    depth = 1
    for before, token, following in zip(code[2:], code[3:], code[4:], strict=False):
        depth += (token.text == b"(") - (token.text == b")")
        if not depth:
            return True
        free = token.text[:1].islower() and before.text not in (b".", b":") and following.text not in b"(:!"
        if token.kind is TokenKind.IDENT and free:
            return False
    return False


def _is_of_one_thread(code: Sequence[Token], index: int) -> bool:
    """Whether a static stands in ``thread_local!``: each test has a thread of its own."""
    depth = 0
    for back in range(index - 1, -1, -1):
        text = code[back].text
        depth += (text in (b"}", b")", b"]")) - (text in (b"{", b"(", b"["))
        if depth < 0:
            return [t.text for t in code[max(back - 2, 0) : back]] == [b"thread_local", b"!"]
    return False


def _said(token: Token) -> str:
    return token.text.decode(errors="replace")
