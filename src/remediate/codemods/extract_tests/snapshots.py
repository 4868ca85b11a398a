"""Files that known crates find by the test's file: insta's snapshots, the seeds that proptest saves."""

import posixpath
import re
from collections.abc import Sequence

from remediate.codemods.extract_tests.discovery import Embedded
from remediate.codemods.extract_tests.piece import Piece
from remediate.model import Skip
from remediate.rust.package import Package
from remediate.rust.syntax.lexer import Token, tokens

_MAYBE = re.compile(rb"_snapshot\s*!|\bexpect_file\s*!|\bglob\s*!|\bset_snapshot_path\b")
_FOLDER = "snapshots"
_PROPTEST_FOLDER = "proptest-regressions"
_ROOTS = ("lib.rs", "main.rs")


def proptest_seeds(package: Package, piece: Piece) -> Skip | None:
    """Return why a piece stays where proptest has saved seeds for its file.

    proptest 1 looks for them beside the folder with the crate's root, by the path below that folder.
    Elsewhere it would replay none, and below ``src/../tests`` it finds none in a fresh clone.
    """
    if package.files[piece.file].find(b"proptest", *piece.span) < 0:
        return None
    folder = posixpath.dirname(piece.file)
    while folder and not any(package.exists(posixpath.join(folder, root)) for root in _ROOTS):
        folder = posixpath.dirname(folder)
    inner = posixpath.relpath(piece.file, folder or ".").removesuffix(".rs")
    seeds = posixpath.join(posixpath.dirname(folder), _PROPTEST_FOLDER, f"{inner}.txt")
    if not package.exists(seeds):
        return None
    return Skip("regression-files", f"proptest replays {seeds} by the path of {piece.file}")


def snapshot_moves(package: Package, module: Embedded, piece: Piece) -> dict[str, str] | Skip:
    """Return old and new path of the snapshots that belong to the tests in a piece."""
    asked = looked_for(package.files[piece.file], piece.span)
    if other := next((name for name in asked if not name.endswith("_snapshot")), None):
        return Skip("snapshot-files", f"`{other}` in {module.name} finds files beside the test's own")
    if not asked:
        return {}
    mine = _snapshots(package, module, posixpath.join(posixpath.dirname(piece.file), _FOLDER))
    if not mine or not all(path in package.files for path in mine):
        return Skip("snapshot-files", f"snapshot files of {module.name} cannot be moved along")
    folder = posixpath.join(posixpath.dirname(piece.new), _FOLDER)
    return {path: posixpath.join(folder, posixpath.basename(path)) for path in mine}


def looked_for(text: bytes, span: tuple[int, int]) -> list[str]:
    """Return what in the text looks for files; an assertion with ``@".."`` holds its snapshot itself."""
    if not _MAYBE.search(text, *span):
        return []
    code = list(tokens(text, *span))
    found = []
    for index, token in enumerate(code):
        if token.text in (b"expect_file", b"glob", b"set_snapshot_path"):
            found.append(token.text.decode())
        elif token.text.endswith(b"_snapshot") and code[index + 1 : index + 2]:
            arguments = _until_semicolon(code[index + 1 :]) if code[index + 1].text == b"!" else [b"@"]
            found += [] if b"@" in arguments else [token.text.decode()]
    return found


def _until_semicolon(code: Sequence[Token]) -> list[bytes]:
    texts = [t.text for t in code]
    return texts[: texts.index(b";")] if b";" in texts else texts


def _snapshots(package: Package, module: Embedded, folder: str) -> list[str]:
    prefixes = tuple(
        f"{folder}/{'__'.join([target.name.replace('-', '_'), *variant.path[1:]])}__"
        for variant in module.variants
        for target in variant.targets
    )
    return sorted(p for p in (*package.paths, *package.files) if p.startswith(prefixes))
