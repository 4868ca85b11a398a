"""`remediate verify`: the gates run again on a branch."""

import json
from pathlib import Path
from typing import Any

import click

from remediate.cli.options import given, output_options, verify_options, workspace_options


@click.command()
@click.argument("branch")
@given(*verify_options, *workspace_options, *output_options)
def command(branch: str, **asked: Any) -> int:
    """Run the gates again on BRANCH, by anyone, in any clone that has it.

    Compares the branch with the commit its fix was made on: conservation, then what rustc and the tests say
    before and after. Exit code 3 if a gate fails; 4 if cargo cannot begin, so that only text was compared.

    \b
    Examples:
      remediate verify remediate/large-file/src-server-1a2b3c4d
      remediate verify origin/remediate/large-file/src-server-1a2b3c4d --verify full
    """  # noqa: D301 - click's mark of a paragraph to leave as it is
    from remediate.cli.console import show_report
    from remediate.cli.fixing import FAILED, report_data
    from remediate.cli.live import Shown
    from remediate.cli.options import cargo_arguments, feature_sets, settings
    from remediate.errors import BaselineError
    from remediate.workflow.fixing.verification import verify_branch
    from remediate.workflow.request import Request

    request = Request(
        start=Path.cwd(),
        manifest_path=asked["manifest_path"],
        level=settings(asked).verify,
        cargo=cargo_arguments(asked),
        extra=feature_sets(asked),
    )
    with Shown(asked) as progress:
        verified = verify_branch(request, branch, progress)
    if asked["message_format"] == "json":
        click.echo(json.dumps(report_data(verified), indent=2))
    else:
        show_report(verified, asked)
    if verified.report.failed:
        return FAILED
    return BaselineError.exit_code if verified.unusable else 0
