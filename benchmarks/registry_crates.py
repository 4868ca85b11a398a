"""Pinned crates from the crate registry, fetched by cargo into ``benchmarks/corpus``; none is committed."""

import os
import shutil
import subprocess
import tempfile
import tomllib
from pathlib import Path

HERE = Path(__file__).parent
CORPUS = HERE / "corpus"


def pinned(manifest: Path) -> dict[str, str]:
    """Return the ``[crates]`` of a manifest: name to version."""
    crates: dict[str, str] = tomllib.loads(manifest.read_text())["crates"]
    return dict(sorted(crates.items()))


def fetch(crates: dict[str, str]) -> dict[str, Path]:
    """Return the folder of each crate's source, fetching those that are not there yet.

    Raises:
        subprocess.CalledProcessError: The registry does not have one of them.
    """
    folders = {name: CORPUS / f"{name}-{version}" for name, version in crates.items()}
    missing = {name: crates[name] for name, folder in folders.items() if not folder.exists()}
    if missing:
        _download(missing, folders)
    return folders


def _download(crates: dict[str, str], folders: dict[str, Path]) -> None:
    """Let ``cargo info`` download each crate into a CARGO_HOME of its own: no dependencies."""
    with tempfile.TemporaryDirectory() as scratch:
        environment = {**os.environ, "CARGO_HOME": scratch}
        for name, version in crates.items():
            subprocess.run(
                ["cargo", "info", "--quiet", f"{name}@{version}"],
                cwd=scratch, env=environment, check=True, capture_output=True,
            )  # fmt: skip
            (unpacked,) = Path(scratch).glob(f"registry/src/*/{name}-{version}")
            folders[name].parent.mkdir(parents=True, exist_ok=True)
            shutil.move(unpacked, folders[name])
