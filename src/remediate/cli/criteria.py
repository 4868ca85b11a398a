"""The completion criteria, as a terminal shows them."""

from collections.abc import Mapping, Sequence
from typing import Any

from rich.markup import escape

from remediate.cli.console import console
from remediate.sanitize import one_line
from remediate.workflow.sources.criteria import Criterion

_WORDS = {True: "[green]met[/]", False: "[red]not met[/]", None: "[yellow]not checked[/]"}
_MOST = 20


def show_criteria(found: Sequence[Criterion], asked: Mapping[str, Any]) -> None:
    """Print each with its evidence: some of it, all with --verbose."""
    out = console(errors=False, color=asked["color"])
    for one in found:
        out.say(f"{_WORDS[one.met]}: {escape(one.title)} ({escape(one_line(one.detail))})")
        shown = one.evidence if asked["verbose"] else one.evidence[:_MOST]
        for line in shown:
            out.say(f"    {escape(one_line(line))}")
        if len(shown) < len(one.evidence):
            out.say(f"    and {len(one.evidence) - len(shown)} more; see with --verbose")
