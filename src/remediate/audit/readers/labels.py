"""The labels audits put before a line ("**File:**", "**Technical Solution:**") and what they announce."""

import re
from enum import StrEnum

_LABEL = re.compile(
    r"(?:[*_]{2})?(?P<label>[A-Za-z][\w /&'#\[\]().,-]{0,60}?)(?:[*_]{2})?(?P<note>\s*\([^)]{0,80}\))?"
    r"\s*:(?:[*_]{2})?(?:\s+|$)"
)
_EMPHASIS = re.compile(r"^[*_]{2}(?P<label>[^*_:]{1,60})(?::[*_]{2}|[*_]{2}(?:\s*\([^)]{0,80}\))?:)\s*")


class Role(StrEnum):
    """What a line is for."""

    SUBJECT = "subject"  # names the files that are accused
    LINES = "lines"  # names lines of the file before
    ISSUE = "issue"  # says what is wrong
    TARGET = "target"  # names a file to be made
    PLAN = "plan"  # lists the files to be made
    SOLUTION = "solution"  # says what to do
    PLAIN = "plain"


# The first pattern that matches decides; so what is special stands before what is general.
_ROLES: tuple[tuple[Role, re.Pattern[str]], ...] = tuple(
    (role, re.compile(pattern, re.IGNORECASE))
    for role, pattern in (
        (Role.LINES, r"^(?:at )?lines?(?: numbers?)?(?: [L\d][\d, L\u2013-]*)?$"),
        (Role.TARGET, r"^(?:create|creates?d?|targets?|extract(?:ed)? to|new files?|output|move to)$"),
        (Role.TARGET, r"^submodules created$"),
        (
            Role.PLAN,
            (
                r"decomposition plan|submodules|module structure|new structure|target structure"
                r"|^(?:decompose|split|break|divide|cut)(?: (?:it|this|up|the|file))* into\b"
                r"|^(?:proposed|suggested|recommended|planned) (?:modules|files|structure|layout|split)$"
            ),
        ),
        (
            Role.SUBJECT,
            r"^(?:.* )?(?:files?|locations?|paths?|where|sources?|sites?|modules?)(?: .*)?$",
        ),
        (Role.ISSUE, r"violation|issue|problem|finding|description|evidence|current|code|quote|symptom|what"),
        (Role.ISSUE, r"^(?:status|impact|found|search result|search required)"),
        (
            Role.SOLUTION,
            (
                r"solution|remediation|fix|strategy|notes?|action|steps?|plan|implement|warning|rationale|why"
                r"|performance|safety|architecture|dependenc|changes|optimizations|content|requirements?"
                r"|recommend|specification|criteria|testing|verif|benefit|investigation|target|how|methods|impact"
            ),
        ),
    )
)


def announces(text: str) -> bool:
    """Whether what a label says goes on in the lists and blocks behind it."""
    return text.strip().rstrip("*_").endswith(":") or not text.strip()


def label(text: str) -> tuple[str, Role, str]:
    """Return a line's label, its role and the text behind it; ("", PLAIN, text) for a line without one."""
    match = _EMPHASIS.match(text) if text.startswith(("**", "__")) else None
    match = match or _LABEL.match(text)
    if match is None:
        return "", Role.PLAIN, text
    words = match.group("label").strip()
    role = next((role for role, pattern in _ROLES if pattern.search(words)), Role.PLAIN)
    return words, role, text[match.end() :]
