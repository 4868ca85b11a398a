"""Locks and allocation, where the project's configuration forbids them."""

import re
from collections.abc import Iterator

from remediate.audit.scan.found import Found
from remediate.audit.scan.scopes import Scopes
from remediate.rust.syntax.outline import Outline, statement_start

_LOCK = re.compile(
    rb"\b(?:Mutex|RwLock|ReentrantMutex|ReentrantLock|FairMutex|Condvar|SpinLock)\b(?=\s*(?:<|::))"
    rb"|\.\s*(?:lock|try_lock)\s*\(\s*\)"
)
_ALLOCATION = re.compile(
    rb"\b(?:Vec|String|Box|Rc|Arc|HashMap|HashSet|BTreeMap|BTreeSet|VecDeque|CString|PathBuf|OsString)"
    rb"\s*(?:::\s*<[^<>]*>\s*)?::\s*(?:new|from|with_capacity|from_iter|pin|from_utf8_lossy)\b"
    rb"|\b(?:vec|format)\s*!\s*[(\[{]"
    rb"|\.\s*(?:to_string|to_owned|to_vec|into_boxed_\w+|into_owned|collect|clone)\s*(?:::\s*<|\()"
)
_USE = re.compile(rb"\A\s*(?:pub(?:\s*\([^)]*\))?\s+)?use\b")


def constraints(outline: Outline, scopes: Scopes) -> Iterator[Found]:
    """Yield every lock and allocation of a file outside of tests; the configuration says where they count."""
    for rule, pattern in (("locking", _LOCK), ("allocation", _ALLOCATION)):
        for match in pattern.finditer(outline.code):
            start = match.start() + len(match.group()) - len(match.group().lstrip(b". \t\r\n"))
            begin = statement_start(outline.code, start)
            if not scopes.covers(start) and not _USE.match(outline.code[begin : begin + 80]):
                kind = outline.text[start : match.end()].split(b"(")[0].split(b"<")[0]
                yield Found(rule, kind.decode(errors="replace").strip(" :"), start, match.end())
