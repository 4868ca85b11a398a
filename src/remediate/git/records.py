"""Small texts kept in git itself: blobs under ``refs/remediate/outcomes/``."""

from collections.abc import Mapping

from remediate.git.door import Git
from remediate.git.refs import under

PREFIX = "refs/remediate/outcomes/"


def store(git: Git, text: bytes) -> str:
    """Write a blob and return its id; nothing refers to it yet."""
    return git.run("hash-object", "-w", "--stdin", stdin=text).text


def read(git: Git) -> dict[str, bytes]:
    """Return every record by its key."""
    names = under(git, PREFIX)
    blobs = _blobs(git, names)
    return {name.removeprefix(PREFIX): blobs[oid] for name, oid in names.items() if oid in blobs}


def _blobs(git: Git, names: Mapping[str, str]) -> dict[str, bytes]:
    if not names:
        return {}
    asked = "".join(f"{oid}\n" for oid in sorted(set(names.values()))).encode()
    out = git.run("cat-file", "--batch", stdin=asked).out
    found, at = {}, 0
    while at < len(out):
        end = out.index(b"\n", at)
        oid, kind, *size = out[at:end].split()
        at = end + 1
        if kind != b"missing":
            found[oid.decode()] = out[at : at + int(size[0])]
            at += int(size[0]) + 1
    return found
