"""What the compiler and gates say, answered: each becomes a revision of the draft, or a group stays."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from remediate.codemods.split_file.analyze.symbols import Symbol
from remediate.codemods.split_file.analyze.traits import traits
from remediate.codemods.split_file.analyze.units import Unit
from remediate.codemods.split_file.draft import FACADE, Draft, Group, Revision
from remediate.codemods.split_file.imports.import_planner import Places
from remediate.codemods.split_file.refine.import_feedback import given_back, revised_imports
from remediate.codemods.split_file.rewrite.render import render
from remediate.codemods.split_file.rewrite.report import logs, why_staying
from remediate.edits import Change
from remediate.feedback import LOCATION, TEST_RESULTS, Feedback, GateFailure, failures, messages
from remediate.model import Diagnostic, Skip
from remediate.rust.package import Package
from remediate.rust.syntax.items import children

_UNRESOLVED = {
    "E0425",
    "E0412",
    "E0405",
    "E0433",
    "E0432",
    "E0422",
    "E0531",
    "E0574",
    "E0423",
    "E0532",
    "E0404",
    "E0411",
}
_OUT_OF_REACH = {"E0432", "E0451", "E0603", "E0616", "E0423", "E0532"}
"""The codes of what is private, or not there under the cfg of a compilation."""
_QUOTED = re.compile(r"`([^`]+)`")
_NAMED = re.compile(r"`(?:r#)?(\w+)`")
_FIELD = re.compile(r"fields? ((?:`\w+`(?:, | and )?)+) of (?:struct|union) `(?:[\w]+::)*(\w+)")
_IMPORT_UNDER_CFG = re.compile(
    rb"[^;{}#]*\]\s*(?:pub(?:\([^)]*\))?\s+)?use\s+(?:self::)?(?:r#)?(?P<module>\w+)::(?P<names>[^;]*);"
)
"""What follows a name in the ``#[cfg(..)]`` of an import from a child."""
_WORD = re.compile(r"\w+")
_CLOSURE = re.compile(r"\{closure#\d+\}")
_MANY = 400
_PATIENCE = 3
"""Answers after which a group that still has errors is rolled back, and the rest is kept."""


def refined(package: Package, change: Change, draft: Draft, feedback: Sequence[Feedback]) -> Change | Skip:
    """Return the change with everything learned, the same change if nothing was, or a decline."""
    places = Places(draft, change.result(package.files))
    rustc = messages(feedback)
    gates = [failure for failure in failures(feedback) if not _is_log_target(places, failure)]
    errors = [message for message in rustc if message.level == "error"]
    revision = draft.revision
    for message in errors[:_MANY] or rustc:
        revision = _learn(draft, places, revision, message)
    for message in rustc if errors else ():
        if message.code == "unused_imports":
            revision = revised_imports(places, revision, message, partial=True)
    for failure in gates:
        revision = replace(revision, staying={**revision.staying, **_located(places, failure)})
    learned = revision != draft.revision
    bad: list[Feedback] = [*errors, *(failure for failure in gates if failure.judged)]
    if not learned or (bad and revision.rounds >= _PATIENCE):
        revision = _roll_back(draft, places, revision, bad or [*rustc, *gates], learned=learned)
    if revision == draft.revision:
        return change
    again, answer = _rendered(draft, revision)
    if errors and answer.conserved(package.files) == change.conserved(package.files):
        # What was learned is so already: ``new`` of another type was meant, which a macro makes.
        again, answer = _rendered(draft, _roll_back(draft, places, revision, errors, learned=False))
    return answer if answer.creations else _undone(again)


def _rendered(draft: Draft, revision: Revision) -> tuple[Draft, Change]:
    again = replace(draft, revision=replace(revision, rounds=revision.rounds + 1))
    return again, render(again)


def _is_log_target(places: Places, said: GateFailure) -> bool:
    """Whether it is only a log's target that may tell the module: reviewers are told, nothing is undone."""
    if said.gate != LOCATION:
        return False
    draft = places.draft
    units = [draft.survey.units[i] for i in _located(places, said)]
    if units:
        text = draft.survey.ground.source.text
        return all(logs(text[u.own.lead : u.end]) for u in units)
    return any(logs(places.texts.get(path) or b"") for path in said.paths)


