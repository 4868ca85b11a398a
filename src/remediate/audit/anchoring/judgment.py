"""What became of a claim, or of part of it, before it is put into a finding."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from remediate.audit import identity
from remediate.audit.anchoring.hits import Hit, outlined
from remediate.audit.document import Claim, LineRange
from remediate.audit.markers.classes import Remark
from remediate.audit.markers.detect import classified_at
from remediate.audit.rules.catalog import Evidence, rule
from remediate.audit.scan.scopes import Scopes
from remediate.audit.tree import Tree, is_test_path
from remediate.model import Site, Status

_LONGEST_LINE = 200


@dataclass(frozen=True, slots=True)
class Judgment:
    """One status with its evidence.

    Attributes:
        status: What became of the claim.
        reason: The evidence, one sentence.
        fingerprint: Of the finding.
        path: Today's file or folder; "" for the workspace or when nobody knows.
        lines: The claimed lines this is about; None for all.
        moved: Today's lines of what moved.
        sites: Today's places.
    """

    status: Status
    reason: str
    fingerprint: str
    path: str = ""
    lines: tuple[LineRange, ...] | None = None
    moved: tuple[int, ...] = ()
    sites: tuple[Site, ...] = ()


def placeless(claim: Claim, status: Status, reason: str, path: str = "") -> Judgment:
    """Return a judgment that rests on no place in a source file."""
    return Judgment(status, reason, of_words(claim, path or claim.path), path)


def of_words(claim: Claim, path: str) -> str:
    """Return the fingerprint of a claim that has no place in the tree."""
    return identity.of_claim(claim.rule, path, (claim.title, *claim.quotes))


def of_places(tree: Tree, claim: Claim, path: str, places: Sequence[Hit]) -> Iterable[str]:
    """Return the fingerprints of a file's places."""
    return identity.of_sites(tree, claim.rule, path, places).values()


def sites(tree: Tree, path: str, offsets: Iterable[int], rule_id: str = "") -> tuple[Site, ...]:
    """Return byte offsets of a file as sites: line, column, the line's text, the class of a marker."""
    return tuple(_site(tree, path, offset, rule_id) for offset in offsets)


def _site(tree: Tree, path: str, offset: int, rule_id: str) -> Site:
    text = tree.files[path]
    start = text.rfind(b"\n", 0, offset) + 1
    end = text.find(b"\n", offset)
    line = text[start : end if end >= 0 else len(text)].decode(errors="replace").strip()
    kind, note = _class(tree, path, offset, rule_id)
    at = tree.source(path).line_of(offset)
    return Site(path, at, offset - start + 1, line[:_LONGEST_LINE], kind=kind, note=note)


def _class(tree: Tree, path: str, offset: int, rule_id: str) -> Remark:
    """Return what our own audit says of a marker; nothing of other rules."""
    if rule(rule_id).evidence is not Evidence.COMMENT:
        return Remark("", "")
    outline = outlined(tree.files[path])
    if is_test_path(path) or Scopes(outline).covers(offset):
        return Remark("test", "in code that only a test build holds")
    return classified_at(outline, rule_id, offset)
