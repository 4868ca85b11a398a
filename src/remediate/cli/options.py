"""The options that fixing commands share, and what they ask for as one value."""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from remediate.audit.constraints import Constraint
    from remediate.cargo.check import Configuration
    from remediate.options import Options
    from remediate.workflow.request import Mode, Request
    from remediate.workflow.sources.settings import FixerSettings, Settings

AnyCommand = Callable[..., int]

manifest_option = click.option(
    "--manifest-path", type=click.Path(path_type=Path), metavar="PATH", help="Cargo.toml of the workspace."
)
workspace_options = (
    manifest_option,
    click.option("--locked", is_flag=True, help="Cargo.lock must not change."),
    click.option("--offline", is_flag=True, help="cargo must not use the network."),
)
color_option = click.option(
    "--color", type=click.Choice(["auto", "always", "never"]), default="auto", show_default=True,
    help="auto: on a terminal, unless NO_COLOR is set.",
)  # fmt: skip
output_options = (
    click.option("-q", "--quiet", is_flag=True, help="No progress, no table; only errors and the exit code."),
    click.option("-v", "--verbose", is_flag=True, help="Every step, what rustc said, what no check covered."),
    color_option,
    click.option(
        "--message-format", type=click.Choice(["text", "json"]), default="text", show_default=True,
        help="How outcomes are printed on standard output.",
    ),
)  # fmt: skip
_mode_options = (
    click.option("--dry-run", is_flag=True, help="Only plan: what would be done, and at what cost."),
    click.option("--check", is_flag=True, help="Only plan: exit with 1 if anything would change."),
    click.option(
        "--diff", is_flag=True,
        help="Print a patch for `git apply` and make no branch. Verified, unless with --dry-run or --check.",
    ),
    click.option("--in-place", is_flag=True, help="Change the files of your own checkout; make no branch."),
    click.option("--allow-dirty", is_flag=True, help="Despite uncommitted changes."),
)  # fmt: skip
verify_options = (
    click.option(
        "--verify", "level", type=click.Choice(["quick", "standard", "full"]), default=None,
        show_default="standard", help="How far: check; + feature sets and tests; + lints, docs, API, MIR.",
    ),
    click.option("--features", multiple=True, metavar="LIST", help="Also verify with these features."),
    click.option("--all-features", is_flag=True, help="Also verify with all features (standard does)."),
)  # fmt: skip
_fix_options = (
    click.option("--base", default="HEAD", show_default=True, metavar="REV", help="Commit to make fixes on."),
    click.option("-p", "--package", "packages", multiple=True, metavar="NAME", help="Only this package."),
    *verify_options,
    click.option("--no-verify-hooks", is_flag=True, help="Commit without running your git hooks."),
    click.option(
        "--keep-blame",
        is_flag=True,
        help="Two commits: a rename before the cut, so that git follows the history.",
    ),
    click.option(
        "--redo", is_flag=True, help="Ignore the outcomes of earlier runs, and replace their branches."
    ),
)


def given(*options: Callable[[AnyCommand], AnyCommand]) -> Callable[[AnyCommand], AnyCommand]:
    """Give a command options, in the order in which help shows them."""

    def decorate(command: AnyCommand) -> AnyCommand:
        for option in reversed(options):
            command = option(command)
        return command

    return decorate


def fixing(command: AnyCommand) -> AnyCommand:
    """Give a command every option of a fixing command; it takes them as ``**asked``."""
    return given(*_mode_options, *_fix_options, *workspace_options, *output_options)(command)


def settings(asked: Mapping[str, Any]) -> "Settings":
    """Return what the project has settled, with the level that is asked for in place of its own.

    Raises:
        InputError: There is no workspace, or its configuration is not usable.
    """
    from dataclasses import replace

    from remediate.verify.report import Level
    from remediate.workflow.sources.settings import settled

    found = settled(Path.cwd(), asked["manifest_path"])
    return replace(found, verify=Level(asked["level"])) if asked["level"] else found


