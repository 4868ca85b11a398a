"""`remediate status AUDIT`: the goals of audits as a checklist, and their boxes written back."""

import json
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from textwrap import wrap
from typing import Any

import click
from rich.markup import escape

from remediate.audit.document import AuditDocument
from remediate.audit.goals import GoalKind
from remediate.audit.readers.read import read
from remediate.cli.console import Terminal, console
from remediate.cli.live import Shown
from remediate.cli.options import request, settings
from remediate.cli.wrapping import say
from remediate.errors import BaselineError, InputError, LeaseError, ToolError
from remediate.quantities import quantity
from remediate.sanitize import one_line
from remediate.workflow.completion.evidence import Evidence, Judgement, Standing
from remediate.workflow.completion.grounds import Grounds, opened
from remediate.workflow.completion.judging import judge
from remediate.workflow.completion.rating import remembered
from remediate.workflow.completion.ticking import Tick, wanted, wanted_of_items, write
from remediate.workflow.progress import Progress
from remediate.workflow.tree.checkout import Checkout

_WORDS = {
    Standing.PROVEN: ("green", "proven"),
    Standing.NOT_MET: ("red", "not met"),
    Standing.UNJUDGED: ("yellow", "not judged"),
}
_TITLES = {
    GoalKind.PHASE: "Quality assurance",
    GoalKind.CONSTRAINT: "Constraints, held against the whole tree",
    GoalKind.CRITERION: "Completion criteria",
}
_ORDER = (GoalKind.CONSTRAINT, GoalKind.PHASE, GoalKind.CRITERION)
UNASKED: dict[str, Any] = {
    "dry_run": False, "check": False, "diff": False, "in_place": False, "allow_dirty": False, "level": None,
    "features": (), "all_features": False, "no_verify_hooks": False, "keep_blame": False, "redo": False,
    "packages": (),
}  # fmt: skip
"""What fixing commands may be asked for, and these are not."""
_ONLY_LOOKS = {
    "dry_run": True, "check": False, "diff": False, "in_place": False, "allow_dirty": True, "fixer": None,
}  # fmt: skip


@dataclass(frozen=True)
class Audit:
    """One audit: its path, its bytes as they were read, and what they say."""

    path: Path
    content: bytes
    document: AuditDocument


def audits_of(paths: Sequence[Path]) -> tuple[Audit, ...]:
    """Read audits once, so that what is written back is held against what was judged.

    Raises:
        InputError: One cannot be read.
    """
    return tuple(map(_audit, paths))


def _audit(path: Path) -> Audit:
    try:
        content = sys.stdin.buffer.read() if str(path) == "-" else path.read_bytes()
    except OSError as error:
        raise InputError(f"the audit {path} cannot be read: {error.strerror}") from error
    return Audit(path, content, read(content, path.name or str(path)))


def show_completion(audits: Sequence[Audit], asked: dict[str, Any]) -> int:
    """Judge the goals of audits, print them, write their boxes if asked; 1 unless all criteria are proven."""
    if asked["write"] and any(str(one.path) == "-" for one in audits):
        raise click.UsageError("--write edits a file; standard input is none")
    found = settings({**asked, "level": None})
    asking = request({**UNASKED, **asked, "audits": [one.path for one in audits]}, found.options({}), found)
    named = [(one.path, one.document) for one in audits]
    with (
        Shown(asked) as progress,
        opened(asking, found, named, progress, measure=not asked["no_cargo"]) as at,
    ):
        grounds = _rated(*at)
        told = {one.path: _judged(one.document, grounds) for one in audits}
    ticks = {
        one.path: tuple(sorted((*wanted(told[one.path]), *wanted_of_items(one.document, findings))))
        for one, findings in zip(audits, grounds.apart, strict=True)
    }
    if asked["write"]:
        for one in audits:
            if ticks[one.path]:
                write(one.path, one.content, ticks[one.path])
    if asked["message_format"] == "json":
        click.echo(json.dumps(_data(audits, told, ticks, grounds, asked), indent=2))
    elif not asked["quiet"]:
        _print(audits, told, ticks, grounds, asked)
    criteria = [j for some in told.values() for j in some if j.goal.kind is GoalKind.CRITERION]
    return 0 if criteria and all(j.standing is Standing.PROVEN for j in criteria) else 1


