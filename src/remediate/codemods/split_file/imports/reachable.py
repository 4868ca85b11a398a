"""Which names of the file have to stay reachable through the facade, whatever rustc says of their use."""

from remediate.codemods.split_file.analyze.immovable import named_by_orphans, named_in_text
from remediate.codemods.split_file.analyze.units import Unit
from remediate.codemods.split_file.draft import Draft, Group
from remediate.rust.mentions.index import mention_index
from remediate.rust.mentions.references import Mention
from remediate.rust.resolution.names import ModuleScope
from remediate.rust.syntax.cfg import Cfg


def is_passed_on(draft: Draft, unit: Unit, name: str) -> bool:
    """Whether the facade re-exports a moved item for others: ``pub`` always, narrower if they name it."""
    scope = unit.visible(name)
    if scope.private:
        return False
    if scope.kind == "pub":
        return True
    return bool(named_elsewhere(draft, name))


def must_be_reachable(draft: Draft, group: Group, name: str | None = None) -> dict[int, str]:
    """Return the units of a group, by index, that define names (or the one) which must not be pruned.

    A ``pub`` name always: code of other packages, or under a cfg that no check compiled, may use it. A
    narrower one where some text of the package names it, compiled or not.
    """
    spelled = named_in_text(draft.survey.ground)
    found: dict[int, str] = {}
    for index in group.units:
        unit = draft.survey.units[index]
        for own, _ in unit.names:
            scope = unit.visible(own)
            asked = name in {None, own} and not scope.private
            if asked and (scope.kind == "pub" or own in spelled):
                found[index] = own
    return found


def may_be_glob(draft: Draft, group: Group) -> bool:
    """Whether the facade may pass a group's names on by a glob: no other glob could bring one of them too."""
    if draft.survey.ground.scope.globs:
        return False
    mine = _names(draft, group)
    others = (g for g in draft.alive if g.name in draft.revision.globs and g.name != group.name)
    return not any(mine & _names(draft, g) for g in others)


def _names(draft: Draft, group: Group) -> set[str]:
    return {name for i in group.units for name, _ in draft.survey.units[i].names}


def named_elsewhere(draft: Draft, name: str) -> list[Cfg]:
    """Return the cfg of every place in the package's other files that may mean an item of M by its name."""
    ground = draft.survey.ground
    index = mention_index(ground.package)
    found: list[Cfg] = [()] if name in named_by_orphans(ground) else []
    for module in ground.resolver.tree.modules:
        if module.file != ground.path and name in index.words.get(module.file, ()):
            scope = ground.resolver.scope_of(module)
            mentions = index.of(module.file).mentions if module.span is None else ()
            places = [m.cfg for m in mentions if _may_mean(scope, m, name)]
            places += [i.cfg for i in scope.imports if name in i.leaf.path]
            found += [(*module.cfg, *cfg) for cfg in places]
    return found


def _may_mean(scope: ModuleScope, mention: Mention, name: str) -> bool:
    """Whether a path goes through the name, or begins with it where only a glob can have brought it."""
    if name in mention.path[1:]:
        return True
    own = name in scope.defined or name in scope.imported
    return mention.path[0] == name and (bool(mention.module) or not own)
