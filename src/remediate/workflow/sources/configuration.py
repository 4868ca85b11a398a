"""The project's settings: ``remediate.toml`` at the root, or ``[workspace.metadata.remediate]``."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from remediate.errors import InputError

NAME = "remediate.toml"


def configuration(root: Path, manifest: bytes | None = None) -> tuple[dict[str, Any], str]:
    """Return the settings of the workspace at ``root``, and the name of the file they come from.

    Args:
        root: The workspace's absolute folder.
        manifest: The text of its Cargo.toml, if it has been read already.

    Raises:
        InputError: The file is no TOML.
    """
    own = root / NAME
    if own.is_file():
        return _toml(own.read_bytes(), NAME), NAME
    if manifest is None and (root / "Cargo.toml").is_file():
        manifest = (root / "Cargo.toml").read_bytes()
    if manifest is None or b"remediate" not in manifest:
        return {}, "Cargo.toml"
    value = _toml(manifest, "Cargo.toml")
    for key in ("workspace", "package"):
        found = _at(_at(_at(value, key), "metadata"), "remediate")
        if found:
            return dict(found), f"Cargo.toml, [{key}.metadata.remediate]"
    return {}, "Cargo.toml"


def _toml(text: bytes, name: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text.decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(f"{name} cannot be read: {error}") from error


def _at(value: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    found = value.get(key)
    return found if isinstance(found, Mapping) else {}
