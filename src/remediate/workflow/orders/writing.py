"""Work orders drawn up: what the audit says, what the code is, who relies on it, and what will judge it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from remediate import contract
from remediate.audit.constraints import Constraint
from remediate.audit.rules.documentation import advice
from remediate.cargo import nextest
from remediate.cargo.check import configurations
from remediate.facts.model import Wanted
from remediate.model import Finding, Site, WaitingTest
from remediate.quantities import quantity
from remediate.rust.package import Package
from remediate.rust.syntax.items import Symbol, symbol_at
from remediate.verify.report import Level
from remediate.workflow.orders.callers import known_callers, named_uses
from remediate.workflow.orders.order import Command, Contract, Location, WorkOrder
from remediate.workflow.sources.workspace import Workspace
from remediate.workflow.tree.session import Session

RULES = (
    "The same tests exist, none deleted, ignored or weakened, and each ends as before; new ones must pass.",
    "No new error and no new warning of rustc; at level full none of clippy and rustdoc.",
    "The public interface stays as it is, no item is more visible (a fixer's `allow` may say otherwise).",
    "No dependency is added, no manifest and no lock file is edited.",
    "Only files of this package that the finding is about, or new files of it, are changed.",
)
"""What holds for every result, as ``verify`` checks it of what an external fixer hands in."""

_AROUND = 6
_MOST_QUOTED = 60


@dataclass(frozen=True)
class Drafter:
    """Draws up work orders for the findings of one workspace.

    Attributes:
        session: Where the workspace stands; the compiler is asked in it, unless ``by_name``.
        base: The commit it stands on.
        audits: The lines of each audit, by its name.
        constraints: What they demand, and the configuration.
        by_name: Whether callers are found by name alone, without asking the compiler.
        rules: What holds for every result.
    """

    session: Session
    base: str = ""
    audits: Mapping[str, Sequence[str]] = field(default_factory=dict)
    constraints: tuple[Constraint, ...] = ()
    by_name: bool = False
    rules: tuple[str, ...] = RULES

    def order(self, finding: Finding, reason: str, audit: str = "") -> WorkOrder:
        """Return the work order of a finding; call it while the disk is untouched.

        ``reason`` says why no codemod fixed it; ``audit`` is the name of the audit that reports it.
        """
        workspace = self.session.workspace
        package = workspace.package_of(finding.path)
        known = self._known(package) if package and finding.sites else package
        return WorkOrder(
            finding=finding,
            package=package.name if package else "",
            base=self.base,
            reason=reason,
            advice=advice(finding.rule),
            audit=audit,
            quote="\n".join(_quoted(self.audits.get(audit, ()), finding.audit_line)),
            quote_line=finding.audit_line,
            locations=tuple(_location(workspace, site) for site in finding.sites),
            symbols=tuple(self._contracts(known, finding)) if known else (),
            waiting=self._waiting(finding),
            constraints=self.constraints,
            judged_by=tuple(judges(workspace, package, self.session.level)),
            rules=self.rules,
        )

    def _waiting(self, finding: Finding) -> tuple[WaitingTest, ...]:
        codemod: object = contract.codemods().get(contract.codemod_for(finding.rule) or "")
        if not isinstance(codemod, contract.Scaffolding):
            return ()
        return codemod.waiting_tests(self.session.workspace.codebase, finding)

    def _known(self, package: Package) -> Package:
        if self.by_name:
            return package
        targets = tuple(target.label for target in package.targets if "custom-build" not in target.kinds)
        return self.session.knowing(package, Wanted(package.name, targets, tests=True))

    def _contracts(self, package: Package, finding: Finding) -> Iterator[Contract]:
        symbols: dict[tuple[str, tuple[int, int]], Symbol] = {}
        for site in finding.sites:
            if site.path in package.files and site.path.endswith(".rs"):
                source = package.source(site.path)
                found = symbol_at(source, _offset(source.text, site))
                if found is not None and found.kind not in {"mod", "use"}:
                    symbols.setdefault((site.path, found.span), found)
        for (path, _), symbol in symbols.items():
            known = known_callers(package, path, symbol)
            callers, tests = known or named_uses(self.session.workspace.codebase, path, symbol)
            yield Contract(
                path=path,
                line=symbol.line,
                kind=symbol.kind,
                name=symbol.path,
                signature=symbol.signature,
                documentation=symbol.documentation,
                visibility=symbol.visibility,
                source="names" if known is None else "compiler",
                callers=callers,
                tests=tests,
            )


def texts(audits: Sequence[Path]) -> dict[str, list[str]]:
    """Return the lines of each audit, by its name."""
    files = (path for path in audits if path.is_file())
    return {path.name: path.read_bytes().decode(errors="replace").splitlines() for path in files}


def judges(workspace: Workspace, package: Package | None, level: Level) -> Iterator[Command]:
    """Yield the commands that a result is judged by, each against the base, in their order."""
    chosen = f"--package {package.name}" if package else "--workspace"
    described = workspace.metadata.package(package.name) if package else None
    found = configurations(described.features if described else {})
    for one in found if level is not Level.QUICK else found[:1]:
        options = " ".join(["", *one.arguments])
        yield Command(
            f"cargo check {chosen} --all-targets --keep-going{options}", "no new error, no new warning"
        )
    if level is not Level.QUICK:
        for one in found:
            options = " ".join(["", *one.arguments])
            runner = "nextest run --no-fail-fast" if nextest.available() else "test --no-fail-fast"
            yield Command(f"cargo {runner} {chosen}{options}", "the same tests, each ending as before")
        yield Command(f"cargo test --doc {chosen}", "the same documentation tests, each ending as before")
    if level is Level.FULL:
        yield Command(f"cargo clippy {chosen} --all-targets --keep-going", "no new lint")
        yield Command(f"cargo doc {chosen} --no-deps --document-private-items", "no new warning")


def _location(workspace: Workspace, site: Site) -> Location:
    text = workspace.files.get(site.path, b"").decode(errors="replace").splitlines()
    first, last = max(0, site.line - 1 - _AROUND), site.line + _AROUND
    shown = (f"{number:5} {line}" for number, line in enumerate(text[first:last], first + 1))
    return Location(site.path, site.line, site.text, site.kind, site.note, "\n".join(shown))


def _offset(text: bytes, site: Site) -> int:
    lines = text.split(b"\n", site.line)
    start = sum(len(line) + 1 for line in lines[: site.line - 1])
    line = lines[site.line - 1] if site.line <= len(lines) else b""
    indent = len(line) - len(line.lstrip())
    return min(start + max(site.column - 1, indent), max(0, len(text) - 1))


def _quoted(audit: Sequence[str], line: int) -> Iterator[str]:
    """Yield the audit's section that a line is in; of a long one its heading and the line's paragraph."""
    if not 0 < line <= len(audit):
        return
    start = next((n for n in range(line - 1, -1, -1) if audit[n].startswith("#")), line - 1)
    level = len(audit[start]) - len(audit[start].lstrip("#"))
    headings = (n for n in range(start + 1, len(audit)) if 0 < _depth(audit[n]) <= max(level, 1))
    section = audit[start : next(headings, len(audit))]
    if len(section) <= _MOST_QUOTED or line - 1 == start:
        yield from section[:_MOST_QUOTED]
        if len(section) > _MOST_QUOTED:
            yield f"[{quantity(len(section) - _MOST_QUOTED, 'more line')} in the audit]"
        return
    end = next((n for n in range(line, len(audit)) if not audit[n].strip()), len(audit))
    yield from (audit[start], "[..]", *audit[line - 1 : min(end, line - 1 + _MOST_QUOTED)])


def _depth(text: str) -> int:
    return len(text) - len(text.lstrip("#"))
