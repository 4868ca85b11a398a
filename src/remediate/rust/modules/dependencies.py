"""The crates that a package's manifest makes known to its code, by a scan of its text."""

from collections.abc import Iterator

from remediate.rust.package import Package


def dependencies(package: Package) -> frozenset[str]:
    """Return the crate names that the manifest of the package makes known, by a scan of its text."""
    manifest = f"{package.root}/Cargo.toml" if package.root else "Cargo.toml"
    text = package.files.get(manifest, b"").decode(errors="replace")
    return frozenset(_dependency_names(text))


def _dependency_names(text: str) -> Iterator[str]:
    section = ""
    for line in map(str.strip, text.splitlines()):
        if line.startswith("["):
            section = line.strip("[]").strip()
            head, _, name = section.rpartition(".")
            if head.endswith("dependencies"):
                yield name.strip('"').replace("-", "_")
        elif section.endswith("dependencies") and "=" in line and not line.startswith("#"):
            yield line.partition("=")[0].partition(".")[0].strip().strip('"').replace("-", "_")
