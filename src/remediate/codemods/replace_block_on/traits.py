"""A method of a trait of the workspace becomes async where it is declared and in every impl, or nowhere."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from remediate.codemods.replace_block_on.contexts import attribute_macro
from remediate.codemods.replace_block_on.dependencies import declared
from remediate.codemods.replace_block_on.known import Known
from remediate.codemods.replace_block_on.rewriting import lifetimes_said, made_async
from remediate.edits import Edit
from remediate.facts.model import Span
from remediate.model import Skip
from remediate.rust.modules.manifest import rust_version
from remediate.rust.syntax.bodies import Bytes, Function, last_name
from remediate.rust.syntax.indent import indentation_at

_ASYNC_IN_TRAITS = (1, 75)
"""The release that lets traits have async functions."""
_MACRO = "async_trait"
Placed = tuple[str, Function]
"""A function with its file."""


@dataclass(frozen=True)
class Method:
    """A method of a trait of the workspace, with all that implement it.

    Attributes:
        path: rustc's path of the declaration: calls lead there.
        declared: The declaration.
        impls: Its implementations.
        edits: What makes all of them async, by file.
        is_boxed: Whether its futures are boxed, so that it may call itself.
    """

    path: str
    declared: Placed
    impls: tuple[Placed, ...]
    edits: dict[str, set[Edit]]
    is_boxed: bool


def own_method(known: Known, path: str, function: Function) -> Method | Skip:
    """Return the trait's method that a function declares or implements, or why its trait stays as it is."""
    trait = function.trait_name
    what = f"`{function.name}` ({known.location(path, function.name_span[0])}) is a method of"
    every = tuple(_methods(known, trait, function.name))
    declarations = [one for one in every if one[1].owner == "trait"]
    if len(declarations) != 1 or not trait:
        return Skip("trait-method", f"{what} {function.trait or 'a trait'}: its signature is not its own.")
    (file, method), *_ = declarations
    impls = tuple(one for one in every if one[1].owner == "trait impl")
    why = _obstacle(known, declarations[0], impls)
    inside = known.facts_at(file).items_in(Span(file, *method.span))
    names = {i.definition.path for i in inside if i.definition.name == method.name and not i.made}
    edits = (
        _edits(known, (file, method), impls) if not why and len(names) == 1 else "nothing tells its callers."
    )
    if why or isinstance(edits, str):
        return Skip("trait-method", f"{what} {trait}: {why or edits}")
    is_boxed = _is_dyn(known, trait) or any(last_name(a.path) == _MACRO for a in method.attributes)
    return Method(names.pop(), (file, method), impls, edits, is_boxed)


def is_api(known: Known, method: Method) -> bool:
    """Whether a trait may be part of the API of a crate that is published."""
    path, function = method.declared
    return known.is_exported(path) and _is_public(known, path, function)


def _methods(known: Known, trait: str, name: str) -> Iterator[Placed]:
    """Yield what declares or implements a method of a trait of this name, test code included."""
    words = trait.encode(), name.encode()
    for path in known.rust_files:
        text, package = known.codebase.files[path], known.codebase.package_of(path)
        if package is not None and all(word in text for word in words):
            for one in known.functions(path):
                if one.name == name and one.owner in {"trait", "trait impl"} and one.trait_name == trait:
                    yield path, one


def _obstacle(known: Known, declared_at: Placed, impls: tuple[Placed, ...]) -> str:
    """Return why a trait's method has to stay as it is, "" for no reason."""
    for path, one in (declared_at, *impls):
        macro = attribute_macro(one, _MACRO)
        at = known.location(path, one.name_span[0])
        if macro:
            return f"the attribute `{macro}` at {at} may rewrite it."
        if {"const", "extern", "unsafe"} & {*one.modifiers}:
            return f"it is `const`, `extern` or `unsafe` at {at}."
        if one.is_async:
            return f"it is async already at {at}."
    return ""


def _edits(known: Known, declared_at: Placed, impls: tuple[Placed, ...]) -> dict[str, set[Edit]] | str:
    """Return what makes a trait's method async, or why nothing does."""
    found: dict[str, set[Edit]] = {}
    every = (declared_at, *impls)
    for file, one in every:
        edits = made_async(known.codebase.files[file], one), *lifetimes_said(known, file, one)
        found.setdefault(file, set()).update(edits)
    by_macro = [any(last_name(a.path) == _MACRO for a in one.attributes) for _, one in every]
    if any(by_macro) and not all(by_macro):
        return "some of its impls have `async_trait`, and some have not."
    if not any(by_macro) and not _is_dyn(known, declared_at[1].trait_name):
        return _in_the_language(known, declared_at, found)
    bound = _lacking(known, declared_at)
    if bound:
        return f"the future of its own body would need `Self: {bound}`, which the trait does not ask for."
    return found if all(by_macro) else _for_dyn(known, every, found)


