"""Real repositories to throw away, and what of them a run must leave byte for byte."""

import hashlib
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

CRATE = {
    "Cargo.toml": '[package]\nname = "crate-a"\nversion = "0.1.0"\nedition = "2021"\n',
    "src/lib.rs": "pub mod big;\n\npub fn answer() -> i32 {\n    42\n}\n",
    "src/big.rs": "pub fn one() -> i32 {\n    1\n}\n\npub fn two() -> i32 {\n    2\n}\n",
    ".gitignore": "/target\nCargo.lock\n",
}


# `big::two`, the last item of its file, is used from elsewhere.
USES_LAST = {
    **CRATE,
    "src/lib.rs": "pub mod big;\n\npub fn answer() -> i32 {\n    big::two()\n}\n\n"
    "#[cfg(test)]\nmod tests {\n    #[test]\n    fn answers() {\n"
    "        assert_eq!(super::answer(), 2);\n    }\n}\n",
}


def git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=folder, check=True, capture_output=True, text=True)
    return done.stdout.strip()


def write(folder: Path, files: Mapping[str, str]) -> None:
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)


def repository(folder: Path, files: Mapping[str, str] = CRATE) -> Path:
    """Make a repository with one commit of ``files``, on branch ``main``."""
    folder.mkdir(parents=True, exist_ok=True)
    git(folder, "init", "--quiet", "--initial-branch=main")
    git(folder, "config", "user.name", "A Person")
    git(folder, "config", "user.email", "person@example.org")
    write(folder, files)
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "Start")
    return folder


def state(folder: Path) -> dict[str, str]:
    """Return all that is the user's: work tree (with modes and times), HEAD, index, stash, config, refs."""
    common = Path(folder, git(folder, "rev-parse", "--git-common-dir"))
    found = {"HEAD": git(folder, "rev-parse", "HEAD"), "symbolic HEAD": (common / "HEAD").read_text()}
    for name in (
        "index",
        "config",
        "refs/stash",
        "logs/refs/stash",
        "logs/HEAD",
        "packed-refs",
        "COMMIT_EDITMSG",
    ):
        found[name] = _digest(common / name)
    found["refs"] = "\n".join(
        line
        for line in git(folder, "for-each-ref").splitlines()
        if "refs/heads/remediate/" not in line and "refs/remediate/" not in line
    )
    for path in sorted(_work_tree(folder)):
        about = path.lstat()
        found[str(path)] = f"{_digest(path)} {about.st_mode:o} {about.st_mtime_ns} {about.st_ino}"
    return found


def _work_tree(folder: Path) -> Iterator[Path]:
    """Yield all below a folder but ``.git``: a git whose parent was killed may still be at work in there."""
    for path in folder.iterdir():
        if path.name != ".git":
            yield path
            if path.is_dir() and not path.is_symlink():
                yield from _work_tree(path)


def _digest(path: Path) -> str:
    if path.is_symlink():
        return str(path.readlink())
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "nothing"
