"""What is said of a split: what stays too long and why, and what a reviewer should look at."""

import posixpath
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from remediate.codemods.split_file.analyze.immovable import NOUNS, is_free_test
from remediate.codemods.split_file.analyze.preconditions import Ground
from remediate.codemods.split_file.analyze.units import Unit
from remediate.codemods.split_file.draft import FACADE, Draft
from remediate.codemods.split_file.grouping.sizes import Limits
from remediate.edits import Change, TooLong
from remediate.model import Skip
from remediate.quantities import quantity
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


_TYPES = {"struct", "enum", "union", "trait", "type"}
_LOGS = re.compile(
    rb"\b(?:log|tracing)\s*::|\b(?:trace|debug|info|warn|error|event)(?:_span)?\s*!\s*[(\[{]"
    rb"|#\s*\[\s*instrument\b"
)
_CALLER = re.compile(rb"\bLocation\s*::\s*caller\b")
_TYPE_NAME = re.compile(rb"\btype_name(?:_of_val)?\b")


def logs(text: bytes) -> bool:
    """Whether code logs, by the usual names of logging macros: their targets tell the module."""
    return _LOGS.search(text) is not None


def traces(draft: Draft) -> Iterator[str]:
    """Yield a sentence for each way in which the program itself can tell that code of M has moved."""
    survey = draft.survey
    package, text = survey.ground.package, survey.ground.source.text
    moved = [u for u in survey.units if draft.place[u.index] != FACADE]
    if any(u.item.kind in _TYPES for u in moved) and any(map(_TYPE_NAME.search, package.files.values())):
        yield "`type_name` tells the new module for types that moved."
    if any(map(_CALLER.search, package.files.values())):
        yield "`Location::caller` tells the new file for calls in code that moved, as panic messages do."
    if any(_LOGS.search(text, u.own.lead, u.end) for u in moved):
        name = survey.ground.module.name
        yield f"Log targets of code that moved are modules below `{name}`: filters by prefix still match."


_MOST_LISTED = 8
_WHY = {
    "fn": "one function",
    "impl": "one impl block",
    "enum": "one enum",
    "struct": "one struct",
    "trait": "one trait",
    "const": "one constant",
    "static": "one static",
    "macro": "one macro call",
    "macro_rules": "one macro",
}

_MOST_NAMED = 3
_UNUSED = re.compile(r"a `use` of (`\w+`) would be unused")
_FORMATTED = 0.9
"""A file of more than this share of the limit may be over it once rustfmt has broken its lines."""
_HELD = "code that a check kept there"


def notes(draft: Draft, change: Change) -> Iterator[str]:
    """Yield a sentence for all that was rolled back or held, and for what else a split tells of."""
    ground = draft.survey.ground
    for index, why in sorted(draft.held.items()):
        yield f"`{draft.survey.units[index].title}` stays in {ground.facade}, whatever the plan says: {why}"
    for message in dict.fromkeys(draft.revision.returned.values()):
        names = [name for name, why in draft.revision.returned.items() if why == message]
        word = "Module {} was" if len(names) == 1 else "Modules {} were"
        yield f"{word.format(', '.join(names))} rolled back, so its items stay in {ground.facade}: {message}"
    if held := draft.revision.staying:
        yield f"{quantity(len(held), 'item')} stayed in {ground.facade}: {why_staying(draft)}"
    for name in sorted(draft.revision.undocumented):
        yield f"Module {name} is private, whatever the plan says: missing_docs wants public ones documented"
    if renamed := change.renamed_tests:
        first = f"{renamed[0].old} is {renamed[0].new}"
        rest = ", and so on" if len(renamed) > 1 else ""
        yield f"{quantity(len(renamed), 'test')} renamed, as was asked: {first}{rest}"
    yield from traces(draft)
    yield from file_readers(ground)


def why_staying(draft: Draft) -> str:
    """Return why units stay that could not be told to before the compiler spoke."""
    why = sorted({*draft.revision.staying.values()})
    names = [name for reason in why for name in _UNUSED.findall(reason)]
    others = [reason for reason in why if not _UNUSED.match(reason)]
    if names:
        others.insert(0, f"a `use` of {', '.join(names[:_MOST_NAMED])} would be unused")
    return "; ".join(others[:_MOST_NAMED])


def too_long(draft: Draft, change: Change) -> Iterator[TooLong]:
    """Yield every file of the split that is over the limit, or may be once it is formatted.

    A file that stood there before, and only says where a module is now, is none of them.
    """
    ground = draft.survey.ground
    by_path = _by_path(draft)
    for path, text in sorted(change.result(ground.package.files).items()):
        ours = path in by_path or path not in ground.package.files
        lines = text.count(b"\n") if text is not None and ours and path.endswith(".rs") else 0
        most = draft.survey.options.max_lines
        why = _reason(draft, by_path.get(path)) if lines > _FORMATTED * most else ""
        if lines > most or why:
            yield TooLong(path, lines, why, most)


def _by_path(draft: Draft) -> dict[str, str]:
    ground = draft.survey.ground
    return {ground.facade: FACADE, **{ground.child_path(g.name): g.name for g in draft.alive}}


def why_whole(draft: Draft, path: str) -> str:
    """Return why a file of a split that is hardly one is as long as it is."""
    place = _by_path(draft).get(path, FACADE)
    units = [u for u in draft.survey.units if draft.place[u.index] == place]
    alone = place != FACADE or _is_mostly_kept(draft, units)
    return f"{_undivided(draft, units)}: {_listed(units)}" if alone else staying(draft)


def _is_mostly_kept(draft: Draft, units: Sequence[Unit]) -> bool:
    """Whether most of what stays is the type that the file is called after."""
    return 2 * sum(u.lines for u in units if u.index in draft.kept) > sum(u.lines for u in units)


