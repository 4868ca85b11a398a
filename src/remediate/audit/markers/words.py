"""The words by which people mark unfinished code, and when such a word is only a term of the domain.

Each pattern was chosen by reading hits in hand-written crates: "temporary directory", "legacy format", "mock
server" and "SQL placeholder" are nouns there; "temporary fix", "kept for backward compatibility", "mock data"
and "Placeholder implementation" are not.
"""

import re
from typing import NamedTuple


class Word(NamedTuple):
    """One way to say it.

    Attributes:
        needles: A comment without any of these, in lower case, need not be searched.
        rule: The rule it belongs to.
        pattern: What is looked for in a comment.
        marks: What must stand around it in a plain comment for it to be no noun.
        marks_doc: The same in a doc comment.
    """

    needles: tuple[bytes, ...]
    rule: str
    pattern: re.Pattern[bytes]
    marks: re.Pattern[bytes]
    marks_doc: re.Pattern[bytes]


def _words(pattern: bytes) -> re.Pattern[bytes]:
    """Compile a pattern written with blanks for layout; ``START`` and its like stand for the parts below."""
    for name, part in _PARTS:
        pattern = pattern.replace(name, part)
    return re.compile(pattern, re.IGNORECASE | re.VERBOSE)


_PARTS = (
    # Where a sentence begins.
    (b"START", rb"(?:\A|[.:;!?(]\s*|\n[\s/*!]*)"),
    # What a stand-in stands in for.
    (
        b"THING",
        rb"(?:implementations?|impls?|logic|code|values?|data|results?|responses?|functions?|until|for\s+now|ones?)\b",
    ),
    (b"DOUBLE", rb"(?:placeholders?|stub(?:s|bed)?|mock(?:s|ed)?|fake[ds]?|dummy)"),
    # What says so of itself in the third person describes a design.
    (b"SIMULATING", rb"(?:simulat(?:e|ed|ing|ion)|(?:this|it|just|only)\s+simulates)"),
    (b"SIMULATE", rb"simulat(?:e|es|ed|ing|ion)"),
    (b"COMPATIBLE", rb"(?:legacy|backwards?[- ]compat\w*)"),
)
_ANYTHING = re.compile(b"")
NEVER = re.compile(rb"(?!)")

