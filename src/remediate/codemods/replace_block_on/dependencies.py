"""The crates that a package asks for, and what its Cargo.toml becomes where a rewrite needs more."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import tomlkit

from remediate.edits import Edit, ManifestEdit, difference
from remediate.model import Skip
from remediate.rust.codebase import Codebase
from remediate.rust.modules.manifest import (
    manifest,
    manifest_path,
    manifest_table,
    with_line_ends_of,
    workspace_table,
)
from remediate.rust.package import Package
from remediate.streams import Crate


@dataclass(frozen=True, slots=True)
class Added:
    """What a package's Cargo.toml becomes: its one edit, and the values that it declares."""

    path: str
    edit: Edit
    manifest: tuple[ManifestEdit, ...]


def declared(package: Package) -> Mapping[str, Any]:
    """Return the table of a package's dependencies, by the name that code uses; of plain ones only."""
    table = manifest_table(package).get("dependencies", {})
    return table if isinstance(table, dict) else {}


def missing(codebase: Codebase, package: Package, crates: Iterable[Crate]) -> tuple[Crate, ...]:
    """Return the crates, each with the features, that a package does not ask for; inherited ones count."""
    found, shared = [], workspace_table(codebase).get("dependencies", {})
    for crate in crates:
        known = declared(package).get(crate.name)
        if isinstance(known, Mapping) and known.get("workspace"):
            features = [*_features(shared.get(crate.name)), *_features(known)]
        else:
            features = _features(known)
        if known is None:
            found.append(crate)
        elif lacking := tuple(
            f for f in crate.features if not (_IMPLY.get(f, set()) | {f, "full"}) & {*features}
        ):
            found.append(Crate(crate.name, crate.version, lacking))
    return tuple(found)


def release(codebase: Codebase, package: Package, name: str) -> str:
    """Return the series of a crate that a package asks for (``1``, ``0.2``), "" where it says none."""
    known = declared(package).get(name)
    if isinstance(known, Mapping) and known.get("workspace"):
        known = workspace_table(codebase).get("dependencies", {}).get(name)
    said = known.get("version", "") if isinstance(known, Mapping) else known
    found = re.match(r"\D*(0\.\d+|[1-9]\d*)", said) if isinstance(said, str) else None
    return found[1] if found is not None else ""


_IMPLY = {"rt": {"rt-multi-thread"}}
"""The features of tokio that bring another one with them, beside `full`."""


def _features(value: object) -> list[str]:
    return list(value.get("features", ())) if isinstance(value, Mapping) else []


def added(package: Package, crates: Iterable[Crate]) -> Added | Skip:
    """Return Cargo.toml with these crates and features; other lines of it stay as they are."""
    path = manifest_path(package)
    text = manifest(package)
    document = tomlkit.parse(text.decode())
    table = document.get("dependencies")
    is_new = table is None
    if table is None:
        table = tomlkit.table()
        document.add(tomlkit.nl())
        document.add("dependencies", table)
    edits = []
    for crate in crates:
        known, key = table.get(crate.name), ("dependencies", crate.name)
        if known is None:
            value: Any = {"version": crate.version, "features": list(crate.features)}
            table[crate.name] = _written(crate)
            edits.append(ManifestEdit(path, key, value if crate.features else crate.version))
        elif isinstance(known, str):
            comment = getattr(known, "trivia").comment  # noqa: B009 - tomlkit's own kind of str
            table[crate.name] = _written(Crate(crate.name, known, crate.features))
            if comment:
                table[crate.name].comment(comment.lstrip("# "))
            edits.append(ManifestEdit(path, key, {"version": known, "features": list(crate.features)}))
        elif "features" in known:
            known["features"].extend(crate.features)
            edits.append(ManifestEdit(path, (*key, "features"), tuple(crate.features)))
        else:
            return Skip("needs-dependency", f"{path}: `{crate.name}` gets its features elsewhere.")
    if is_new:
        edits = [ManifestEdit(path, ("dependencies",), {edit.key[1]: edit.value for edit in edits})]
    new = with_line_ends_of(text, tomlkit.dumps(document).encode())
    return Added(path, difference(text, new), tuple(edits))


def _written(crate: Crate) -> Any:
    if not crate.features:
        return crate.version
    table = tomlkit.inline_table()
    table.append("version", crate.version)
    table.append("features", list(crate.features))
    return table
