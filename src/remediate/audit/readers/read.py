"""Any audit into one document of claims: the format is detected, the text never trusted."""

import re

from remediate.audit.document import AuditDocument
from remediate.audit.readers.cargo_json import is_cargo, read_cargo
from remediate.audit.readers.json_values import parsed
from remediate.audit.readers.markdown import read_markdown
from remediate.audit.readers.own_json import is_ours, read_ours
from remediate.audit.readers.sarif import is_sarif, read_sarif
from remediate.errors import InputError

_MARKDOWN = (".md", ".markdown")
# A minute's work; the largest audit anyone showed has 300. More is an attack, or no audit.
MOST_ENTRIES = 200_000
_OTHERS = {".toml": "TOML", ".lock": "a lock file", ".rs": "Rust source"}
_FIRST = 1024
FORMS = "Give Markdown, SARIF 2.1.0, `--message-format json` of cargo, or JSON that remediate printed."
_ENTRY = re.compile(r"^[ \t>]*(?:#{1,6}[ \t]|[-*+][ \t]|\d+[.)][ \t]|\|)", re.MULTILINE)
_OBJECT = re.compile(r"\s*\{\s*[\"}]")  # and not "{a,b}.rs"


def read(content: bytes | str, name: str) -> AuditDocument:
    """Read an audit: SARIF, cargo's messages, our own JSON, else Markdown (as is a file named like it).

    Args:
        content: The file's bytes, or its text. Invalid UTF-8 and NUL bytes are read as U+FFFD.
        name: The file's name, for messages; "-" for standard input.

    Raises:
        InputError: It is no text, or is named like another kind of it; it is JSON, or is named like it, but
            none that is known; or it has too many entries.
    """
    kind = next((kind for ending, kind in _OTHERS.items() if name.endswith(ending)), "")
    if kind:
        raise InputError(f"{name} is {kind}, and no audit", FORMS)
    text = content if isinstance(content, str) else _decoded(content, name)
    text = text.replace("\0", "\ufffd").removeprefix("\ufeff")
    if not name.endswith(_MARKDOWN) and (_OBJECT.match(text) or name.endswith((".sarif", ".json"))):
        return _read_json(text.lstrip(), name)
    entries = sum(1 for _ in _ENTRY.finditer(text))
    if entries > MOST_ENTRIES:
        raise InputError(
            f"{name} has {entries:,} headings, entries and rows; at most {MOST_ENTRIES:,} are read",
            "Split it into several audits.",
        )
    return read_markdown(text, name)


def _decoded(content: bytes, name: str) -> str:
    """Return a file's text: UTF-8, or what its first bytes say.

    Raises:
        InputError: It is no text, or a format that holds no audit.
    """
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    start = content[:_FIRST]
    odd = sum(byte < 32 and byte not in b"\t\n\r\f\x1b" for byte in start)
    if start.startswith((b"%PDF-", b"PK\x03\x04", b"<?xml", b"<!DOCTYPE", b"<html")) or odd * 4 > len(start):
        raise InputError(f"{name} is no audit in a form that is read", FORMS)
    return content.decode("utf-8-sig", errors="replace")


def _read_json(text: str, name: str) -> AuditDocument:
    if is_cargo(parsed(text.partition("\n")[0])):
        return read_cargo(text, name)
    value = parsed(text)
    if is_sarif(value):
        return read_sarif(value, name)
    if is_ours(value):
        return read_ours(value, name)
    raise InputError(
        f"{name} is neither SARIF nor cargo's messages nor output of this program",
        FORMS,
    )