def goals_of(documents: Sequence[tuple[Path, AuditDocument]], asked: dict[str, Any]) -> list[Judgement]:
    """Judge the goals of audits by what is known of the commit: nothing is compiled or run for it."""
    if asked["in_place"] or not any(document.goals for _, document in documents):
        return []
    found = settings({**asked, "level": None})
    given = {**asked, **_ONLY_LOOKS, "audits": [path for path, _ in documents]}
    asking = request(given, found.options({}), found)
    try:
        with opened(asking, found, documents, Progress(), measure=False) as at:
            grounds = _rated(*at)
            return [judgement for _, document in documents for judgement in _judged(document, grounds)]
    except (InputError, BaselineError, ToolError, LeaseError) as error:
        say(f"warning: the goals of the audit could not be judged: {error}", err=True)
        return []


def _rated(grounds: Grounds, place: Checkout) -> Grounds:
    """Return grounds with the last rating of the tree, if there is one."""
    if place.git is None or place.base is None:
        return grounds
    return replace(grounds, rating=remembered(place.git, grounds.documents, place.base.tree))


def show_sums(name: str, judgements: Sequence[Judgement], asked: Mapping[str, Any], *, errors: bool) -> None:
    """Print how many goals stand how, a line for each kind."""
    out = console(errors=errors, color=asked["color"])
    for kind in _ORDER:
        counts = Counter(j.standing for j in judgements if j.goal.kind is kind)
        if counts:
            parts = ", ".join(f"{counts[s]} {_WORDS[s][1]}" for s in Standing if counts[s])
            out.say(f"{escape(one_line(name))}: {kind.counted(counts.total())}, {parts}")


def _judged(document: AuditDocument, grounds: Grounds) -> tuple[Judgement, ...]:
    return tuple(judge(goal, grounds) for goal in document.goals)


def judgement_data(judgement: Judgement) -> dict[str, Any]:
    """Return a judged goal as JSON's types."""
    return {
        **asdict(judgement.goal),
        "standing": judgement.standing,
        "evidence": [asdict(e) for e in judgement.evidence],
    }


def _data(
    audits: Sequence[Audit],
    told: Mapping[Path, tuple[Judgement, ...]],
    ticks: Mapping[Path, tuple[Tick, ...]],
    grounds: Grounds,
    asked: Mapping[str, Any],
) -> dict[str, Any]:
    return {
        "commit": grounds.commit,
        "audits": [
            {
                "name": str(one.path),
                "goals": [judgement_data(judgement) for judgement in told[one.path]],
                "ticks": [asdict(tick) for tick in ticks[one.path]],
                "written": bool(asked["write"] and ticks[one.path]),
            }
            for one in audits
        ],
    }


def _print(
    audits: Sequence[Audit],
    told: Mapping[Path, tuple[Judgement, ...]],
    ticks: Mapping[Path, tuple[Tick, ...]],
    grounds: Grounds,
    asked: Mapping[str, Any],
) -> None:
    out = console(errors=False, color=asked["color"])
    for one in audits:
        for kind in _ORDER:
            mine = [j for j in told[one.path] if j.goal.kind is kind]
            if mine:
                out.say(f"[bold]{_TITLES[kind]}[/]")
                for judgement in mine:
                    _print_goal(out, judgement, verbose=asked["verbose"])
        _print_sum(out, one, told[one.path], grounds, asked)
        _print_ticks(out, one, ticks[one.path], written=asked["write"])


