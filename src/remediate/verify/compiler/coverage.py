"""Which of the touched code no checked configuration compiled, as far as its ``cfg`` attributes tell.

Purely from source and the cfgs that were active: an attribute whose predicate held in no compilation of its
file, or of which that is not known, names code that every other gate was blind to. What a macro such as
``cfg_if!`` leaves out is seen where the macro writes ``#[cfg(..)]``.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import accumulate

from remediate.cargo.check import Check, Unit
from remediate.gates import GateResult, passed, unverified
from remediate.rust.syntax.attributes import Attribute
from remediate.rust.syntax.cfg import Predicate, evaluate, parse
from remediate.rust.syntax.lexer import BRACKETS, Token, closing, code
from remediate.verify.text.own_expansion import foreign_macros

_GATE = "cfg coverage"
# Names whose values rustc lists in full: what it does not print does not hold.
_LISTED = {"unix", "windows", "debug_assertions", "panic", "proc_macro", "overflow_checks"}


@dataclass(frozen=True, slots=True)
class _Use:
    """A ``cfg`` attribute with its line, and the bytes of what it is about."""

    line: int
    predicate: Predicate
    start: int
    end: int


def coverage(
    before: Mapping[str, bytes | None],
    after: Mapping[str, bytes | None],
    checks: Sequence[Check],
    target: Collection[str],
    *,
    rewritten: bool = False,
) -> GateResult:
    """Return whether each ``cfg`` of the touched code held in some compilation of its file.

    Args:
        before: The touched files as they were.
        after: The touched files as they are; None for one that is gone.
        checks: What was compiled.
        target: The cfgs of the platform, as ``rustc --print cfg`` gives them.
        rewritten: Whether code was written anew: then the cfgs around it count as those that are new do.
    """
    if not any(check.units for check in checks):
        return unverified(_GATE, "nothing compiled")
    rust = sorted(path for path, text in after.items() if text is not None and path.endswith(".rs"))
    if not rust:
        return passed(_GATE, "no Rust file is touched")
    read = frozenset[str]().union(*(unit.files or () for check in checks for unit in check.units))
    if unread := [path for path in rust if path not in read]:
        return unverified(_GATE, f"compiled in no checked configuration: {', '.join(unread[:8])}")
    blind = [
        f"{path}:{use.line} cfg({use.predicate})"
        for path in rust
        for use in _relevant(before.get(path) or b"", after[path] or b"", rewritten=rewritten)
        if not _compiled(path, use.predicate, checks, target)
    ]
    if blind:
        return unverified(_GATE, f"in no checked configuration: {', '.join(blind[:8])}")
    return passed(_GATE, "every cfg of the touched code held in some compilation")


def _relevant(before: bytes, after: bytes, *, rewritten: bool) -> Iterator[_Use]:
    """Yield the cfgs of a file that were not there before: of equal ones, those beyond the old number."""
    known = Counter(str(use.predicate) for use in _uses(before))
    for use in _uses(after):
        known[str(use.predicate)] -= 1
        if known[str(use.predicate)] < 0:
            yield use
    if rewritten:
        yield from _around(before, after)


def _around(before: bytes, after: bytes) -> Iterator[_Use]:
    """Yield each cfg that is about a rewritten line; lines that only go count where they stood."""
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    starts = [0, *accumulate(map(len, new))]
    edits = SequenceMatcher(None, old, new, autojunk=False).get_opcodes() if b"cfg" in after else []
    spans = [(starts[first], starts[last]) for kind, _, _, first, last in edits if kind != "equal"]
    for use in _uses(after):
        if any(start < use.end and use.start <= max(end - 1, start) for start, end in spans):
            yield use


def _uses(text: bytes) -> Iterator[_Use]:
    if b"cfg" not in text:
        return
    stream = code(text)
    for index, token in enumerate(stream):
        around = [t.text for t in (*stream[max(index - 1, 0) : index], *stream[index + 1 : index + 2])]
        if token.text in (b"cfg", b"cfg_attr") and around == [b"[", b"("]:
            closed = closing(stream, index + 1)
            whole = index > 1 and stream[index - 2].text == b"!"
            start, end = (0, len(text)) if whole else (token.start, _end(stream, closed + 2))
            line = text.count(b"\n", 0, token.start) + 1
            for predicate in _predicates(token, stream[index + 2 : closed]):
                yield _Use(line, predicate, start, end)


def _predicates(attribute: Token, inside: Sequence[Token]) -> Iterator[Predicate]:
    """Yield what has to hold for all of an attribute to count; of ``cfg_attr`` where it names a macro."""
    if attribute.text == b"cfg":
        yield parse(inside)
        return
    whole = Attribute(attribute.start, attribute.end, inner=False, path="cfg_attr", arguments=tuple(inside))
    for when in dict.fromkeys(when for when, _ in foreign_macros(whole)):
        yield when[0] if len(when) == 1 else Predicate("all", of=when)


def _end(stream: Sequence[Token], index: int) -> int:
    """Return where the item, statement, field or arm ends that begins at an index, behind its attributes."""
    while [token.text for token in stream[index : index + 2]] == [b"#", b"["]:
        index = closing(stream, index + 1) + 1
    while index < len(stream):
        step = BRACKETS.get(stream[index].text, 0)
        if step < 0 or stream[index].text in {b";", b","}:
            break
        if step > 0:
            index = closing(stream, index)
            after = [token.text for token in stream[index : index + 2]]
            if after[:1] == [b"}"] and after[1:] != [b"else"]:
                break
        index += 1
    return stream[min(index, len(stream) - 1)].end


def _compiled(path: str, predicate: Predicate, checks: Sequence[Check], target: Collection[str]) -> bool:
    return any(
        evaluate(predicate, _Active(unit, check, target)) is True
        for check in checks
        for unit in check.units
        if unit.files and path in unit.files
    )


class _Active(Mapping[str, bool]):
    """The leaves of a predicate as one compilation had them; unknown names are no keys."""

    def __init__(self, unit: Unit, check: Check, target: Collection[str]) -> None:
        scripted = {cfg for package, cfg in check.cfgs if package == unit.package}
        self._on = {cfg.replace('="', ' = "') for cfg in {*target, *scripted}}
        self._on |= {f'feature = "{name}"' for name in unit.features} | ({"test"} if unit.test else set())
        self._on -= set() if unit.debug_assertions else {"debug_assertions"}

    def __getitem__(self, leaf: str) -> bool:
        name = leaf.partition(" ")[0]
        listed = name in {"feature", "test", *_LISTED} or name.startswith("target_")
        if leaf not in self._on and not listed:
            raise KeyError(leaf)
        return leaf in self._on

    def __iter__(self) -> Iterator[str]:
        return iter(self._on)

    def __len__(self) -> int:
        return len(self._on)
