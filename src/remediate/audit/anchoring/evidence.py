"""The evidence for a claim in one file, and what only looks like it.

Of several places that prove a claim's rule, the plain words of the claim may choose ("`src/a.rs:120` (TODO
optimization)"): they are weaker than a quote, and count only where they tell one from all others.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from remediate.audit.anchoring.hits import Hit, anywhere, hits, outlined
from remediate.audit.document import Claim
from remediate.audit.markers.classes import TOLD_BY_CODE
from remediate.audit.markers.detect import markers
from remediate.audit.readers.mentions import mentions
from remediate.audit.rules.catalog import Evidence, Rule, rule, rules_named
from remediate.audit.rules.phrases import lines_with
from remediate.audit.scan.where import item_path
from remediate.rust.syntax.source import Source

_WORDS = re.compile(rb"\w+")
_SPREAD = 2  # lines on which a comment may go on, with its telling word on one of them
_SPELLED = re.compile(r"[^\W_]+(?:_+[^\W_]+)*")
_BREAK = re.compile(r"[()\[\]{}\"`*;|\u201c\u201d\u2013\u2014]|\s-\s|[.,:](?=\s|$)")
_COMMENT = re.compile(rb"\s*(?://|\*|/\*)")
_FEW_WORDS = 3  # of a quote that is no more than a name of its rule
_LONGEST = 12  # words in a row
_LONGEST_TEXT = 2000
_PLAIN_WORDS = {
    "about", "also", "been", "before", "being", "call", "calls", "code", "could", "does", "file", "from",
    "have", "here", "implementation", "implemented", "instance", "into", "line", "lines", "made", "make",
    "more", "must", "need", "needs", "only", "place", "places", "replace", "should", "some", "than", "that",
    "their", "them", "then", "there", "these", "they", "this", "used", "uses", "using", "want", "were",
    "what", "when", "where", "which", "will", "with", "without", "would",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Found:
    """What a file holds for a claim.

    Attributes:
        proofs: Places that prove the claim's rule and fit what the claim quotes.
        named: Those of them in a function the claim names.
        meant: Those of them that the claim's words tell from the others.
        others: Places that prove another rule the claim names.
        lookalikes: Places where the words stand but prove nothing.
        quoted: Whether ``proofs`` were chosen by a quote.
    """

    proofs: tuple[Hit, ...]
    named: tuple[Hit, ...]
    meant: tuple[Hit, ...]
    others: tuple[Hit, ...]
    lookalikes: tuple[Hit, ...]
    quoted: bool

    @property
    def proven(self) -> tuple[Hit, ...]:
        """Places that prove any rule the claim names."""
        return (*self.proofs, *self.others)


def evidence(source: Source, claim: Claim) -> Found:
    """Collect a file's evidence for a claim."""
    leading = rule(claim.rule)
    found = hits(source, leading)
    proofs = [hit for hit in found if hit.proof]
    chosen = _chosen(source, claim, leading, proofs)
    if leading.evidence is Evidence.NONE:
        chosen = tuple(_quoted(source, claim)) or tuple(_mentioned(source, claim))
    kept = tuple(proofs) if chosen is None else chosen
    others = [hit for id_ in claim.rules[1:] for hit in hits(source, rule(id_)) if hit.proof]
    if not proofs and leading.id in TOLD_BY_CODE:
        others += _stubs(source)
    return Found(
        kept,
        tuple(hit for hit in kept if _is_named(source, claim, hit)),
        meant(source, claim.words, leading, kept),
        tuple(sorted(others, key=lambda hit: hit.start)),
        tuple(hit for hit in found if not hit.proof),
        chosen is not None and not _is_partly_quoted(claim, leading),
    )


def _stubs(source: Source) -> Iterator[Hit]:
    """Yield the lines on which a marker of any rule stands beside a stub: a placeholder by another word."""
    known: set[int] = set()
    for marker in markers(outlined(source.text)):
        line = source.line_of(marker.start)
        if marker.kind == "stub" and line not in known:
            known.add(line)
            yield Hit(marker.start, line, proof=True, what=marker.note)


def may_hold(claim: Claim, text: bytes) -> bool:
    """Whether a text could hold evidence for a claim: a cheap look before the tokens are read."""
    if any(anywhere(rule(id_)).search(text) for id_ in claim.rules if _is_of_places(id_)):
        return True
    if _is_of_places(claim.rule):
        return False
    if any(name.encode() in text for name in claim.names):
        return True
    return any(quoted in _plain(text) for quote in _quotes(claim) if (quoted := _plain(quote.encode())))


