"""Print what has become of findings: the table, the sum of it, and what to know about each."""

import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from remediate import sanitize
from remediate.cli.wrapping import wrapped
from remediate.feedback import messages
from remediate.model import Outcome, Result
from remediate.quantities import quantity as counted
from remediate.sanitize import one_line
from remediate.workflow.sources.roots import in_repository

if TYPE_CHECKING:
    from remediate.git.branches import Conflict
    from remediate.workflow.fixing.verification import Verification
    from remediate.workflow.record.finding_status import FindingStatus

_MOST_NAMED = 8
_UNCUT = 2000

STYLES = {
    Result.FIXED: "green",
    Result.FIXED_PARTLY: "dark_orange",
    Result.PLANNED: "cyan",
    Result.ALREADY_FIXED: "blue",
    Result.MISTAKEN: "blue",
    Result.SKIPPED: "yellow",
    Result.ROLLED_BACK: "red",
    Result.FAILED: "bold red",
}


class Terminal(Console):
    """A console that breaks lines between words, and leaves a reader who has gone away to the one handler."""

    def say(self, markup: str, indent: int | None = None) -> None:
        """Print a line; where it does not fit a terminal, the rest is indented, by two more than the line."""
        text, at = Text.from_markup(markup, emoji=False), 0
        if not self.file.isatty():
            self.print(text)
            return
        for line in wrapped(text.plain, self.width, indent).split("\n"):
            body = line.lstrip() if at else line
            start = text.plain.index(body, at)
            at = start + len(body)
            self.print(Text(" " * (len(line) - len(body))) + text[start:at])

    def on_broken_pipe(self) -> None:
        """Raise what rich has caught: it would exit with 1 itself."""
        raise BrokenPipeError


def console(*, errors: bool, color: str) -> Terminal:
    """Return the console for standard output or standard error, in colour or not as asked.

    Its ``is_terminal`` speaks of colour alone, which FORCE_COLOR asks for too: a line that changes is for
    those who look at it, so ask ``file.isatty()``.
    """
    plain = color == "never" or (color == "auto" and "NO_COLOR" in os.environ)
    return Terminal(
        stderr=errors,
        no_color=plain or None,
        force_terminal=True if color == "always" else None,
        highlight=False,
        emoji=False,
        soft_wrap=True,
    )


def show(
    outcomes: Sequence[Outcome], asked: dict[str, Any], audits: Sequence[Path] = (), *, errors: bool
) -> None:
    """Print the table of outcomes and what a person has to know of each; ``audits`` are the run's."""
    out = console(errors=errors, color=asked["color"])
    if not outcomes:
        out.say("no finding: nothing to do")
        return
    _print_rows(out, ("#", "outcome", "reason", "where"), _outcome_rows(outcomes))
    told: dict[str, list[str]] = {}  # what is said of several findings is said once
    for outcome in outcomes:
        for line in _details(outcome, verbose=asked["verbose"]):
            told.setdefault(line, []).append(outcome.id)
    for line, ids in told.items():
        more = f" and {counted(len(ids) - _MOST_NAMED, 'more finding')}" if len(ids) > _MOST_NAMED else ""
        named = ", ".join(f"#{escape(one)}" for one in dict.fromkeys(ids[:_MOST_NAMED])) + more
        out.say(f"[bold]{named}[/] {line}", len(named) + 1)
    out.say(summed(outcomes))
    left = sum(bool(outcome.work_order) for outcome in outcomes)
    if left and audits:
        named = " ".join(quote(str(path)) for path in audits)
        said = f"{counted(left, 'finding')} to hand over: `remediate work-order {named} --out DIR`"
        out.say(f"[dim]{escape(one_line(said, 400))}[/]")
    made = sum(outcome.branch is not None for outcome in outcomes)
    if made:
        together = "`remediate status --conflicts`, " if made > 1 else ""
        out.say(
            f"[dim]Next: `git show BRANCH`, `remediate verify BRANCH`, {together}"
            "`git merge BRANCH`, `remediate undo`[/]"
        )


