"""`remediate extract-tests`: embedded tests under tests/, none lost, none changed."""

from pathlib import Path
from typing import Any

import click

from remediate.cli.options import fixing
from remediate.model import Options


@click.command()
@click.argument("paths", nargs=-1, metavar="[PATH]...", type=click.Path(path_type=Path))
@click.option(
    "--test-layout", type=click.Choice(["tests", "sibling"]), default=None,
    show_default=Options().test_layout, help="Under tests/, or in files beside the code.",
)  # fmt: skip
@click.option(
    "--tier", type=click.Choice(["unit", "integration", "auto"]), default=None, show_default=Options().tier,
    help="Unit tests; integration tests of what uses public items only; these, and unit tests of the rest.",
)  # fmt: skip
@click.option(
    "--split", "split_tests", is_flag=True, default=None,
    help="With --tier integration or auto: divide a test module of which a part uses public items only.",
)  # fmt: skip
@click.option(
    "--branch-per", type=click.Choice(["package", "module", "run"]), default="package", show_default=True,
    help="A branch for each package, each file with tests, or one for all packages.",
)  # fmt: skip
@click.option(
    "--adopt",
    is_flag=True,
    help="Also run the tests that never run: their files become modules, a branch each.",
)
@click.option(
    "--repair-nextest", "repair", is_flag=True,
    help="Also repair .config/nextest.toml, on a branch of its own: keys that nextest does not know.",
)  # fmt: skip
@fixing
def command(
    paths: tuple[Path, ...],
    test_layout: str | None,
    branch_per: str,
    *,
    adopt: bool,
    repair: bool,
    **asked: Any,
) -> int:
    """Move the tests embedded in src/ to files of their own; a branch per package, or per PATH.

    Every test keeps its name, its access to private items and its result: this is checked by running all of
    them before and after. With --tier integration or auto, test modules that are shown to use public items
    only move into one integration test, tests/it. With several packages, or --adopt or --repair-nextest,
    JSON is {"outcomes": [..]}.

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
    from remediate.model import Finding, Options
    from remediate.workflow.claims import dead_tests, embedded_by_file, embedded_tests, nextest_configuration
    from remediate.workflow.workspace import Workspace

    if branch_per == "run" and (adopt or repair):
        raise click.UsageError("--adopt and --repair-nextest make branches of their own")
    if asked["split_tests"] and not _has_two_tiers(asked):
        raise click.UsageError("--split is about the integration tier; also give --tier integration or auto")
    anchoring = embedded_by_file if branch_per == "module" else embedded_tests

    def found(workspace: Workspace, _: Options) -> tuple[Finding, ...]:
        embedded = anchoring(workspace, paths, asked["packages"])
        dead = dead_tests(workspace, paths, asked["packages"]) if adopt else ()
        return (
            *embedded,
            *dead,
            *(nextest_configuration(workspace, cargo_arguments(asked)) if repair else ()),
        )

    asked["one_branch"] = branch_per == "run"
    own = {"test_layout": test_layout, "adopt": adopt} | {
        key: asked.pop(key) for key in ("tier", "split_tests")
    }
    return fix(asked, own, found, one=not (adopt or repair))


def _has_two_tiers(asked: dict[str, Any]) -> bool:
    """Whether any test may become an integration test, by the command line or else by the configuration."""
    from remediate.cli.options import settings

    if asked["tier"] is not None:
        return bool(asked["tier"] != "unit")
    found = settings(asked)
    return {found.tier, *found.tiers.values()} != {"unit"}
