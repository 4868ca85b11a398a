"""A draft as a change: every file of the split, as edits, creations and moves."""

from dataclasses import replace

from remediate.codemods.split_file.child_text import child_text
from remediate.codemods.split_file.draft import Draft
from remediate.codemods.split_file.exposure import exposed
from remediate.codemods.split_file.facade_text import facade_edits
from remediate.codemods.split_file.import_text import declarations
from remediate.codemods.split_file.inline_modules import kept_imports, outlined
from remediate.codemods.split_file.manifest import manifest_edits
from remediate.codemods.split_file.remainder import notes
from remediate.codemods.split_file.wiring import wire
from remediate.edits import Change, Edit


def render(draft: Draft) -> Change:
    """Return the change a draft stands for; the draft travels with it for ``refine``."""
    ground = draft.survey.ground
    wiring = wire(draft)
    visible = exposed(draft, wiring)
    creations: dict[str, bytes] = {}
    for group in draft.alive:
        imports = declarations(draft, group.name, wiring.children[group.name])
        creations[ground.child_path(group.name)] = child_text(draft, group, imports, visible)
    edits: list[Edit] = [*facade_edits(draft, wiring), *kept_imports(draft, wiring)]
    for module in outlined(draft, wiring):
        edits.append(module.edit)
        creations.update(module.files)
    moves = {ground.path: ground.facade} if ground.facade != ground.path else {}
    change = Change(
        summary=f"Split {ground.path} into {len(creations)} module{'s' * (len(creations) > 1)}",
        edits={ground.path: tuple(sorted(edits)), **manifest_edits(ground)},
        creations=creations,
        moves=moves,
        format=dict.fromkeys((ground.facade, *creations), ground.path),
        new_modules=frozenset(g.name for g in draft.alive),
        partial=_partial(draft),
        memo=draft,
    )
    return replace(change, notes=tuple(notes(draft, change)))


def _partial(draft: Draft) -> str:
    back = ", ".join(draft.lessons.returned)
    return f"These parts stay in {draft.survey.ground.facade}: {back}." if back else ""
