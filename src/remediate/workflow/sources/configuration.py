"""The project's settings: ``remediate.toml`` at the root, or ``[workspace.metadata.remediate]``."""

import os
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
    if os.path.lexists(own):
        try:
            return _toml(own.read_bytes(), NAME), NAME
        except OSError as error:
            hint = "It has to be a file in TOML; rename what else is called so."
            raise InputError(f"{NAME} cannot be read: {error.strerror}", hint) from error
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
    except UnicodeDecodeError as error:
        raise InputError(f"{name} cannot be read: it is not UTF-8", "Save it as UTF-8.") from error
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"{name} cannot be read: {error}", "It has to be TOML.") from error


def _at(value: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    found = value.get(key)
    return found if isinstance(found, Mapping) else {}
