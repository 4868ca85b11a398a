"""rustfmt, through standard input only: given a path it would follow ``mod`` and reformat siblings."""

import os
from functools import lru_cache
from pathlib import Path

from remediate.cargo.environment import environment
from remediate.cargo.faults import require_life
from remediate.cargo.process import Deadline, Streams, run
from remediate.errors import ToolError

_LIMIT = 60.0


# Each round of a fix, and the gate behind it, ask about the same few files.
@lru_cache(maxsize=256)
def formatted(text: bytes, edition: str, folder: Path) -> bytes | None:
    """Return ``text`` as rustfmt lays it out, None when rustfmt cannot read it.

    ``folder`` is the absolute folder of the file: its rustfmt.toml, or the nearest above, decides.

    Raises:
        ToolError: rustfmt is missing.
    """
    command = ["rustfmt", "--edition", edition, "--emit", "stdout", "--color", "never", "--quiet"]
    if text.partition(b"\n")[0].endswith(b"\r"):
        # From standard input rustfmt would turn every line end into LF, whatever the file had.
        command += ["--config", "newline_style=Windows"]
    settings = environment(os.environ, folder, {})
    try:
        finished = run(
            command, _existing(folder), settings, Deadline.after(_LIMIT), Streams(stdin=text or b"\n")
        )
    except (FileNotFoundError, PermissionError) as error:
        raise ToolError("cannot start rustfmt", "Run `rustup component add rustfmt`.") from error
    if not finished.timed_out:
        require_life(finished.code, "rustfmt")
    if "is not installed" in finished.stderr:
        raise ToolError("rustfmt is not installed for this toolchain", "Run `rustup component add rustfmt`.")
    return finished.stdout.encode() if finished.code == 0 and not finished.timed_out else None


def is_formatted(text: bytes, edition: str, folder: Path) -> bool:
    """Whether rustfmt would leave ``text`` as it is. Raises as ``formatted``."""
    return formatted(text, edition, folder) == text


def _existing(folder: Path) -> Path:
    """Return the nearest folder that exists: a new file's own may still have to be made."""
    return next((f for f in (folder, *folder.parents) if f.is_dir()), folder)
