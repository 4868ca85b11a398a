"""The project's own stream type, as its source has it: its path, how it is made, and how one waits for it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from remediate.codemods.replace_block_on.dependencies import declared
from remediate.codemods.replace_block_on.known import Known
from remediate.rust.modules.module import Module
from remediate.rust.modules.module_tree import module_tree
from remediate.rust.package import LIBRARIES, Package
from remediate.rust.resolution.public_paths import PublicPaths
from remediate.rust.resolution.resolver import resolver
from remediate.rust.syntax.bodies import Function, last_name
from remediate.streams import Backend, Crate, project_backend, project_future_backend

_NUMBER = re.compile(rb"\(\s*(?:mut\s+)?\w+\s*:\s*(?:usize|u8|u16|u32|u64)\s*,?\s*\)\Z")
_FUTURE = re.compile(rb"\bFuture\s*<\s*Output\s*=")
_TOKIO = re.compile(rb"\btokio\s*::\s*sync\s*::\s*mpsc\b")


@dataclass(frozen=True, slots=True)
class StreamType:
    """A way to make a project's own stream.

    Attributes:
        backend: What is probed: paths in it are those from outside of the crate.
        values: What the template of one value takes, with paths as they are written where it is used.
    """

    backend: Backend
    values: dict[str, object]


def stream_types(known: Known, path: str, offset: int) -> tuple[StreamType, ...]:
    """Return the ways to make the project's stream type in a file, those of its own package first."""
    home = known.codebase.home(path)
    named = declared(home)
    others = [p for p in known.codebase.packages if p.name in named and p is not home]
    return tuple(
        found for package in (home, *others) for found in _of_package(known, package, (path, offset))
    )


def all_types(known: Known) -> tuple[Backend, ...]:
    """Return the ways to make the stream types that the packages of a workspace define."""
    return tuple(
        found.backend
        for package in known.codebase.packages
        for target in package.targets
        if LIBRARIES & set(target.kinds) and target.root in known.codebase.files
        for found in _of_package(known, package, (target.root, 0))
    )


def _of_package(known: Known, package: Package, user: tuple[str, int]) -> Iterator[StreamType]:
    name = known.options.stream_type.encode()
    defines = re.compile(rb"\b(?:struct|type|enum)\s+" + re.escape(name) + rb"\s*<\s*\w+\s*[:,>=]")
    for file in package.rust_files:
        if name not in known.codebase.files[file]:
            continue
        found = defines.search(known.outline(file).code)
        if found is None or known.in_tests(file, found.start()):
            continue
        for module in module_tree(package).at(file, found.start()):
            if LIBRARIES & {kind for target in module.targets for kind in target.kinds}:
                yield from _made(known, package, module, user)


def _made(known: Known, package: Package, module: Module, user: tuple[str, int]) -> Iterator[StreamType]:
    """Yield each way to make the stream type that a module of a library defines."""
    name = known.options.stream_type
    public = _Paths(known, package, module, user)
    stream = public.of((*module.path[1:], name))
    if stream is None:
        return
    outside, inside = stream
    advance = _advance(known, package, name)
    if advance is None:
        return
    crate = Crate(package.name, "0", path=package.root or ".")
    for file in package.rust_files:
        if name.encode() not in known.codebase.files[file]:
            continue
        for function in known.functions(file):
            maker = _maker(known, package, file, function, name)
            owner = module_tree(package).at(file, function.keyword)
            if maker is None or known.in_tests(file, function.keyword) or not owner:
                continue
            own = (outside, inside) if function.self_type else public.of((*owner[0].path[1:], function.name))
            if own is None:
                continue
            called = [f"{at}::{function.name}" if function.self_type else at for at in own]
            if maker.form == "once":
                backend = project_future_backend(crate, outside, called[0], advance)
                values: dict[str, object] = {"form": "once", "once": called[1]}
            else:
                channel = [f"{at}({'16' if maker.is_sized else ''})" for at in called]
                backend = project_backend(crate, outside, channel[0], maker.refused, advance)
                one = f"{called[1]}({'1' if maker.is_sized else ''})"
                values = {"form": "channel", "channel": one, "sent": maker.sent}
            yield StreamType(backend, {**values, "stream": inside})


