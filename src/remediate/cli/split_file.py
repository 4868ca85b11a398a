"""`remediate split-file`: one large file into a module of cohesive submodules."""

from pathlib import Path
from typing import Any

import click

from remediate.cli.options import fixing
from remediate.model import Options


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--max-lines", type=click.IntRange(1), default=None, show_default=str(Options().max_lines),
    help="The most lines a file may keep.",
)  # fmt: skip
@click.option(
    "--layout", type=click.Choice(["mod", "file", "auto"]), default=None,
    show_default=Options().layout,
    help="foo/mod.rs, foo.rs beside foo/, or as the package already does.",
)  # fmt: skip
@click.option(
    "--rename-tests", is_flag=True, default=None,
    help="Also move tests of a file of nothing but tests: each name gains its new module, as is verified.",
)  # fmt: skip
@click.option(
    "--plan", type=click.Path(exists=True, dir_okay=False, path_type=Path), default=None, metavar="PLAN",
    help="Cut as this plan says (see `remediate plan`), its limits included.",
)  # fmt: skip
@fixing
def command(
    file: Path,
    max_lines: int | None,
    layout: str | None,
    rename_tests: bool | None,  # noqa: FBT001 - click's flag
    plan: Path | None,
    **asked: Any,
) -> int:
    """Cut FILE into a module of cohesive submodules, on a branch of its own.

    Every path that worked before works after; nothing becomes visible that was not. rustc decides: what it
    does not accept is put back, byte for byte.

    \b
    Examples:
      remediate split-file src/server.rs
      remediate split-file src/server.rs --dry-run --diff | less
      remediate split-file src/server.rs --max-lines 500 --verify full
      remediate split-file src/server.rs --plan plan.toml
    """  # noqa: D301 - click's mark of a paragraph to leave as it is
    from remediate.cli.fixing import fix
    from remediate.workflow.claims import large_file

    if plan is not None:
        if max_lines is not None or layout is not None:
            raise click.UsageError("--plan settles --max-lines and --layout: change them in the plan")
        return _planned(file, plan, rename_tests, asked)
    wanted = {"max_lines": max_lines, "layout": layout, "rename_tests": rename_tests}
    return fix(asked, wanted, lambda workspace, _: large_file(workspace, file), one=True)


def _planned(file: Path, path: Path, rename_tests: bool | None, asked: dict[str, Any]) -> int:  # noqa: FBT001
    from remediate.cli.fixing import fix
    from remediate.workflow.split_plan import read
    from remediate.workflow.split_planning import as_planned

    plan = read(path.read_bytes(), str(path))
    return fix(
        {**asked, "audits": (path,)},
        {**plan.asked(), "rename_tests": rename_tests},
        lambda workspace, options: as_planned(workspace, file, plan, options),
        one=True,
    )
