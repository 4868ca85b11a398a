"""Sanitize untrusted text: no control characters, no terminal escapes, nothing that reorders text.

File names, source lines, audits and compiler messages may hold anything. They are sanitized where they leave
the program for a person's eyes: terminal, page, annotation, commit message.
"""

import re

# Control characters, line separators, what is not seen or changes the direction of text, surrogates.
_CLASS = (
    r"\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\ud800-\udfff"
    r"\U000e0000-\U000e007f"
)
_ESCAPE_SEQUENCE = r"\x1b\[[0-9;?]*[ -/]*[@-~]"
_UNSAFE = re.compile(f"[{_CLASS}]")
_RUNS = re.compile(f"{_ESCAPE_SEQUENCE}|[{_CLASS}]+")
_IN_LINES = re.compile(rf"{_ESCAPE_SEQUENCE}|(?![\n\t])[{_CLASS}]")
_ESCAPED = re.compile(r"\\u\{([0-9a-f]{1,6})\}")


def one_line(text: str, most: int = 200) -> str:
    """Return ``text`` as one line of at most ``most`` characters; cut at the end, with an ellipsis."""
    line = " ".join(_RUNS.sub(" ", text).split())
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"


def lines(text: str) -> str:
    """Return text with its lines and tabs as they are, for the messages of a compiler."""
    return _IN_LINES.sub("", text)


def name(text: str, also: str = "") -> str:
    r"""Return a file's name with each unsafe character as ``\u{202e}``, so that no two names look alike.

    ``also`` is a regular expression for more characters to be written so.
    """
    unsafe = re.compile(f"{_UNSAFE.pattern}|{also}") if also else _UNSAFE
    return unsafe.sub(lambda found: f"\\u{{{ord(found.group()):x}}}", text)


def named(text: str) -> str:
    """Return the name that ``name`` has written so."""
    return _ESCAPED.sub(_character, text) if "\\u{" in text else text


def _character(found: re.Match[str]) -> str:
    code = int(found.group(1), 16)
    return chr(code) if code <= 0x10FFFF else found.group()


def printable(text: str) -> str:
    """Return text of which each character takes its own column: an unsafe one is shown as ?."""
    return _UNSAFE.sub("?", text)