def _undivided(draft: Draft, units: Sequence[Unit]) -> str:
    """Return why nothing more is cut off: a type of moderate length is better whole."""
    options = draft.survey.options
    whole = Limits.of(options).whole
    short = not options.cut_types and sum(u.lines for u in units) <= whole
    methods = any(u.member is not None for u in units)
    return f"{_WHOLE}, kept in one file up to {whole} lines" if short and methods else _UNDIVIDED


def unfinished(draft: Draft, long: Sequence[TooLong]) -> str:
    """Return why a split does less than was asked: what was rolled back, left long, or is open of a plan."""
    options = draft.survey.options
    about = Limits.of(options).about
    longer = [t for t in long if t.lines > about]
    undivided = [t.path for t in longer if t.why.startswith(_UNDIVIDED)]
    whole = [t.path for t in longer if t.why.startswith(_WHOLE)]
    back = ", ".join(draft.revision.returned)
    said = [f"These parts stay in {draft.survey.ground.facade}: {back}."] if back else []
    said += [f"Still too long, for a person to cut: {', '.join(undivided)}."] if undivided else []
    said += [f"Over the limit, but better whole (--cut-types cuts): {', '.join(whole)}."] if whole else []
    said += [f"{sentence[:1].upper()}{sentence[1:]}." for sentence in draft.unanswered]
    return " ".join(said)


def with_answers(change: Change, ask: Callable[[str], Change | Skip]) -> Change:
    """Return a change that says what can be made next of each module that had been one of its own already.

    ``ask`` gives the codemod's own answer for a file of the result.
    """
    answers = {long.path: ask(long.path) for long in change.too_long if not long.why}
    left = ", ".join(path for path, answer in answers.items() if isinstance(answer, Change))
    said = [change.partial] if change.partial else []
    said += [f"Still too long, to be split next: {left}."] if left else []
    long = (replace(t, why=_next_step(t.path, answers[t.path])) if not t.why else t for t in change.too_long)
    return replace(change, too_long=tuple(long), partial=" ".join(said))


def _next_step(path: str, answer: Change | Skip) -> str:
    was = "it was a module of its own already"
    if isinstance(answer, Change):
        return f"{was}; it can be split next"
    return f"{was}; {answer.reason}: {answer.sentence.removeprefix(f'{path}: ').rstrip('.')}"


_UNDIVIDED = "it is about one thing, and no part of it is a subject of its own"
_WHOLE = "it is one type with its methods"


def _reason(draft: Draft, place: str | None) -> str:
    """Return why a file of the split is too long, "" for one that only ``with_answers`` can tell of."""
    if place is None:
        return ""
    units = [u for u in draft.survey.units if draft.place[u.index] == place and u.item.kind != "mod"]
    largest = max(units, key=lambda u: u.lines, default=None)
    listed = _listed(units)
    if largest is not None and 2 * largest.lines > draft.survey.options.max_lines:
        why = _WHY.get(largest.own.kind, "one item")
        rest = f"; beside it {_listed([u for u in units if u is not largest])}" if len(units) > 1 else ""
        return f"`{largest.title}` takes {largest.lines} of them and cannot be cut ({why}){rest}"
    if place == FACADE and not _is_mostly_kept(draft, units):
        return f"what stays takes up the room ({_pinned(draft, units)}): {listed}"
    if draft.by_plan:
        return f"the plan asks for that: {listed}"
    if sum(unit.lines for unit in units) > draft.survey.options.max_lines:
        return f"{_undivided(draft, units)}: {listed}"
    return f"its imports made it longer than planned: {listed}"


def _listed(units: Sequence[Unit]) -> str:
    """Return what takes how many lines, the largest first, alike ones as one: "`A` 157, `impl B` 39 x 4"."""
    alike: dict[tuple[str, int], list[Unit]] = defaultdict(list)
    for unit in units:
        title = f"impl {unit.item.trait} for .." if unit.item.trait else unit.title
        alike[title, unit.lines].append(unit)
    lines = sorted(alike.items(), key=lambda pair: (-pair[0][1] * len(pair[1]), pair[1][0].index))
    shown = [f"`{title}` {n}" + (f" x {len(same)}" if len(same) > 1 else "") for (title, n), same in lines]
    rest = sum(n * len(same) for (_, n), same in lines[_MOST_LISTED:])
    return ", ".join(shown[:_MOST_LISTED]) + (f", {rest} more lines of smaller items" if rest else "")


def staying(draft: Draft) -> str:
    """Return what has to stay in the facade and how many lines of it, and what would let tests move."""
    units = [u for u in draft.survey.units if draft.place[u.index] == FACADE]
    bare = sum(u.lines for u in units if is_free_test(draft.survey.ground, u))
    may_move = 2 * bare > sum(u.lines for u in units) and not draft.survey.options.rename_tests
    hint = "; --rename-tests lets tests move, under new names" if may_move else ""
    return (_pinned(draft, units) or "only comments") + hint


def _pinned(draft: Draft, units: list[Unit]) -> str:
    counted: Counter[str] = Counter()
    text = draft.survey.ground.source.text
    others = "what the plan leaves there" if draft.by_plan else "small definitions"
    for unit in units:
        held = _HELD if unit.index in draft.revision.staying else others
        what = NOUNS.get(draft.survey.pins.get(unit.index, ""), held)
        counted[what] += text.count(b"\n", unit.start, unit.end)
    largest = [(what, lines) for what, lines in counted.most_common(3) if lines]
    return ", ".join(f"{lines} line{'s' * (lines > 1)} of {what}" for what, lines in largest)
