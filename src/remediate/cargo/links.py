"""rustdoc's pages of a library's source, with links from names to definitions."""

import shutil
import time
from pathlib import Path

from remediate.cargo.configuration import Configuration
from remediate.cargo.door import Cargo
from remediate.cargo.wrappers import rustdoc_wrapper

_OPTIONS = ("-Z", "unstable-options", "--generate-link-to-definition", "--document-private-items")


def pages(cargo: Cargo, configuration: Configuration, spec: str, library: str) -> dict[str, str]:
    """Return the pages of a library by the file they show, relative to the folder of the library's root file.

    Errors in bodies do not matter; where an import leads nowhere there are none.

    Raises:
        ToolError: cargo is missing, or there is no shell.
        BaselineError: cargo cannot begin.
    """
    crate = library.replace("-", "_")
    for folder in _folders(cargo, crate):
        shutil.rmtree(folder, ignore_errors=True)
    mark = ("--cap-lints", "allow", "--crate-version", f"run-{time.time_ns()}")
    command = ("rustdoc", "--lib", "--", *_OPTIONS, *mark)
    cargo.compile(command, configuration, (spec,), rustdoc_wrapper(cargo.results))
    return {
        page.relative_to(folder).as_posix().removesuffix(".html"): page.read_text("utf-8")
        for folder in _folders(cargo, crate)
        for page in sorted(folder.rglob("*.rs.html"))
    }


def _folders(cargo: Cargo, crate: str) -> list[Path]:
    return [*cargo.results.glob(f"doc/src/{crate}"), *cargo.results.glob(f"*/doc/src/{crate}")]
