"""`remediate templates`: the ways to write a stream, and which of them keep their contract here."""

import json
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from remediate.cli.options import cargo_arguments, given, output_options, workspace_options

if TYPE_CHECKING:
    from remediate.rust.codebase import Renderer
    from remediate.streams import Backend
    from remediate.workflow.streams.probe import Verdict


@click.command()
@click.argument("names", nargs=-1)
@click.option("--no-probe", is_flag=True, help="Only list them: build and run nothing.")
@click.option("--show", is_flag=True, help="Print the code that each of them makes of an example.")
@given(*workspace_options, *output_options)
def command(names: tuple[str, ...], no_probe: bool, show: bool, **asked: Any) -> int:  # noqa: FBT001
    """List the templates for streams (all, or those that are named), and probe them.

    A template of this name in the project's own folder (`templates` in its configuration) goes first, and so
    does the project's own stream type, which is listed by its path.

    A probe is a generated crate that is built against the real crates and run: does the stream end, does a
    slow consumer slow the producer down, does the producer stop when the stream is dropped, does an error
    arrive, does a panic leave nobody waiting, is the first item there within 50 ms? A template that breaks
    its contract is never offered. Exits with 1 if one does.
    """
    from remediate.errors import InputError

    project = _project(asked["manifest_path"])
    unknown = sorted(set(names) - {b.name for b in project.backends})
    if unknown:
        known = ", ".join(b.name for b in project.backends)
        raise InputError(f"there is no template {unknown[0]}", f"Known are {known}.")
    chosen = [b for b in project.backends if not names or b.name in names]
    verdicts = {} if no_probe else dict(_verdicts(chosen, project, asked))
    if asked["message_format"] == "json":
        click.echo(
            json.dumps(
                {"templates": [_data(b, verdicts.get(b.name), project, show=show) for b in chosen]}, indent=2
            )
        )
    elif not asked["quiet"]:
        click.echo("\n".join(_lines(chosen, verdicts, project, show=show)))
    return int(any(not verdict.passed for verdict in verdicts.values()))


@dataclass(frozen=True)
class _Project:
    """What is known where the command is given: nothing but what ships, where that is no workspace.

    Attributes:
        backends: What ships, and the project's own.
        render: Fills a template, the project's own first.
        folder: The project's own templates.
    """

    backends: "tuple[Backend, ...]"
    render: "Renderer"
    folder: Path | None = None

    def overridden(self, backend: "Backend") -> str:
        """Return the project's own file for a backend's template, "" if it has none."""
        file = self.folder / backend.template if self.folder is not None else None
        return str(file) if file is not None and file.is_file() else ""


def _project(manifest_path: Path | None) -> _Project:
    from remediate import templates
    from remediate.errors import RemediateError
    from remediate.streams import BACKENDS
    from remediate.workflow.sources.settings import settled
    from remediate.workflow.sources.workspace import load
    from remediate.workflow.streams.probing import of_workspace

    try:
        found = settled(Path.cwd(), manifest_path)
        workspace = load(Path.cwd(), manifest_path)
    except RemediateError:
        if manifest_path is not None:
            raise
        return _Project(BACKENDS, templates.render)
    folders = (found.templates,) if found.templates else ()
    own = of_workspace(workspace, found.options())
    return _Project((*BACKENDS, *own), templates.Templates(folders), found.templates)


def _verdicts(
    chosen: "Iterable[Backend]", project: _Project, asked: dict[str, Any]
) -> "Iterator[tuple[str, Verdict]]":
    from remediate.cargo.command import Cargo
    from remediate.workflow.streams.probe import probe

    with _folder(asked["manifest_path"]) as folder:
        cargo = Cargo(folder, arguments=cargo_arguments(asked), extra={"CARGO_PROFILE_DEV_DEBUG": "0"})
        for backend in chosen:
            if not asked["quiet"]:
                click.echo(f"probing {backend.name}", err=True)
            yield backend.name, probe(backend, folder, cargo, project.render)


@contextmanager
def _folder(manifest_path: Path | None) -> Iterator[Path]:
    """Yield where probes are built: in the repository's own corner, so that a second time is fast."""
    from remediate.errors import RemediateError
    from remediate.git.command import Git
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


def _lines(
    chosen: "Iterable[Backend]", verdicts: "dict[str, Verdict]", project: _Project, *, show: bool
) -> Iterator[str]:
    from remediate.workflow.streams.probe import CHECKS, example

    wide = max((len(backend.name) for backend in chosen), default=0) + 2
    margin = " " * (wide + 13)
    for backend in chosen:
        verdict = verdicts.get(backend.name)
        word = "not probed" if verdict is None else "offered" if verdict.passed else "not offered"
        yield f"{backend.name:<{wide}}{word:<13}{backend.summary}"
        if file := project.overridden(backend):
            yield f"{margin}from {file}"
        crates = ", ".join(crate.name for crate in backend.needs) or "no crates"
        yield f"{margin}needs {backend.runtime}; {crates}"
        for check, wrong in verdict.broken.items() if verdict else ():
            yield f"{margin}broken: {CHECKS.get(check, 'it compiles')}: {wrong}"
        if show:
            yield ""
            yield from (f"    {line}".rstrip() for line in example(backend, project.render).splitlines())
            yield ""


def _data(backend: "Backend", verdict: "Verdict | None", project: _Project, *, show: bool) -> dict[str, Any]:
    from remediate.workflow.streams.probe import example

    data: dict[str, Any] = {
        "name": backend.name,
        "summary": backend.summary,
        "runtime": backend.runtime,
        "template": project.overridden(backend) or backend.template,
        "dependencies": [crate.line for crate in backend.needs],
        "offered": None if verdict is None else verdict.passed,
        "checked": list(verdict.checked) if verdict else [],
        "broken": dict(verdict.broken) if verdict else {},
    }
    return data | ({"example": example(backend, project.render)} if show else {})
