"""Where the name of a function occurs, and what shows of code that no fact tells of that it is no use of it.

Such code is under a cfg that no target sets, or does not compile. What is written as no use of the function
could be, and what stands where it is not visible, is none.
"""

import re

from remediate.codemods.replace_block_on.contexts import is_in_tokens
from remediate.codemods.replace_block_on.known import Known, users_of
from remediate.facts.model import UNKNOWN
from remediate.rust.modules.module_tree import module_tree
from remediate.rust.package import Package
from remediate.rust.syntax.bodies import Function
from remediate.rust.syntax.expressions import invocation
from remediate.rust.syntax.items import items

_LABEL = re.compile(rb"(?:\b(?:let|mut|ref|mod|struct|enum|trait|type|const|static|macro_rules!)|')\Z")
_QUALIFIER = re.compile(rb"(\w+|>)\s*::\Z")
Region = frozenset[tuple[str, tuple[str, ...]]]
"""Modules with all that is in them: the root file of each, and its path."""


def unexplained(known: Known, file: str, function: Function, defined: str) -> str:
    """Return where a function's name may be a use of it that no fact tells of, "" for nowhere."""
    word = re.compile(rb"\b" + re.escape(function.name.encode()) + rb"\b")
    region = _region(known, file, function)
    for path in sorted(p for package in _seeing(known, file, region) for p in package.rust_files):
        if function.name.encode() not in known.codebase.files[path]:
            continue
        code = known.outline(path).code
        for match in word.finditer(code):
            if _is_told(known, path, match, code, defined):
                continue
            if _sees(known, path, match.start(), region) and _may_name(known, path, match, function):
                return known.location(path, match.start())
    return ""


def _region(known: Known, file: str, function: Function) -> Region | None:
    """Return the modules in which a function can be named; None for everywhere."""
    modules = module_tree(known.codebase.home(file)).at(file, function.keyword)
    if function.visibility == "pub" or function.owner in {"trait", "trait impl"} or not modules:
        return None
    above = {"": 0, "pub(self)": 0, "pub(super)": 1}.get("".join(function.visibility.split()), 99)
    return frozenset((m.root, m.path[: max(1, len(m.path) - above)]) for m in modules)


def _seeing(known: Known, file: str, region: Region | None) -> tuple[Package, ...]:
    home = known.codebase.home(file)
    return users_of(known.codebase, home) if region is None else (home,)


def _sees(known: Known, path: str, offset: int, region: Region | None) -> bool:
    """Whether code may be in one of these modules; what no module names may be included into any."""
    modules = module_tree(known.codebase.home(path)).at(path, offset)
    if region is None or not modules:
        return True
    return any(m.root == root and m.path[: len(top)] == top for m in modules for root, top in region)


def _is_told(  # noqa: PLR0911 - a ladder of early answers
    known: Known, path: str, match: re.Match[bytes], code: bytes, defined: str
) -> bool:
    """Whether a fact tells what a name is, or nothing but its neighbours have to be seen for it."""
    start, end = match.span()
    before, after = code[max(0, start - 80) : start].rstrip(), code[end : end + 80].lstrip()
    facts = known.facts_at(path)
    # Code that is not compiled may use what it imports by another name.
    if _is_import(code, start):
        return not after.startswith(b"as ") or facts.is_compiled(path, start)
    if before.endswith(b"fn") or _LABEL.search(before):
        return True
    if after.startswith(b"::") and not after.startswith(b"::<"):
        return True
    if after.startswith(b":") and not after.startswith(b"::") and not before.endswith(b"."):
        return True
    if before.endswith(b".") and not before.endswith(b"..") and not after.startswith((b"(", b"::")):
        return True
    if known.calls_named(path, start) or _is_all_known(known, path, start):
        return True
    # A call that a macro makes is known as one of its callee, wherever the macro is written.
    if facts.names_made_call(path, start) or _in_definition(known, path, start):
        return True
    kind = facts.type_at(path, start, end)
    if kind is not UNKNOWN and not kind.startswith("fn "):
        return True
    leads = facts.definition_of(path, start)
    return leads is not UNKNOWN and leads.path not in known.names_of(defined)


def _may_name(known: Known, path: str, match: re.Match[bytes], function: Function) -> bool:
    """Whether a name is written as a use of the function may be: by its arguments, and what qualifies it."""
    start, end = match.span()
    if is_in_tokens(known, path, start):
        return True
    code = known.outline(path).code
    before = code[max(0, start - 80) : start].rstrip()
    is_method = before.endswith(b".") and not before.endswith(b"..")
    call = invocation(known.source(path), end - 1)
    if call is not None and len(call.arguments) != len(function.parameters) - is_method:
        return False
    if is_method:
        return function.takes_self
    qualifier = _QUALIFIER.search(before)
    if qualifier is None or not function.owner:
        return not function.owner and (qualifier is None or _is_module(known, qualifier[1].decode()))
    owner = qualifier[1].decode()
    return function.owner != "impl" or owner in {">", "Self", function.type_name, *known.derived(_aliases)}


def _is_module(known: Known, name: str) -> bool:
    """Whether a name may be that of a module or a crate."""
    return name in {"crate", "self", "super"} | known.derived(_aliases) | known.derived(_modules)


def _aliases(known: Known) -> frozenset[str]:
    """Return the names that stand for something of another name, in the whole workspace."""
    outlines = (known.outline(path) for path in known.rust_files)
    return frozenset(m.decode() for outline in outlines for m in _ALIAS.findall(outline.code))


_ALIAS = re.compile(rb"\b(?:as|type)\s+(?:r#)?(\w+)")


def _modules(known: Known) -> frozenset[str]:
    """Return the names of all modules and crates of the workspace."""
    packages = known.codebase.packages
    crates = {target.name.replace("-", "_") for package in packages for target in package.targets}
    outlines = (known.outline(path) for path in known.rust_files)
    return frozenset(crates | {m.decode() for outline in outlines for m in _MODULE.findall(outline.code)})


_MODULE = re.compile(rb"\bmod\s+(?:r#)?(\w+)")


def _in_definition(known: Known, path: str, offset: int) -> bool:
    """Whether a byte is in the definition of a macro: what that makes stands where it is called."""
    memory = known.memory(items)
    if path not in memory:
        memory[path] = items(known.source(path))
    return any(i.kind == "macro_rules" and i.start <= offset < i.end for i in memory[path])


def _is_all_known(known: Known, path: str, offset: int) -> bool:
    """Whether a name stands in a body of which the compiler told every call, and no cfg hides one."""
    body = known.facts_at(path).body_at(path, offset)
    if body is UNKNOWN or body.span is None:
        return False
    # What a macro makes of its tokens is code of the body as well: a call there is known as one.
    return b"cfg" not in known.outline(path).code[body.span.start : body.span.end]


def _is_import(code: bytes, offset: int) -> bool:
    start = max(code.rfind(b";", 0, offset), code.rfind(b"}", 0, offset), 0)
    opened = code.rfind(b"use ", start, offset)
    return opened >= 0 and re.match(rb"\w", code[max(0, opened - 1) : opened]) is None
