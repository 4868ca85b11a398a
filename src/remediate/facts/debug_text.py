"""The notation that rustc prints definitions, spans and types in: Rust's ``{:#?}``.

It is no contract. It is read as Rust 1.95 writes it, and what is not understood is an ``UnreadableError``:
then the whole source counts as silent.
"""

import re
from functools import lru_cache

from remediate.facts.model import Span, UnreadableError
from remediate.facts.positions import Positions

_DEFINITION = re.compile(r"DefId\(\d+:\d+ ~ (\w+)\[[0-9a-f]+\]((?:::[^\s()]*)?)\)")
_SPAN = re.compile(r"(.*):(\d+):(\d+): (\d+):(\d+) \(#(\d+)\)")
_NOWHERE = re.compile(r"no-location \(#(\d+)\)")
_SPACE = re.compile(r"\s+")
_TRAILING = re.compile(r",? ([)\]}])")
_PARAMETER = re.compile(r"/#\d+")
_BOUND = re.compile(r"'\^[\w.]+(?:\(DefId\([^()]*\)\))?")
_REGION = re.compile(r"&'(?:_|\w+) ")
_OPEN, _CLOSE = "([{<", ")]}>"


def definition_path(text: str) -> str:
    """Return the path of ``DefId(2:3355 ~ core[c1f1]::clone::Clone::clone)``.

    Raises:
        UnreadableError: It is none.
    """
    match = _DEFINITION.fullmatch(text)
    if match is None:
        raise UnreadableError(f"no definition: {text[:80]}")
    return match[1] + match[2]


def location(text: str, positions: Positions) -> tuple[Span | None, bool]:
    """Return the bytes of ``src/lib.rs:5:1: 5:9 (#0)``, and whether an expansion made what stands there.

    The bytes are None outside of the package's files.

    Raises:
        UnreadableError: It is no span, or not one of the text that is known.
    """
    match = _SPAN.fullmatch(text)
    if match is None:
        nowhere = _NOWHERE.fullmatch(text)
        if nowhere is None:
            raise UnreadableError(f"no span: {text[:80]}")
        return None, nowhere[1] != "0"
    line, column, last, end = map(int, match.group(2, 3, 4, 5))
    try:
        return positions.span(match[1], (line, column), (last, end)), match[6] != "0"
    except ValueError as error:
        raise UnreadableError(f"{text[:80]}: {error}") from error


def columns(text: str) -> int:
    """Return how many characters of one line a printed span takes; -1 for one of several, or nowhere."""
    match = _SPAN.fullmatch(text)
    return int(match[5]) - int(match[3]) if match is not None and match[2] == match[4] else -1


def one_line(text: str) -> str:
    """Return a value that was printed over several lines as it would stand on one."""
    return _TRAILING.sub(r"\1", _SPACE.sub(" ", text)).replace("( ", "(").replace("[ ", "[")


@lru_cache(maxsize=65536)
def type_text(text: str) -> str:
    """Return a type nearer to how it is written; lifetimes that mean nothing any more are left out.

    Types of the own crate begin with its first module, others with the name of their crate. What has no
    notation is ``fn path``, ``closure path``, ``coroutine path`` or ``impl path``, by its definition.
    """
    text = one_line(text)
    if "'" in text:
        text = _REGION.sub("&", _BOUND.sub("'_", text.replace("'{erased}", "'_")))
        text = text.replace(" + '_", "")
    if "DefId(" in text or "Binder {" in text:
        text = _named(text)
    return _PARAMETER.sub("", text)


def split_list(text: str) -> list[str]:
    """Return what commas separate outside of all brackets."""
    found, depth, start = [], 0, 0
    for at, letter in enumerate(text):
        if letter in _OPEN:
            depth += 1
        elif letter in _CLOSE and not (letter == ">" and text[at - 1] in "-="):
            depth -= 1
        elif letter == "," and not depth:
            found.append(text[start:at].strip())
            start = at + 1
    last = text[start:].strip()
    return [*found, last] if last else found


def inside(text: str, start: int) -> tuple[str, int]:
    """Return what is between the bracket at ``start`` and its partner, and the place behind that.

    Raises:
        UnreadableError: It has no partner.
    """
    depth = 0
    for at in range(start, len(text)):
        if text[at] in _OPEN:
            depth += 1
        elif text[at] in _CLOSE and not (text[at] == ">" and text[at - 1] in "-="):
            depth -= 1
            if not depth:
                return text[start + 1 : at], at + 1
    raise UnreadableError(f"unbalanced: {text[start : start + 80]}")


_FORMS = re.compile(r"\b(Alias|FnDef|Closure|Coroutine|CoroutineClosure|CoroutineWitness)\(|dyn \[Binder ")


def _named(text: str) -> str:
    """Give the types that are printed as trees their names, innermost last."""
    found, start = [], 0
    while match := _FORMS.search(text, start):
        found.append(text[start : match.start()])
        content, start = inside(text, match.end() - 1 if match[1] else match.start() + 4)
        found.append(_tree(match[1] or "dyn", content))
    return "".join((*found, text[start:]))


def _tree(kind: str, content: str) -> str:
    parts = split_list(content)
    if kind == "dyn":
        return "dyn " + " + ".join(filter(None, map(_bound, parts)))
    if kind == "Alias":
        return _alias(parts[0], parts[1])
    path = definition_path(parts[0])
    if kind == "FnDef":
        given = [_named(p) for p in split_list(parts[1][1:-1]) if not p.startswith("'")]
        return f"fn {path}" + (f"::<{', '.join(given)}>" if given else "")
    return f"{'closure' if kind == 'Closure' else 'coroutine'} {path}"


def _alias(kind: str, content: str) -> str:
    """Return ``<T as Trait>::Item`` of a projection, ``impl path`` of an opaque type."""
    match = re.search(r"def_id: (DefId\([^()]*\))", content)
    if match is None:
        raise UnreadableError(f"no alias: {content[:80]}")
    # The alias's own definition is the last one: those of its arguments stand before it.
    path = definition_path([*re.finditer(r"def_id: (DefId\([^()]*\))", content)][-1][1])
    listed = content.find("args: [")
    given = [_named(p) for p in split_list(inside(content, listed + 6)[0])] if listed >= 0 else []
    if kind == "Projection" and given:
        trait, _, name = path.rpartition("::")
        return f"<{given[0]} as {trait}>::{name}"
    return f"impl {path}"


def _bound(text: str) -> str:
    match = re.search(r"value: (?:Trait|AutoTrait)\((.*)\), bound_vars", text)
    if match is None:
        return ""
    return definition_path(match[1]) if match[1].startswith("DefId(") else _named(match[1])
