"""State that all tests of a process share: in another binary, beside other tests, it is another state."""

import re
from collections.abc import Iterator, Sequence
from itertools import chain, pairwise, takewhile

from remediate.codemods.extract_tests.integration.preconditions import TestTarget
from remediate.codemods.extract_tests.integration.test_build import library_files, production_tokens
from remediate.model import Skip
from remediate.rust.modules.module_tree import module_tree
from remediate.rust.package import Package
from remediate.rust.syntax.lexer import Token, TokenKind

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


def shared_by_library(package: Package, target: TestTarget) -> Skip | None:
    """Return the first mutable static of the library, or of an existing test target, None without any."""
    for module in library_files(package, target):
        source = package.source(module.file)
        found = next(_statics(production_tokens(source)), None)
        if found is not None:
            line = source.line_of(found.start)
            return Skip("global-state", f"{module.file}:{line}: the process shares the static {_name(found)}")
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
    return Skip("global-state", f"a test in {file} shares {_name(found)} with its process")


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


def _name(token: Token) -> str:
    return token.text.decode(errors="replace")
