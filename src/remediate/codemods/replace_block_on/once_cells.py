"""A value that is made once, by blocking in ``get_or_init``: tokio's OnceCell waits for it instead (M5)."""

import re

from remediate.codemods.replace_block_on.contexts import setting, taken_by
from remediate.codemods.replace_block_on.dependencies import missing
from remediate.codemods.replace_block_on.known import Known
from remediate.codemods.replace_block_on.rewriting import awaited, unwrapped
from remediate.codemods.replace_block_on.sites import Site
from remediate.codemods.replace_block_on.spellings import Awaits
from remediate.edits import Edit
from remediate.model import Skip
from remediate.rust.syntax.bodies import Bytes, Scope
from remediate.rust.syntax.expressions import Invocation, block, invocation
from remediate.streams import Crate

Edits = dict[str, tuple[Edit, ...]]
_STATIC = re.compile(rb"(?:\w+\s*::\s*)*(\w+)")
_TOKIO = Crate("tokio", "1", ("sync",))
_CELL = rb"(?:std\s*::\s*sync\s*::\s*)?OnceLock"


def fills_once(taker: str) -> bool:
    """Whether a closure that a function takes is what makes a value once."""
    return taker.endswith(".get_or_init")


def filled_by_future(known: Known, site: Site, whole: Bytes, closure: Scope) -> Edits | Skip:
    """Return the edits that let a static's value be awaited, or why that cannot be."""
    code, at = known.outline(site.path).code, site.location
    inner = block(known.source(site.path), closure.body)
    runs = closure.body if inner is None else inner.tail if not inner.statements else None
    outside = taken_by(known, site.path, closure)
    if runs != whole or outside is None or outside.receiver is None:
        return Skip("not-simple", f"{at}: the closure given to get_or_init does more than this call.")
    made = known.calls_named(site.path, outside.callee[1] - 1)
    if not made or any(not c.callee.path.startswith("std::sync::once_lock::") for c in made):
        return Skip("sync-closure", f"{at}: the call is in a closure that is not async.")
    if setting(known, site.path, outside.span[0]).kind != "async":
        return Skip("sync-closure", f"{at}: the value is made once, in code that is not async.")
    name = _STATIC.fullmatch(code[slice(*outside.receiver)].strip())
    if name is None or site.spelling is None or site.spelling.awaits is not Awaits.ARGUMENT:
        return Skip("not-simple", f"{at}: the cell is no static whose every use is known.")
    return _rewritten(known, site, whole, (outside, closure), name[1])


def _maker(known: Known, site: Site, whole: Bytes, closure: Bytes) -> tuple[Edit, Edit]:
    """Return the edits that leave a closure which returns the future, or the function that makes it."""
    assert site.syntax is not None  # noqa: S101 - what is called in a closure has a syntax
    text, argument = known.codebase.files[site.path], site.syntax.arguments[0]
    made = invocation(known.source(site.path), known.outline(site.path).code.rfind(b"(", *argument) - 1)
    if made is None or made.span != argument or made.arguments or made.receiver is not None:
        return unwrapped(text, whole, argument, "call_expression", b"")
    return unwrapped(text, closure, made.callee, "identifier", b"")


def _rewritten(
    known: Known, site: Site, whole: Bytes, around: tuple[Invocation, Scope], name: bytes
) -> Edits | Skip:
    outside, closure = around
    declared = _declaration(known, site.path, name)
    if declared is None:
        return Skip("not-simple", f"{site.location}: `{name.decode()}` is not declared as a OnceLock once.")
    if missing(known.codebase, known.codebase.home(site.path), (_TOKIO,)):
        return Skip(
            "needs-dependency", f"{site.location}: tokio's OnceCell needs the feature `sync` of tokio."
        )
    other = _used_otherwise(known, name, (site.path, outside.receiver or (0, 0)), declared[0])
    if other:
        return Skip(
            "not-simple", f"{other}: `{name.decode()}` is used in a way that tokio's OnceCell has not."
        )
    edits = {site.path: {*_maker(known, site, whole, closure.span)}}
    edits[site.path].add(awaited(outside.span[1]))
    path, declaration = declared
    edits.setdefault(path, set()).update(declaration)
    return {path: tuple(sorted(some)) for path, some in edits.items()}


def _declaration(known: Known, near: str, name: bytes) -> tuple[str, tuple[Edit, Edit]] | None:
    pattern = re.compile(
        rb"\bstatic\s+"
        + re.escape(name)
        + rb"\s*:\s*("
        + _CELL
        + rb")\s*<[^=;]*=\s*("
        + _CELL
        + rb"\s*::\s*new)\(\)\s*;"
    )
    found = []
    for path in known.codebase.home(near).rust_files:
        for match in pattern.finditer(known.outline(path).code):
            kind = Edit(*match.span(1), b"tokio::sync::OnceCell")
            found.append((path, (kind, Edit(*match.span(2), b"tokio::sync::OnceCell::const_new"))))
    return found[0] if len(found) == 1 else None


def _used_otherwise(known: Known, name: bytes, use: tuple[str, Bytes], declared: str) -> str:
    """Return where a static is used other than by ``get``, by this call, or by name alone; "" for nowhere."""
    word = re.compile(rb"\b" + re.escape(name) + rb"\b")
    for path in known.rust_files:
        code = known.outline(path).code if name in known.codebase.files[path] else b""
        for match in word.finditer(code):
            after, before = code[match.end() :][:40].lstrip(), code[: match.start()].rstrip()
            here = path == use[0] and use[1][0] <= match.start() < use[1][1]
            is_own = path == declared and before.endswith(b"static")
            if not (here or is_own or re.match(rb"\.\s*get\s*\(\s*\)", after)):
                return known.location(path, match.start())
    return ""