def _located(places: Places, said: GateFailure) -> dict[int, str]:
    """Return the moved units with a function that says where it stands, by index; none for other gates."""
    draft, found = places.draft, dict[int, str]()
    for one in said.evidence if said.gate == LOCATION else ():
        here = places.here(one.path)
        for unit in draft.survey.units if one.name and here != FACADE else ():
            inline = unit.item.kind == "mod" and here == f"mod {unit.item.name}"
            if inline or (draft.place[unit.index] == here and one.name in _held_by(draft, unit)):
                found[unit.index] = f"`{one.name}` says where it stands"
    return found


def _undone(draft: Draft) -> Skip:
    """Return why no new module is left."""
    if draft.revision.returned:
        *_, why = draft.revision.returned.values()
        return Skip("not-verified", f"no part of the split stands: {why}")
    return Skip("cannot-cut", f"{draft.survey.ground.path}: nothing in it can move ({why_staying(draft)}).")


def _learn(draft: Draft, places: Places, revision: Revision, diagnostic: Diagnostic) -> Revision:
    code = diagnostic.code
    if code == "unexpected_cfgs":
        needed = _needed_under_a_cfg(draft, places, diagnostic)
        return replace(revision, staying={**revision.staying, **needed})
    if code == "unused_imports":
        return revised_imports(places, revision, diagnostic)
    if code == "missing_docs":
        return _private(draft, places, revision, diagnostic)
    if hidden := _out_of_reach(draft, places, diagnostic):
        return replace(revision, staying={**revision.staying, **hidden})
    opened = {s.key for s in _opened(draft, places, diagnostic)}
    if opened:
        return replace(revision, exposed=revision.exposed | opened)
    return _lacking(draft, places, revision, diagnostic)


def _needed_under_a_cfg(draft: Draft, places: Places, diagnostic: Diagnostic) -> dict[int, str]:
    """Return the moved units that the facade imports only under the cfg that a message calls unexpected.

    The condition is repeated from the code that needs them; where they stay, no import has to repeat it.
    """
    found = dict[int, str]()
    for span in diagnostic.spans:
        if not span.primary or places.here(span.path) != FACADE:
            continue
        imported = _IMPORT_UNDER_CFG.match(places.texts.get(span.path) or b"", span.end)
        group = next((g for g in draft.alive if imported and g.name == imported["module"].decode()), None)
        names = set(_WORD.findall(imported["names"].decode())) if imported else set()
        for index in group.units if group is not None else ():
            if named := sorted(_names(draft.survey.units[index]) & names):
                found[index] = f"`{named[0]}` is needed under a cfg that is unexpected"
    return found


def _out_of_reach(draft: Draft, places: Places, diagnostic: Diagnostic) -> dict[int, str]:
    """Return the moved macro calls that make what a message does not find, or take no visibility."""
    refused = diagnostic.message.startswith("no rules expected")
    if not refused and diagnostic.code not in _OUT_OF_REACH:
        return {}
    words = {name.rpartition("::")[2] for name in _QUOTED.findall(diagnostic.message)}
    here = {places.here(span.path) for span in diagnostic.spans}
    found = dict[int, str]()
    for unit in draft.survey.units:
        for one in unit.made if draft.place[unit.index] != FACADE else ():
            opened = one.visibility.private and one.insert >= 0
            mine = draft.place[unit.index] in here if refused else one.name in words
            if mine and opened == refused:
                found[unit.index] = f"`{one.name}` is made by a macro for its own module"
    return found


def _private(draft: Draft, places: Places, revision: Revision, diagnostic: Diagnostic) -> Revision:
    """Keep a module private that would have to be documented if it were public."""
    declared = places.text(diagnostic).removeprefix("pub mod ").removesuffix(";")
    found = {g.name for g in draft.alive if g.public and g.name == declared}
    return replace(revision, undocumented=revision.undocumented | found)


# Visibility


