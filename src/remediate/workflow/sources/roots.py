"""Which folder is meant: that of the manifest, the workspace's, the repository's. Without asking cargo."""

from pathlib import Path

from remediate.errors import InputError


def manifest_folder(start: Path, manifest_path: Path | None = None) -> Path:
    """Return the folder of the manifest asked for, or of the nearest one above ``start``.

    Raises:
        InputError: There is none.
    """
    if manifest_path is not None:
        if manifest_path.name != "Cargo.toml" or not manifest_path.is_file():
            raise InputError(f"{manifest_path} is no Cargo.toml", "Give --manifest-path the path of one.")
        return manifest_path.resolve().parent
    start = start.resolve()
    for folder in (start, *start.parents):
        if (folder / "Cargo.toml").is_file():
            return folder
    hint = "Change into a cargo workspace, or pass --manifest-path."
    raise InputError(f"there is no Cargo.toml in {start} or above it", hint)


def workspace_folder(start: Path, manifest_path: Path | None = None) -> Path:
    """Return the folder that most likely is the workspace's root, without asking cargo.

    Raises:
        InputError: There is no manifest.
    """
    return outermost(manifest_folder(start, manifest_path))


def outermost(folder: Path) -> Path:
    """Return the nearest folder whose manifest says ``[workspace]``: most likely the root; cargo decides."""
    for above in (folder, *folder.parents):
        manifest = above / "Cargo.toml"
        if manifest.is_file() and b"[workspace" in manifest.read_bytes():
            return above
    return folder


def repository_folder(start: Path, manifest_path: Path | None = None) -> Path:
    """Return a folder in the repository that is meant: it may hold several workspaces, or none at its top.

    Raises:
        InputError: ``manifest_path`` is no manifest.
    """
    return start if manifest_path is None else manifest_folder(start, manifest_path)
