"""`remediate undo`: remove what runs made."""

from pathlib import Path

import click

from remediate.cli.options import given, manifest_option
from remediate.cli.wrapping import say


@click.command()
@click.argument("branches", nargs=-1)
@click.option("--dry-run", is_flag=True, help="Only say what would go.")
@given(manifest_option)
def command(branches: tuple[str, ...], manifest_path: Path | None, *, dry_run: bool) -> int:
    """Remove the branches that runs made, and their outcomes; all of them, or only BRANCHES.

    A branch with commits of a person, or one that is checked out, stays. What goes can be had again by
    running the same command again. Without BRANCHES, what runs with --in-place changed is reverted too, the
    newest first, as far as the files stand as they were left.

    \b
    Examples:
      remediate undo --dry-run
      remediate undo remediate/large-file/src-server-1a2b3c4d
    """  # noqa: D301 - click's mark of a paragraph to leave as it is
    from remediate.git.command import Git
    from remediate.quantities import quantity as counted
    from remediate.sanitize import one_line
    from remediate.workflow.record import removal
    from remediate.workflow.sources.roots import repository_folder

    with Git(repository_folder(Path.cwd(), manifest_path)) as git:
        going = removal.planned(git, branches)
        if not dry_run:
            removal.remove(git, going)
    verb = "would remove" if dry_run else "removed"
    for name, commit in sorted(going.branches.items()):
        say(f"{verb} {name} ({commit[:10]})")
    for name, why in sorted(going.kept.items()):
        say(f"kept {name}: {why}")
    for about in going.in_place:
        say(f"{'would revert' if dry_run else 'reverted'} in your checkout: {one_line(about)}")
    for about in going.edited:
        say(f"kept in your checkout: {one_line(about)}: its files were edited since")
    branches_gone = counted(len(going.branches), "branch", "es")
    say(f"{verb} {branches_gone} and {counted(len(going.outcomes), 'outcome')}")
    return 0
