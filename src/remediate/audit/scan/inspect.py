"""One file, all rules: text in, facts out. Pure, and the same whoever asks: its answers are cached."""

from collections.abc import Iterable, Iterator

from remediate.audit.scan import scopes as test_scopes
from remediate.audit.scan.abrupt import abrupt
from remediate.audit.scan.blocking import blocking, wrappers
from remediate.audit.scan.blocking_calls import Call, calls
from remediate.audit.scan.constraints import constraints
from remediate.audit.scan.facts import Depth, Facts, Place
from remediate.audit.scan.found import Found
from remediate.audit.scan.health import health
from remediate.audit.scan.markers import markers
from remediate.audit.scan.modules import declarations, included, macro_names
from remediate.audit.scan.scopes import Scopes
from remediate.audit.scan.suppressions import suppressions
from remediate.audit.scan.unsafe_code import unsafe_code
from remediate.audit.scan.where import comment_words, item_path, statement_words
from remediate.rust.syntax.generated import generated
from remediate.rust.syntax.outline import Outline

WIDEST = 200
_SHALLOW = Depth()


def inspect(text: bytes, depth: Depth = _SHALLOW) -> Facts:
    """Return what a file shows; ``text`` must be UTF-8."""
    outline = Outline(text)
    scopes = Scopes(outline)
    uses = tuple(calls(outline))
    found = _found(outline, scopes, uses, depth)
    return Facts(
        lines=outline.line_count,
        generated=generated(text),
        test_only=scopes.whole_file,
        tests=test_scopes.test_count(scopes),
        first_test=_first_test(outline, scopes),
        places=tuple(places(outline, found)),
        declarations=tuple(declarations(outline, scopes)),
        included=tuple(included(outline)),
        macro_names=macro_names(outline),
        wrappers=tuple(wrappers(outline, uses)),
        suppressions=tuple(suppressions(outline)),
    )


def _found(outline: Outline, scopes: Scopes, uses: tuple[Call, ...], depth: Depth) -> Iterator[Found]:
    yield from health(outline, parse=depth.parse)
    yield from blocking(outline, scopes, uses)
    for item in test_scopes.never_run(scopes):
        note = f"`{item.name}` is inside a function body: the test harness never runs it"
        yield Found("dead-tests", "in-function", item.own, item.own + 2, "", note)
    if depth.test:
        return
    for item in test_scopes.embedded(scopes):
        yield Found("embedded-tests", "module" if item.kind == "mod" else "function", item.own, item.own + 3)
    yield from markers(outline, scopes)
    yield from abrupt(outline, scopes)
    yield from unsafe_code(outline, scopes)
    if depth.constrained:
        yield from constraints(outline, scopes)


def places(outline: Outline, found: Iterable[Found]) -> Iterator[Place]:
    """Give each found place its line, its item and its words; in order of the file, doublets once."""
    line, done = 1, 0
    seen: dict[tuple[str, str, str], int] = {}
    for one in sorted(set(found), key=lambda f: (f.start, f.rule, f.kind)):
        line += outline.text.count(b"\n", done, one.start)
        done = one.start
        start = outline.text.rfind(b"\n", 0, one.start) + 1
        end = outline.text.find(b"\n", one.start)
        end = end if end >= 0 else len(outline.text)
        item, words = item_path(outline, one.start), _words(outline, one)
        count = seen[one.rule, item, words] = seen.get((one.rule, item, words), 0) + 1
        yield Place(
            rule=one.rule,
            kind=one.kind,
            line=line,
            column=one.start - start + 1,
            end_column=min(one.end, end) - start + 1,
            text=outline.text[start:end].decode(errors="replace").strip()[:WIDEST],
            item=item,
            words=words if count == 1 else f"{words} #{count}",
            severity=one.severity,
            note=one.note,
            test=one.test,
        )


def _first_test(outline: Outline, scopes: Scopes) -> Place | None:
    first = next((item for item in scopes.items if item.kind == "fn"), None)
    found = [Found("dead-tests", "", first.own, first.own + 2)] if first else []
    return next(places(outline, found), None)


def _words(outline: Outline, one: Found) -> str:
    span = outline.opaque_at(one.start)
    if span is None:
        return statement_words(outline, one.start)
    start = max(span[0], outline.text.rfind(b"\n", 0, one.start) + 1)
    end = outline.text.find(b"\n", one.start, span[1])
    return comment_words(outline.text[start : end if end >= 0 else span[1]])