WORDS = (
    Word(
        (b"todo", b"fixme"),
        "todo-marker",
        re.compile(
            rb"(?<![\w`'\"-])(?:TODO|FIXME)s?\b(?![!`'\"-])"
            rb"|(?:\A|(?<=[.;!?(])|(?<=[.;!?(]\s)|(?<=// ))[Tt]odo(?=\s*[:(])"
            rb"|(?<=\A// )todo\b|(?<![\w`'\"])@(?i:todo|fixme)\b"
        ),
        _ANYTHING,
        _ANYTHING,
    ),
    Word(
        (b"xxx",),
        "todo-marker",
        re.compile(rb"(?<![\w`'\"<$.-])XXX(?=\s*[:(]|\s+[a-z])(?!-)"),
        _ANYTHING,
        re.compile(rb"XXX\s*:"),
    ),
    Word(
        (b"placeholder", b"stub", b"mock", b"fake", b"dummy"),
        "placeholder",
        _words(rb"\bDOUBLE\b"),
        _words(
            rb"""START (?:(?:this\s+is|just|return(?:s|ing)?|use|an?|the|is|only|simple|basic)\s+)*
                 DOUBLE\b (?:\s+THING|\s*(?:[-.:,;)]|\xe2\x80[\x93\x94]|\Z))
            |START (?:this\s+is\s+an?\s+)?DOUBLE\s+for\b
            |\A(?:placeholder|stub|dummy)\s+[\w-]+\s*(?:[.,;:(-]|\Z|(?:for|when|until|to)\b)
            |\A(?:placeholder|stub|dummy)\s+[\w-]+\s+[\w-]+\s*\Z
            |\A(?:create|use|return)s?\s+(?:an?\s+)?(?:placeholder|stub)\b
            |\b(?:we|we'll|will|just)\s+use\s+an?\s+DOUBLE\b
            |\busing\s+(?:an?\s+)?DOUBLE\s*(?:[.,;:)]|\Z)
            |\((?:placeholder|stub)s?\b|[-\x93\x94]\s*(?:placeholder|stub)\s*\Z
            |\bas\s+an?\s+(?:dummy|placeholder|stub)\b
            |\b(?:fixed|minimal)\s+DOUBLE\b
            |START DOUBLE\s+(?:[\w-]+\s+){1,2}implementations?\b
            |\b(?!dummy\s+values?\b)DOUBLE\s+THING"""
        ),
        _words(
            rb"""\bDOUBLE\s+(?:implementations?|impl|for\s+now|until)\b
            |\((?:placeholder|stub)\b
            |START DOUBLE\s+for\s+what\b
            |START DOUBLE\s+(?:[\w-]+\s+){0,2}(?:implementations?|impls?|modules?|versions?|imitations?)\b
            |this\s+is\s+(?:just\s+)?an?\s+DOUBLE\b
            |\bjust\s[^.\n]{0,30}\b(?:fixed|minimal)\s+DOUBLE\b"""
        ),
    ),
    Word(
        (b"simulat",),
        "placeholder",
        _words(rb"\bSIMULATE\b"),
        _words(
            rb"""START (?:just\s+|we\s+|returns?\s+|for\s+now,?\s+)* SIMULATING\b |\bsimulated\s+THING
            |\(simulated?\b
            |\b(?:we|we'll|i)\s+(?:just\s+)?simulate\b |\bsimulate\s+success\b
            |\bto\s+simulate\s+(?:real|actual)\b
            |\bfor\s+simulation\s*(?:[.,;:]|\Z)
            |START (?:simple|basic|naive|crude)\s+(?:[\w-]+\s+){0,2}simulation\b"""
        ),
        _words(
            rb"""\bsimulated\s+(?:implementation|response|result)\b|\breturns?\s+simulated\b
            |\bsimulating\s+(?:the\s+)?(?:real|actual)\b
            |\bthis\s+is\s+(?:just\s+)?an?\s+simulat(?:ion|ed)\b"""
        ),
    ),
    Word((b"hardcode", b"hard-code"), "placeholder", _words(rb"\bhard-?coded?\b"), _ANYTHING, NEVER),
    Word(
        (b"implemented", b"supported"),
        "placeholder",
        _words(rb"\bnot\s+(?:yet\s+)?implemented\b|\bnot\s+(?:yet\s+supported|supported\s+yet)\b"),
        _words(
            rb"""START not\s+(?:yet\s+)?implemented
            |\bnot\s+yet\s+implemented
            |\bnot\s+implemented(?:\s+yet)?\s*(?:[.;,)]|\Z)"""
        ),
        _words(rb"\bnot\s+yet\s+implemented|\bnot\s+implemented(?:\s+yet|\s*[.;,)])"),
    ),
    Word((b"for now",), "temporary-code", _words(rb"\bfor\s+now\b"), _ANYTHING, _ANYTHING),
    Word(
        (
            b"in a real",
            b"in real",
            b"in a full",
            b"in a complete",
            b"in a proper",
            b"in actual",
            b"in an actual",
            b"in full",
            b"production",
        ),
        "temporary-code",
        _words(
            rb"""\bin\s+an?\s+(?:real|full|complete|proper|actual)(?:[- ](?:world|life))?\s+
                 (?:\**[\w/-]+\**\s+){0,3}?
                 (?:implementation|system|app\w*|scenario|world|code|program|setup|deployment|project
                    |environment|product|use\s+case)
            |\bin\s+a\s+(?:real|full)\s(?=[^.\n]{0,60}\b(?:would|should|could|must|will|we'd|you'd|you'll)\b)
            |\bin\s+(?:real|actual|full|complete)\s+(?:code|implementations?|usage)
            |\bproduction\s+(?:would|should|code\s+would|implementation)
            |\bin\s+production(?:,?\s+(?:this|we|you|it|use|one|the\s+real|would|should|could|must)\b)
            |\bin\s+production,?\s+(?:the|an?)\s+[\w-]+\s+(?:would|should|could|must|will)\b
            |(?<=//\s)in\s+production\s*:
            |\bin\s+actual\s+(?:[\w-]+\s+)?builds?\b
            |\b(?:for|in)\s+production,
            |\bwould\b[^.\n]{0,80}\bin\s+production\b"""
        ),
        _ANYTHING,
        _ANYTHING,
    ),
    Word(
        (b"replace",),
        "temporary-code",
        _words(rb"\breplace\s+(?:this\s+|it\s+)?with\s+(?:an?\s+|the\s+)?(?:actual|real|proper)\b"),
        _ANYTHING,
        _ANYTHING,
    ),
    Word(
        (b"would", b"ideally"),
        "temporary-code",
        _words(
            rb"""(?-i:\b(?:This\s+|It\s+|We\s+|These\s+)would\b|\bWould\b)
            |(?:(?<=[-(\x93\x94])|(?<=[-(\x93\x94]\s))would\b
            |\b(?:real|actual|full|complete|proper|production)\s+(?:[\w-]+\s+){1,2}would\b
            |\bideally,?\s+(?:we|this|it|you|these)\b"""
        ),
        _words(
            rb"""\A(?-i:Would)\s+(?!be\b|have\b|also\b|not\b|this\b|it\b)
            |\b(?:real|actual|full|complete|proper|production)\s+(?:\w+\s+)?(?:implementation|version|system|code|one)\s+would\b
            |\bideally,?\s+(?:we|this|it|you|these)\b"""
        ),
        _words(rb"\b(?:real|actual|full|complete|proper|production)\s+(?:implementation|version)\s+would\b"),
    ),
    Word((b"would",), "temporary-code", _words(rb"\bwould\b"), NEVER, NEVER),
    Word(
        (b"temporar",),
        "temporary-code",
        _words(rb"\btemporar(?:y|ily)\b"),
        _words(
            rb"""\btemporary\s+(?:implementation|solution|fix|work-?around|hack|code|measure|until|shim
                                |placeholder|stub|patch)
            |\btemporary\s+\w+\s+until\b
            |\btemporarily\s+(?:disabl|comment|hard|skip|turn|remov\w+\s+(?:until|because))
            |START (?:this\s+is\s+)?temporary\s*(?:[:.!-]|\Z|until|for\s+now)"""
        ),
        _words(rb"\btemporary\s+(?:implementation|solution|fix|work-?around|hack)\b"),
    ),
    Word(
        (b"simplif", b"simplistic"),
        "temporary-code",
        _words(rb"\b(?:simplified|simplistic|simplification)\b"),
        _words(
            rb"""START (?:this\s+is\s+|an?\s+|very\s+|overly\s+|currently\s+)*(?:simplified|simplistic)\b
            |\b(?:simplified|simplistic)\s*[.)]?\Z
            |\b(?:simplified|simplistic)\s+
             (?:implementation|approach|logic|for\s+now|handling|check|calculation|heuristic)
            |\bas\s+a\s+simplification\b"""
        ),
        _words(
            rb"""\b(?:simplified|simplistic)\s+(?:[\w-]+\s+)?(?:implementation|for\s+now)\b
            |\(simplified\b
            |\bas\s+a\s+simplification\b"""
        ),
    ),
    Word(
        (b"workaround", b"work-around"),
        "temporary-code",
        _words(rb"\bwork-?arounds?\b"),
        _ANYTHING,
        _ANYTHING,
    ),
    Word(
        (b"hack",),
        "hack",
        _words(rb"(?<![\w-])(?<!'s\s)(?<!workspace\s)hack(?:s|y|ed|ish)?\b(?!-)"),
        _ANYTHING,
        _ANYTHING,
    ),
    Word(
        (b"shim",),
        "shim",
        _words(rb"(?<![\w-])shim(?:s|med)?\b"),
        _words(
            rb"START (?:this\s+)? shim\b |\bshim\s+(?:until|for\s+now|to\s+be\s+removed) |\btemporary\s+shim"
        ),
        _words(rb"START this\s+shim\b"),
    ),
    Word(
        (b"legacy", b"backward"),
        "legacy",
        _words(rb"\blegacy\b|\bbackwards?[- ]compat(?:ible|ibility)?\b"),
        _words(
            rb"""\b(?:kept|keep|exists?|retain\w*|remains?|alias|left|here|only|needed|provided|re-?export\w*|used|allow\w*)\b
                 [^.\n]{0,30}\bfor\s+COMPATIBLE
            |\bbackwards?[- ]compatibility\b
            |\blegacy\s+(?:code|wrapper|shim|alias|api|methods?|functions?|impl\w*|helpers?|support|fallback
                          |handling)\b
            |START for\s+COMPATIBLE\b
            |START COMPATIBLE\s*(?:[-:.,;]\s|\Z)"""
        ),
        _words(
            rb"""\b(?:kept|retained|exists|remains|provided|only\s+used)\b[^.\n]{0,30}\bfor\s+COMPATIBLE
            |\bfor\s+backwards?[- ]compatibility\b
            |\(backwards?[- ]compatibility\)
            |\(legacy\s+(?:\w+\s+)?(?:types?|names?|api|shaper|mode)\)
            |START legacy(?:\s*:|\s+types\b)
            |\blegacy\s+(?:wrapper|shim|alias)\b"""
        ),
    ),
)

NEEDLES = tuple(dict.fromkeys(needle for word in WORDS for needle in word.needles))
