"""`remediate extract-tests`: embedded tests under tests/, none lost, none changed."""

from pathlib import Path
from typing import Any

import click

from remediate.cli.codemod_command import codemod_options, taken
from remediate.cli.options import fixing

_NAME = "extract-tests"


@click.command()
@click.argument("paths", nargs=-1, metavar="[PATH]...", type=click.Path(path_type=Path))
@codemod_options(_NAME)
@click.option(
    "--branch-per", type=click.Choice(["package", "module", "run"]), default="package", show_default=True,
    help="A branch for each package, each file with tests, or one for all packages.",
)  # fmt: skip
@click.option(
    "--repair-nextest", "repair", is_flag=True,
    help="Also repair .config/nextest.toml, on a branch of its own: keys that nextest does not know.",
)  # fmt: skip
@fixing
def command(
    paths: tuple[Path, ...],
    branch_per: str,
    *,
    repair: bool,
    **asked: Any,
) -> int:
    """Move the tests embedded in src/ to files of their own; a branch per package, or per PATH.

    Every test keeps its name, its access to private items and its result: this is checked by running all of
    them before and after. With --tier integration or auto, test modules that are shown to use public items
    only move into one integration test, tests/it. A workspace without .config/nextest.toml gets one when all
    of a package is moved, in a commit of its own (--no-nextest: none); with --branch-per module on a branch
    of its own. With several packages, or --branch-per module, --adopt or --repair-nextest, JSON is
    {"outcomes": [..]}.

    \b
    Examples:
      remediate extract-tests
      remediate extract-tests src/parser.rs --diff
      remediate extract-tests -p core --check
      remediate extract-tests --tier auto --split
      remediate extract-tests --adopt
    """  # noqa: D301 - click's mark of a paragraph to leave as it is
    from remediate.cli.fixing import fix
    from remediate.cli.options import cargo_arguments
    from remediate.model import Finding
    from remediate.workflow.sources import claims
    from remediate.workflow.sources.workspace import Workspace

    wanted = taken(_NAME, asked)
    own = wanted[_NAME]
    adopt = bool(own["adopt"])
    if own["tier"] is not None:
        own["tiers"] = {}  # asked for on the command line, a tier holds for every file
    if branch_per == "run" and (adopt or repair):
        raise click.UsageError("--adopt and --repair-nextest make branches of their own")
    if own["split_tests"] and not _has_two_tiers(own["tier"], asked):
        raise click.UsageError("--split is about the integration tier; also give --tier integration or auto")
    anchoring = claims.embedded_by_file if branch_per == "module" else claims.embedded_tests

    def found(workspace: Workspace, _: object) -> tuple[Finding, ...]:
        embedded = anchoring(workspace, paths, asked["packages"])
        dead = claims.dead_tests(workspace, paths, asked["packages"]) if adopt else ()
        # A branch per module has no first one that the others stand on: the configuration is one of its own.
        alone = branch_per == "module" and embedded and not paths and _wants_nextest(own, asked)
        return (
            *embedded,
            *dead,
            *(claims.first_nextest_configuration(workspace, asked["packages"]) if alone else ()),
            *(claims.nextest_configuration(workspace, cargo_arguments(asked)) if repair else ()),
        )

    asked["one_branch"] = branch_per == "run"
    return fix(asked, wanted, found, one=not (adopt or repair or branch_per == "module"))


def _wants_nextest(own: dict[str, Any], asked: dict[str, Any]) -> bool:
    """Whether nextest may be configured, by the command line or else by the configuration."""
    from remediate.cli.options import settings

    found: Any = settings(asked).codemods[_NAME]
    return not (found.no_nextest if own["no_nextest"] is None else own["no_nextest"])


def _has_two_tiers(tier: str | None, asked: dict[str, Any]) -> bool:
    """Whether any test may become an integration test, by the command line or else by the configuration."""
    from remediate.cli.options import settings

    if tier is not None:
        return tier != "unit"
    found: Any = settings(asked).codemods[_NAME]
    return {found.tier, *found.tiers.values()} != {"unit"}
