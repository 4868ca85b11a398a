"""Findings that a command makes itself, for the file or folder the user named instead of an audit."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

from remediate import contract
from remediate.audit import identity
from remediate.audit.fingerprint import fingerprint, joined
from remediate.cargo import nextest
from remediate.cargo.command import Cargo
from remediate.cargo.nextest import PATH, judged
from remediate.errors import InputError
from remediate.model import Finding
from remediate.rust.codebase import is_below
from remediate.workflow.sources.workspace import Workspace


def large_file(workspace: Workspace, path: Path) -> tuple[Finding, ...]:
    """Return the finding that a file is too large.

    Raises:
        InputError: The path is no Rust file of the workspace that can be read.
    """
    file = _file(workspace, _relative(workspace, path))
    lines = len(workspace.files[file].splitlines())
    return (
        Finding(
            id="1",
            fingerprint=identity.of_file(workspace.tree, "large-file", file),
            rule="large-file",
            title=f"{lines} lines in one file",
            path=file,
            codemod="split-file",
        ),
    )


def named_paths(workspace: Workspace, codemod: str, paths: Sequence[Path]) -> tuple[Finding, ...]:
    """Return one finding of a codemod's first rule for each named file; without any for every Rust file.

    Raises:
        InputError: A path is no Rust file of the workspace that can be read.
    """
    rule = contract.codemods()[codemod].RULES[0]
    everything = (p for package in workspace.packages for p in package.rust_files)
    files = [_file(workspace, _relative(workspace, path)) for path in paths] or list(everything)
    tree = workspace.tree
    return tuple(
        Finding(str(n), identity.of_file(tree, rule, file), rule, f"{codemod}, as asked", file)
        for n, file in enumerate(dict.fromkeys(files), 1)
    )


def embedded_tests(
    workspace: Workspace, paths: Sequence[Path] = (), packages: Sequence[str] = ()
) -> tuple[Finding, ...]:
    """Return one finding per named file, and per package of each named folder; without paths per package.

    Raises:
        InputError: A path is not in the workspace, or holds no package.
    """
    wanted = [p for p in workspace.packages if not packages or p.name in packages]
    places = [place for path in paths for place in _places(workspace, path)] or [p.root for p in wanted]
    return tuple(_embedded(workspace, n, place) for n, place in enumerate(dict.fromkeys(places), 1))


def embedded_by_file(
    workspace: Workspace, paths: Sequence[Path] = (), packages: Sequence[str] = ()
) -> tuple[Finding, ...]:
    """Return one finding per file that embeds tests, of the same choice as ``embedded_tests``."""
    return _scanned(workspace, ("embedded-tests",), paths, packages)


def dead_tests(
    workspace: Workspace, paths: Sequence[Path] = (), packages: Sequence[str] = ()
) -> tuple[Finding, ...]:
    """Return one finding per file whose tests never run, of the same choice as ``embedded_tests``."""
    return _scanned(workspace, ("dead-tests",), paths, packages)


def blocking_calls(
    workspace: Workspace,
    paths: Sequence[Path] = (),
    lines: Mapping[Path, Sequence[int]] = MappingProxyType({}),
    packages: Sequence[str] = (),
    *,
    pools: bool = False,
) -> tuple[Finding, ...]:
    """Return one finding per file that blocks on futures; of a path with lines only those.

    ``pools`` says whether what is handed to the blocking pool counts as well.

    Raises:
        InputError: A path is not in the workspace, or a line of it holds no blocking call.
    """
    rules = ("block-on", "spawn-blocking") if pools else ("block-on",)
    found = _scanned(workspace, rules, paths, packages)
    return _by_file(workspace, found, lines, "blocking call")


def unfinished_code(
    workspace: Workspace,
    paths: Sequence[Path] = (),
    lines: Mapping[Path, Sequence[int]] = MappingProxyType({}),
    packages: Sequence[str] = (),
) -> tuple[Finding, ...]:
    """Return one finding per file with markers of unfinished code; of a path with lines only those.

    Those in tests are left out.

    Raises:
        InputError: A path is not in the workspace, or a line of it holds no marker.
    """
    found = _scanned(workspace, contract.codemods()["resolve-markers"].RULES, paths, packages)
    outside = (replace(f, sites=tuple(s for s in f.sites if s.kind != "test")) for f in found)
    return _by_file(workspace, [f for f in outside if f.sites], lines, "marker")


def _by_file(
    workspace: Workspace, findings: Sequence[Finding], lines: Mapping[Path, Sequence[int]], what: str
) -> tuple[Finding, ...]:
    """Return the findings of each file as one."""
    found: dict[str, list[Finding]] = {}
    for finding in findings:
        found.setdefault(finding.path, []).append(finding)
    wanted = {_relative(workspace, path): set(some) for path, some in lines.items()}
    merged = [_at_lines(path, some, wanted.get(path), what) for path, some in sorted(found.items())]
    for path in sorted(set(wanted) - set(found)):
        raise InputError(f"{path} holds no {what}", "`remediate audit` lists them all.")
    return tuple(replace(finding, id=str(number)) for number, finding in enumerate(merged, 1))


def _at_lines(path: str, findings: Sequence[Finding], lines: set[int] | None, what: str) -> Finding:
    sites = sorted((s for f in findings for s in f.sites), key=lambda s: (s.line, s.column))
    known = {site.line for site in sites}
    for line in sorted((lines or set()) - known):
        where = ", ".join(map(str, sorted(known)[:8]))
        raise InputError(f"{path}:{line} holds no {what}", f"{path} has one in line {where}.")
    chosen = tuple(s for s in sites if lines is None or s.line in lines)
    title = f"a {what}" if len(chosen) == 1 else f"{len(chosen)} {what}s"
    whole = joined(site.fingerprint for site in chosen)
    return replace(findings[0], sites=chosen, fingerprint=whole, title=title)


def _scanned(
    workspace: Workspace, rules: Sequence[str], paths: Sequence[Path], packages: Sequence[str]
) -> tuple[Finding, ...]:
    from remediate.workflow.sources.criteria import scan  # noqa: PLC0415 - few commands scan

    found, _ = scan(workspace, *rules)
    wanted = [_existing(workspace, _relative(workspace, path)) for path in paths]
    return tuple(
        finding
        for finding in found.findings
        if (not wanted or any(is_below(finding.path, place) for place in wanted))
        and (not packages or _owner(workspace, finding.path) in packages)
    )


def nextest_configuration(workspace: Workspace, arguments: tuple[str, ...] = ()) -> tuple[Finding, ...]:
    """Return the finding that nextest's configuration is to be repaired, with the keys unknown to it.

    ``arguments`` go to cargo. None without such a file, or without nextest.

    Raises:
        ToolError: cargo is missing.
    """
    if PATH not in workspace.files or not nextest.available():
        return ()
    unknown = judged(Cargo(workspace.root, arguments=arguments)).unknown
    _, package = workspace.tree.package_of("Cargo.toml")
    return (
        Finding(
            id="nextest",
            fingerprint=fingerprint("nextest-configuration", package, PATH, ""),
            rule="nextest-configuration",
            title="keys that nextest does not know" if unknown else "nextest's configuration",
            path=PATH,
            related=unknown,
        ),
    )


def first_nextest_configuration(workspace: Workspace, packages: Sequence[str] = ()) -> tuple[Finding, ...]:
    """Return the finding that a workspace has no configuration of nextest; none where it has one.

    It is tried with the tests of the package it is read with, or else of the first of ``packages``.
    """
    homes = [p for p in workspace.packages if not packages or p.name in packages]
    if PATH in workspace.files or PATH in workspace.paths or not homes:
        return ()
    where = PATH if workspace.package_of(PATH) in homes else f"{homes[0].root}/Cargo.toml"
    return (
        Finding(
            id="nextest",
            fingerprint=fingerprint("nextest-configuration", "", PATH, "first"),
            rule="nextest-configuration",
            title="no configuration of nextest",
            path=where,
        ),
    )


def _owner(workspace: Workspace, path: str) -> str:
    package = workspace.package_of(path)
    return package.name if package else ""


def _embedded(workspace: Workspace, number: int, place: str) -> Finding:
    tree = workspace.tree
    root, package = tree.package_of(place or "Cargo.toml")
    if place in workspace.files:
        print_ = identity.of_file(tree, "embedded-tests", place)
    else:
        inside = place.removeprefix(root).strip("/")
        print_ = fingerprint("embedded-tests", package, f"{inside}/", "")
    where = place or f"package {package}"
    return Finding(
        id=str(number),
        fingerprint=print_,
        rule="embedded-tests",
        title=f"tests embedded in {where}",
        path=place,
        codemod="extract-tests",
    )


def _places(workspace: Workspace, path: Path) -> list[str]:
    """Return a file, or the packages at or below a folder; of a folder inside a package, the folder."""
    place = _relative(workspace, path)
    if place in workspace.files or place.endswith(".rs") or place in workspace.paths:
        return [_file(workspace, place)]
    below = [p.root for p in workspace.packages if is_below(p.root, place)]
    owner = workspace.package_of(place)
    exists = any(file.startswith(f"{place}/") for file in workspace.files)
    if not below and not (owner and exists):
        raise _missing(workspace, place)
    return below or [place]


def _relative(workspace: Workspace, path: Path) -> str:
    """Return a path the user typed in the workspace's terms; its folder may be reached through links."""
    absolute = path.absolute()
    plain = (
        (absolute.parent.resolve() / absolute.name) if absolute.name not in {"", ".."} else absolute.resolve()
    )
    if not plain.is_relative_to(workspace.origin):
        raise InputError(f"{path} is outside of the workspace {workspace.origin}")
    relative = plain.relative_to(workspace.origin).as_posix()
    return "" if relative == "." else relative


def _existing(workspace: Workspace, place: str) -> str:
    """Return the place of a Rust file, or of a folder with any."""
    is_folder = any(
        path.endswith(".rs") and is_below(path, place) and path != place for path in workspace.files
    )
    return place if is_folder else _file(workspace, place)


def _file(workspace: Workspace, place: str) -> str:
    problem = workspace.problem_with(place)
    if problem is not None:
        raise InputError(problem.sentence)
    if place in workspace.files and place.endswith(".rs"):
        return place
    if place in workspace.files or place in workspace.paths:
        raise InputError(f"{place} is no Rust file", "Name a file that ends in .rs.")
    if any(file.startswith(f"{place}/") for file in workspace.files):
        raise InputError(f"{place} is a folder", "Name one file.")
    raise _missing(workspace, place)


def _missing(workspace: Workspace, place: str) -> InputError:
    if (workspace.origin / place).exists():
        hint = "Commit it first: fixes are made on commits, in a checkout of their own. Or pass --in-place."
        return InputError(f"{place} exists, but is not committed", hint)
    return InputError(f"there is no {place or 'package'} in the workspace {workspace.origin}")
