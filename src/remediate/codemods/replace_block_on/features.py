"""Blocking calls that a cfg keeps from some feature sets: what has to be known of them, and under which."""

import re

from remediate.audit.scan.blocking_calls import calls
from remediate.rust.codebase import Codebase
from remediate.rust.modules.module import Module
from remediate.rust.modules.module_tree import module_tree
from remediate.rust.syntax.outline import Outline

_FEATURE = re.compile(r'\bfeature\s*=\s*"([^"]+)"')
Names = tuple[tuple[str, int], ...]


def gated(codebase: Codebase, path: str) -> tuple[Names, tuple[str, ...]]:
    """Return the names of a file's blocking calls and the features that code around them asks for.

    Both are empty where no feature is asked for. Which of the calls it is that a feature gates is left to the
    compiler: what the default features hold is known without another run.
    """
    package, text = codebase.home(path), codebase.files[path]
    if not package.features:
        return (), ()
    named = set(_FEATURE.findall(text.decode(errors="replace")))
    for module in module_tree(package).of_file(path):
        named.update(_FEATURE.findall(_cfgs(module)))
        named.update(feature for target in module.targets for feature in target.required_features)
    features = tuple(sorted(named & set(package.features)))
    if not features:
        return (), ()
    return tuple((path, use.end - 1) for use in calls(Outline(text))), features


def _cfgs(module: Module) -> str:
    return " ".join(str(one) for above in (module, *module.ancestors()) for one in above.cfg)
