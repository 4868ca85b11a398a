"""The plan of one finding: its sites judged together, and their edits as one change."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import msgspec

from remediate.codemods.replace_block_on.declaring import declared
from remediate.codemods.replace_block_on.dependencies import Added, added, release
from remediate.codemods.replace_block_on.examples import in_comments
from remediate.codemods.replace_block_on.judging import Judgment, judge
from remediate.codemods.replace_block_on.known import Known
from remediate.codemods.replace_block_on.nesting import clashes
from remediate.codemods.replace_block_on.preconditions import setting_of_replaced
from remediate.codemods.replace_block_on.rewriting import nested
from remediate.codemods.replace_block_on.runtimes import removal
from remediate.codemods.replace_block_on.sites import Site, sites
from remediate.codemods.replace_block_on.streaming import usable
from remediate.edits import Change, Edit
from remediate.model import Finding, Skip
from remediate.streams import Backend


@dataclass(frozen=True)
class Memo:
    """What a change was planned from, and its edits before rustfmt lays out what they make."""

    known: Known
    finding: Finding
    edits: Mapping[str, tuple[Edit, ...]]


def judged(known: Known, finding: Finding) -> tuple[Judgment, ...]:
    """Return the judgment of each site that a finding names, of all its file's where it names none."""
    known = styled(known, finding)
    chosen = _chosen(known, finding)
    found = tuple(judge(known, site, chosen) for site in chosen)
    while held := clashes(known, [(one.site, one.spread) for one in found if one.skip is None]):
        known = known.refusing(held)
        found = tuple(judge(known, site, chosen) for site in chosen)
    return tuple(_with_inner(one, found) for one in found)


def _with_inner(one: Judgment, found: Sequence[Judgment]) -> Judgment:
    """Return a ``block_in_place`` as what becomes of the one call that it makes."""
    syntax = one.site.syntax
    if one.site.kind != "in-place" or syntax is None:
        return one
    inner = [
        i for i in found if i.outer is not None and i.outer == syntax.span and i.site.path == one.site.path
    ]
    if len(inner) != 1:
        return one
    return replace(
        one, kind=inner[0].kind, skip=inner[0].skip, summary="It goes with the call that it makes."
    )


def planned(known: Known, finding: Finding) -> Change | Skip:
    """Return the change for a finding's sites, or why all of them stay."""
    if finding.path not in known.codebase.files or not finding.path.endswith(".rs"):
        return Skip("no-such-site", f"{finding.path} is no Rust file of the workspace.")
    found = judged(known, finding)
    done = [one for one in found if one.skip is None]
    if not done:
        return _skipped(finding, found)
    edits = _merged(known, done)
    if edits is None:
        return Skip("not-simple", f"{finding.path}: calls stand inside of each other; name one of them.")
    left = [one.skip for one in found if one.skip is not None]
    functions = dict.fromkeys(name for one in done for name in one.spread.functions)
    says = declared(known, edits)
    manifest = _manifest(known, done, finding.path)
    if isinstance(manifest, Skip):
        return manifest
    whole = edits | {one.path: (one.edit,) for one in manifest}
    return Change(
        summary=_title(done, finding.path),
        edits=whole,
        rewrites=edits,
        adds=_added(edits, done),
        manifest=tuple(value for one in manifest for value in one.manifest),
        comments=_comments(known, edits),
        api=says.api,
        functions=says.functions | _once(says.functions, done),
        format={path: path for path in edits},
        notes=(*_notes(done, (*left, *known.refused.values()), tuple(functions)), *_releases(known, done)),
        partial=_partial(done, left),
        memo=Memo(known, finding, whole),
    )


def styled(known: Known, finding: Finding) -> Known:
    """Return what is known with the style that a finding is fixed in: `auto` does as its sketch does."""
    if known.options.style != "auto":
        return known
    word = re.escape(known.options.stream_type)
    style = "stream" if re.search(rf"->\s*(?:\w+::)*(?:{word}|impl\s+Stream)\b", finding.sketch) else "await"
    return replace(known, options=msgspec.structs.replace(known.options, style=style))


