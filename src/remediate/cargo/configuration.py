"""The feature sets a package is checked under, each only where it differs from the ones before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Configuration:
    """A feature set: its name in reports and its cargo arguments."""

    name: str
    arguments: tuple[str, ...] = ()


DEFAULT = Configuration("default")
ALL_FEATURES = Configuration("all-features", ("--all-features",))
NO_DEFAULT_FEATURES = Configuration("no-default-features", ("--no-default-features",))


def chosen(features: Sequence[str]) -> Configuration:
    """Return the configuration of features a user asked for by name."""
    names = ",".join(sorted(features))
    return Configuration(f"features {names}", ("--features", names))


def configurations(features: Mapping[str, Sequence[str]]) -> tuple[Configuration, ...]:
    """Return the feature sets of a package that differ, the default one first.

    ``features`` is the table of ``cargo metadata``: feature name to what it enables.
    """
    default = _closure(features)
    rest = [ALL_FEATURES] if set(features) - default - {"default"} else []
    rest += [NO_DEFAULT_FEATURES] if features.get("default") else []
    return (DEFAULT, *rest)


def _closure(features: Mapping[str, Sequence[str]]) -> set[str]:
    """Return the package's own features that ``default`` switches on, itself included."""
    found: set[str] = set()
    waiting = ["default"]
    while waiting:
        name = waiting.pop()
        if name in features and name not in found:
            found.add(name)
            waiting += features[name]
    return found