def _is_of_places(id_: str) -> bool:
    return rule(id_).evidence in (Evidence.CODE, Evidence.COMMENT)


def _plain(text: bytes) -> bytes:
    return b"".join(_WORDS.findall(text)).lower()


def can_be_looked_for(claim: Claim) -> bool:
    """Whether a claim says anything that could be found in source: a known rule, a quote, an identifier."""
    return rule(claim.rule).evidence is not Evidence.NONE or bool(_quotes(claim) or claim.names)


def disproves(claim: Claim) -> bool:
    """Whether a file that never held what was looked for disproves a claim.

    A call that is nowhere disproves that it is called. Words need not stand in the file that they describe
    ("a hard-coded port", "legacy path"), unless the claim quotes them; and a name may only be proposed.
    """
    leading = rule(claim.rule)
    if leading.evidence is Evidence.COMMENT:
        return leading.upper or bool(_marking(claim, leading))
    return leading.evidence in (Evidence.CODE, Evidence.FILE)


def _quotes(claim: Claim) -> list[str]:
    line = [claim.site_text] if _WORDS.search(claim.site_text.encode()) else []
    return [*line, *(text for text in (*claim.quotes, *claim.excerpt) if is_telling(text))]


def is_telling(text: str) -> bool:
    """Whether a quote is more than a single word, which may stand anywhere."""
    return len(text.split()) > 1 or "(" in text


def _lines_with(source: Source, quote: str, claim: Claim) -> Iterable[int]:
    """Return the lines of a quote; a line of a single word, `&self.x`, has to be there as a whole."""
    if quote != claim.site_text or is_telling(quote):
        return lines_with(source, quote)
    wanted = quote.encode()
    return (at for at, line in enumerate(source.text.split(b"\n"), 1) if line.strip() == wanted)


def _chosen(source: Source, claim: Claim, leading: Rule, proofs: list[Hit]) -> tuple[Hit, ...] | None:
    """Return the proofs that fit what the claim quotes, or None when it quotes nothing of the rule."""
    if leading.evidence is Evidence.CODE:
        names = _names(claim, leading)
        return tuple(hit for hit in proofs if _name_at(source, hit.start) in names) if names else None
    quotes = _marking(claim, leading)
    if not quotes:
        return None
    lines = {line + step for q in quotes for line in lines_with(source, q) for step in range(_SPREAD + 1)}
    if not lines and all(
        len(quote.split()) <= _FEW_WORDS and rules_named(quote) == (leading.id,) for quote in quotes
    ):
        return None  # "Production would" in a title is a kind of comment, which may say it in other words
    # Where not every place is quoted, the others are told by their numbers alone.
    unquoted = claim.lines if _is_partly_quoted(claim, leading) else ()
    return tuple(hit for hit in proofs if hit.line in lines or any(hit.line in named for named in unquoted))


def _marking(claim: Claim, leading: Rule) -> list[str]:
    """Return the quotes that hold a word of a rule of markers."""
    pattern = re.compile(leading.words or r"(?!)", re.IGNORECASE)
    return [quote for quote in claim.quotes if quote not in claim.rules and pattern.search(quote)]


def _is_partly_quoted(claim: Claim, leading: Rule) -> bool:
    return leading.evidence is Evidence.COMMENT and len(_marking(claim, leading)) < len(claim.lines)


def _names(claim: Claim, leading: Rule) -> set[str]:
    """Return which of a rule's names the claim says, in code or in a title that is not just the rule's."""
    pattern = re.compile(rf"\b(?:{leading.code})\b")
    names = {name for text in (*claim.quotes, claim.site_text) for name in pattern.findall(text)}
    if claim.title == leading.title:
        return names
    return names | {match.group() for match in pattern.finditer(claim.title) if _is_code(claim.title, match)}


def _is_code(title: str, match: re.Match[str]) -> bool:
    """Whether a name in a title is meant as one: "debug print" is plain English."""
    return "_" in match.group() or title[match.end() : match.end() + 1] in ("(", "!", "`")


def _quoted(source: Source, claim: Claim) -> Iterator[Hit]:
    """Yield the places of quoted source text, for a claim of no rule that could be looked for."""
    starts = [0, *(match.end() for match in re.finditer(b"\n", source.text))]
    for line in sorted({line for text in _quotes(claim) for line in _lines_with(source, text, claim)}):
        rest = source.text[starts[line - 1] :]
        blanks = len(rest) - len(rest.lstrip())
        yield Hit(starts[line - 1] + blanks, line, proof=True, what="the quoted text")


