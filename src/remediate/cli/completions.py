"""`remediate completions`: the completion script of a shell."""

import click


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def command(shell: str) -> int:
    """Print the completion script of SHELL.

    \b
    Examples:
      remediate completions bash > ~/.local/share/bash-completion/completions/remediate
      remediate completions zsh > ~/.zfunc/_remediate
      remediate completions fish > ~/.config/fish/completions/remediate.fish
    """  # noqa: D301 - click's mark of a paragraph to leave as it is
    from click.shell_completion import get_completion_class

    from remediate.cli.app import remediate

    completion = get_completion_class(shell)
    if completion is None:
        raise click.UsageError(f"no completions for {shell}")
    click.echo(completion(remediate, {}, "remediate", "_REMEDIATE_COMPLETE").source())
    return 0
