"""Build scripts and tests that seem to read the file by its name: a reviewer is told (a heuristic)."""

import posixpath
import re
from collections.abc import Iterator

from remediate.codemods.split_file.analyze.preconditions import Ground
from remediate.rust.modules.relative_paths import said_by
from remediate.rust.package import Package
from remediate.rust.syntax.lexer import TokenKind, tokens

_READS = re.compile(rb"\b(?:read_to_string|read_dir|File\s*::\s*open|fs\s*::\s*read|walkdir|glob)\b")
_CHECKING = ("tests", "benches", "examples")
_STRING = re.compile(rb'[brc]{0,2}#*"')


def file_readers(ground: Ground) -> Iterator[str]:
    """Yield a sentence for each build script or test whose strings name the file, and that reads files."""
    packages = (ground.package, *ground.package.others)
    for package in packages:
        for path in package.rust_files:
            text = package.files[path]
            if path != ground.path and _is_run(package, path) and _READS.search(text):
                literal = _named(text, ground.path)
                if literal is not None:
                    yield f'{path} may read {ground.path}: it names "{literal}" and reads files.'


def _is_run(package: Package, path: str) -> bool:
    """Whether a file is a build script, or code that is only run to check something."""
    inside = posixpath.relpath(path, package.root or ".")
    scripts = {t.root for t in package.targets if "custom-build" in t.kinds}
    return path in scripts or inside.split("/", maxsplit=1)[0] in _CHECKING


def _named(text: bytes, path: str) -> str | None:
    """Return the string of a text that names a file: by its name, or its stem where an ending is added."""
    name = posixpath.basename(path)
    stem = name.removesuffix(".rs")
    said = [said_by(t) for t in tokens(text) if t.kind is TokenKind.LITERAL and _STRING.match(t.text)]
    adds = any(s.endswith(("rs", ".rs")) and not s[:-2].rstrip(".").isalnum() for s in said)
    for one in said:
        if posixpath.basename(one) == name or (one == stem and adds):
            return one
    return None
