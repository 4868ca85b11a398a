"""Intra-doc links: which paths the Markdown of a doc comment asks rustdoc to resolve."""

import re
from collections.abc import Iterator

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