def backends(known: Known, finding: Finding) -> tuple[Backend, ...]:
    """Return the stream backends that the fix of a finding may use."""
    known = styled(known, finding)
    if known.options.style != "stream" or finding.path not in known.codebase.files:
        return ()
    found: dict[str, Backend] = {}
    for site in _chosen(known, finding):
        where = setting_of_replaced(known, site)
        if where is not None and where.kind == "fn":
            found |= {one.backend.name: one.backend for one in usable(known, site.path, site.name[0])}
    return tuple(found.values())


def _comments(known: Known, edits: Mapping[str, tuple[Edit, ...]]) -> dict[str, tuple[bytes, ...]]:
    """Return the lines of documentation whose examples change."""
    found = {}
    for path, some in edits.items():
        texts = (known.codebase.files[path][edit.start : edit.end] for edit in some)
        lines = tuple(text for text in texts if text.startswith((b"///", b"//!")))
        if lines:
            found[path] = lines
    return found


def _partial(done: Sequence[Judgment], left: Sequence[Skip]) -> str:
    """Return what a change leaves: calls that stay, and callers that block in their place; "" for nothing."""
    if left:
        return f"{len(left)} of {len(left) + len(done)} calls stay: {left[0].sentence}"
    outward = any(one.spread.outward for one in done)
    return "callers that stay synchronous block at their calls instead" if outward else ""


def _added(edits: Mapping[str, tuple[Edit, ...]], done: Sequence[Judgment]) -> dict[str, dict[str, int]]:
    """Return how many blocking calls, and runtimes for them, edits write into each file.

    And how many locks are awaited where the blocking twin of their method was called.
    """
    found: dict[str, dict[str, int]] = {}
    for site in (one.site for one in done):
        if site.spelling is not None and site.spelling.twin == "lock":
            found.setdefault(site.path, {".lock()": 0})[".lock()"] += 1
    for path, some in edits.items() if any(one.spread.wraps for one in done) else ():
        new = b"\n".join(edit.new for edit in some)
        counts = {name: len(pattern.findall(new)) for name, pattern in _ADDED.items()}
        if any(counts.values()):
            found.setdefault(path, {}).update({name: count for name, count in counts.items() if count})
    return found


_ADDED = {
    ".block_on()": re.compile(rb"\.block_on\("),
    "block_on()": re.compile(rb"(?<!\.)\bblock_on\("),
    ".unwrap()": re.compile(rb"\.unwrap\(\)"),
}


def _once(functions: frozenset[str], done: Sequence[Judgment]) -> frozenset[str]:
    """Return the paths of the functions that make the values of streams: they stand beside these."""
    once = {name: form.once for one in done for name, form in one.spread.streams.items()}
    split = ((path.rpartition("::")[0], path.rpartition("::")[2]) for path in functions)
    return frozenset(f"{parent}::{once[name]}" for parent, name in split if name in once)


def _manifest(known: Known, done: Sequence[Judgment], path: str) -> tuple[Added, ...] | Skip:
    """Return what a package's Cargo.toml gets for the code that is written into it."""
    needed = {c.name: c for one in done for form in one.spread.streams.values() for c in form.crates}
    if not needed:
        return ()
    found = added(known.codebase.home(path), needed.values())
    return found if isinstance(found, Skip) else (found,)


def _chosen(known: Known, finding: Finding) -> tuple[Site, ...]:
    """Return the sites that a finding names: by line, and by the line's text where it tells that."""
    named = [site for site in finding.sites if site.path in known.codebase.files]
    if named:
        asked = {(site.path, site.line, site.text) for site in named}
        found = (site for path in dict.fromkeys(site.path for site in named) for site in sites(known, path))
        return tuple(s for s in found if {(s.path, s.line, s.text), (s.path, s.line, "")} & asked)
    lines = finding.moved_to or finding.claimed_lines
    return tuple(site for site in sites(known, finding.path) if not lines or site.line in lines)


