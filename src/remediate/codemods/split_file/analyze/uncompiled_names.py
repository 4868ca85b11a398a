"""Names of M that text says which perhaps no compiler sees: it may need them."""

import posixpath

from remediate.codemods.split_file.analyze.preconditions import Ground
from remediate.rust.modules.spelled_paths import spelled_behind, words_of_orphans


def named_in_text(ground: Ground) -> frozenset[str]:
    """Return the names that any file of the package says behind M's, and all words of files of no target."""
    spelled = spelled_behind(ground.package, ground.module.name, ground.path)
    return spelled | named_by_orphans(ground)


def named_by_orphans(ground: Ground) -> frozenset[str]:
    """Return the words of the files that no target reaches and that name M, or lie below it."""
    words = words_of_orphans(ground.package)
    named = (found for path, found in words.items() if ground.module.name in found or _is_below(ground, path))
    return frozenset().union(*named)


def named_by_orphans_below(ground: Ground) -> frozenset[str]:
    """Return the words of the files that no target reaches in M's own folder: they may say ``super::``."""
    words = words_of_orphans(ground.package)
    return frozenset().union(*(w for path, w in words.items() if _is_below(ground, path) and "super" in w))


def _is_below(ground: Ground, path: str) -> bool:
    return ground.module.parent is not None and posixpath.dirname(path) == ground.module.directory
