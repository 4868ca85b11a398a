"""A baseline: the findings a team knows of. Only what is not in it counts as new.

A place is known by its fingerprint, never by its line, so code above it may change. The file is JSON, sorted,
one place a line: made to be committed and reviewed.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace

from remediate.audit.fingerprint import joined
from remediate.audit.scan.facts import FILE_RULES, Scan
from remediate.errors import InputError
from remediate.model import Finding, Site

_VERSION = 1


def without_known(scan: Scan, known: Mapping[str, int]) -> Scan:
    """Return the scan without the places the baseline knows; a finding with none left is gone."""
    left = Counter(known)
    kept = [new for finding in scan.findings if (new := _new(finding, left)) is not None]
    numbered = tuple(replace(f, id=str(number)) for number, f in enumerate(kept, 1))
    return replace(scan, findings=numbered, known=len(scan.findings) - len(kept))


def read(text: str, name: str) -> dict[str, int]:
    """Return how often the baseline knows each fingerprint.

    Raises:
        InputError: It is no baseline.
    """
    try:
        value = json.loads(text)
        places = value["places"]
        if value["version"] != _VERSION or not isinstance(places, list):
            raise InputError(
                f"{name} is a baseline of another version", "Write it anew with --write-baseline."
            )
        return dict(Counter(str(place["fingerprint"]) for place in places))
    except (ValueError, KeyError, TypeError) as error:
        raise InputError(
            f"{name} is no baseline of this program", "Write one with --write-baseline."
        ) from error


def written(findings: Iterable[Finding]) -> str:
    """Return the baseline that knows these findings."""
    places = sorted((row for f in findings for row in _rows(f)), key=lambda row: sorted(row.items()))
    lines = ",\n".join(f"  {json.dumps(row, sort_keys=True)}" for row in places)
    return f'{{"version": {_VERSION}, "places": [\n{lines}\n]}}\n'


def _rows(finding: Finding) -> Iterable[dict[str, str]]:
    prints = [finding.fingerprint] if finding.rule in FILE_RULES else [s.fingerprint for s in finding.sites]
    return ({"rule": finding.rule, "path": finding.path, "fingerprint": p} for p in prints)


def _new(finding: Finding, left: Counter[str]) -> Finding | None:
    if finding.rule in FILE_RULES:
        return None if _take(left, finding.fingerprint) else finding
    sites = tuple(site for site in finding.sites if not _take(left, site.fingerprint))
    return with_sites(finding, sites)


def with_sites(finding: Finding, sites: tuple[Site, ...]) -> Finding | None:
    """Return the finding about some of its places; None when none is left."""
    if sites == finding.sites:
        return finding
    lines = tuple(dict.fromkeys(site.line for site in sites))
    own = joined(site.fingerprint for site in sites)
    return replace(finding, sites=sites, claimed_lines=lines, fingerprint=own) if sites else None


def _take(left: Counter[str], fingerprint: str) -> bool:
    known = left[fingerprint] > 0
    left[fingerprint] -= known
    return known
