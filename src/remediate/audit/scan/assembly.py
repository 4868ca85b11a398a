"""Facts of many files and what cargo says of them, put together as findings."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby

import msgspec

from remediate.audit.fingerprint import fingerprint, joined
from remediate.audit.rules.catalog import rule
from remediate.audit.scan.facts import FILE_RULES, Facts, Place, Scan
from remediate.audit.scan.reach import Reach, dead_files
from remediate.audit.scan.settings import LEVELS, Settings
from remediate.audit.scan.suppressions import Silence
from remediate.audit.tree import Tree, is_test_path
from remediate.model import Finding, Site
from remediate.rust.package import Package


def assembled(
    facts: Mapping[str, Facts],
    texts: Mapping[str, bytes],
    packages: Sequence[Package] | None,
    settings: Settings,
    codemod_of: Callable[[str], str | None],
) -> Scan:
    """Return the findings of a workspace, sorted by severity, rule and path.

    ``packages`` is None where cargo cannot say: dead tests are then not looked for.
    """
    reaches = [Reach(package, facts) for package in packages] if packages is not None else None
    tree = Tree({}, packages={package.root: package.name for package in packages or ()})
    silence = Silence(facts, settings)
    kept = [
        (path, place)
        for path, place in _places(facts, texts, reaches, settings)
        if not silence.covers(path, place)
    ]
    findings = list(_findings(kept, facts, tree, settings, codemod_of))
    findings.sort(
        key=lambda f: (LEVELS.index(f.severity), _rank(f), f.path, f.sites[0].line if f.sites else 0)
    )
    return Scan(
        findings=tuple(replace(f, id=str(number)) for number, f in enumerate(findings, 1)),
        files=len(facts),
        lines=sum(f.lines for f in facts.values()),
        generated=sum(bool(f.generated) for f in facts.values()),
        suppressed=silence.count,
    )


def _places(
    facts: Mapping[str, Facts],
    texts: Mapping[str, bytes],
    reaches: Sequence[Reach] | None,
    settings: Settings,
) -> Iterator[tuple[str, Place]]:
    test_only = {path for reach in reaches or () for path, test in reach.reached.items() if test}
    tested = {path for path in facts if is_test_path(path) or path in test_only}
    for path in sorted(facts):
        known = facts[path]
        if known.generated:
            continue
        if known.lines > settings.max_lines:
            yield path, _size(known, settings.max_lines, test=path in tested)
        places = (*known.places, *_faults(known))
        yield from ((path, _in_tests(place) if path in tested else place) for place in places)
    if reaches is not None:
        yield from dead_files(reaches, facts)
    if any(known.wrappers for known in facts.values()):
        from remediate.audit.scan.blocking import wrapped_calls  # noqa: PLC0415 - all rules, and rarely asked

        for path, place in wrapped_calls(texts, facts):
            yield path, _in_tests(place) if path in tested else place


def _size(known: Facts, limit: int, *, test: bool) -> Place:
    note = f"{known.lines} lines, over the limit of {limit}"
    return Place(
        "large-file", "test" if test else "source", 1, 1, 0, "", "", "", "note" if test else "", note
    )


def _in_tests(place: Place) -> Place:
    """Return a place of a file that only test builds hold: it is what it is in tests."""
    if place.rule in {*FILE_RULES, "dead-tests", "parse-health"}:
        return place
    tested = place.rule == "block-on" and place.kind != "certain-panic"
    kind = "test" if tested else place.kind
    return msgspec.structs.replace(place, kind=kind, severity="note", test=True)


def _faults(known: Facts) -> Iterator[Place]:
    for one in known.suppressions:
        if one.fault:
            yield Place("suppression", "faulty", one.line, 1, 0, "", "", f"{one.line}", "", one.fault)


def _findings(
    kept: Iterable[tuple[str, Place]],
    facts: Mapping[str, Facts],
    tree: Tree,
    settings: Settings,
    codemod_of: Callable[[str], str | None],
) -> Iterator[Finding]:
    def group(entry: tuple[str, Place]) -> tuple[str, str, str]:
        path, place = entry
        return path, place.rule, settings.severity(place.rule, place.severity)

    for (path, id_, level), entries in groupby(
        sorted(kept, key=lambda e: (*group(e), e[1].line, e[1].column)), group
    ):
        places = [place for _, place in entries]
        if settings.reports(id_, path):
            sizes = facts[path].lines, settings.max_lines
            yield _finding(path, id_, level, places, tree, sizes, codemod_of(id_))


def _finding(  # noqa: PLR0913, PLR0917
    path: str,
    id_: str,
    level: str,
    places: list[Place],
    tree: Tree,
    sizes: tuple[int, int],
    codemod: str | None,
) -> Finding:
    """Return the finding of a rule in a file; ``sizes`` are the file's lines and how many it may have."""
    package, inside = tree.package_of(path)[1], tree.inside(path)
    sites = tuple(
        _site(path, place, package, inside) for place in places if place.line and place.rule != "large-file"
    )
    whole = id_ in FILE_RULES
    own = fingerprint(id_, package, inside, "") if whole else joined(s.fingerprint for s in sites)
    return Finding(
        id="",
        fingerprint=own,
        rule=id_,
        title=_title(id_, places),
        path=path,
        claimed_path=path,
        claimed_lines=() if id_ == "large-file" else tuple(dict.fromkeys(s.line for s in sites)),
        claimed_size=sizes[0] if id_ == "large-file" else None,
        sites=sites,
        codemod=codemod,
        reason="; ".join(dict.fromkeys(p.note for p in places if p.note)),
        severity=level,
        limit=sizes[1] if id_ == "large-file" else None,
    )


def _site(path: str, place: Place, package: str, inside: str) -> Site:
    own = fingerprint(place.rule, package, f"{inside}::{place.item}", place.words)
    return Site(
        path,
        place.line,
        place.column,
        place.text,
        place.end_column,
        place.kind,
        place.severity,
        place.note,
        own,
    )


def _title(id_: str, places: Sequence[Place]) -> str:
    kinds = sorted({p.kind for p in places})
    named = {"certain-panic": "blocking call that is certain to panic"}
    return named.get(kinds[0], rule(id_).title) if len(kinds) == 1 else rule(id_).title


def _rank(finding: Finding) -> tuple[int, str]:
    """Certain panics first."""
    return (0 if any(s.kind == "certain-panic" for s in finding.sites) else 1, finding.rule)
