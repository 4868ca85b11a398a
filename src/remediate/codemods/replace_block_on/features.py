"""Blocking calls that a cfg keeps from some feature sets: what has to be known of them, and under which."""

import re

from remediate.audit.scan.blocking_calls import calls
from remediate.audit.scan.scopes import Scopes
from remediate.audit.tree import is_test_path
from remediate.rust.codebase import Codebase
from remediate.rust.modules.module_tree import module_tree
from remediate.rust.package import Package
from remediate.rust.syntax.bodies import function_at
from remediate.rust.syntax.outline import Outline

_FEATURE = re.compile(r'\bfeature\s*=\s*"([^"]+)"')
Names = tuple[tuple[str, int], ...]


def gated(codebase: Codebase, path: str) -> tuple[Names, tuple[str, ...]]:
    """Return the names of a file's blocking calls that features may gate, and these features; tests aside.

    Which of the calls it really is that the default features leave out is left to the compiler: what they
    hold is known without another run.
    """
    package = codebase.home(path)
    if not package.features or is_test_path(path):
        return (), ()
    outline = Outline(codebase.files[path])
    tests = Scopes(outline)
    asked = {
        use.end - 1: found
        for use in calls(outline)
        if not tests.covers(use.start)
        and (found := _around(package, path, use.start) & set(package.features))
    }
    return tuple((path, name) for name in asked), tuple(sorted(set().union(*asked.values())))


def _around(package: Package, path: str, offset: int) -> set[str]:
    """Return the features that a target, a module or an item around a byte asks for, or its function does."""
    found: set[str] = set()
    for module in module_tree(package).at(path, offset):
        cfgs = (str(one) for above in (module, *module.ancestors()) for one in above.cfg)
        found.update(_FEATURE.findall(" ".join(cfgs)))
        found.update(feature for target in module.targets for feature in target.required_features)
    function = function_at(package.source(path), offset)
    if function is not None:
        written = package.files[path][slice(*function.span)].decode(errors="replace")
        found.update(_FEATURE.findall(written))
        for attribute in function.attributes:
            start, end = attribute.start, attribute.end
            found.update(_FEATURE.findall(package.files[path][start:end].decode(errors="replace")))
    return found