def _mentioned(source: Source, claim: Claim) -> Iterator[Hit]:
    """Yield where identifiers stand that the claim names: on lines that it names, or else anywhere."""
    pattern = re.compile(rb"(?<!\w)(?:%s)(?!\w)" % b"|".join(re.escape(n.encode()) for n in claim.names))
    found, line, done = dict[int, Hit](), 1, 0
    for match in pattern.finditer(source.text) if claim.names else ():
        line += source.text.count(b"\n", done, match.start())
        done = match.start()
        what = f"it names `{match.group().decode()}`"
        found.setdefault(line, Hit(match.start(), line, proof=True, what=what))
    claimed = [hit for hit in found.values() if any(hit.line in lines for lines in claim.lines)]
    yield from claimed or found.values()


def _name_at(source: Source, offset: int) -> str:
    match = _WORDS.match(source.text, offset)
    return match.group().decode(errors="replace") if match else ""


def _is_named(source: Source, claim: Claim, hit: Hit) -> bool:
    if not claim.symbols:
        return False
    path = item_path(outlined(source.text), hit.start).split("::")
    return any(re.split(r"::|\.", symbol)[-1] in path for symbol in claim.symbols)


@dataclass(frozen=True, slots=True)
class _Fit:
    """How many words in a row of a claim a place has, and how many telling ones in all."""

    row: int
    words: int


def meant(source: Source, said: Sequence[str], rule: Rule, places: Sequence[Hit]) -> tuple[Hit, ...]:
    """Return those of a rule's places that a claim's words tell from the others; () when they do not."""
    if len(places) < 2:
        return ()
    runs = [words for text in said for piece in _pieces(text) if (words := _spelled(piece))]
    telling = frozenset(word for run in runs for word in run if _is_own_word(word, rule))
    if not telling:
        return ()
    lines = source.text.split(b"\n")
    fits = [_fit(runs, telling, _spelled(_around(lines, hit, rule))) for hit in places]
    row, most = max(fit.row for fit in fits), max(fit.words for fit in fits)
    if row >= 2 and any(fit.row < row for fit in fits):
        return tuple(hit for hit, fit in zip(places, fits, strict=True) if fit.row == row)
    rest = max((fit.words for fit in fits if fit.words < most), default=most)
    clear = tuple(hit for hit, fit in zip(places, fits, strict=True) if fit.words == most)
    return clear if most >= rest + 2 else ()


def _pieces(text: str) -> Iterator[str]:
    """Yield the pieces of a line of prose between paths, numbers, brackets and stops."""
    done = 0
    for found in mentions(text):
        yield from _BREAK.split(text[done : found.start])
        done = max(done, found.end)
    yield from _BREAK.split(text[done:])


def _is_own_word(word: str, rule: Rule) -> bool:
    """Whether a word may tell one place of a rule from another: the rule's own words are at all of them."""
    own = re.search(f"{rule.prose}|{rule.words or '(?!)'}", word, re.IGNORECASE)
    return len(word) > 3 and word not in _PLAIN_WORDS and not word.isdecimal() and own is None


def _fit(runs: Sequence[Sequence[str]], telling: frozenset[str], words: Sequence[str]) -> _Fit:
    there = f" {' '.join(words)} "
    row = max((_longest(run, telling, there) for run in runs), default=0)
    return _Fit(row, len(telling.intersection(words)))


def _longest(run: Sequence[str], telling: frozenset[str], there: str) -> int:
    """Return how many words of a claim stand in a row at a place too, a telling one among them."""
    for size in range(min(len(run), _LONGEST), 1, -1):
        for start in range(len(run) - size + 1):
            part = run[start : start + size]
            if not telling.isdisjoint(part) and f" {' '.join(part)} " in there:
                return size
    return 0


def _around(lines: Sequence[bytes], hit: Hit, rule: Rule) -> str:
    """Return a place's line; of a comment also the lines in which it goes on."""
    found = [lines[hit.line - 1]]
    if rule.evidence is Evidence.COMMENT:
        for line in lines[hit.line : hit.line + _SPREAD]:
            if not _COMMENT.match(line):
                break
            found.append(line)
    return b" ".join(found).decode(errors="replace")


def _spelled(text: str) -> list[str]:
    return [match.group().lower() for match in _SPELLED.finditer(text[:_LONGEST_TEXT])]
