"""Plain sentences on a terminal: broken between words, with the rest indented; elsewhere as they are."""

import shutil
import sys
import textwrap
from typing import TextIO

import click

_LEAST = 30


def say(text: str = "", *, err: bool = False, indent: int | None = None) -> None:
    """Print lines of text; ``indent`` is that of what a line has no room for, else two more than its own."""
    click.echo(_fitted(text, sys.stderr if err else sys.stdout, indent), err=err)


def headed(word: str, sentence: str) -> None:
    """Print an error to standard error, its first word in red."""
    click.secho(word, fg="red", bold=True, nl=False, err=True)
    click.echo(_fitted(f"{word}: {sentence}", sys.stderr).removeprefix(word), err=True)


def _fitted(text: str, stream: TextIO, indent: int | None = None) -> str:
    if not stream.isatty():
        return text
    width = shutil.get_terminal_size().columns
    return "\n".join(wrapped(line, width, indent) for line in text.split("\n"))


def wrapped(line: str, width: int, indent: int | None = None) -> str:
    """Return a line in pieces that fit a width; a word that is longer stays whole."""
    own = len(line) - len(line.lstrip())
    rest = " " * (own + 2 if indent is None else indent)
    return textwrap.fill(
        line,
        max(width, len(rest) + _LEAST),
        subsequent_indent=rest,
        expand_tabs=False,
        replace_whitespace=False,
        break_long_words=False,
        break_on_hyphens=False,
    )
