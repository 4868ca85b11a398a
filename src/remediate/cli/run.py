"""`remediate run`: the batch, a verified branch per finding of an audit."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from remediate.cli.options import fixing, settings
from remediate.cli.wrapping import say
from remediate.model import Finding

if TYPE_CHECKING:
    from remediate.audit.document import AuditDocument
    from remediate.workflow.sources.workspace import Workspace


@click.command()
@click.argument("audits", nargs=-1, required=True, type=click.Path(path_type=Path, allow_dash=True))
@click.option(
    "--max-lines", type=click.IntRange(1), default=None, show_default="300",
    help="The most lines a file may keep, where the audit names no limit.",
)  # fmt: skip
@click.option(
    "--finding",
    "chosen",
    multiple=True,
    metavar="ID",
    help="Only this finding: its id or fingerprint, or a beginning that no other has.",
)
@click.option(
    "--scaffold",
    is_flag=True,
    default=None,
    help="Let stubs return an error until they are written, with an ignored test for each.",
)
@click.option("--fixer", metavar="NAME", help="Ask [fixers.NAME] about findings that no codemod fixes.")
@fixing
def command(
    audits: tuple[Path, ...],
    max_lines: int | None,
    chosen: tuple[str, ...],
    scaffold: bool | None,  # noqa: FBT001 - as click calls it
    **asked: Any,
) -> int:
    """Work off AUDITS: every finding that is still true and that a codemod takes gets a verified branch.

    Every other finding gets a reason. Run it again at any time: what is done is not done twice, and a run
    that was killed goes on where it stood. JSON is {"base": .., "outcomes": [..],
    "goals": [..]}, the goals as `status AUDITS` has them, of the base.

    \b
    Examples:
      remediate run AUDIT.md
      remediate run AUDIT.md --dry-run
      remediate run AUDIT.md --scaffold
      remediate run AUDIT.md --fixer agent --finding 9.1
      remediate run AUDIT.md --verify full --message-format json > outcomes.json
    """  # noqa: D301 - click's mark of a paragraph to leave as it is
    from remediate.cli.completion import goals_of
    from remediate.cli.fixing import fix
    from remediate.workflow.sources.audits import constraints_of, read_audit

    documents = [read_audit(path) for path in audits]
    for document in documents:
        if not document.claims:
            say(f"warning: no finding was understood in {document.name}: see `remediate findings`", err=True)
    ids: list[str] = []
    limit = settings(asked).scan(max_lines).max_lines
    return fix(
        {**asked, "audits": audits},
        {"split-file": {"max_lines": max_lines}, "resolve-markers": {"scaffold": scaffold}},
        lambda workspace, _: _findings(documents, workspace, limit, chosen, ids),
        one=False,
        batch=True,
        demanded=constraints_of(documents),
        goals=lambda: goals_of(list(zip(audits, documents, strict=True)), asked),
    )


def _findings(
    documents: "list[AuditDocument]",
    workspace: "Workspace",
    limit: int,
    chosen: tuple[str, ...],
    ids: list[str],
) -> tuple[Finding, ...]:
    """Hold the audits against the base, its past included, as `findings` does.

    ``ids`` are those of the chosen findings, once they are known.
    """
    from remediate.audit.goals import Demand
    from remediate.contract import codemod_for
    from remediate.workflow.orders.selection import called
    from remediate.workflow.sources.audits import anchored, history_of
    from remediate.workflow.sources.claims import first_nextest_configuration

    with history_of(workspace.root) as past:
        found = anchored(documents, workspace.tree, limit, codemod_for, past)
    if any(Demand.NEXTEST in goal.demands for document in documents for goal in document.goals):
        found += first_nextest_configuration(workspace)  # what the audit asks for without accusing a file
    if chosen and not ids:
        # Once: what was fixed in place may have another path, and so another fingerprint.
        ids += [called(found, name).id for name in chosen]
    return tuple(f for f in found if not chosen or f.id in ids)
