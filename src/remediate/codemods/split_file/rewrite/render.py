"""A draft as a change: every file of the split, as edits, creations and moves."""

import posixpath
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from remediate.codemods.split_file.analyze.immovable import renamed_tests
from remediate.codemods.split_file.analyze.preconditions import Ground
from remediate.codemods.split_file.analyze.relative_files import moved_modules, rewritten
from remediate.codemods.split_file.draft import FACADE, Draft
from remediate.codemods.split_file.imports.import_planner import wire
from remediate.codemods.split_file.imports.import_text import declarations, place_comments
from remediate.codemods.split_file.imports.in_scope import links_of
from remediate.codemods.split_file.rewrite.child_text import Changes, child_text, line_end, renamed_files
from remediate.codemods.split_file.rewrite.exposure import exposed
from remediate.codemods.split_file.rewrite.facade_text import facade_edits
from remediate.codemods.split_file.rewrite.inline_modules import kept_imports, outlined, unneeded_globs
from remediate.codemods.split_file.rewrite.manifest import declared_edits, manifest_edits
from remediate.codemods.split_file.rewrite.renaming import renaming
from remediate.codemods.split_file.rewrite.report import notes, too_long, unfinished
from remediate.edits import Change, Edit
from remediate.model import Skip
from remediate.rust.modules.relative_paths import spellings
from remediate.rust.syntax.licence import licensed


def render(draft: Draft) -> Change:
    """Return the change a draft stands for; the draft travels with it for ``refine``."""
    ground = draft.survey.ground
    wiring = wire(draft)
    if unneeded := unneeded_globs(draft, wiring):
        draft = replace(draft, revision=replace(draft.revision, unused=draft.revision.unused | unneeded))
        wiring = wire(draft)
    place_comments(draft, wiring)
    visible = exposed(draft, wiring)
    links = {name: links_of(draft, wiring, name) for name in (FACADE, *wiring.children)}
    creations: dict[str, bytes] = {}
    for group in draft.alive:
        imports = declarations(draft, group.name, wiring.children[group.name])
        creations[ground.child_path(group.name)] = child_text(
            draft, group, imports, Changes(visible, links[group.name])
        )
    edits: list[Edit] = [*facade_edits(draft, wiring), *kept_imports(draft, wiring), *links[FACADE]]
    literals = [e for g in draft.alive for i in g.units for e in renamed_files(draft, draft.survey.units[i])]
    pairs = _pairs(ground.source.text, [*literals, *(e for those in links.values() for e in those)])
    for module in outlined(draft, wiring):
        edits.append(module.edit)
        creations.update(module.files)
        pairs += module.literals
    own = list(_own_files(draft, edits))
    moves = {ground.path: ground.facade} if ground.facade != ground.path else {}
    creations = licensed(creations, dict.fromkeys(creations, ground.path), ground.package.files)
    change = Change(
        summary=f"Split {ground.path} into {len(creations)} module{'s' * (len(creations) > 1)}",
        edits={ground.path: tuple(sorted([*edits, *own])), **_elsewhere(draft, creations)},
        creations=creations,
        moves=moves,
        format=dict.fromkeys((ground.facade, *creations), ground.path),
        new_modules=frozenset(g.name for g in draft.alive),
        rewritten=spellings([*pairs, *_pairs(ground.source.text, own), *_declared(ground)]),
        renamed_tests=tuple(renamed_tests(draft)),
        manifest=declared_edits(ground, {ground.facade, *creations}),
        scattered=frozenset({ground.path}),
        headings=_headings(draft),
        memo=draft,
    )
    first = renaming(ground, change.result(ground.package.files))
    found = tuple(too_long(draft, change))
    long = tuple(one for one in found if one.lines > one.limit)
    return replace(
        change,
        notes=tuple(notes(draft, change)),
        too_long=long,
        nearly_too_long=tuple(one for one in found if one not in long),
        partial=unfinished(draft, long),
        first=first,
    )


def _elsewhere(draft: Draft, creations: Mapping[str, bytes]) -> dict[str, tuple[Edit, ...]]:
    """Return the edits of Cargo.toml and of the ``#[path]`` that leads to M."""
    ground = draft.survey.ground
    found = manifest_edits(ground, {ground.facade, *creations})
    return ({} if isinstance(found, Skip) else found) | ground.elsewhere


def _declared(ground: Ground) -> list[tuple[bytes, bytes]]:
    return [
        pair for path, edits in ground.elsewhere.items() for pair in _pairs(ground.package.files[path], edits)
    ]


def _own_files(draft: Draft, edits: list[Edit]) -> Iterator[Edit]:
    """Yield the edits of the file names that stay in M, if M itself moves to another folder."""
    ground = draft.survey.ground
    if ground.facade == ground.path:
        return
    text, whole = ground.source.text, (0, len(ground.source.text))
    base, folder = ground.module.location.base, posixpath.dirname(ground.facade)
    found = [
        *rewritten(text, whole, ground.path, ground.facade),
        *(moved_modules(text, whole, ground.items, base, folder) or ()),
    ]
    yield from (f for f in found if not any(e.start <= f.start < e.end for e in edits))


def _pairs(text: bytes, edits: Iterable[Edit]) -> list[tuple[bytes, bytes]]:
    return [(text[e.start : e.end], e.new) for e in edits]


def _headings(draft: Draft) -> dict[str, bytes]:
    line = line_end(draft)
    told = ((draft.survey.ground.child_path(g.name), g.heading.encode()) for g in draft.alive)
    return {path: text.replace(b"\n", line) for path, text in told if text}
