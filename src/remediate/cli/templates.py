"""`remediate templates`: the ways to write a stream, and which of them keep their contract here."""

import json
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from remediate.cli.options import cargo_arguments, given, output_options, workspace_options

if TYPE_CHECKING:
    from remediate.workflow.streams.backends import Backend
    from remediate.workflow.streams.probe import Verdict


@click.command()
@click.argument("names", nargs=-1)
@click.option("--no-probe", is_flag=True, help="Only list them: build and run nothing.")
@click.option("--show", is_flag=True, help="Print the code that each of them makes of an example.")
@given(*workspace_options, *output_options)
def command(names: tuple[str, ...], no_probe: bool, show: bool, **asked: Any) -> int:  # noqa: FBT001
    """List the templates for streams (all, or those that are named), and probe them.

    A probe is a generated crate that is built against the real crates and run: does the stream end, does a
    slow consumer slow the producer down, does the producer stop when the stream is dropped, does an error
    arrive, does a panic leave nobody waiting, is the first item there within 50 ms? A template that breaks
    its contract is never offered. Exits with 1 if one does.
    """
    from remediate.errors import InputError
    from remediate.workflow.streams.backends import BACKENDS

    unknown = sorted(set(names) - {b.name for b in BACKENDS})
    if unknown:
        known = ", ".join(b.name for b in BACKENDS)
        raise InputError(f"there is no template {unknown[0]}", f"Known are {known}.")
    chosen = [b for b in BACKENDS if not names or b.name in names]
    verdicts = {} if no_probe else dict(_verdicts(chosen, asked))
    if asked["message_format"] == "json":
        click.echo(
            json.dumps({"templates": [_data(b, verdicts.get(b.name), show=show) for b in chosen]}, indent=2)
        )
    elif not asked["quiet"]:
        click.echo("\n".join(_lines(chosen, verdicts, show=show)))
    return int(any(not verdict.passed for verdict in verdicts.values()))


def _verdicts(chosen: "Iterable[Backend]", asked: dict[str, Any]) -> "Iterator[tuple[str, Verdict]]":
    from remediate.cargo.door import Cargo
    from remediate.workflow.streams.probe import probe

    with _folder(asked["manifest_path"]) as folder:
        cargo = Cargo(folder, arguments=cargo_arguments(asked), extra={"CARGO_PROFILE_DEV_DEBUG": "0"})
        for backend in chosen:
            if not asked["quiet"]:
                click.echo(f"probing {backend.name}", err=True)
            yield backend.name, probe(backend, folder, cargo)


@contextmanager
def _folder(manifest_path: Path | None) -> Iterator[Path]:
    """Yield where probes are built: in the repository's own corner, so that a second time is fast."""
    from remediate.errors import RemediateError
    from remediate.git.door import Git
    from remediate.git.worktrees import home
    from remediate.workflow.sources.roots import repository_folder

    try:
        with Git(repository_folder(Path.cwd(), manifest_path)) as git:
            kept = home(git) / "probe"
            kept.mkdir(parents=True, exist_ok=True)
    except (RemediateError, OSError):
        with tempfile.TemporaryDirectory(prefix="remediate-probe-") as folder:
            yield Path(folder)
    else:
        yield kept


def _lines(chosen: "Iterable[Backend]", verdicts: "dict[str, Verdict]", *, show: bool) -> Iterator[str]:
    from remediate.workflow.streams.probe import CHECKS, example

    for backend in chosen:
        verdict = verdicts.get(backend.name)
        word = "not probed" if verdict is None else "offered" if verdict.passed else "not offered"
        yield f"{backend.name:<14}{word:<13}{backend.summary}"
        yield f"{'':<27}needs {backend.runtime}; {', '.join(c.name for c in backend.needs) or 'no crates'}"
        for check, wrong in verdict.broken.items() if verdict else ():
            yield f"{'':<27}broken: {CHECKS.get(check, 'it compiles')}: {wrong}"
        if show:
            yield ""
            yield from (f"    {line}".rstrip() for line in example(backend).splitlines())
            yield ""


def _data(backend: "Backend", verdict: "Verdict | None", *, show: bool) -> dict[str, Any]:
    from remediate.workflow.streams.probe import example

    data: dict[str, Any] = {
        "name": backend.name,
        "summary": backend.summary,
        "runtime": backend.runtime,
        "dependencies": [crate.line for crate in backend.needs],
        "offered": None if verdict is None else verdict.passed,
        "checked": list(verdict.checked) if verdict else [],
        "broken": dict(verdict.broken) if verdict else {},
    }
    return data | ({"example": example(backend)} if show else {})
