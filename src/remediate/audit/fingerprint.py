"""Fingerprints: what is the same finding has the same one. See ``identity`` for what goes into them."""

import hashlib
from collections.abc import Iterable


def fingerprint(rule: str, package: str, item: str, tokens: str) -> str:
    """Return 16 hex digits.

    ``item`` is the file relative to its package and the path of the item in it; ``tokens`` the statement's
    tokens, or the words of a comment or of the claim, joined by blanks.
    """
    parts = [rule, package, item, tokens]
    return hashlib.sha256("\0".join(parts).encode(errors="replace")).hexdigest()[:16]


def joined(prints: Iterable[str]) -> str:
    """Return the fingerprint of a finding about several sites: that of the site when there is one."""
    several = sorted(set(prints))
    return several[0] if len(several) == 1 else fingerprint("", "", "", " ".join(several))
