"""Text of strangers made harmless: one line, no control characters, no terminal escapes."""

import re

_CONTROL = re.compile(
    r"\x1b\[[0-9;?]*[ -/]*[@-~]|[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]+"
)


def one_line(text: str, most: int = 200) -> str:
    """Return ``text`` as one line of at most ``most`` characters; cut at the end, with an ellipsis."""
    line = " ".join(_CONTROL.sub(" ", text).split())
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"
