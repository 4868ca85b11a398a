"""Calls of the workspace's own blocking wrappers: the second look, at the files that say their names."""

import re
from collections.abc import Iterator, Mapping

from remediate.audit.scan.blocking import judged_call
from remediate.audit.scan.calls import arguments, arguments_at, path_before
from remediate.audit.scan.facts import Facts, Place
from remediate.audit.scan.found import Found
from remediate.audit.scan.imports import imports
from remediate.audit.scan.inspect import places
from remediate.audit.scan.scopes import Scopes
from remediate.rust.syntax.outline import Outline

_SPELLED = ("block_on", "block_on_stream", "block_in_place", "run_until")


def wrapped_calls(texts: Mapping[str, bytes], facts: Mapping[str, Facts]) -> Iterator[tuple[str, Place]]:
    """Yield the calls of blocking wrappers, wherever in the workspace, that carry a name of their own."""
    defined: dict[str, list[tuple[str, bool]]] = {}
    for path, known in facts.items():
        for wrapper in known.wrappers:
            if wrapper.name not in _SPELLED:
                defined.setdefault(wrapper.name, []).append((path, wrapper.method))
    for name, definitions in sorted(defined.items()):
        for path in sorted(path for path in texts if path in facts and name.encode() in texts[path]):
            outline = Outline(texts[path])
            found = list(_calls(outline, name, path, definitions, _is_only(name, texts)))
            yield from ((path, place) for place in places(outline, found))


def _is_only(name: str, texts: Mapping[str, bytes]) -> bool:
    """Whether the workspace defines one function of that name: only then is a method call surely its."""
    pattern = re.compile(rb"\bfn\s+" + name.encode() + rb"\b")
    return sum(len(pattern.findall(text)) for text in texts.values() if name.encode() in text) == 1


def _calls(
    outline: Outline,
    name: str,
    path: str,
    definitions: list[tuple[str, bool]],
    only: bool,  # noqa: FBT001
) -> Iterator[Found]:
    here = any(file == path for file, _ in definitions)
    modules = {_module(file) for file, _ in definitions}
    bound = imports(outline, name.encode()).get(name, ())
    scopes = Scopes(outline)
    for match in re.finditer(rb"\b" + name.encode() + rb"\b", outline.code):
        before = outline.code[max(0, match.start() - 20) : match.start()].rstrip()
        paren = arguments_at(outline.code, match.end())
        if paren < 0 or before.endswith((b"fn", b"!")) or not arguments(outline.code, paren):
            continue
        segments = path_before(outline.code, match.start())
        if before.endswith(b"."):
            ours = only and any(method for _, method in definitions)
        elif segments:
            ours = segments[-1] in modules or (segments == ("Self",) and here) or only
        else:
            ours = here or any(
                p[0] in ("crate", "super", "self") or (p[-2:-1] and p[-2] in modules) for p in bound
            )
        if ours:
            where = definitions[0][0]
            yield judged_call(
                outline,
                scopes,
                match.start(),
                match.end(),
                f"`{name}` in {where} only blocks on its argument",
            )


def _module(path: str) -> str:
    parts = path.removesuffix(".rs").split("/")
    return parts[-2] if parts[-1] in ("mod", "lib", "main") and len(parts) > 1 else parts[-1]
