"""What makes two compiler messages "the same" although code has moved between them.

A message keeps its level, code and words; file names, line numbers and module paths are taken out. Lints
that list several names in one message count once per name, so that one list becoming two is nothing new.
"""

import posixpath
import re
from collections import Counter
from collections.abc import Iterable

from remediate.model import Diagnostic

Signature = tuple[str, str, str]
"""Level, code, normalised message."""

_PLACE = re.compile(r"[^\s`'\"]+\.rs(:\d+)*")
_PATH = re.compile(r"(?:\b\w+::|<[^<>]*>::)+(?=[\w{*<])")
_NAME = re.compile(r"`([^`]+)`")
_UNREAD = re.compile(r"(?<=couldn't read `)[^`]+(?=`)")
_LISTING = {"unused_imports", "dead_code", "unused_macros", "unused_macro_rules", "unreachable_pub"}


def signatures(diagnostic: Diagnostic) -> tuple[Signature, ...]:
    """Return the signatures of one message, most often one."""
    message = _PATH.sub("", _PLACE.sub("<file>", _UNREAD.sub(_meant, diagnostic.message)))
    names = _NAME.findall(message) if diagnostic.code in _LISTING else []
    return tuple((diagnostic.level, diagnostic.code, name) for name in names or [message])


def _meant(path: re.Match[str]) -> str:
    """Return the path of an included file without its way there: another file includes it the other way."""
    return posixpath.normpath(path[0])


def counted(diagnostics: Iterable[Diagnostic]) -> Counter[Signature]:
    """Return how often each signature stands among distinct errors and warnings."""
    return Counter(s for d in diagnostics if d.level in ("error", "warning") for s in signatures(d))
