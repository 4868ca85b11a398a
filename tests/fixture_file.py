"""A fixture case as one file to read from top to bottom, for whatever bytes allow it.

    //- finding.json
    {"rule": "large-file", "path": "src/lib.rs"}
    //- before/src/lib.rs
    fn a() {}
    //- after/src/lib.rs
    mod a;

A line ``//- name`` begins a part. Below ``after/`` stand only files that are new or other than before;
``//- after/src/old.rs (removed)`` is one that is gone. Bytes that a reader would not see (carriage returns, a
byte order mark, no line end at the end, other encodings, data) need a folder.

    python tests/fixture_file.py [--folder] fixtures/split_file/case ..

converts cases that allow it, ``--folder`` the other way.
"""

import argparse
import atexit
import shutil
import tempfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path

SUFFIX = ".fixture"
_HEAD = b"//- "
_REMOVED = " (removed)"


@cache
def parts(file: Path) -> Mapping[str, bytes]:
    """Return the parts of a case's file by name; a removed file is empty, and its name says so."""
    found: dict[str, bytes] = {}
    name = ""
    for line in file.read_bytes().splitlines(keepends=True):
        if line.startswith(_HEAD):
            name = line.removeprefix(_HEAD).decode().strip()
            assert name not in found, f"{file}: {name} twice"
            found[name] = b""
        else:
            found[name] += line
    return found


@cache
def unpacked(file: Path) -> Path:
    """Return a folder with the parts of a case's file, gone when the program ends."""
    folder = Path(tempfile.mkdtemp(prefix=f"{file.stem}-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    write(folder, {n: t for n, t in parts(file).items() if not n.startswith("after/")})
    (folder / "before").mkdir(exist_ok=True)
    return folder


def result(found: Mapping[str, bytes], before: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the files that a case ends with, from its parts and the files that it begins with."""
    after = {n.removeprefix("after/"): t for n, t in found.items() if n.startswith("after/")}
    gone = {n.removesuffix(_REMOVED) for n in after if n.endswith(_REMOVED)}
    whole = {**before, **{n: t for n, t in after.items() if not n.endswith(_REMOVED)}}
    return {path: text for path, text in sorted(whole.items()) if path not in gone}


def text(whole: Mapping[str, bytes]) -> bytes | None:
    """Return the file of a case, from all of its parts; None where only a folder can hold the bytes."""
    before = {n.removeprefix("before/"): t for n, t in whole.items() if n.startswith("before/")}
    after = {n.removeprefix("after/"): t for n, t in whole.items() if n.startswith("after/")}
    listed = {n: t for n, t in sorted(whole.items(), key=_order) if not n.startswith("after/")}
    if after:
        listed |= {f"after/{n}": t for n, t in sorted(after.items()) if before.get(n) != t}
        listed |= {
            f"after/{n}{_REMOVED}": b"" for n in sorted(before.keys() - after.keys()) if not _is_lock(n)
        }
    if not all(map(_is_plain, listed.values())):
        return None
    return b"".join(_HEAD + name.encode() + b"\n" + body for name, body in listed.items())


def write(root: Path, texts: Mapping[str, bytes]) -> None:
    for path, data in texts.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(data)


def _order(part: tuple[str, bytes]) -> tuple[int, str]:
    """The finding, what becomes of it, the code, and last what was recorded."""
    name = part[0]
    places = ("finding.json", "skip.txt", "before/Cargo.toml")
    recorded = "/" not in name and name not in places
    return places.index(name) if name in places else 9 if recorded else 5, name


def _is_plain(body: bytes) -> bool:
    """Whether bytes are what a reader sees of them."""
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    odd = b"\r" in body or b"\0" in body or body.startswith(b"\xef\xbb\xbf") or _HEAD in body
    return not odd and (not body or body.endswith(b"\n"))


def _is_lock(path: str) -> bool:
    return path.rpartition("/")[2] == "Cargo.lock"


def _to_file(folder: Path) -> None:
    """Write a case as a file instead of its folder, unless its bytes need one."""
    kept = (p for p in sorted(folder.rglob("*")) if p.is_file() and "target" not in p.parts)
    packed = text({p.relative_to(folder).as_posix(): p.read_bytes() for p in kept})
    if packed is None:
        return
    folder.with_name(folder.name + SUFFIX).write_bytes(packed)
    shutil.rmtree(folder)


def to_folder(file: Path, found: Mapping[str, bytes]) -> Path:
    """Write a case as a folder instead of its file."""
    folder = file.with_name(file.name.removesuffix(SUFFIX))
    before = {n.removeprefix("before/"): t for n, t in found.items() if n.startswith("before/")}
    write(folder, {n: t for n, t in found.items() if not n.startswith("after/")})
    if any(n.startswith("after/") for n in found):
        write(folder / "after", {n: t for n, t in result(found, before).items() if not _is_lock(n)})
    file.unlink()
    return folder


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--folder", action="store_true")
    parser.add_argument("case", nargs="+", type=Path)
    arguments = parser.parse_args()
    for case in arguments.case:
        if arguments.folder:
            to_folder(case, parts(case))
        else:
            _to_file(case)


if __name__ == "__main__":
    main()
