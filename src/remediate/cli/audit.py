"""`remediate audit`: scan the workspace and write what was found."""

from pathlib import Path
from typing import Any

import click

from remediate.audit.scan.settings import LEVELS
from remediate.cli.options import given, workspace_options

_FORMATS = ("text", "markdown", "json", "sarif", "github", "html")


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@given(
    click.option(
        "--message-format", "format_", type=click.Choice(_FORMATS), default="text", show_default=True,
        help="How findings are written.",
    ),
    click.option(
        "-o", "--output", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE",
        help="Write to a file instead of standard output.",
    ),
    click.option(
        "--check", is_flag=True,
        help="Exit with 1 if there is a finding of --fail-on or worse, or an unreadable file.",
    ),
    click.option(
        "--fail-on", type=click.Choice(LEVELS[:3]), default="warning", show_default=True,
        help="The least severity that fails --check.",
    ),
    click.option("--only", multiple=True, metavar="RULES", help="Only these rules (comma-separated)."),
    click.option("--severity", multiple=True, metavar="RULE=LEVEL", help="error, warning, note or off."),
    click.option("--max-lines", type=click.IntRange(1), help="The largest file that is no finding."),
    click.option(
        "--forbid", multiple=True, type=click.Choice(("locks", "allocation")), help="Report them everywhere."
    ),
    click.option("-p", "--package", "packages", multiple=True, metavar="NAME", help="Only this package."),
    click.option("--since", metavar="REV", help="Only lines changed since this commit."),
    click.option(
        "--baseline", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE",
        help="Leave out what this file knows.",
    ),
    click.option(
        "--write-baseline", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE",
        help="Write a baseline that knows all of today's findings.",
    ),
    click.option("--deep", is_flag=True, help="Parse every file (parse-health)."),
    click.option("--fixes", is_flag=True, help="SARIF: add the change that a codemod plans."),
    click.option("--no-cache", is_flag=True, help="Neither read nor write the cache."),
    click.option("--list-rules", is_flag=True, help="Show the rules and stop."),
    click.option("--explain", metavar="RULE", help="Show a rule's documentation and stop."),
    click.option("--all", is_flag=True, help="Every finding, not only the worst of each rule."),
    click.option("-q", "--quiet", is_flag=True, help="Only the summary."),
    click.option("-v", "--verbose", is_flag=True, help="Every place of every finding."),
    click.option(
        "--color", type=click.Choice(["auto", "always", "never"]), default="auto", show_default=True,
        help="auto: on a terminal, unless NO_COLOR is set.",
    ),
    *workspace_options,
)  # fmt: skip
def command(**asked: Any) -> int:
    """Scan the workspace, or only PATHS in it, and write its findings.

    Nothing is changed and nothing is compiled. What is looked for, and why: --list-rules, --explain RULE. The
    table [audit] of remediate.toml sets severities, globs to leave out, and what is forbidden where.

    \b
    Examples:
      remediate audit
      remediate audit --message-format markdown -o AUDIT.md
      remediate audit --check --since origin/main
      remediate audit --message-format sarif -o audit.sarif
    """  # noqa: D301 - click's mark of a paragraph to leave as it is
    from remediate.cli import auditing

    if asked["list_rules"] or asked["explain"]:
        auditing.explain(asked["explain"])
        return 0
    return auditing.run(asked)


audit = command
