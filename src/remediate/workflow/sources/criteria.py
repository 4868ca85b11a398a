"""Completion criteria: what has to be true of the checkout as it stands, each held against it anew."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError

from remediate import contract
from remediate.audit.scan.assembly import assembled
from remediate.audit.scan.cache import Cache
from remediate.audit.scan.engine import facts_of
from remediate.audit.scan.facts import Depth, Scan
from remediate.audit.scan.settings import from_table
from remediate.audit.tree import is_test_path
from remediate.cargo import nextest
from remediate.cargo.command import Cargo
from remediate.cargo.nextest import PATH, judged
from remediate.model import Finding, Skip
from remediate.quantities import quantity
from remediate.workflow.sources.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Criterion:
    """One condition.

    Attributes:
        met: Whether it holds; None where that could not be checked.
        detail: One sentence.
        evidence: What stands against it, a line each.
    """

    id: str
    title: str
    met: bool | None
    detail: str
    evidence: tuple[str, ...] = ()


def criteria(workspace: Workspace) -> tuple[Criterion, ...]:
    """Return the criteria of "all tests extracted with nextest bootstrapping".

    Raises:
        ToolError: cargo is missing.
    """
    return extracted(workspace), runner(workspace)


def scan(workspace: Workspace, *rules: str) -> tuple[Scan, int]:
    """Return what the scanner finds of some rules in a workspace, and how many tests it saw at all."""
    texts = {path: text for path, text in workspace.files.items() if path.endswith(".rs")}
    depths = {path: Depth(is_test_path(path), constrained=False, parse=False) for path in texts}
    facts = facts_of({path: (text, depths[path]) for path, text in texts.items()}, Cache(None, ""))
    only = replace(from_table({}, ""), only=frozenset(rules))
    found = assembled(facts, texts, workspace.packages, only, contract.codemod_for)
    return found, sum(known.tests for known in facts.values())


def extracted(workspace: Workspace) -> Criterion:
    """Return whether all tests stand outside of production files."""
    found, tests = scan(workspace, "embedded-tests")
    title = "No test is embedded in production files"
    if not tests:
        return Criterion("tests-extracted", title, met=None, detail="the workspace has no test at all")
    places = Counter({finding.path: len(finding.sites) for finding in found.findings})
    evidence = tuple(f"{f.path}: {places[f.path]} embedded{_why(workspace, f)}" for f in found.findings)
    where = f"{quantity(len(places), 'file')} of {len(workspace.files)}"
    detail = f"{quantity(tests, 'test')}; {places.total()} embedded in {where}"
    return Criterion("tests-extracted", title, not evidence, detail, evidence)


def _why(workspace: Workspace, finding: Finding) -> str:
    """Return the reason why the codemod leaves a file's tests where they are; "" where it would move them."""
    package = workspace.package_of(finding.path)
    if finding.codemod is None or package is None:
        return ""
    codemod = contract.codemods()[finding.codemod]
    planned = codemod.plan(workspace.codebase, finding, codemod.OPTIONS())
    return f" ({planned.reason}: {planned.sentence})" if isinstance(planned, Skip) else ""


def runner(workspace: Workspace) -> Criterion:
    """Return whether nextest is configured. Raises as ``criteria``."""
    title = "nextest is configured, and knows every key"
    if PATH not in workspace.files:
        return Criterion("nextest-configured", title, met=False, detail=f"there is no {PATH}")
    if not nextest.available():
        return Criterion("nextest-configured", title, met=None, detail="nextest is not installed")
    found = judged(Cargo(workspace.root))
    if found.error:
        return Criterion("nextest-configured", title, met=False, detail=found.error)
    try:
        missing = tuple(_missing(tomlkit.parse(workspace.files[PATH].decode()).unwrap()))
    except TOMLKitError as error:
        missing = (f"its profiles cannot be read here: {error}",)
    evidence = (*(f"nextest does not know {key}" for key in found.unknown), *missing)
    detail = f"{PATH}: {len(found.unknown)} unknown keys"
    return Criterion("nextest-configured", title, not evidence, detail, evidence)


def _missing(configuration: Mapping[str, Any]) -> Iterator[str]:
    """Yield what a bootstrapped configuration has and this one lacks."""
    profiles = configuration.get("profile", {})
    yield from (f"there is no profile {name}" for name in ("default", "ci") if name not in profiles)
    if "ci" in profiles and "path" not in profiles["ci"].get("junit", {}):
        yield "the profile ci writes no JUnit report"
