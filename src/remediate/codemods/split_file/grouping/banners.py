"""Section comments: the lines people cut a long file into sections with."""

import re

_DECORATION = re.compile(r"([=\-#*~+_\u2500-\u257f])\1{2,}|^\s*(?:#?region\b|MARK:|SECTION)", re.IGNORECASE)
_EDGES = " \t/*!=-#~+_|.\u2500\u2501\u2550\u2502"
_NO_TITLE = re.compile(
    r"[;{}]\s*$|^\s*(?:let|use|fn|pub|if|for|return|#\[)\b.*[;{(]?|Copyright|SPDX|[Ll]icensed? under"
    r"|^(?:TODO|FIXME|XXX|HACK|BUG|NOTE|SAFETY)\b"
)
"""Code that is commented out, licences, and remarks."""
_PLAIN = re.compile(r"\s*//(?:$|[^/!]|//)")
_HEADING = re.compile(r"///[ \t]*#+[ \t]+([^\n]*)|///[ \t]*(\w[\w-]*(?: [\w-]+){0,2})[ \t]*\r?\n(?!///)")
_LONGEST = 70


def banner(text: str) -> str | None:
    """Return the title of the section comment in a run of free-standing comments; None if there is none.

    The last one counts. It is short, and either drawn with a rule or at most two lines; commented-out code,
    licences and remarks are none.
    """
    found = None
    for block in re.split(r"\n[ \t]*\r?\n", text):
        found = _title(block) or found
    return found


def attached_banner(text: str) -> str | None:
    """Return the title of a section comment that stands right on top of an item's own comments."""
    lines = []
    for line in text.split("\n"):
        if not _PLAIN.match(line):
            break
        lines.append(line)
    return _title("\n".join(lines)) if any(_ruled(line) for line in lines) else None


def heading(text: str) -> str | None:
    """Return the Markdown heading that documentation begins with, or all of it if that is three words."""
    said = _HEADING.match(text)
    if said is None or (said.group(2) or "").lower().endswith(("functions", "methods")):
        return None  # what any impl block has
    return _title(f"// {said.group(1) or said.group(2)}")


def _title(block: str) -> str | None:
    lines = [line for line in block.split("\n") if line.strip()]
    titles = [title for line in lines if (title := _bare(line))]
    ruled = any(_ruled(line) for line in lines)
    if not titles or len(titles) > (3 if ruled else 2) or any(_NO_TITLE.search(t) for t in titles):
        return None
    return titles[0] if len(titles[0]) <= _LONGEST else None


def _ruled(line: str) -> bool:
    bare = line.strip()
    return bare.startswith("/////") or bool(_DECORATION.search(bare.removeprefix("//").strip("/ ")))


def _bare(line: str) -> str:
    bare = re.sub(r"^\s*(?:#?end)?(?:#?region|MARK|SECTION)\b:?", "", line.strip(_EDGES), flags=re.IGNORECASE)
    return bare.strip(_EDGES)