@dataclass(frozen=True, slots=True)
class _Paths:
    """Paths of a library's items: from outside, and as code at ``user`` may write them."""

    known: Known
    package: Package
    module: Module
    user: tuple[str, int]

    def of(self, definition: tuple[str, ...]) -> tuple[str, str] | None:
        """Return both paths to a definition; None where no public path leads to it."""
        library = next(t for t in self.module.targets if LIBRARIES & set(t.kinds))
        path = PublicPaths(resolver(self.package, self.module)).path_to(definition)
        if path is None:
            return None
        outside = "::".join((library.name.replace("-", "_"), *path))
        home = self.known.codebase.home(self.user[0])
        users = module_tree(home).at(*self.user) if home is self.package else ()
        same = any(library in module.targets for module in users)
        return outside, "::".join(("crate", *definition)) if same else outside


@dataclass(frozen=True, slots=True)
class _Maker:
    form: str
    is_sized: bool = False
    refused: str = ""
    sent: str = ""


def _maker(known: Known, package: Package, file: str, function: Function, name: str) -> _Maker | None:
    """Return how a function makes the stream; None if it does not, or in a way that is not known."""
    if function.visibility != "pub" or function.owner not in {"", "impl"}:
        return None
    if function.type_name not in {"", name}:
        return None
    if function.is_async or "unsafe" in function.modifiers or function.nested:
        return None
    code = known.outline(file).code
    header = code[function.name_span[1] : function.body[0] if function.body else function.span[1]]
    taken = header[: header.find(b"->")].strip() if b"->" in header else header.strip()
    this = rf"(?:Self|(?:\w+::)*{re.escape(name)})\s*(?:<.*>)?"
    if re.fullmatch(this, function.output) and _FUTURE.search(header) and taken.count(b":") <= 3:
        return _Maker("once")
    pair = re.fullmatch(rf"\(\s*(.+?)\s*,\s*{this}\s*,?\s*\)", function.output, re.DOTALL)
    is_sized = _NUMBER.search(taken) is not None
    if pair is None or not (is_sized or taken.endswith(b"()")):
        return None
    sends = _sends(known, package, file, pair[1])
    return None if sends is None else _Maker("channel", is_sized, *sends)


def _sends(known: Known, package: Package, file: str, sender: str) -> tuple[str, str] | None:
    """Return the expression that sends and tells whether nobody listens, and the statement that sends."""
    name = last_name(sender)
    for other in package.rust_files:
        for function in known.functions(other) if name.encode() in known.codebase.files[other] else ():
            if function.name == "send" and function.type_name == name:
                return _sent(function.output, is_async=function.is_async)
    if not _TOKIO.search(known.outline(file).code) and "tokio" not in sender.partition("<")[0]:
        return None
    return _sent("Result", is_async=name == "Sender") if name in {"Sender", "UnboundedSender"} else None


def _sent(output: str, *, is_async: bool) -> tuple[str, str]:
    call = f"sender.send(produced){'.await' if is_async else ''}"
    if output == "bool":
        return f"!{call}", f"let _ = {call}"
    if "Result" in output:
        return f"{call}.is_err()", f"{call}.ok()"
    return f"{{ {call}; false }}", call


def _advance(known: Known, package: Package, name: str) -> str | None:
    """Return what waits for the next item, in the way of ``Backend.advance``; None where nothing does."""
    implements = re.compile(rb"\bStream\s+for\s+" + re.escape(name.encode()) + rb"\b")
    for file in package.rust_files:
        if name.encode() not in known.codebase.files[file]:
            continue
        for function in known.functions(file):
            if (
                function.type_name == name
                and function.name == "next"
                and function.is_async
                and function.visibility == "pub"
            ):
                return "$stream.next().await"
    for file in package.rust_files:
        if implements.search(known.outline(file).code):
            return "futures::StreamExt::next(&mut $stream).await"
    return None