def _for_dyn(
    known: Known, every: tuple[Placed, ...], found: dict[str, set[Edit]]
) -> dict[str, set[Edit]] | str:
    """Return the edits by which the futures of methods are boxed: by async-trait where that is at hand."""
    if any("async-trait" not in declared(known.codebase.home(file)) for file, _ in every):
        boxed = [(file, _boxed(known, file, one)) for file, one in every]
        if not all(edits for _, edits in boxed):
            return "somebody needs it as `dyn`, and its futures cannot be boxed without async-trait."
        return {file: {e for f, edits in boxed if f == file for e in edits} for file, _ in boxed}
    for file, one in every:
        start = one.owner_span[0]
        margin = indentation_at(known.codebase.files[file], start)
        found[file].add(Edit(start, start, b"#[async_trait::async_trait]\n" + margin))
    return found


def _lacking(known: Known, declared_at: Placed) -> str:
    """Return the bound that the boxed future of a trait's own body needs and the trait lacks, "" for none."""
    path, method = declared_at
    code, start = known.outline(path).code, method.owner_span[0]
    this = re.match(
        rb"[^(]*\(\s*(&\s*(?:'\w+\s+)?(mut\s)?\s*)?(?:mut\s+)?self\b", code[method.name_span[1] :]
    )
    attributes = (known.codebase.files[path][a.start : a.end] for a in method.attributes)
    if method.body is None or this is None or any(b"?Send" in attribute for attribute in attributes):
        return ""
    bound = "Sync" if this[1] and not this[2] else "Send"
    return "" if re.search(rf"\b{bound}\b".encode(), code[start : code.index(b"{", start)]) else bound


def _in_the_language(
    known: Known, declared_at: Placed, found: dict[str, set[Edit]]
) -> dict[str, set[Edit]] | str:
    """Return the edits of async functions in traits, for which no macro is needed."""
    path, method = declared_at
    least = rust_version(known.codebase, known.codebase.home(path))
    if least and least < _ASYNC_IN_TRAITS:
        return "the oldest Rust that it compiles with has no async functions in traits."
    if not _is_public(known, path, method):
        return found
    # The lint `async_fn_in_trait` wants public traits to say what their futures are.
    written = _future(known, path, method)
    if written is None:
        return "what it returns is not written in a form that is known, or it has a body."
    found[path] -= {made_async(known.codebase.files[path], method), *lifetimes_said(known, path, method)}
    found[path].add(written)
    return found


def _is_dyn(known: Known, trait: str) -> bool:
    pattern = re.compile(rb"\bdyn\s+(?:\w+\s*::\s*)*" + re.escape(trait.encode()) + rb"\b")
    files = (p for p in known.rust_files if b"dyn" in known.codebase.files[p])
    return any(pattern.search(known.outline(path).code) for path in files)


def _is_public(known: Known, path: str, function: Function) -> bool:
    start = function.owner_span[0]
    return re.match(rb"(?:unsafe\s+)?pub\s+(?!\()", known.outline(path).code[start : start + 20]) is not None


def _boxed(known: Known, path: str, function: Function) -> tuple[Edit, ...]:
    """Return the edits by which a method returns a boxed future, () where its signature is too much."""
    code = known.outline(path).code
    signature = _signature(known, path, function)
    if signature is None:
        return ()
    (opened, closed), output = signature
    header = code[opened : function.body[0] if function.body is not None else function.span[1]]
    if re.search(rb"'(?!static\b)\w|\bimpl\b|\bwhere\b|'_", header) or b"&" in code[slice(*output)]:
        return ()
    borrows = [m.end() for m in re.finditer(rb"&(?!\s*')", code[opened:closed])]
    lifetime = b" + 'a" if borrows else b""
    kind = code[slice(*output)].strip() or b"()"
    dynamic = b"std::pin::Pin<Box<dyn std::future::Future<Output = " + kind + b"> + Send" + lifetime + b">>"
    written = dynamic if output[0] < output[1] else b" -> " + dynamic
    edits = [Edit(*output, written), *(Edit(opened + at, opened + at, b"'a ") for at in borrows)]
    if borrows:
        edits.append(Edit(opened, opened, b"<'a>"))
    if function.body is not None:
        start, end = function.body
        edits += [Edit(start, start, b"{ Box::pin(async move "), Edit(end, end, b") }")]
    return tuple(edits)


def _future(known: Known, path: str, function: Function) -> Edit | None:
    """Return the edit by which a declaration returns a future that may go to other threads."""
    signature = _signature(known, path, function)
    if function.body is not None or signature is None:
        return None
    output = signature[1]
    kind = known.codebase.files[path][slice(*output)]
    future = b"impl std::future::Future<Output = " + (kind or b"()") + b"> + Send"
    return Edit(*output, future if kind else b" -> " + future)


def _signature(known: Known, path: str, function: Function) -> tuple[Bytes, Bytes] | None:
    """Return where a method's parameters and its return type stand, None where it is generic.

    What returns nothing has an empty one behind its parameters.
    """
    code = known.outline(path).code
    opened = code.find(b"(", function.name_span[1])
    if code[function.name_span[1] : opened].strip():
        return None
    at, depth = opened, 0
    while at < function.span[1]:
        depth += {b"(": 1, b")": -1}.get(code[at : at + 1], 0)
        at += 1
        if not depth:
            break
    kind = function.output.encode()
    arrow = re.match(rb"\s*->\s*", code[at : function.span[1]])
    if arrow is None:
        return None if kind else ((opened, at), (at, at))
    start = at + arrow.end()
    if not kind or known.codebase.files[path][start : start + len(kind)] != kind:
        return None
    return (opened, at), (start, start + len(kind))