def request(
    asked: Mapping[str, Any],
    options: "Mapping[str, Options]",
    settings: "Settings",
    demanded: "Iterable[Constraint]" = (),
) -> "Request":
    """Return what the shared options ask for, with what is asked of the codemods.

    ``demanded`` are the constraints of audits.

    Raises:
        UsageError: Options contradict each other.
    """
    from remediate.workflow.request import Request
    from remediate.workflow.sources.configuration import NAME
    from remediate.workflow.sources.roots import workspace_folder

    settings_file = workspace_folder(Path.cwd(), asked["manifest_path"]) / NAME
    return Request(
        start=Path.cwd(),
        manifest_path=asked["manifest_path"],
        base=asked["base"],
        packages=asked["packages"],
        options=options,
        templates=(settings.templates,) if settings.templates else (),
        level=settings.verify,
        mode=_mode(asked),
        keep_blame=_keep_blame(asked),
        run_hooks=not asked["no_verify_hooks"],
        allow_dirty=asked["allow_dirty"],
        redo=asked["redo"],
        cargo=cargo_arguments(asked),
        inputs=tuple(path.resolve() for path in (*asked.get("audits", ()), settings_file)),
        extra=feature_sets(asked),
        one_branch=asked.get("one_branch", False),
        patches=asked["diff"],
        constraints=settings.demands(demanded),
        fixer=_fixer(asked, settings),
        audits=tuple(path for path in asked.get("audits", ()) if str(path) != "-"),
        divide=asked.get("divide", False),
    )


def _fixer(asked: Mapping[str, Any], settings: "Settings") -> "tuple[str, FixerSettings] | None":
    from remediate.errors import InputError, did_you_mean
    from remediate.verify.report import Level
    from remediate.workflow.request import Mode
    from remediate.workflow.sources.configuration import NAME

    name = asked.get("fixer")
    if name is None:
        return None
    if name not in settings.fixers:
        known = ", ".join(sorted(settings.fixers))
        hint = f"Its fixers are: {known}." if known else f"Describe it there in a table [fixers.{name}]."
        near = did_you_mean(name, settings.fixers)
        where = settings.name if known else NAME
        raise InputError(f"{where} has no fixer {name!r}", f"{near}{hint} See docs/external-fixers.md.")
    if _mode(asked) not in {Mode.BRANCH, Mode.DIFF}:
        raise click.UsageError(
            "--fixer works in worktrees of its own: not with --in-place, --dry-run, --check"
        )
    if settings.verify is Level.QUICK:
        raise click.UsageError("--fixer needs tests to be run: not with --verify quick")
    return name, settings.fixers[name]


def cargo_arguments(asked: Mapping[str, Any]) -> tuple[str, ...]:
    """Return what every cargo run is given."""
    return tuple(f"--{name}" for name in ("locked", "offline") if asked[name])


def feature_sets(asked: Mapping[str, Any]) -> "tuple[Configuration, ...]":
    """Return the feature sets to verify beside the usual ones."""
    from remediate.cargo.check import ALL_FEATURES, chosen

    names = [name for names in asked["features"] for name in names.replace(",", " ").split()]
    return (*([chosen(names)] if names else []), *([ALL_FEATURES] if asked["all_features"] else []))


def _keep_blame(asked: Mapping[str, Any]) -> bool:
    from remediate.workflow.request import Mode

    if asked["keep_blame"] and _mode(asked) is not Mode.BRANCH:
        raise click.UsageError("--keep-blame is about commits, and here none is made")
    return bool(asked["keep_blame"])


def _mode(asked: Mapping[str, Any]) -> "Mode":
    from remediate.workflow.request import Mode

    only_looks = [name for name in ("dry_run", "check", "diff") if asked[name]]
    if asked["in_place"] and only_looks:
        raise click.UsageError(
            f"--in-place changes files; --{only_looks[0].replace('_', '-')} changes nothing"
        )
    if asked["in_place"]:
        return Mode.IN_PLACE
    if asked["dry_run"] or asked["check"]:
        return Mode.PLAN
    return Mode.DIFF if asked["diff"] else Mode.BRANCH
