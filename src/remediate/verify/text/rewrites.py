"""What a change declares that it rewrites: the text that conservation then expects, and the comments in it.

A codemod that rewrites says which bytes of an original become which tokens. Conservation compares the result
with the original as rewritten by just these: whatever else differs is lost or added. A comment is nobody's to
rewrite: each one inside of a declared span has to stand in what the span becomes, but for those that the
change names, word for word, as comments that go.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from remediate.edits import Edit, apply
from remediate.model import Files
from remediate.rust.syntax.lexer import TokenKind, tokens
from remediate.verify.text.conservation import Violation


def expected(files: Files, rewrites: Mapping[str, tuple[Edit, ...]]) -> dict[str, bytes | None]:
    """Return each rewritten file's text as the declared spans leave it.

    Raises:
        OverlapError: Two spans of a file overlap, or one reaches out of it.
    """
    return {path: apply(files[path], spans) for path, spans in rewrites.items()}


def lost_comments(
    files: Files,
    rewrites: Mapping[str, tuple[Edit, ...]],
    gone: Mapping[str, tuple[bytes, ...]] = MappingProxyType({}),
) -> tuple[Violation, ...]:
    """Return the comments inside of rewritten spans that what the span becomes does not hold.

    ``gone`` are those that the change names as going, by path.
    """
    return tuple(
        v
        for path, spans in sorted(rewrites.items())
        for v in _lost(path, files[path], spans, gone.get(path, ()))
    )


def _lost(path: str, text: bytes, spans: tuple[Edit, ...], gone: tuple[bytes, ...]) -> Iterator[Violation]:
    going = Counter(map(_words, gone))
    comments = [t for t in tokens(text) if t.kind is TokenKind.COMMENT]
    for span in sorted(spans):
        touched = [t for t in comments if t.start < span.end and span.start < t.end]
        kept = Counter(_words(t.text) for t in tokens(span.new) if t.kind is TokenKind.COMMENT)
        for comment in touched:
            words = _words(comment.text)
            kept[words] -= 1
            if kept[words] < 0 and going[words]:
                going[words] -= 1
            elif kept[words] < 0:
                line = text.count(b"\n", 0, comment.start) + 1
                shown = comment.text.decode(errors="replace").split("\n", 1)[0]
                yield Violation("lost", "comment", path, line, shown)


def _words(comment: bytes) -> bytes:
    return b" ".join(comment.split())
