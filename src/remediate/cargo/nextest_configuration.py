"""What nextest itself says of `.config/nextest.toml`: it is asked to list the tests of no binary at all.

So nothing is built. Keys it does not know are only warnings, in words for people; there is no other form.
"""

import tempfile
from dataclasses import dataclass
from pathlib import Path

import msgspec

from remediate.cargo.door import Cargo

PATH = ".config/nextest.toml"
# nextest 0.9.143 takes a build that made nothing.
_NOTHING_BUILT = {
    "rust-build-meta": {
        "target-directory": "",
        "base-output-directories": [],
        "non-test-binaries": {},
        "linked-paths": [],
    },
    "rust-binaries": {},
}
_UNKNOWN = "ignoring unknown configuration key"


@dataclass(frozen=True, slots=True)
class Judgment:
    """The keys nextest does not know, as it writes them ("profile.ci.overrides.0.x"); or why it fails."""

    unknown: tuple[str, ...] = ()
    error: str = ""

    @property
    def sound(self) -> bool:
        """Whether nextest takes the file and knows every key."""
        return not (self.unknown or self.error)


def judged(cargo: Cargo) -> Judgment:
    """Return what nextest says of the workspace's configuration; it must be installed. Writes nothing there.

    Raises:
        ToolError: cargo is missing.
    """
    found = _judged(cargo, ("--no-deps",))
    if found.error and (cargo.root / "Cargo.lock").is_file():
        # A filter may name a dependency, and those are known from a full description only.
        full = _judged(cargo, ("--locked",))
        return found if full.error else full
    return found


def _judged(cargo: Cargo, described_as: tuple[str, ...]) -> Judgment:
    metadata = cargo.run(("metadata", "--format-version", "1", *described_as))
    if metadata.code:
        return Judgment(error="cargo cannot read the workspace")
    with tempfile.TemporaryDirectory(prefix="remediate-") as folder:
        described, built = Path(folder) / "metadata.json", Path(folder) / "built.json"
        described.write_text(metadata.stdout)
        built.write_bytes(msgspec.json.encode(_NOTHING_BUILT))
        files = ("--cargo-metadata", str(described), "--binaries-metadata", str(built))
        said = cargo.run(("nextest", "list", *files, "--override-version-check", "--message-format", "json"))
    if said.code:
        return Judgment(error=_error(said.stderr))
    return Judgment(tuple(sorted(_unknown(said.stderr.splitlines()))))


def _unknown(lines: list[str]) -> list[str]:
    """Return the key behind the warning, or the list of several below it."""
    found: list[str] = []
    listing = False
    for line in lines:
        _, warned, rest = line.partition(_UNKNOWN)
        listing = bool(warned) or (listing and (not line.strip() or line.startswith("  - ")))
        if warned and rest.startswith(":") and rest.strip(": "):
            found.append(rest.strip(": "))
        elif listing and line.startswith("  - "):
            found.append(line.removeprefix("  - ").strip())
    return found


def _error(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    start = next((n for n, line in enumerate(lines) if line.startswith("error:")), 0)
    return " ".join(lines[start : start + 5])[:400]
