"""Deprecated items of M: a ``use`` of one warns, even where the code that names it was allowed to."""

from remediate.codemods.split_file.analyze.preconditions import Ground
from remediate.rust.syntax.attributes import Attribute
from remediate.rust.syntax.cfg import resolved
from remediate.rust.syntax.items import inner_attributes

_LINT = "deprecated"


def deprecated_names(ground: Ground) -> frozenset[str]:
    """Return the names of M's deprecated items, none where M or its crate allow to use them throughout."""
    if _is_allowed(ground):
        return frozenset()
    old = (i for i in ground.items if i.name and any(_names(a, _LINT) for a in i.attributes))
    return frozenset(i.name for i in old if i.name)


def _is_allowed(ground: Ground) -> bool:
    heads = (ground.source, ground.package.source(ground.module.root))
    attributes = [c for s in heads for a in inner_attributes(s) for c in resolved(a)]
    return any(c.path == "allow" and any(t.text == _LINT.encode() for t in c.arguments) for c in attributes)


def _names(attribute: Attribute, path: str) -> bool:
    return any(c.path == path for c in resolved(attribute))
