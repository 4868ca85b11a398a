"""Claims about a file as a whole: its size, its tests. One about a folder is about each file in it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from remediate.audit import identity
from remediate.audit.anchoring.judgment import Judgment, placeless, sites
from remediate.audit.anchoring.resolve import Kind, Resolution
from remediate.audit.document import Claim
from remediate.audit.scan.scopes import embedded_tests, in_src
from remediate.audit.tree import Tree
from remediate.model import Status
from remediate.quantities import quantity
from remediate.rust.syntax.source import Source


def judged(tree: Tree, claim: Claim, found: Resolution, limit: int) -> Iterator[Judgment]:
    """Judge a claim of a rule that whole files prove. ``limit`` is the size that is allowed."""
    judge = _Size(tree, claim, limit) if claim.rule == "large-file" else _Tests(tree, claim)
    if found.kind in (Kind.FILE, Kind.MODULE):
        unread = placeless(claim, Status.UNRESOLVABLE, "it is no source that could be read", found.paths[0])
        own = judge(found.paths[0], certain=True) or unread
        yield from _of_parts(own, [judge(path, certain=False) for path in found.paths[1:]])
        return
    paths = found.paths if found.kind is Kind.FILES else tree.below(found.paths[0])
    each = [judgment for path in paths if (judgment := judge(path, certain=False))]
    yield from each or [placeless(claim, Status.FIXED, "no file there is like that today")]


def _of_parts(own: Judgment, parts: Sequence[Judgment | None]) -> Iterator[Judgment]:
    """Yield what is true of a file, and of the submodules that it has been cut into."""
    still = [part for part in parts if part is not None and part.status is Status.PRESENT]
    if own.status is Status.PRESENT or not still:
        yield own
    for part in still:
        said = f"part of what is {own.path} today: {part.reason}"
        yield replace(part, status=Status.MOVED, reason=said)


def holds(rule: str, source: Source, limit: int) -> bool:
    """Whether a version of a file was as a claim of the rule says."""
    return source.line_count > limit if rule == "large-file" else bool(embedded_tests(source))


@dataclass(frozen=True, slots=True)
class _Size:
    tree: Tree
    claim: Claim
    limit: int

    def __call__(self, path: str, *, certain: bool) -> Judgment | None:
        """Judge one file; None for one that is small or unread and was not accused by name."""
        if path not in self.tree.files:
            return None
        lines = self.tree.source(path).line_count
        if lines <= self.limit and not certain:
            return None
        said = f" (the audit says {self.claim.size})" if self.claim.size is not None and certain else ""
        over = lines > self.limit
        reason = (
            f"{quantity(lines, 'line')} today{said}, {'over' if over else 'within'} the limit of {self.limit}"
        )
        print_ = identity.of_file(self.tree, self.claim.rule, path)
        return Judgment(Status.PRESENT if over else Status.FIXED, reason, print_, path)


@dataclass(frozen=True, slots=True)
class _Tests:
    tree: Tree
    claim: Claim

    def __call__(self, path: str, *, certain: bool) -> Judgment | None:
        if path not in self.tree.files or not path.endswith(".rs"):
            return None
        print_ = identity.of_file(self.tree, self.claim.rule, path)
        offsets = embedded_tests(self.tree.source(path))
        if not in_src(self.tree, path):
            outside = Judgment(Status.MISTAKEN, "the file is not under src/", print_, path)
            return outside if certain else None
        if offsets:
            reason = f"embedded tests today, in {quantity(len(offsets), 'item')}"
            return Judgment(Status.PRESENT, reason, print_, path, sites=sites(self.tree, path, offsets))
        return Judgment(Status.FIXED, "no embedded test today", print_, path) if certain else None