def show_standings(found: "Sequence[FindingStatus]", asked: dict[str, Any]) -> None:
    """Print the table of where every finding stands."""
    out = console(errors=False, color=asked["color"])
    _print_rows(out, ("#", "outcome", "reason", "where", "state"), _standing_rows(found))
    for outcome in (s.outcome for s in found if s.outcome.outcome is Result.FIXED_PARTLY):
        left = f"left to do in {one_line(outcome.path or outcome.title, 60)}: {one_line(outcome.detail, 600)}"
        out.say(f"[dim]{escape(left)}[/]")
    if not all(s.current for s in found):
        out.say("[dim]* settled on another commit than HEAD: run again to see how it stands today[/]")
    counts = Counter(s.outcome.outcome for s in found)
    words = ", ".join(f"[{STYLES[r]}]{counts[r]} {r.value}[/]" for r in Result if counts[r])
    out.say(f"{counted(len(found), 'finding')}: {words}")


def show_conflicts(found: "Sequence[Conflict]", asked: dict[str, Any]) -> None:
    """Print which branches cannot be merged one after the other."""
    out = console(errors=False, color=asked["color"])
    for conflict in found:
        one, two = map(escape, conflict.branches)
        out.say(f"[yellow]conflict[/] {one} and {two}: {escape(one_line(', '.join(conflict.paths)))}")
    if found:
        out.say("[dim]Merge one of them, then run again: its fix is made anew on what was merged.[/]")
    else:
        out.say("no two branches conflict")


@dataclass(frozen=True, slots=True)
class _Row:
    """A row of the tables of findings: cells as markup, then the branch, or why there is none."""

    id: str
    cells: tuple[str, ...]
    branch: str | None
    why: str


def _print_rows(out: Terminal, names: Sequence[str], rows: Sequence[_Row]) -> None:
    """Print a table to fit the terminal; where there is none, each row on one line, uncut.

    Branches that the last column has no room for stand below: a name in pieces cannot be copied.
    """
    seen = out.file.isatty()
    columns = zip(names[1:], *(row.cells for row in rows), strict=True)
    widths = [max(len(Text.from_markup(cell).plain) for cell in column) for column in columns]
    room = out.width - sum(widths) - max(len(row.id) for row in rows) - 2 * (len(widths) + 1)
    below = seen and any(len(row.branch or "") > room for row in rows)
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    for name in (*names, "branch or why"):
        table.add_column(name, no_wrap=not seen, overflow="fold")
    for row in rows:
        last = row.branch if row.branch and not below else "below" if row.branch else row.why
        table.add_row(escape(row.id), *row.cells, escape(last))
    if seen:
        out.print(table, soft_wrap=False)
    else:
        out.width = _UNCUT
        with out.capture() as captured:
            out.print(table, soft_wrap=False)
        out.file.write("".join(f"{line.rstrip()}\n" for line in captured.get().splitlines()))
    for row in rows if below else ():
        if row.branch:
            out.say(f"[bold]#{escape(row.id)}[/] {escape(row.branch)}", len(row.id) + 2)


def _outcome_rows(outcomes: Sequence[Outcome]) -> list[_Row]:
    return [
        _Row(
            o.id,
            (word(o), escape(o.reason), escape(one_line(o.path or o.title, 60))),
            o.branch,
            _why(o),
        )
        for o in outcomes
    ]


def _why(outcome: Outcome) -> str:
    """Return an outcome's sentence without the path that stands beside it."""
    said = one_line(outcome.detail, 600)
    path, colon, rest = said.partition(":")
    if not colon or path != outcome.path:
        return said
    return f"line {rest}" if rest[:1].isdigit() else rest.lstrip()


def _standing_rows(found: "Sequence[FindingStatus]") -> list[_Row]:
    """Return one row per finding; * marks those that were settled on another commit than HEAD."""
    rows = []
    for s in found:
        o, mark = s.outcome, "" if s.current else " *"
        where = escape(one_line(in_repository(s.prefix, o.path) if o.path else o.title, 60))
        state = "" if s.state == "none" else s.state.value
        cells = (word(o) + mark, escape(o.reason), where, state)
        rows.append(_Row(o.id, cells, o.branch, one_line(o.detail, 600)))
    return rows


