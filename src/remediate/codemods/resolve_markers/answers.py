"""What a finding's markers come to, in words: each with its own reason, and what a person would do."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from remediate.audit.rules.documentation import advice
from remediate.codemods.resolve_markers.fix import Fix
from remediate.codemods.resolve_markers.pending import Pending
from remediate.codemods.resolve_markers.places import Place
from remediate.model import Finding, Skip
from remediate.quantities import quantity, some

_MOST_TOLD = 3
_ABOUT_BEHAVIOR = ("todo-marker", "placeholder", "temporary-code", "unimplemented")
_WRITE = "Write the behaviour that the comment promises, or return a typed error of the crate."
_ADVICE = {
    "stub": _WRITE,
    "simulation": _WRITE,
    "no-error-type": _WRITE,
    "working-code": "Write what the comment says is missing, or delete it where this is the final code.",
    "missing-work": "Do what the comment says.",
    "not-simple": "Do by hand what the comment says.",
    "in-documentation": "Rewrite the documentation for what the code does.",
    "needs-newer-rust": "Raise `rust-version`, or remove the attribute with what it allows.",
    "scaffolded": "Write the function, then drop the `#[ignore]` of its test.",
    "commented-out": "Delete what is commented out, or restore it.",
}


class Judgment(NamedTuple):
    """A marker and what is done about it, or why it stays."""

    place: Place
    answer: Fix | Skip


class Stays(NamedTuple):
    """A marker that stays, and why."""

    place: Place
    answer: Skip


def kept(done: Sequence[Fix]) -> Iterator[str]:
    """Yield which functions stay as they are although they are stubs, and why: each reason once."""
    names: dict[str, list[str]] = {}
    for fix in done:
        if fix.kept and fix.pending:
            names.setdefault(fix.kept, []).append(fix.pending.function.name)
    for why, found in names.items():
        listed = some(tuple(dict.fromkeys(found)))
        yield f"{listed} {'stays as it is' if len(found) == 1 else 'stay as they are'}: {why}"


def skipped(finding: Finding, left: Sequence[Stays], offer: str) -> Skip:
    """Return why all markers of a finding stay: first those that a person has to do something about.

    ``offer`` is what the program could do if it were asked.
    """
    if not left:
        return Skip("no-marker", f"{finding.path} holds no marker where the finding says.")
    chosen = [one for one in left if not one.answer.mistaken] or list(left)
    shown = chosen[:_MOST_TOLD]
    told = [_told(one, alone=len(left) == 1) for one in shown]
    for at in range(len(shown)):
        own = _advice(shown[at])
        if own and (at + 1 == len(shown) or _advice(shown[at + 1]) != own):
            told[at] += f" A person would: {own}"
    rest = len(left) - len(told)
    if rest:
        stay = "stays" if rest == 1 else "stay"
        told.append(
            f"{quantity(rest, 'other marker')} of {finding.path} {stay} as well: "
            f"`remediate resolve-markers {finding.path} --list` shows each."
        )
    told += [offer] if offer else []
    return Skip(chosen[0].answer.reason, " ".join(dict.fromkeys(told)), mistaken=chosen[0].answer.mistaken)


def _told(one: Stays, *, alone: bool) -> str:
    where, sentence = f"{one.place.path}:{one.place.line}", one.answer.sentence
    if not alone:
        sentence = sentence.replace(where, f"{where} ({one.answer.reason})", 1)
    return sentence


def _advice(one: Stays) -> str:
    """Return what a person would do about a marker by its rule and by why it stays; "" for nothing."""
    if one.answer.mistaken:
        return ""
    general = advice(one.place.rule)
    return _ADVICE.get(one.answer.reason, general) if one.place.rule in _ABOUT_BEHAVIOR else general


def refused(waiting: Sequence[Pending]) -> Iterator[str]:
    """Yield what a reviewer should know of the functions that refuse from now on: one sentence for all."""
    names = tuple(dict.fromkeys(one.name for one in waiting if one.refuses))
    if names:
        it, its = ("they", "their") if len(names) > 1 else ("it", "its")
        yield f"{some(names)} returned an answer that {it} did not have; {its} callers see an error now"


def partial(number: int, left: Sequence[Stays], waiting: Sequence[Pending], said: str) -> str:
    """Return what of a finding's markers is left to a person, "" for nothing; ``said`` is of a skeleton."""
    found = []
    if waiting:
        names = tuple(dict.fromkeys(one.name for one in waiting))
        each = "an ignored test waits for each" if len(names) > 1 else "an ignored test waits for it"
        found.append(f"a person has to write {some(names)}: {each}")
    if said:
        found.append(said)
    open_ones = [one for one in left if not one.answer.mistaken]
    if open_ones:
        stay = "stays" if len(open_ones) == 1 else "stay"
        found.append(
            f"{len(open_ones)} of {quantity(number, 'marker')} {stay}: {open_ones[0].answer.sentence}"
        )
    return "; ".join(found)


def title(done: Sequence[Fix], path: str) -> str:
    """Return the commit's title."""
    if not done:
        return f"Write a skeleton of what {path} stands in for"
    if len(done) > 1 and all(fix.pending for fix in done):
        return f"Scaffold {quantity(len(done), 'stub')} in {path}"
    first = done[0].summary[0].upper() + done[0].summary[1:]
    return first if len(done) == 1 else f"Resolve {quantity(len(done), 'marker')} in {path}"
