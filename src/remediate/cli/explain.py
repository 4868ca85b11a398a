"""`remediate explain`: what a reason code or a rule means, also where no docs/ are installed."""

import click

from remediate.cli.wrapping import say


@click.command()
@click.argument("code", required=False)
def command(code: str | None) -> int:
    """Explain a reason CODE of an outcome, or a rule of an audit; without CODE list all of them.

    \b
    Examples:
      remediate explain baseline-unusable
      remediate explain large-file
    """  # noqa: D301 - click's mark of a paragraph to leave as it is
    from difflib import get_close_matches

    from remediate.audit.rules.catalog import RULES
    from remediate.audit.rules.documentation import DOCUMENTATION
    from remediate.errors import InputError
    from remediate.workflow.reasons import explained, reasons

    if code is None:
        _list()
        return 0
    for reason in explained(code):
        say(f"{reason.code} ({reason.owner}, {reason.outcome}): {reason.meaning}")
    for rule in (rule for rule in RULES if rule.id == code):
        say(f"{rule.id} (rule, {rule.severity.value}): {rule.title}")
        if rule.id in DOCUMENTATION:
            click.echo(f"\n{DOCUMENTATION[rule.id].markdown()}", nl=False)
    known = {reason.code for reason in reasons()} | {rule.id for rule in RULES}
    if code not in known and not explained(code):
        near = get_close_matches(code, known)
        hint = f"Did you mean {' or '.join(near)}?" if near else "`remediate explain` lists all of them."
        raise InputError(f"no reason code or rule is called {code!r}", hint)
    return 0


def _list() -> None:
    from remediate.audit.rules.catalog import RULES
    from remediate.workflow.reasons import reasons

    owner = ""
    for reason in reasons():
        if reason.owner != owner:
            say(f"{chr(10) if owner else ''}Reason codes of {reason.owner}")
            owner = reason.owner
        say(f"  {reason.code:22} {reason.meaning}", indent=25)
    say("\nRules")
    for rule in RULES:
        say(f"  {rule.id:22} {rule.title}", indent=25)