def _opened(draft: Draft, places: Places, diagnostic: Diagnostic) -> Iterator[Symbol]:
    """Yield the symbols a message calls too private."""
    code, message = diagnostic.code, diagnostic.message
    if code in ("E0616", "E0451") or _FIELD.search(message):
        yield from _fields(draft, message)
    elif (code in ("E0423", "E0532", "E0639") and "private" in str(diagnostic)) or "constructor" in message:
        quoted = _QUOTED.findall(message)
        name = (quoted[0] if quoted and "constructor" in message else places.text(diagnostic)).rpartition(
            "::"
        )[2]
        yield from (
            s for s in draft.survey.symbols.of_type.get(name, ()) if s.kind == "field" and _moved(draft, s)
        )
    elif code in ("E0603", "E0624", "E0364", "E0365", "private_interfaces", "private_bounds", "E0446"):
        yield from _defined(draft, places, diagnostic)


def _fields(draft: Draft, message: str) -> Iterator[Symbol]:
    match = _FIELD.search(message)
    for name in _NAMED.findall(match.group(1)) if match else ():
        for symbol in draft.survey.symbols.of_type.get(match.group(2) if match else "", ()):
            if symbol.kind == "field" and symbol.name == name and _moved(draft, symbol):
                yield symbol


def _defined(draft: Draft, places: Places, diagnostic: Diagnostic) -> Iterator[Symbol]:
    """Yield what the message names, where its definition spans say so if they do."""
    names = [n.rpartition("::")[2].split("<")[0] for n in _QUOTED.findall(diagnostic.message)]
    spans = {places.here(s.path) for d in (diagnostic, *diagnostic.children) for s in d.spans}
    for symbol in draft.survey.symbols.all:
        meant = symbol.name in names and symbol.kind != "field" and _moved(draft, symbol)
        if meant and draft.place[symbol.unit] in spans:
            yield symbol


def _moved(draft: Draft, symbol: Symbol) -> bool:
    return draft.place[symbol.unit] != FACADE and symbol.visibility.private


# Names


def _lacking(draft: Draft, places: Places, revision: Revision, diagnostic: Diagnostic) -> Revision:
    if diagnostic.code in _UNRESOLVED or "cannot find" in diagnostic.message:
        return _unresolved(draft, places, revision, diagnostic)
    return _traits(draft, places, revision, diagnostic) if diagnostic.code == "E0599" else revision


def _unresolved(draft: Draft, places: Places, revision: Revision, diagnostic: Diagnostic) -> Revision:
    scope = draft.survey.ground.scope
    for name, here in _missing_names(places, diagnostic):
        imported = {(here, f"use:{i.leaf.start}") for i in scope.imported.get(name, ())}
        if diagnostic.code == "E0432":
            revision = replace(revision, unused=revision.unused | {(here, name)})
        elif name in scope.defined or imported:
            revision = given_back(revision, {(here, name), *imported})
        else:
            tried = (here, name) in revision.missing
            known = given_back(revision, {(here, f"use:{g.leaf.start}") for g in scope.globs})
            known = _made(draft, known, name, here)
            revision = _as_made_by_moved(draft, revision, name) if known == revision and not tried else known
    return revision


def _as_made_by_moved(draft: Draft, revision: Revision, name: str) -> Revision:
    """Keep the macro calls that moved: one of them may make a name that nothing else has."""
    calls = [u.index for u in draft.survey.units if u.item.kind == "macro" and draft.place[u.index] != FACADE]
    why = f"a macro may make `{name}`"
    return replace(revision, staying={**dict.fromkeys(calls, why), **revision.staying})


def _made(draft: Draft, revision: Revision, name: str, here: str) -> Revision:
    """Let a child import a name that a macro call or a derive which stays in the facade may have made."""
    makers = {"item-macro", "generated-names"} & set(draft.survey.pins.values())
    known = (here, name) in revision.unused or (here, name) in revision.missing
    if not makers or known or here == FACADE or not name.isidentifier():
        return revision
    return replace(revision, missing=revision.missing | {(here, name)})


def _missing_names(places: Places, diagnostic: Diagnostic) -> Iterator[tuple[str, str]]:
    names = [
        q.split("::")[-1] if diagnostic.code == "E0432" else q.split("::")[0]
        for q in _QUOTED.findall(diagnostic.message)
    ]
    for span in diagnostic.spans:
        if span.primary:
            here = places.here(span.path) or FACADE
            yield from ((n.removeprefix("r#").removesuffix("!"), here) for n in names[:1])


