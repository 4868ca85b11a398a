"""The gate "rustfmt": what comes of a file that rustfmt left as it was is laid out by rustfmt as well."""

from collections.abc import Mapping
from pathlib import Path

from remediate.cargo import rustfmt
from remediate.edits import Change
from remediate.quantities import quantity
from remediate.rust.package import Package
from remediate.verify.report import GateResult, failed, passed, unverified
from remediate.verify.text.formatting import same_but_formatting

_GATE = "rustfmt"


def layout(
    package: Package, change: Change, after: Mapping[str, bytes | None], root: Path
) -> GateResult | None:
    """Return whether each file of ``change.format`` is formatted if its original was; None where none was.

    A file that rustfmt cannot read, or in which it would do more than format, is unverified: it was left as
    planned. ``root`` is the workspace's absolute folder: the rustfmt.toml of each file's folder decides.

    Raises:
        ToolError: rustfmt is missing.
    """
    clean = {
        path: text
        for path, original in sorted(change.format.items())
        if (text := after.get(path)) is not None
        and original in package.files
        and rustfmt.is_formatted(package.files[original], package.edition, (root / original).parent)
    }
    if not clean:
        return None
    other: list[str] = []
    wrong: list[str] = []
    for path, text in clean.items():
        wanted = rustfmt.formatted(text, package.edition, (root / path).parent)
        if wanted is None or (wanted != text and not same_but_formatting(text, wanted)):
            other.append(path)
        elif wanted != text:
            wrong.append(path)
    if wrong:
        return failed(_GATE, f"no longer formatted: {', '.join(wrong[:5])}")
    if other:
        return unverified(_GATE, f"rustfmt would do more than format: {', '.join(other[:5])}")
    return passed(_GATE, f"{quantity(len(clean), 'file')} formatted, as before")
