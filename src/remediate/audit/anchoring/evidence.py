"""The evidence for a claim in one file, and what only looks like it."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from remediate.audit.anchoring.hits import Hit, anywhere, hits
from remediate.audit.anchoring.wording import meant
from remediate.audit.document import Claim
from remediate.audit.identity import item_path
from remediate.audit.rules.catalog import Evidence, Rule, rule
from remediate.audit.rules.phrases import lines_with
from remediate.rust.syntax.source import Source

_WORDS = re.compile(rb"\w+")
_SPREAD = 2  # a quoted comment may have its telling word on one of the next lines


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
    return Found(
        kept,
        tuple(hit for hit in kept if _is_named(source, claim, hit)),
        meant(source, claim.words, leading, kept),
        tuple(sorted(others, key=lambda hit: hit.start)),
        tuple(hit for hit in found if not hit.proof),
        chosen is not None and not _is_partly_quoted(claim, leading),
    )


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
    return [*line, *(text for text in (*claim.quotes, *claim.excerpt) if _is_telling(text))]


def _is_telling(text: str) -> bool:
    return len(text.split()) > 1 or "(" in text


def _lines_with(source: Source, quote: str, claim: Claim) -> Iterable[int]:
    """Return the lines of a quote; a line of a single word, `&self.x`, has to be there as a whole."""
    if quote != claim.site_text or _is_telling(quote):
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
    # Where not every place is quoted, the others are told by their numbers alone.
    unquoted = claim.lines if _is_partly_quoted(claim, leading) else ()
    return tuple(
        hit for hit in proofs if hit.line in lines or any(n.first <= hit.line <= n.last for n in unquoted)
    )


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
    claimed = [hit for hit in found.values() if any(n.first <= hit.line <= n.last for n in claim.lines)]
    yield from claimed or found.values()


def _name_at(source: Source, offset: int) -> str:
    match = _WORDS.match(source.text, offset)
    return match.group().decode(errors="replace") if match else ""


def _is_named(source: Source, claim: Claim, hit: Hit) -> bool:
    if not claim.symbols:
        return False
    path = item_path(source, hit.start).split("::")
    return any(re.split(r"::|\.", symbol)[-1] in path for symbol in claim.symbols)
