"""What rustc printed of the crate in ``data/crate``; run it to record that anew."""

import gzip
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from remediate.cargo import compiler_output
from remediate.cargo.check import DEFAULT
from remediate.cargo.command import Cargo
from remediate.cargo.compiler_output import Look, printed

DATA = Path(__file__).parent / "facts" / "data"
CRATE = DATA / "crate"
THIR, HIR, PAGE = DATA / "thir-flat.gz", DATA / "hir-tree.gz", DATA / "lib.rs.html.gz"


def files() -> dict[str, bytes]:
    """Return the crate's files."""
    return {path.relative_to(CRATE).as_posix(): path.read_bytes() for path in sorted(CRATE.rglob("*.rs"))}


def sample(path: Path) -> list[str]:
    """Return the lines of a recorded sample."""
    return gzip.decompress(path.read_bytes()).decode().splitlines(keepends=True)


@contextmanager
def fresh(look: Look) -> Iterator[tuple[str, str]]:
    """Yield what the toolchain here prints of the crate: typed bodies, resolved syntax."""
    with tempfile.TemporaryDirectory() as scratch:
        root = Path(scratch) / "crate"
        shutil.copytree(CRATE, root)
        with printed(Cargo(root), DEFAULT, "sample", look) as found:
            assert found.thir is not None
            assert found.hir is not None
            yield found.thir.read_text(), found.hir.read_text()


def fresh_pages(broken: str = "") -> dict[str, str]:
    """Return what rustdoc shows of the crate, with some more text in its lib.rs."""
    with tempfile.TemporaryDirectory() as scratch:
        root = Path(scratch) / "crate"
        shutil.copytree(CRATE, root)
        with (root / "src/lib.rs").open("a") as file:
            file.write(broken)
        shown = compiler_output.linked_pages(Cargo(root), DEFAULT, "sample", "sample")
    return {f"src/{name}": text for name, text in shown.items()}


if __name__ == "__main__":
    PAGE.write_bytes(gzip.compress(fresh_pages()["src/lib.rs"].encode(), 9, mtime=0))
    with fresh(Look(("--lib",), "lib", built=True)) as texts:
        for file, text in zip((THIR, HIR), texts, strict=True):
            file.write_bytes(gzip.compress(text.encode(), 9, mtime=0))
