"""Rules that our own scanner reports and other audits hardly ever name: rows of the table in ``rules``."""

from typing import NamedTuple


class Row(NamedTuple):
    """A rule in plain words; ``prose`` is how our own Markdown names it, ``code`` what proves it."""

    id: str
    title: str
    severity: str
    evidence: str
    prose: str
    code: str = ""


OWN = (
    Row(
        "blocking-wrapper",
        "blocking call under another name",
        "warning",
        "none",
        r"blocking call under another name",
    ),
    Row("dead-tests", "tests that never run", "warning", "none", r"dead tests?\b|tests? that never runs?"),
    Row(
        "locking",
        "lock where the project forbids it",
        "warning",
        "code",
        r"lock where the project forbids",
        r"Mutex|RwLock|ReentrantMutex|ReentrantLock|FairMutex|Condvar|SpinLock|lock|try_lock",
    ),
    Row(
        "allocation",
        "allocation where the project forbids it",
        "warning",
        "none",
        r"allocation where the project forbids",
    ),
    Row("parse-health", "text that cannot be parsed", "error", "none", r"text that cannot be parsed"),
    Row("suppression", "suppression that does nothing", "warning", "none", r"suppression that does nothing"),
)
