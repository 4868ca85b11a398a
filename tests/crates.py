"""Small real crates for tests that need real cargo."""

from collections.abc import Mapping
from pathlib import Path

from scratch import write

from remediate.cargo.command import Cargo
from remediate.rust.package import Package
from remediate.workflow.sources.workspace import load


def manifest(name: str = "small", more: str = "") -> str:
    return f'[package]\nname = "{name}"\nversion = "0.1.0"\nedition = "2021"\n{more}'


def crate(folder: Path, files: Mapping[str, str]) -> Cargo:
    """Write a crate (with a manifest, unless ``files`` has one) and return cargo for it."""
    write(folder, {"Cargo.toml": manifest(), **files})
    return Cargo(folder, arguments=("--offline",))


def package(cargo: Cargo, name: str = "small") -> Package:
    return next(p for p in load(cargo.root, arguments=cargo.arguments).packages if p.name == name)