def _skipped(finding: Finding, found: tuple[Judgment, ...]) -> Skip:
    if not found:
        return Skip("no-such-site", f"{finding.path} holds no blocking call where the finding says.")
    # What stands in the way of a rewrite says more than what is right as it is.
    ranked = sorted(found, key=lambda one: (one.kind != "H", one.site.name))
    first = ranked[0].skip
    assert first is not None  # noqa: S101 - nothing is done about any of them
    others = len({one.skip for one in found}) - 1
    stay = "stays" if others == 1 else "stay"
    more = f" {others} more of its calls {stay} as well." if others else ""
    right = all(one.skip is not None and one.skip.reason == "correct-as-it-is" for one in found)
    return Skip(first.reason, first.sentence + more, mistaken=right and finding.rule == "spawn-blocking")


def _merged(known: Known, done: Sequence[Judgment]) -> dict[str, tuple[Edit, ...]] | None:
    """Return all edits by file, each once; None where two sites are in each other's way."""
    found: dict[str, set[Edit]] = {}
    sites_done = tuple(one.site for one in done)
    for one in done:
        for path, edits in one.edits.items():
            found.setdefault(path, set()).update(edits)
        is_task = one.kind in _TASKS or (one.kind == "S" and not one.spread.streams)
        if not is_task and one.site.spelling is not None and one.site.spelling.runtime:
            edit = removal(known, one.site, sites_done)
            if edit is not None:
                found.setdefault(one.site.path, set()).add(edit)
    wraps = {wrap for one in done for wrap in one.spread.wraps}
    for path in {wrap.path for wrap in wraps}:
        here = [wrap for wrap in wraps if wrap.path == path]
        told = list(nested(wrap for wrap in here if wrap.is_comment))
        outer = nested(wrap for wrap in here if not wrap.is_comment)
        found.setdefault(path, set()).update(outer, in_comments(known.codebase.files[path], told))
    merged = {path: _joined(edits) for path, edits in sorted(found.items())}
    if any(a.end > b.start for edits in merged.values() for a, b in pairwise(edits)):
        return None
    return merged


_TASKS = frozenset({"M4", "M6"})
"""The classes whose edits take the runtime away themselves."""


def _joined(edits: Iterable[Edit]) -> tuple[Edit, ...]:
    """Return edits in order, those at the same place as one: `f()` becomes `f().await`, whoever asks."""
    found: list[Edit] = []
    for edit in sorted(edits):
        if found and found[-1].end == edit.start and edit.end == edit.start:
            found[-1] = replace(found[-1], new=found[-1].new + edit.new)
        else:
            found.append(edit)
    return tuple(found)


def _title(done: Sequence[Judgment], path: str) -> str:
    functions = dict.fromkeys(
        name for one in done for name in one.spread.functions if one.kind in {"M3", "S"}
    )
    streams = [name for one in done for name in one.spread.streams]
    if streams:
        return f"Return a stream from {streams[0]} instead of blocking"
    if functions:
        first, *others = functions
        more = f" and {len(others)} more" if others else ""
        return f"Make {first}{more} async instead of blocking"
    calls = "a blocking call" if len(done) == 1 else f"{len(done)} blocking calls"
    return f"Replace {calls} in {path.rpartition('/')[2]}"


def _releases(known: Known, done: Sequence[Judgment]) -> Iterable[str]:
    """Yield which tokio has to run what becomes async, where the runtime that was blocked on goes."""
    runtime = (one.site for one in done if one.spread.functions and one.site.spelling is not None)
    homes = {known.codebase.home(s.path).id: s.path for s in runtime if s.spelling and s.spelling.runtime}
    for path in homes.values():
        home = known.codebase.home(path)
        series = release(known.codebase, home, "tokio")
        if series:
            yield f"what becomes async in {home.name} waits for what only a runtime of tokio {series} drives"


def _notes(done: Sequence[Judgment], left: Sequence[Skip], functions: tuple[str, ...]) -> Iterable[str]:
    for one in done:
        yield f"{one.site.location}: {one.summary}"
        if one.is_certain:
            yield f"{one.site.location}: before, {one.cells[0]}"
    yield from dict.fromkeys(note for one in done for note in one.spread.notes)
    yield from dict.fromkeys(f"left ({skip.reason}): {skip.sentence}" for skip in left)
    if functions:
        yield f"changed functions: {', '.join(functions)}"
