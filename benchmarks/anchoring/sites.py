"""An oracle of its own, by regular expressions on lines: what is a place of a rule, what only looks alike.

It knows less than the product and is right about what it says: a line with a quote or ``//`` before the word
is neither, unless it is a comment as a whole.
"""

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Oracle:
    """``site`` is the word in code, ``word`` the word in prose, ``cure`` what mends it."""

    site: str
    word: str
    cure: tuple[str, str]
    title: str


RULES = {
    "unwrap": Oracle(r"\.unwrap\(\)", r"unwrap", (r"\.unwrap\(\)", "?"), "unwrap() calls"),
    "expect": Oracle(r"\.expect\(", r"\bexpect", (r"\.expect\([^)]*\)", "?"), "expect() calls"),
    "unsafe": Oracle(r"\bunsafe \{", r"unsafe", (r"unsafe \{", "{"), "unsafe blocks"),
    "unimplemented": Oracle(
        r"\b(?:unimplemented|todo)!\(",
        r"unimplemented",
        (r"(?:unimplemented|todo)!\(", "Err("),
        "unimplemented!()",
    ),
    "panic": Oracle(r"\bpanic!\(", r"\bpanic", (r"panic!\(", "Err("), "panic!() calls"),
    "todo-marker": Oracle(r"\b(?:TODO|FIXME)\b", r"(?!)", (r".*", ""), "TODO markers"),
}


def is_site(rule: str, text: str) -> bool:
    """Whether a line surely is a place of a rule."""
    found = re.search(RULES[rule].site, text)
    if found is None:
        return False
    before = text[: found.start()]
    if rule == "todo-marker":
        return text.strip().startswith("//")
    return not re.search(r"//|\"|'|/\*|\*", before) and not text.lstrip().startswith("*")


def is_lookalike(rule: str, text: str) -> bool:
    """Whether a line surely only speaks of a rule: a comment as a whole."""
    return text.strip().startswith("//") and bool(re.search(RULES[rule].word, text))
