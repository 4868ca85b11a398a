"""`remediate clean`: remove worktrees, build results and caches."""

from pathlib import Path

import click

from remediate.cli.options import given, manifest_option
from remediate.cli.wrapping import say


@click.command()
@given(manifest_option)
def command(manifest_path: Path | None) -> int:
    """Remove the tool's own worktrees with their build results, and its caches.

    Branches and outcomes stay (see `remediate undo`). The next run starts cold: it makes a worktree and
    builds the workspace once.
    """
    from remediate.git.command import Git
    from remediate.git.worktrees import home, remove
    from remediate.quantities import quantity as counted
    from remediate.workflow.sources.roots import repository_folder

    with Git(repository_folder(Path.cwd(), manifest_path)) as git:
        size = sum(p.lstat().st_size for p in home(git).rglob("*") if not p.is_dir())
        gone = remove(git)
    say(f"removed {counted(len(gone), 'worktree')}, build results and caches: {size / 1e6:.0f} MB")
    return 0
