"""Registry crates as repositories, and what the codemod says of each blocking call in them."""

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from benchmarks.registry_crates import fetch
from benchmarks.repository import git

HERE = Path(__file__).parent
WORK = HERE.parent / "work" / "blocking"
TOOL = [sys.executable, "-c", "from remediate.cli import main; main()", "replace-block-on"]
_LEFTOVERS = (".cargo-ok", ".cargo_vcs_info.json", ".gitignore", "Cargo.toml.orig")


class Answer(NamedTuple):
    """What the codemod says of one call: its class, and the reason for which it stays ("" for none)."""

    path: str
    line: int
    kind: str
    reason: str


def manifest(name: str) -> dict[str, dict[str, str]]:
    """Return a file of pins."""
    found: dict[str, dict[str, str]] = tomllib.loads((HERE / name).read_text())
    return found


def repository(
    name: str,
    crates: Mapping[str, str],
    features: Iterable[str] = (),
    locked: Iterable[tuple[str, str]] = (),
    *,
    tested: bool = True,
) -> Path:
    """Return a repository with the crates at these versions checked out, one commit for each set of versions.

    One crate is its root; several are the members of a workspace, the first of which the others use. Their
    tests are left out there: published crates come without the helpers that these need. The repository is
    kept, so that what was built for one version need not be built for the next.

    Args:
        features: What is switched on beside the default features, as a crate's dependents do.
        locked: Dependencies and their versions, in the order in which cargo takes them, where the newest ones
            do not suit the crate any more.
        tested: Whether the tests of a single crate are kept.
    """
    folder = WORK / name
    if not (folder / ".git").exists():
        folder.mkdir(parents=True, exist_ok=True)
        git(folder, "init", "-q", "-b", "main")
    tag = "_".join([*crates.values(), *features])
    if git(folder, "tag", "--list", tag).strip():
        git(folder, "checkout", "-q", "-f", tag)
        return folder
    for path in folder.iterdir():
        if path.name != ".git":
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    sources = {crate: fetch({crate: version})[crate] for crate, version in crates.items()}
    if len(sources) > 1:
        _as_workspace(folder, sources)
    else:
        _as_root(folder, *sources.values())
        if not tested:
            _without_tests(folder)
    if features:
        _with_default(folder / "Cargo.toml", features)
    (folder / ".gitignore").write_text("/target\n")
    for command in (
        ("metadata", "--format-version", "1"),
        *(("update", "-p", crate, "--precise", version) for crate, version in locked),
    ):
        subprocess.run(["cargo", *command, "-q"], cwd=folder, check=True, stdout=subprocess.DEVNULL)
    # Published files are of one time: git would take one of the same length for the one before.
    (folder / ".git/index").unlink(missing_ok=True)
    git(folder, "add", "-A", "-f")
    git(folder, "commit", "-q", "-m", tag)
    git(folder, "tag", tag)
    return folder


def answers(folder: Path, *options: str) -> list[Answer]:
    """Return what ``replace-block-on --list`` says of a repository."""
    os.environ |= {"CARGO_PROFILE_DEV_DEBUG": "0"}
    command = [*TOOL, "--list", "--message-format", "json", *options]
    said = subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, check=True).stdout
    return [Answer(s["path"], s["line"], s["kind"], s["reason"]) for s in json.loads(said)["sites"]]


def _as_root(folder: Path, source: Path) -> None:
    shutil.copytree(source, folder, dirs_exist_ok=True)
    for name in _LEFTOVERS:
        (folder / name).unlink(missing_ok=True)


def _as_workspace(folder: Path, sources: Mapping[str, Path]) -> None:
    for name, source in sources.items():
        member = folder / name
        _as_root(member, source)
        _without_tests(member)
    first, *_, last = sources
    (folder / last / "Cargo.lock").rename(folder / "Cargo.lock")
    (folder / first / "Cargo.lock").unlink(missing_ok=True)
    members = ", ".join(f'"{name}"' for name in sources)
    patch = f'[patch.crates-io]\n{first} = {{ path = "{first}" }}\n'
    (folder / "Cargo.toml").write_text(f'[workspace]\nmembers = [{members}]\nresolver = "3"\n\n{patch}')


def _without_tests(folder: Path) -> None:
    for left in ("tests", "benches"):
        shutil.rmtree(folder / left, ignore_errors=True)
    toml = (folder / "Cargo.toml").read_text()
    (folder / "Cargo.toml").write_text(re.sub(r"(?ms)^\[\[(?:test|bench)\]\].*?(?=^\[)", "", toml))


def _with_default(path: Path, features: Iterable[str]) -> None:
    text = path.read_text()
    more = "".join(f'"{feature}", ' for feature in features)
    found, count = re.subn(r"(?m)^default = \[", f"default = [{more}", text)
    path.write_text(found if count else text.replace("[features]\n", f"[features]\ndefault = [{more}]\n"))