def show_report(verified: "Verification", asked: dict[str, Any]) -> None:
    """Print what every gate says of a branch."""
    out = console(errors=False, color=asked["color"])
    colours = {"passed": "green", "failed": "red", "unverified": "yellow"}
    for gate in verified.report.gates:
        word = f"[{colours[gate.verdict]}]{gate.verdict.value:<10}[/]"
        said = f": {one_line(gate.detail, 1000)}" if gate.detail else ""
        out.say(f"{word} {escape(gate.name)}{escape(said)}")
        for message in messages(gate.feedback)[: None if asked["verbose"] else 1]:
            out.print(escape(sanitize.lines(message.rendered.rstrip())))
    spent = verified.timings
    out.say(
        f"{escape(verified.branch)} against {verified.base[:10]}: "
        f"{counted(len(verified.report.failed), 'gate')} failed; {spent.total_s:.1f} s, "
        f"{counted(spent.cargo_runs, 'cargo run')}"
    )


def summed(outcomes: Sequence[Outcome]) -> str:
    """Return the sum of a run in one line: how many ended how, and where the time went."""
    counts = Counter(o.outcome for o in outcomes)
    words = ", ".join(f"[{STYLES[r]}]{counts[r]} {r.value}[/]" for r in Result if counts[r])
    unproven = sum(o.reason == "unverified" for o in outcomes)
    words += f" [yellow]({unproven} of them unverified)[/]" if unproven else ""
    total, cargo = sum(o.timings.total_s for o in outcomes), sum(o.timings.cargo_s for o in outcomes)
    runs, reused = sum(o.timings.cargo_runs for o in outcomes), sum(o.reused for o in outcomes)
    again = f"; {reused} known from an earlier run" if reused else ""
    spent = f"{total:.1f} s, {cargo:.1f} s of it in {counted(runs, 'cargo run')}"
    return f"{counted(len(outcomes), 'finding')}: {words}; {spent}{again}"


def word(outcome: Outcome) -> str:
    """Return an outcome's name in its colour."""
    style = "yellow" if outcome.reason == "unverified" else STYLES[outcome.outcome]
    return f"[{style}]{outcome.outcome.value}[/]"


def _details(outcome: Outcome, *, verbose: bool) -> list[str]:
    """Return the lines below the table: what went wrong always, what else there is when verbose."""
    lines = [escape(sanitize.lines(d.rstrip())) for d in outcome.diagnostics[: None if verbose else 1]]
    if len(outcome.diagnostics) > 1 and not verbose:
        lines.append(f"and {len(outcome.diagnostics) - 1} more; see them with --verbose")
    if outcome.branch and outcome.detail:
        left = "left to do: " if outcome.outcome is Result.FIXED_PARTLY else ""
        lines.append(escape(left + one_line(outcome.detail, 600)))
    told = verbose or outcome.outcome is not Result.FIXED_PARTLY  # what is left to do says the same, in short
    notes = [note for note in outcome.notes if told or not note.startswith("to do: ")]
    lines += [f"note: {escape(one_line(note, 1000))}" for note in notes]
    lines += _references(outcome, verbose=verbose)
    if verbose:
        lines += [f"verified: {escape(one_line(gate, 1000))}" for gate in outcome.verified]
        lines += [f"not verified: {escape(one_line(gate, 1000))}" for gate in outcome.unverified]
    elif outcome.unverified and outcome.outcome is not Result.PLANNED:
        if outcome.reason == "unverified":
            lines.append(f"not verified: {escape(one_line(outcome.unverified[0], 400))}")
        lines.append(f"no check covered {counted(len(outcome.unverified), 'thing')}: see with --verbose")
    return lines


def _references(outcome: Outcome, *, verbose: bool) -> list[str]:
    """Return what names the file elsewhere and was left as it is, the first few unless verbose."""
    shown = outcome.references[: None if verbose else 3]
    lines = [f"named elsewhere: {escape(one_line(f'{r.path}:{r.line}: {r.text}', 400))}" for r in shown]
    more = len(outcome.references) - len(shown)
    return (
        [*lines, f"and {counted(more, 'more line')} that name it; see them with --verbose"] if more else lines
    )
