"""What became of a claim, or of part of it, before it is put into a finding."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from remediate.audit import identity
from remediate.audit.anchoring.hits import Hit
from remediate.audit.document import Claim, LineRange
from remediate.audit.tree import Tree
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


def sites(tree: Tree, path: str, offsets: Iterable[int]) -> tuple[Site, ...]:
    """Return byte offsets of a file as sites with line, column and the line's text."""
    return tuple(_site(tree, path, offset) for offset in offsets)


def _site(tree: Tree, path: str, offset: int) -> Site:
    text = tree.files[path]
    start = text.rfind(b"\n", 0, offset) + 1
    end = text.find(b"\n", offset)
    line = text[start : end if end >= 0 else len(text)].decode(errors="replace").strip()
    return Site(path, tree.source(path).line_of(offset), offset - start + 1, line[:_LONGEST_LINE])