def _traits(draft: Draft, places: Places, revision: Revision, diagnostic: Diagnostic) -> Revision:
    """Give a place the traits that rustc names; if that was not enough, every trait of M that it lacks."""
    known, scope = traits(draft.survey.ground), draft.survey.ground.scope
    named = {name for child in diagnostic.children for name in _NAMED.findall(child.message)}
    proposed = {i.leaf.start for name in named for i in scope.imported.get(name, ())}
    for span in diagnostic.spans:
        here = places.here(span.path)
        if span.primary and here is not None:
            keys = {(here, f"use:{start}") for start in proposed}
            keys |= {(here, name) for name in known.own if name in named}
            if keys <= draft.revision.missing:
                keys = {(here, f"use:{start}") for start in known.imported.keys() | proposed}
                keys |= {(here, name) for name in known.own}
                keys |= {(here, f"use:{g.leaf.start}") for g in scope.globs}
            revision = given_back(revision, keys)
    return revision


# Rollback


def _roll_back(
    draft: Draft, places: Places, revision: Revision, feedback: Sequence[Feedback], *, learned: bool
) -> Revision:
    """Return the groups to the facade that feedback points into.

    What points into none is the fault of the groups whose items it names. What names none of them either is
    nobody's that is known: all are rolled back, unless something ``learned`` may answer it.
    """
    guilty: dict[str, str] = {}
    for said in feedback:
        at_fault = _pointed_at(draft, places, said) or ([] if learned else _named(draft, said))
        guilty |= {g.name: _blame(said) for g in at_fault if g.name not in guilty}
    if not guilty and not learned:
        unplaced = [said for said in feedback if not _is_of_test(said)]
        guilty = {g.name: _unplaced(said) for said in unplaced[:1] for g in draft.alive}
    return replace(revision, returned={**revision.returned, **guilty}) if guilty else revision


def _blame(said: Feedback) -> str:
    if isinstance(said, GateFailure):
        return f"{'test' if _is_of_test(said) else said.gate} {said.sentence}"
    return f"{said.code} {said.message}".strip().split("\n")[0]


def _unplaced(said: Feedback) -> str:
    """Return what is said that neither points into a new module nor names what is in one."""
    where = (
        next((f" in {s.path}" for s in said.spans if s.primary), "") if isinstance(said, Diagnostic) else ""
    )
    return f"which part is at fault cannot be told from what is new{where}: {_blame(said)}"


def _pointed_at(draft: Draft, places: Places, said: Feedback) -> Sequence[Group]:
    if isinstance(said, GateFailure):
        found = {places.here(path) for path in said.paths}
    else:
        found = {places.here(s.path) for d in (said, *said.children) for s in d.spans}
    return [g for g in draft.alive if g.name in found]


def _named(draft: Draft, said: Feedback) -> Sequence[Group]:
    """Return the groups with the items that are named; of a path its last name that an item has."""
    units = draft.survey.units
    if isinstance(said, GateFailure):
        paths = [_WORD.findall(_CLOSURE.sub("", one.name))[::-1] for one in said.evidence]
        held = {name for group in draft.alive for i in group.units for name in _held_by(draft, units[i])}
        words = {next((name for name in path if name in held), "") for path in paths}
        return [g for g in draft.alive if any(_held_by(draft, units[i]) & words for i in g.units)]
    words = {n.rpartition("::")[2] for n in _QUOTED.findall(said.message)}
    return [g for g in draft.alive if any(_names(units[i]) & words for i in g.units)]


def _is_of_test(said: Feedback) -> bool:
    """Whether it is about how a test ends, where a file that is at fault was looked for."""
    return isinstance(said, GateFailure) and said.gate == TEST_RESULTS


def _held_by(draft: Draft, unit: Unit) -> set[str]:
    """Return the names of a unit, and of what is inside of it."""
    inside = children(draft.survey.ground.source, unit.item) if unit.member is None else ()
    return _names(unit) | {item.name for item in inside if item.name}


def _names(unit: Unit) -> set[str]:
    members = {unit.member.name} if unit.member is not None and unit.member.name else set()
    return {name for name, _ in unit.names} | members
