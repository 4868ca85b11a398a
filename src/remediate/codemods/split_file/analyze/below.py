"""What the modules below M need of M: inline ones such as ``mod tests``, and files M declares already."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from remediate.codemods.split_file.analyze.preconditions import Ground
from remediate.codemods.split_file.analyze.uses import Lookup, Needs
from remediate.rust.mentions.index import mention_index
from remediate.rust.mentions.references import Mention, Space
from remediate.rust.modules.module import Module
from remediate.rust.resolution.names import Import, ModuleScope
from remediate.rust.syntax.items import Item


@dataclass(frozen=True)
class Below:
    """A module under M, and what it needs of M.

    Attributes:
        by_glob: What it sees through ``use super::*`` of its own or of a module between; it could as well
            import that by name.
        by_path: What it names as ``super::x`` or ``crate::..::M::x``, in edition 2015 also by ``::..::M::x``
            or a plain path of a ``use``: only the facade can answer.
        local_glob: Whether one of its functions has a ``use super::*`` of its own.
    """

    module: Module
    by_glob: Needs
    by_path: Needs
    local_glob: bool = False

    @property
    def item(self) -> Item | None:
        """Its declaration."""
        return self.module.item


def below(ground: Ground, lookup: Lookup) -> tuple[Below, ...]:
    """Return every module under M with its needs, in the order of the tree."""
    return tuple(_needs(ground, lookup, module) for module in _descendants(ground, ground.module))


def _descendants(ground: Ground, module: Module) -> Iterator[Module]:
    for child in ground.resolver.tree.children(module):
        yield child
        yield from _descendants(ground, child)


def _needs(ground: Ground, lookup: Lookup, module: Module) -> Below:
    here = mention_index(ground.package).of(module.file)
    span = module.span or (0, len(ground.package.files.get(module.file, b"")))
    inner = [m.span for m in ground.resolver.tree.children(module) if m.span is not None]
    within = here.within(*span)
    cfg = module.cfg[len(ground.module.cfg) :]
    mentions = [m for m in within.mentions if not _inside(m.start, inner)]
    local_glob = any(_climbed(ground, module, m.path) == "*" for m in mentions if m.path[-1] == "*")
    found = Below(module, Needs(), Needs(), local_glob)
    for mention in (*mentions, *_imports(ground.resolver.scope_of(module))):
        _mention(ground, lookup, found, _under(_from_the_root(ground, mention), cfg))
    for member in within.members:
        if not _inside(member.start, inner):
            lookup.member(found.by_glob, member)
    return found


def _from_the_root(ground: Ground, mention: Mention) -> Mention:
    """Return a mention with ``crate`` before a path that edition 2015 begins at the crate's root."""
    head = mention.path[0]
    is_plain = mention.origin == "use" and head not in ("crate", "self", "super")
    if ground.package.edition != "2015" or not (head == "" or is_plain):
        return mention
    return replace(mention, path=("crate", *mention.path[head == "" :]))


def _under(mention: Mention, cfg: tuple) -> Mention:  # type: ignore[type-arg]
    known = mention.cfg if mention.cfg[: len(cfg)] == cfg else (*cfg, *mention.cfg)
    return replace(mention, cfg=known, module=())


def _mention(ground: Ground, lookup: Lookup, found: Below, mention: Mention) -> None:
    path = mention.path
    reached = _climbed(ground, found.module, path)
    if reached == "*":
        return
    if reached is not None:
        kind = Mention((reached,), Space.ANY, mention.start, mention.cfg, mention.origin)
        found.by_path.facade.setdefault(reached, []).append(mention.cfg)
        lookup.name(found.by_path, reached, kind)
    elif path[0] not in ("super", "crate", "", "self") and (
        found.local_glob or _sees(ground, found.module, path[0], mention.space)
    ):
        lookup.name(found.by_glob, path[0], mention)
    elif path[0] == "self" and len(path) > 1 and _sees(ground, found.module, path[1], Space.ANY):
        lookup.name(found.by_glob, path[1], mention)


def _climbed(ground: Ground, module: Module, path: tuple[str, ...]) -> str | None:
    """Return the name of M that ``super::..`` or ``crate::..`` in a module below reaches."""
    own = ground.module.path
    if path[0] == "crate":
        return path[len(own)] if len(path) > len(own) and path[: len(own)] == own else None
    at = module.path
    rest = path[1:] if path[0] == "self" else path
    while rest and rest[0] == "super":
        at, rest = at[:-1], rest[1:]
    if rest is path or (path[0] == "self" and rest == path[1:]) or not rest:
        return None
    target = at + rest
    return (
        target[len(own)]
        if len(target) > len(own) and target[: len(own)] == own and len(at) <= len(own)
        else None
    )


def _sees(ground: Ground, module: Module, name: str, space: Space) -> bool:
    """Whether a plain name in a module is looked up in M through glob imports."""
    resolver = ground.resolver
    todo, seen = [module], set[int]()
    while todo:
        module = todo.pop()
        here = resolver.scope_of(module)
        own = here.definitions_of(name, space) or name in here.imported
        child = space & Space.TYPE and any(c.name == name for c in resolver.tree.children(module))
        if own or child or id(module) in seen:
            continue
        seen.add(id(module))
        for glob in here.globs:
            for target in resolver.modules_of(resolver.of_import(module, glob)):
                if target is ground.module:
                    return True
                if ground.module in target.ancestors():
                    todo.append(target)
    return False


def globs_facade(ground: Ground, module: Module) -> bool:
    """Whether the module itself imports all of M by glob."""
    return any(True for _ in _globs_of(ground, module))


def globs_facade_privately(ground: Ground, module: Module) -> bool:
    """Whether it does, and passes nothing on: an import of its own would hide that of a ``pub use``."""
    found = list(_globs_of(ground, module))
    return bool(found) and all(glob.visibility.private for glob in found)


def _globs_of(ground: Ground, module: Module) -> Iterator[Import]:
    """Yield the glob imports of all of M in a module."""
    resolver = ground.resolver
    for glob in resolver.scope_of(module).globs:
        if ground.module in resolver.modules_of(resolver.of_import(module, glob)):
            yield glob


def _imports(scope: ModuleScope) -> Iterator[Mention]:
    for one in scope.imports:
        if one.leaf.path and not one.leaf.glob:
            yield Mention(one.leaf.path, Space.ANY, one.leaf.start, one.cfg, "use")


def _inside(offset: int, spans: list[tuple[int, int]]) -> bool:
    return any(start <= offset < end for start, end in spans)
