"""What `remediate audit` does with its options: scan, leave out what is known, write, judge."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from remediate import __version__
from remediate.audit.rules.catalog import RULES, rule
from remediate.audit.rules.documentation import DOCUMENTATION
from remediate.audit.scan import baseline
from remediate.audit.scan.settings import LEVELS
from remediate.audit.write.report import Report
from remediate.cli.options import cargo_arguments
from remediate.errors import InputError, did_you_mean
from remediate.model import Finding
from remediate.workflow.scanning.scan import scanned
from remediate.workflow.scanning.scanned import Asked, Scanned


def run(asked: dict[str, Any]) -> int:
    """Scan and write; return the exit code."""
    result = scanned(_asked(asked), _codemod_for)
    result = _narrowed(result, asked)
    report = Report(
        scan=result.scan,
        files=result.files,
        name=result.root.name,
        version=__version__,
        commands=_commands(result.scan.findings),
        remark=result.remark,
        root=str(result.root),
        start=str(Path.cwd()),
        options=("--manifest-path", str(asked["manifest_path"])) if asked["manifest_path"] else (),
    )
    _write(report, result, asked)
    worst = LEVELS.index(asked["fail_on"])
    failing = [f for f in report.scan.findings if LEVELS.index(f.severity) <= worst]
    if asked["check"] and result.unread and not failing:
        click.echo(f"--check: files that could not be read: {len(result.unread)}", err=True)
    return int(asked["check"] and bool(failing or result.unread))


def explain(id_: str | None) -> None:
    """Print a rule's documentation, or the list of rules."""
    if id_ is None:
        for one in RULES:
            if one.id in DOCUMENTATION:
                click.echo(f"{one.id:17} {one.severity.value:8} {one.title}")
        return
    _known(id_)
    click.echo(f"# {id_}: {rule(id_).title} ({rule(id_).severity.value})\n")
    click.echo(DOCUMENTATION[id_].markdown(), nl=False)


def _codemod_for(rule_id: str) -> str | None:
    from remediate.contract import codemod_for

    return codemod_for(rule_id)


def _asked(asked: dict[str, Any]) -> Asked:
    only = frozenset(id_ for group in asked["only"] for id_ in group.replace(",", " ").split())
    for id_ in sorted(only):
        _known(id_)
    return Asked(
        start=Path.cwd(),
        manifest_path=asked["manifest_path"],
        paths=asked["paths"],
        packages=asked["packages"],
        only=only,
        severities=tuple(map(_severity, asked["severity"])),
        max_lines=asked["max_lines"],
        deep=asked["deep"],
        cached=not asked["no_cache"],
        cargo=cargo_arguments(asked),
        forbid=asked["forbid"],
    )


def _severity(text: str) -> tuple[str, str]:
    id_, _, level = text.partition("=")
    if level not in LEVELS:
        raise InputError(f"--severity {text}: write it as RULE=LEVEL", f"Levels are {', '.join(LEVELS)}.")
    return _known(id_), level


def _known(id_: str) -> str:
    if id_ not in DOCUMENTATION:
        near = did_you_mean(id_, DOCUMENTATION)
        raise InputError(f"no rule is called {id_!r}", f"{near}`remediate audit --list-rules` shows them.")
    return id_


def _narrowed(result: Scanned, asked: dict[str, Any]) -> Scanned:
    scan = result.scan
    if asked["write_baseline"] is not None:
        _save(asked["write_baseline"], baseline.written(scan.findings).encode())
    if asked["baseline"] is not None:
        known = baseline.read(_load(asked["baseline"]), str(asked["baseline"]))
        scan = baseline.without_known(scan, known)
    if asked["since"] is not None:
        from remediate.git.command import Git
        from remediate.git.search import changed_lines
        from remediate.workflow.scanning.scanned import since

        with Git(result.root) as git:
            scan = since(scan, changed_lines(git, asked["since"], result.root))
    return replace(result, scan=scan)


def _commands(findings: Iterable[Finding]) -> dict[str, str]:
    """Return the command of each codemod that is asked for: they are called alike."""
    return {name: name for name in sorted({f.codemod for f in findings if f.codemod})}


def _write(report: Report, result: Scanned, asked: dict[str, Any]) -> None:
    if asked["format_"] == "text" and asked["output"] is None:
        from remediate.cli.audit_view import show

        show(report, result.problems, asked)
        return
    text = FORMATS[asked["format_"]](report, result, asked)
    if asked["output"] is not None:
        _save(asked["output"], text)
    else:
        click.echo(text, nl=False)


def _text(report: Report, result: Scanned, asked: dict[str, Any]) -> bytes:
    from remediate.cli.audit_view import plain

    return plain(report, result.problems, asked).encode()


def _markdown(report: Report, _: Scanned, __: dict[str, Any]) -> bytes:
    from remediate.audit.write.markdown import markdown

    return markdown(report).encode(errors="replace")


def _json(report: Report, _: Scanned, __: dict[str, Any]) -> bytes:
    from remediate.audit.write.listing import listing_json

    return listing_json(report)


def _sarif(report: Report, result: Scanned, asked: dict[str, Any]) -> bytes:
    from remediate.audit.write.sarif import sarif
    from remediate.workflow.scanning.planning import planner

    return sarif(report, *planner(result)) if asked["fixes"] else sarif(report)


def _github(report: Report, _: Scanned, __: dict[str, Any]) -> bytes:
    from remediate.audit.write.annotations import annotations

    return "".join(f"{line}\n" for line in annotations(report)).encode(errors="replace")


def _html(report: Report, _: Scanned, __: dict[str, Any]) -> bytes:
    from remediate.audit.write.page import page
    from remediate.templates import render

    return render("audit.html.j2", **page(report)).encode(errors="replace")


_Writer = Callable[[Report, Scanned, dict[str, Any]], bytes]
FORMATS: dict[str, _Writer] = {
    "text": _text,
    "markdown": _markdown,
    "json": _json,
    "sarif": _sarif,
    "github": _github,
    "html": _html,
}


def _load(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except OSError as error:
        hint = "Write one with --write-baseline."
        raise InputError(f"{path} cannot be read: {error.strerror}", hint) from error
    except UnicodeDecodeError as error:
        raise InputError(f"{path} is not UTF-8: {error}") from error


def _save(path: Path, data: bytes) -> None:
    try:
        path.write_bytes(data)
    except OSError as error:
        raise InputError(f"{path} cannot be written: {error.strerror}") from error
