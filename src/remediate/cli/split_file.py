"""`remediate split-file`: one large file into a module of cohesive submodules."""

from pathlib import Path
from typing import Any

import click

from remediate.cli.codemod_command import codemod_options, taken
from remediate.cli.options import fixing

_NAME = "split-file"


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@codemod_options(_NAME)
@click.option(
    "--plan", type=click.Path(exists=True, dir_okay=False, path_type=Path), default=None, metavar="PLAN",
    help="Cut as this plan says (see `remediate plan`), its limits included.",
)  # fmt: skip
@fixing
def command(file: Path, plan: Path | None, **asked: Any) -> int:
    """Cut FILE into a module of cohesive submodules, on a branch of its own.

    Every path that worked before works after; nothing becomes visible that was not. rustc decides: what it
    does not accept is rolled back, byte for byte.

    \b
    Examples:
      remediate split-file src/server.rs
      remediate split-file src/server.rs --dry-run --diff | less
      remediate split-file src/server.rs --max-lines 500 --verify full
      remediate split-file src/server.rs --plan plan.toml
    """  # noqa: D301 - click's mark of a paragraph to leave as it is
    from remediate.cli.fixing import fix
    from remediate.workflow.sources.claims import large_file

    wanted = taken(_NAME, asked)
    if plan is not None:
        if wanted[_NAME]["max_lines"] is not None or wanted[_NAME]["layout"] is not None:
            raise click.UsageError("--plan settles --max-lines and --layout: change them in the plan")
        return _planned(file, plan, wanted[_NAME], asked)
    return fix(asked, wanted, lambda workspace, _: large_file(workspace, file), one=True)


def _planned(file: Path, path: Path, wanted: dict[str, Any], asked: dict[str, Any]) -> int:
    from remediate.cli.fixing import fix
    from remediate.contract import Planning, codemod
    from remediate.workflow.fixing.plan_files import as_planned

    plan, planning = (str(path), path.read_bytes()), codemod(_NAME)
    assert isinstance(planning, Planning)  # noqa: S101 - split-file is one
    return fix(
        {**asked, "audits": (path,)},
        {_NAME: {**wanted, **planning.options_of(plan)}},
        lambda workspace, options: as_planned(workspace, file, plan, options[_NAME]),
        one=True,
    )
