"""rustc's JSON diagnostics as ``model.Diagnostic``, paths relative to the workspace root."""

import posixpath
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

import msgspec

from remediate.model import Diagnostic, Span


class RustcText(msgspec.Struct):
    """One source line under a span."""

    text: str = ""


class RustcSpan(msgspec.Struct):
    """rustc's DiagnosticSpan. Byte offsets are those of the file on disk; columns count characters."""

    file_name: str
    byte_start: int
    byte_end: int
    line_start: int
    column_start: int
    is_primary: bool = False
    label: str | None = None
    suggested_replacement: str | None = None
    suggestion_applicability: str | None = None
    text: list[RustcText] = []
    expansion: "RustcExpansion | None" = None


class RustcExpansion(msgspec.Struct):
    """The macro call a span comes out of."""

    span: RustcSpan


class RustcCode(msgspec.Struct):
    """An error code or lint name."""

    code: str = ""


class RustcDiagnostic(msgspec.Struct):
    """rustc's Diagnostic."""

    message: str
    level: str
    code: RustcCode | None = None
    spans: list[RustcSpan] = []
    children: list["RustcDiagnostic"] = []
    rendered: str | None = None


def diagnostic(raw: RustcDiagnostic, root: Path) -> Diagnostic:
    """Translate one message and its children."""
    return Diagnostic(
        level="error" if raw.level.startswith("error") else raw.level,
        code=raw.code.code if raw.code else "",
        message=raw.message,
        spans=tuple(span for s in raw.spans for span in _spans(s, root)),
        children=tuple(diagnostic(child, root) for child in raw.children),
        rendered=raw.rendered or "",
    )


def relative(path: str, root: Path) -> str:
    """Return a path of rustc or cargo relative to the workspace root, or as it is when it lies elsewhere.

    rustc spells the file of a ``#[path = "../tests/x.rs"]`` with the dots: they are taken out.
    """
    pure = PurePosixPath(posixpath.normpath(Path(path).as_posix()))
    base = PurePosixPath(root.as_posix())
    return str(pure.relative_to(base)) if pure.is_relative_to(base) else str(pure)


def _spans(raw: RustcSpan, root: Path) -> Iterator[Span]:
    """Yield the span, a macro's mapped to the outermost place in the workspace that the user wrote.

    The places between, a workspace macro's body for one, follow as secondary spans. A suggestion inside a
    macro is
    dropped: it would be applied to the wrong bytes.
    """
    chain = list(_chain(raw))
    inside = [s for s in chain if not relative(s.file_name, root).startswith(("/", "<"))]
    outermost = inside[-1] if inside else raw
    yield _span(outermost, root, primary=raw.is_primary, of=raw)
    for other in inside[:-1]:
        yield _span(other, root, primary=False, of=raw)


def _chain(raw: RustcSpan) -> Iterator[RustcSpan]:
    span: RustcSpan | None = raw
    while span is not None:
        yield span
        span = span.expansion.span if span.expansion else None


def _span(raw: RustcSpan, root: Path, *, primary: bool, of: RustcSpan) -> Span:
    before = raw.text[0].text[: raw.column_start - 1] if raw.text else ""
    suggested = raw is of and raw.expansion is None
    return Span(
        path=relative(raw.file_name, root),
        start=raw.byte_start,
        end=raw.byte_end,
        line=raw.line_start,
        column=len(before.encode()) + 1 if raw.text else raw.column_start,
        primary=primary,
        label=of.label or "",
        replacement=of.suggested_replacement if suggested else None,
        applicability=(of.suggestion_applicability or "") if suggested else "",
    )