def _print_goal(out: Terminal, judgement: Judgement, *, verbose: bool) -> None:
    colour, word = _WORDS[judgement.standing]
    box = {True: "[x]", False: "[ ]", None: "   "}[judgement.goal.checked]
    head = f"{box} {word:<10} {judgement.goal.audit_line:>4}  "
    first, *more = _lines(out, one_line(judgement.goal.words, 400), len(head))
    out.say(f"{escape(box)} [{colour}]{word:<10}[/] [dim]{judgement.goal.audit_line:>4}[/]  {escape(first)}")
    for line in more:
        out.print(f"{'':{len(head)}}{escape(line)}")
    for evidence in _joined(judgement.evidence):
        print_evidence(out, evidence, verbose=verbose)


def _joined(found: Sequence[Evidence]) -> list[Evidence]:
    """Return evidence with what one command shows told together."""
    joined: list[Evidence] = []
    for one in found:
        last = joined[-1] if joined else None
        if last and last.command == one.command and (one.person or last.places == one.places):
            if one.figure != last.figure:
                joined[-1] = replace(last, figure=f"{last.figure}; {one.figure}")
        else:
            joined.append(one)
    return joined


def print_evidence(out: Terminal, evidence: Evidence, *, verbose: bool, indent: int = 21) -> None:
    """Print what was seen, the command that shows it, and where, if asked."""
    command = f"  [cyan]$ {escape(one_line(evidence.command, 600))}[/]" if evidence.command else ""
    figure = one_line(evidence.figure, 600)
    if command and indent + len(figure) + len(evidence.command) + 4 > out.width and out.file.isatty():
        for line in _lines(out, figure, indent):
            out.print(f"{'':{indent}}[dim]{escape(line)}[/]")
        for line in _lines(out, f"$ {one_line(evidence.command, 600)}", indent):
            out.print(f"{'':{indent}}[cyan]{escape(line)}[/]")
    else:
        for line in _lines(out, figure, indent)[:-1]:
            out.print(f"{'':{indent}}[dim]{escape(line)}[/]")
        out.print(f"{'':{indent}}[dim]{escape(_lines(out, figure, indent)[-1])}[/]{command}")
    for place in evidence.places if verbose else ():
        for line in _lines(out, one_line(place, 300), indent + 2):
            out.print(f"{'':{indent + 2}}[dim]{escape(line)}[/]")


def _lines(out: Terminal, text: str, indent: int) -> list[str]:
    """Return a text cut to the terminal's width; where there is none, as it is."""
    if not out.file.isatty():
        return [text]
    return wrap(text, max(out.width - indent, 30), break_on_hyphens=False) or [""]


def _print_sum(
    out: Terminal, audit: Audit, judgements: Sequence[Judgement], grounds: Grounds, asked: Mapping[str, Any]
) -> None:
    name = escape(one_line(audit.path.name))
    at = f" at {grounds.commit[:10]}" if grounds.commit else ""
    if not judgements:
        out.say(f"{name} sets no goals: it has no criteria, constraints or quality assurance")
    show_sums(f"{audit.path.name}{at}", judgements, asked, errors=False)
    claims = grounds.claims()
    if claims is not None:
        out.say(f"{name}{at}: {escape(claims.figure)}")


def _print_ticks(out: Terminal, audit: Audit, ticks: Sequence[Tick], *, written: bool) -> None:
    for tick in ticks:
        word = (
            ("ticked" if tick.ticked else "unticked")
            if written
            else "would tick"
            if tick.ticked
            else "would untick"
        )
        out.say(
            f"[bold]{word}[/] {escape(one_line(audit.path.name))}:{tick.line} "
            f"{escape(one_line(tick.words, 80))} [dim]({escape(one_line(tick.why, 200))})[/]"
        )
    if ticks and not written:
        out.say(f"[dim]{quantity(len(ticks), 'box', 'es')} to change: pass --write[/]")
