"""The rules: what an audit can accuse a file of, the words that name it, and what proves it in source.

One table for the reader and the scanner. A rule knows nothing of codemods: which codemod takes a rule is the
codemod's own declaration (``contract.codemod_for``), handed in from above.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache


class Severity(StrEnum):
    """How bad a finding is; the words are SARIF's levels."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class Evidence(StrEnum):
    """Where a rule's proof stands in a source file."""

    CODE = "code"  # identifiers among the tokens; a comment or string that says the word proves nothing
    COMMENT = "comment"  # words of a comment; an identifier that contains the word proves nothing
    FILE = "file"  # the file as a whole: its size, its test modules
    NONE = "none"  # nothing a machine could look for


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule.

    Attributes:
        id: Stable, kebab-case.
        title: What a finding of it says, in a few words.
        severity: The default severity.
        evidence: Where the proof stands.
        prose: Regular expression (any case) over the words by which audits name the rule.
        code: Regular expression over single identifiers of the source, anchored by its user; "" for none.
        words: Regular expression (any case) over comment text that proves the rule; "" for none.
        not_words: What ``words`` also hits but is something else (a crate, a product), any case.
        strings: Whether ``words`` inside a string literal prove it too (a placeholder text is a placeholder).
        macros: Whether ``code`` names macros: only with ``!`` behind it is it one.
        calls: Whether ``code`` names methods or functions: ``expect`` alone may be a lint attribute.
        upper: Whether ``words`` count in this spelling only (``TODO``, but not the Spanish "todo").
    """

    id: str
    title: str
    severity: Severity
    evidence: Evidence
    prose: str
    code: str = ""
    words: str = ""
    not_words: str = ""
    strings: bool = False
    macros: bool = False
    calls: bool = False
    upper: bool = False


_TEST_WORDS = (
    r"embedded tests?|inline tests?|tests? (?:in|from) (?:source|src)|test(?:ing)? extraction"
    r"|cfg\(test\)|#\[test\]"
)
_BLOCK_ON = r"block_on(?:_stream)?|block_in_place|run_until"
_BLOCKING = r"blocking_(?:recv|send|send_timeout|recv_many|lock|lock_owned|read|write)"
_PLACEHOLDER_NAMES = r"(?:Placeholder|Mock|Dummy|Fake|Stub)[A-Z]\w*|(?:placeholder|dummy|fake|stub)_\w+"

RULES: tuple[Rule, ...] = (
    Rule(
        "spawn-blocking", "spawn_blocking in async code", Severity.NOTE, Evidence.CODE,
        r"spawn_blocking", code=r"spawn_blocking",
    ),
    Rule(
        "block-on", "blocking call in async code", Severity.ERROR, Evidence.CODE,
        r"block_on|block_in_place|(?<!\w)blocking violation"
        r"|(?<!\w)block(?:s|ing)\b[\w -]{0,20}\b(?:async|calls?|code|operations?|runtime)\b",
        code=rf"{_BLOCK_ON}|{_BLOCKING}|SyncIoBridge",
    ),
    Rule(
        "embedded-tests", "embedded tests in production code", Severity.WARNING, Evidence.FILE,
        rf"{_TEST_WORDS}|test code\b.{{0,40}}\bsource"
        r"|test (?:module|function|case)s?\b.{0,40}\b(?:src|source|embedded)"
        r"|extract(?:ed|ion of)?\b.{0,30}\btests?\b|tests? (?:extracted|embedded)|tests? found in source",
    ),
    Rule(
        "large-file", "file over the size limit", Severity.WARNING, Evidence.FILE,
        r"decompos\w+|(?:large|huge|oversized?) files?|massive|monolithic"
        r"|\ball\b.{0,60}\bin (?:a |one )?single file"
        r"|files? (?:(?:that|which) )?(?:is|are) (?:much |far )?too (?:large|long|big)"
        r"|(?:over|exceed\w*|>|under|above) ?\d[\d,]*[ -]lines?",
    ),
    Rule(
        "unimplemented", "todo!() or unimplemented!()", Severity.ERROR, Evidence.CODE,
        r"unimplemented!|todo!", code=r"unimplemented|todo", macros=True,
    ),
    Rule(
        "unwrap", "unwrap() outside tests", Severity.WARNING, Evidence.CODE,
        r"unwraps?\b(?:\(\))?", code=r"unwrap|unwrap_err|unwrap_unchecked", calls=True,
    ),
    Rule(
        "expect", "expect() outside tests", Severity.WARNING, Evidence.CODE,
        r"\.?expects?\(\)?|\bexpects\b", code=r"expect|expect_err", calls=True,
    ),
    Rule(
        "panic", "panic!() outside tests", Severity.WARNING, Evidence.CODE,
        r"panic!", code=r"panic", macros=True,
    ),
    Rule(
        "unsafe", "unsafe code", Severity.WARNING, Evidence.CODE,
        r"\bunsafe (?:block|code|fn|impl|usage|operation)s?", code=r"unsafe",
    ),
    Rule(
        "debug-print", "debug print instead of logging", Severity.NOTE, Evidence.CODE,
        r"e?println!|debug prints?|dbg!", code=r"e?print(?:ln)?|dbg", macros=True,
    ),
    Rule(
        "todo-marker", "TODO marker", Severity.NOTE, Evidence.COMMENT,
        r"\btodos?\b|\bfixmes?\b|\bxxx\b",
        words=r"\b(?:TODO|FIXME|XXX|[Tt]odo(?=:|\())s?\b",
        upper=True,
    ),
    Rule(
        "placeholder", "placeholder implementation", Severity.WARNING, Evidence.COMMENT,
        r"placeholders?|stubs?\b|\bmock(?:ed|s)?\b|\bfake[ds]?\b|dummy|simulat\w+|hard-?coded",
        code=_PLACEHOLDER_NAMES,
        words=r"\b(?:placeholders?|stub(?:s|bed)?|mock(?:s|ed)?|fake[ds]?|dummy|simulat(?:e|es|ed|ing|ion)"
        r"|hard-?coded|not (?:yet )?implemented)\b",
        strings=True,
    ),
    Rule(
        "temporary-code", "temporary implementation", Severity.WARNING, Evidence.COMMENT,
        r"for now|in a real|production would|would .{0,40}in production|[\"'\u201c]in production"
        r"|in production,? (?:use|would|this)|temporar(?:y|ily)|simplified|work-?arounds?",
        words=r"\b(?:for now|in a real|in (?:real|actual) (?:code|implementation|usage)|in production"
        r"|production (?:would|code would|system|implementation)|temporar(?:y|ily)|simplified|simplistic"
        r"|as a simplification|work-?arounds?)\b",
        strings=True,
    ),
    Rule(
        "hack", "hack", Severity.NOTE, Evidence.COMMENT,
        r"(?<!workspace-)\bhack(?:s|y)?\b",
        words=r"\bhack(?:s|y|ed|ish)?\b",
        not_words=r"workspace[-_ ]hack|hackathon",
    ),
    Rule(
        "shim", "shim instead of full functionality", Severity.NOTE, Evidence.COMMENT,
        r"\bshims?\b",
        words=r"\bshim(?:s|med)?\b",
        not_words=r"shimmer\w*",
    ),
    Rule(
        "legacy", "legacy code", Severity.NOTE, Evidence.COMMENT,
        r"\blegacy\b|backwards?[- ]compatib\w+|deprecated",
        words=r"\b(?:legacy|deprecated|backwards?[- ]compat(?:ible|ibility)?)\b",
    ),
    Rule("new-file", "file that is to be made", Severity.NOTE, Evidence.NONE, r"(?!)"),
    # Rules that our own scanner reports and other audits hardly ever name: by their title alone.
    Rule(
        "blocking-wrapper", "blocking call under another name", Severity.WARNING, Evidence.NONE,
        r"blocking call under another name",
    ),
    Rule(
        "dead-tests", "tests that never run", Severity.WARNING, Evidence.NONE,
        r"dead tests?\b|tests? that never runs?",
    ),
    Rule(
        "locking", "lock where the project forbids it", Severity.WARNING, Evidence.CODE,
        r"lock where the project forbids",
        code=r"Mutex|RwLock|ReentrantMutex|ReentrantLock|FairMutex|Condvar|SpinLock|lock|try_lock",
    ),
    Rule(
        "allocation", "allocation where the project forbids it", Severity.WARNING, Evidence.NONE,
        r"allocation where the project forbids",
    ),
    Rule(
        "parse-health", "text that cannot be parsed", Severity.ERROR, Evidence.NONE,
        r"text that cannot be parsed",
    ),
    Rule(
        "suppression", "suppression that does nothing", Severity.WARNING, Evidence.NONE,
        r"suppression that does nothing",
    ),
    Rule("unclassified", "claim of no known rule", Severity.NOTE, Evidence.NONE, r"(?!)"),
)  # fmt: skip


def rule(id_: str) -> Rule:
    """Return the rule with this id; a rule nobody knows has the evidence ``NONE``."""
    return _by_id().get(id_, Rule(id_, id_.replace("-", " "), Severity.NOTE, Evidence.NONE, r"(?!)"))


@lru_cache(maxsize=4096)
def rules_named(text: str) -> tuple[str, ...]:
    """Return the ids of the rules that prose names: those named by their own word first, in its order."""
    found = [(_is_vague(index, match), match.start(), index) for index, match in _named(text)]
    return tuple(RULES[index].id for _, _, index in sorted(found))


def _named(text: str) -> Iterator[tuple[int, re.Match[str]]]:
    for index, pattern in enumerate(_prose()):
        match = pattern.search(text)
        if match:
            yield index, match


def _is_vague(index: int, match: re.Match[str]) -> bool:
    """Whether a rule was named by a description ("blocking violation") and not by its own word."""
    code = RULES[index].code
    return bool(code) and RULES[index].evidence is Evidence.CODE and not re.search(code, match.group())


@cache
def _by_id() -> dict[str, Rule]:
    return {r.id: r for r in RULES}


@cache
def _prose() -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(r.prose, re.IGNORECASE) for r in RULES)
