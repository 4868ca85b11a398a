"""`remediate findings`: read an audit, and say what of it is still true today."""

import json
from collections import Counter
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path

import click

from remediate.audit.document import AuditDocument
from remediate.audit.goals import GoalKind
from remediate.audit.listing import listing
from remediate.audit.readers.read import FORMS
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
def command(  # noqa: PLR0913, PLR0917 - click passes each option as an argument
    audits: tuple[Path, ...],
    manifest_path: Path | None,
    folder: Path,
    message_format: str,
    max_lines: int | None,
    history: bool,  # noqa: FBT001 - click passes flags as booleans
    check: bool,  # noqa: FBT001
) -> int:
    """Read AUDITS and hold every claim against today's tree.

    An audit is Markdown, SARIF, cargo's JSON messages or output of this program; - reads standard input. The
    workspace need not compile. Nothing is changed.

    Examples: `remediate findings AUDIT.md`, `cargo clippy --message-format json | remediate findings -`
    """
    documents = [read_audit(path) for path in audits]
    tree = tree_around(folder, manifest_path)
    limit = max_lines or size_limit(folder, manifest_path)
    with history_around(folder, manifest_path) if history else nullcontext() as past:
        found = anchored(documents, tree, limit, codemod_for, past)
    if message_format == "json":
        click.echo(json.dumps(listing(found, documents), indent=2))
    else:
        _print(found, documents)
    return int(check and any(f.status in (Status.PRESENT, Status.MOVED) for f in found))


findings = command


def _print(found: Sequence[Finding], documents: Sequence[AuditDocument]) -> None:
    for finding in found:
        _print_finding(finding)
    for document in documents:
        _print_document(document)
    statuses = Counter(finding.status for finding in found)
    parts = [click.style(f"{statuses[s]} {s.value}", fg=_COLOURS[s]) for s in Status if statuses[s]]
    click.echo(f"{quantity(len(found), 'finding')}: {', '.join(parts) or 'none'}")


def _print_finding(finding: Finding) -> None:
    status = click.style(f"{finding.status.value:<12}", fg=_COLOURS[finding.status], bold=True)
    lines = ",".join(map(str, finding.claimed_lines))
    where = one_line(finding.path or finding.claimed_path or "(workspace)") + (f":{lines}" if lines else "")
    click.echo(f"{status} {one_line(finding.id, 12):<5} {finding.rule}  {where}")
    click.echo(f"{'':12} {'':5} {one_line(finding.title, 100)}")
    click.echo(f"{'':12} {'':5} {one_line(finding.reason, 400)}")
    for site in finding.sites[:_SITES]:
        where = f"{one_line(site.path)}:{site.line}" if site.path != finding.path else f"{site.line}"
        click.echo(f"{'':12} {'':5} {click.style(f'{where} |', dim=True)} {one_line(site.text, 100)}")
    if len(finding.sites) > _SITES:
        click.echo(
            f"{'':12} {'':5} and {quantity(len(finding.sites) - _SITES, 'more place')}: --message-format json"
        )


def _print_document(document: AuditDocument) -> None:
    for reason in dict.fromkeys(entry.reason for entry in document.not_understood):
        alike = [entry.mention for entry in document.not_understood if entry.reason == reason]
        for mention in alike[:_NOT_READ]:
            at = f"{one_line(document.name)}:{mention.audit_line}"
            click.echo(f"{'not read':<12} {at}: {one_line(mention.text, 100)} ({reason})")
        if len(alike) > _NOT_READ:
            more = f"and {len(alike) - _NOT_READ} more ({reason})"
            click.echo(f"{'not read':<12} {more}: --message-format json lists them")
    if not document.mentions:
        click.echo(f"{'not read':<12} {one_line(document.name)} names no file and no finding. {FORMS}")
    click.echo(
        f"{one_line(document.name)}: {quantity(len(document.items), 'item')}, "
        f"{quantity(document.references, 'reference')}, {quantity(document.sized_files, 'sized file')}; "
        f"{quantity(document.mentions, 'mention')} = {document.understood} understood"
        f" + {len(document.not_understood)} listed"
    )
    if document.goals:
        kinds = Counter(goal.kind for goal in document.goals)
        asked = ", ".join(kind.counted(kinds[kind]) for kind in GoalKind if kinds[kind])
        click.echo(f"{one_line(document.name)} also sets goals: {asked}; see `remediate status AUDIT`")
