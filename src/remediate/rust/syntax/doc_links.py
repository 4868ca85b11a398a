"""What documentation links to, and the targets of its links written anew."""

import re
from collections.abc import Callable, Iterator, Sequence

from remediate.rust.syntax.lexer import Token, TokenKind, is_doc

LINK = re.compile(
    rb"\]\((?P<inline>[^()\s]+(?:\(\))?)\)"  # [text](path)
    rb"|^[ \t/!*]*\[[^\]]+\]:[ \t]*(?P<definition>\S+)"  # [text]: path
    rb"|\[(?P<short>`[^`\]]+`|[^\]`\[]+)\](?![(:\[])"  # [path] or [`path`]
    rb"|\]\[(?P<full>`[^`\]]+`|[^\]\[]+)\]",  # [text][path]
    re.MULTILINE,
)
PATH = re.compile(
    r"(?:(?:struct|enum|trait|union|mod|module|const|constant|static|value|function|fn|method|derive|macro|type|"
    r"tyalias|typealias|primitive|prim|field|variant)@)?(?P<path>(?:\w+|<[^>]*>)?(?:(?:::)\w+)*)(?:<.*>)?(?:!|\(\)|!\(\)|!\{\}|!\[\])?(?:#\S*)?\Z"
)
URL = re.compile(rb"[a-z]+:(?!:)|#|/|\.")


def doc_links(text: bytes) -> Iterator[tuple[str, ...]]:
    """Yield the paths, as segments, that a doc comment's text links to; URLs and fragments are left out."""
    if b"[" not in text:
        return
    for match in LINK.finditer(text):
        target = next((g for g in match.groups() if g is not None), b"").strip(b"`<> ")
        if URL.match(target):
            continue
        path = PATH.match(target.decode(errors="replace"))
        if path and path["path"] and not path["path"].startswith("<"):
            yield tuple(path["path"].split("::"))


Resolve = Callable[[tuple[str, ...]], tuple[str, ...] | None]
"""The path that a link has to have, None where it may stay as it is."""
_CODE_SPAN = re.compile(rb"(`+)(?!`).*?(?<!`)\1(?!`)")
_FENCE = re.compile(rb"[ \t/!*]*(?:```|~~~)")
_INDENTED = re.compile(rb"[ \t]*(?://[/!]|\*)?(?: {5,}|\t)")
_LABEL = re.compile(rb"^[ \t/!*]*\[([^\]]+)\]:", re.MULTILINE)
_DISAMBIGUATOR = re.compile(rb"^(`?)\w+@")


def doc_comments(stream: Sequence[Token]) -> Iterator[list[Token]]:
    """Yield the documentation comments among tokens, those together that follow one another."""
    run: list[Token] = []
    for token in stream:
        if token.kind is TokenKind.COMMENT and is_doc(token.text):
            run.append(token)
        elif run:
            yield run
            run = []
    if run:
        yield run


def retargeted(run: Sequence[Token], resolve: Resolve) -> Iterator[tuple[Token, bytes]]:
    """Yield each comment of one documentation whose links get other targets, with its new text.

    A link that is written as its target only, [`Name`], gets one: [`Name`](super::Name).
    """
    labels = {m[1].strip(b"` ") for t in run for m in _LABEL.finditer(t.text)}
    fenced = False
    for token in run:
        lines = []
        for line in token.text.split(b"\n"):
            if _FENCE.match(line):
                fenced = not fenced
            code = fenced or _INDENTED.match(line) is not None
            lines.append(line if code else _line(line, labels, resolve))
        text = b"\n".join(lines)
        if text != token.text:
            yield token, text


def _line(line: bytes, labels: set[bytes], resolve: Resolve) -> bytes:
    code = [m.span() for m in _CODE_SPAN.finditer(line)]

    def changed(match: re.Match[bytes]) -> bytes:
        form = next(name for name, group in match.groupdict().items() if group is not None)
        written = match[form]
        in_code = any(start < match.start() < end for start, end in code)
        if in_code or (form == "short" and written.strip(b"` ") in labels):
            return match[0]
        target = _target(written, resolve)
        if target is None:
            return match[0]
        if form == "short":
            return b"[" + _DISAMBIGUATOR.sub(rb"\1", written) + b"](" + target + b")"
        if form == "full":
            return b"](" + target + b")"
        start, end = (at - match.start() for at in match.span(form))
        return match[0][:start] + target + match[0][end:]

    return LINK.sub(changed, line)


def _target(written: bytes, resolve: Resolve) -> bytes | None:
    """Return a link's target with another path: its disambiguator and its ending stay, generics go."""
    text = written.strip(b"`<> ")
    if URL.match(text):
        return None
    plain = text.decode(errors="replace")
    match = PATH.match(plain)
    if match is None or not match["path"] or match["path"].startswith("<"):
        return None
    path = resolve(tuple(match["path"].split("::")))
    if path is None:
        return None
    start, end = match.span("path")
    return (plain[:start] + "::".join(path) + re.sub(r"^<.*>", "", plain[end:])).encode()
