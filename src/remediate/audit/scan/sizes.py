"""How large a file is, and whether a program wrote it."""

import re

_HEAD = 3000
_GENERATED = re.compile(
    rb"@generated\b|\b(?:do not|don't) (?:edit|modify)\b|\bautomatically generated\b|\bauto-?generated\b"
    rb"|\bgenerated (?:by|from|with)\b|\b(?:file|code|module) (?:is|was|has been) generated\b",
    re.IGNORECASE,
)
_COMMENTS = re.compile(rb"^\s*(?://[^\n]*|/\*.*?\*/|\*[^\n]*|#!?\[[^\n]*)\s*$", re.MULTILINE | re.DOTALL)


def generated(text: bytes) -> str:
    """Return the words at the top of a file that say a program wrote it, or ""."""
    head = text[:_HEAD]
    end = re.search(
        rb"^\s*(?:pub|fn|mod|struct|enum|impl|trait|const|static|type|use|macro_rules)\b", head, re.MULTILINE
    )
    comments = b"\n".join(_COMMENTS.findall(head[: end.start()] if end else head))
    match = _GENERATED.search(comments)
    return " ".join(match.group().decode(errors="replace").lower().split()) if match else ""
