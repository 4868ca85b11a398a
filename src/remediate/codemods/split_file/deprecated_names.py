"""Deprecated items of M that moved code names: their import warns, where the code itself was allowed to."""

from remediate.codemods.split_file.draft import Draft
from remediate.codemods.split_file.ground import Ground
from remediate.rust.attributes import Attribute
from remediate.rust.cfg import resolved
from remediate.rust.items import inner_attributes

_LINT = "deprecated"
_ALLOW = "#[allow(deprecated)]\n"


def allowance(draft: Draft, name: str) -> str:
    """Return the attribute an import of one of M's own names needs, with its line end, or nothing."""
    ground = draft.survey.ground
    defined = ground.scope.defined.get(name, ())
    is_old = any(_names(a, _LINT) for d in defined for a in d.item.attributes)
    return _ALLOW if is_old and not _is_allowed(ground) else ""


def _is_allowed(ground: Ground) -> bool:
    """Whether M or its crate allow it throughout."""
    heads = (ground.source, ground.package.source(ground.module.root))
    attributes = [c for s in heads for a in inner_attributes(s) for c in resolved(a)]
    return any(c.path == "allow" and any(t.text == _LINT.encode() for t in c.arguments) for c in attributes)


def _names(attribute: Attribute, path: str) -> bool:
    return any(c.path == path for c in resolved(attribute))
