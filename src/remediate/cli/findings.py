"""`remediate findings`: read an audit, and say what of it is still true today."""

import json
from collections import Counter
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path

import click
from rich.markup import escape

from remediate.audit.document import AuditDocument
from remediate.audit.goals import GoalKind
from remediate.audit.readers.read import FORMS
from remediate.audit.write.listing import listing
from remediate.cli.console import Terminal, console
from remediate.cli.options import color_option
from remediate.contract import codemod_for
from remediate.model import Finding, Status
from remediate.quantities import quantity
from remediate.sanitize import one_line
from remediate.workflow.sources.audits import anchored, history_around, read_audit, size_limit, tree_around

_COLOURS = {
    Status.PRESENT: "red",
    Status.MOVED: "yellow",
    Status.FIXED: "green",
    Status.MISTAKEN: "cyan",
    Status.AMBIGUOUS: "magenta",
    Status.UNRESOLVABLE: "magenta",
}
_SITES = 3
_INDENT = 19
_NOT_READ = 10


@click.command()
@click.argument("audits", nargs=-1, required=True, type=click.Path(path_type=Path, allow_dash=True))
@click.option("--manifest-path", type=click.Path(path_type=Path), help="Cargo.toml of the workspace.")
@click.option(
    "-C",
    "folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=Path(),
    help="Look for the workspace around this folder instead of the current one.",
)
@click.option(
    "--message-format", type=click.Choice(["text", "json"]), default="text", help="How to print the findings."
)
@click.option(
    "--max-lines",
    type=click.IntRange(1),
    default=None,
    show_default="max-lines of remediate.toml, else 300",
    help="The size limit of files where an audit names none.",
)
@click.option(
    "--history/--no-history",
    default=True,
    help="Ask git when a claimed line was last true, and where it went from there.",
)
@click.option("--check", is_flag=True, help="Exit with 1 if any finding is still true.")
@color_option
def command(  # noqa: PLR0913, PLR0917 - click passes each option as an argument
    audits: tuple[Path, ...],
    manifest_path: Path | None,
    folder: Path,
    message_format: str,
    max_lines: int | None,
    history: bool,  # noqa: FBT001 - click passes flags as booleans
    check: bool,  # noqa: FBT001
    color: str,
) -> int:
    """Read AUDITS and hold every claim against today's tree.

    An audit is Markdown, SARIF, cargo's JSON messages or output of this program; - reads standard input. The
    workspace need not compile. Nothing is changed.

    \b
    Examples:
      remediate findings AUDIT.md
      cargo clippy --message-format json | remediate findings -
    """  # noqa: D301 - click's mark of a paragraph to leave as it is
    documents = [read_audit(path) for path in audits]
    tree = tree_around(folder, manifest_path)
    limit = max_lines or size_limit(folder, manifest_path)
    with history_around(folder, manifest_path) if history else nullcontext() as past:
        found = anchored(documents, tree, limit, codemod_for, past)
    if message_format == "json":
        click.echo(json.dumps(listing(found, documents), indent=2))
    else:
        _print(found, documents, color)
    return int(check and any(f.status in (Status.PRESENT, Status.MOVED) for f in found))


findings = command


def _print(found: Sequence[Finding], documents: Sequence[AuditDocument], color: str) -> None:
    out, title = console(errors=False, color=color), ""
    for finding in found:
        _print_finding(out, finding, titled=finding.title != title)
        title = finding.title
    for document in documents:
        _print_document(out, document)
    statuses = Counter(finding.status for finding in found)
    parts = [f"[{_COLOURS[s]}]{statuses[s]} {s.value}[/]" for s in Status if statuses[s]]
    out.say(f"{quantity(len(found), 'finding')}: {', '.join(parts) or 'none'}")


def _print_finding(out: Terminal, finding: Finding, *, titled: bool) -> None:
    lines = ",".join(map(str, finding.claimed_lines))
    path = one_line(finding.path or finding.claimed_path or "(workspace)")
    where = f"{path}:{lines}" if lines else path
    status = f"[bold {_COLOURS[finding.status]}]{finding.status.value:<12}[/]"
    out.say(f"{status} {escape(f'{one_line(finding.id, 12):<5} {finding.rule}  {where}')}", _INDENT)
    said = [one_line(finding.reason, 400)]
    if titled:
        said.insert(0, one_line(finding.title, 100))
    for sentence in said:
        out.say(escape(f"{'':{_INDENT}}{sentence}"), _INDENT)
    for site in finding.sites[:_SITES]:
        where = f"{one_line(site.path)}:{site.line}" if site.path != finding.path else f"{site.line}"
        out.say(f"{'':{_INDENT}}[dim]{escape(where)} |[/] {escape(one_line(site.text, 100))}", _INDENT)
    more = len(finding.sites) - _SITES
    if more > 0:
        out.say(f"{'':{_INDENT}}and {quantity(more, 'more location')}: --message-format json", _INDENT)


def _print_document(out: Terminal, document: AuditDocument) -> None:
    name = one_line(document.name)
    for reason in dict.fromkeys(entry.reason for entry in document.not_understood):
        alike = [entry.mention for entry in document.not_understood if entry.reason == reason]
        for mention in alike[:_NOT_READ]:
            said = f"{name}:{mention.audit_line}: {one_line(mention.text, 100)} ({reason})"
            out.say(f"{'not read':<12} {escape(said)}", 13)
        if len(alike) > _NOT_READ:
            more = f"and {len(alike) - _NOT_READ} more ({reason}): --message-format json lists them"
            out.say(f"{'not read':<12} {escape(more)}", 13)
    if not document.mentions:
        out.say(escape(f"{'not read':<12} {name} names no file and no finding. {FORMS}"), 13)
    left = len(document.not_understood)
    understood = f"{document.understood} understood, {left} not read" if left else "all understood"
    counted = f"{quantity(len(document.items), 'item')}, {quantity(document.mentions, 'mention')} of code"
    out.say(escape(f"{name}: {counted}{f', {understood}' if document.mentions else ''}"))
    if document.goals:
        kinds = Counter(goal.kind for goal in document.goals)
        asked = ", ".join(kind.counted(kinds[kind]) for kind in GoalKind if kinds[kind])
        out.say(escape(f"{name} also sets goals: {asked}; see `remediate status {name}`"))
