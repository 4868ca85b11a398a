"""The gates of promoted tests: each uses the library it tested, from outside, and does what it did.

"Same definitions": each public path that a promoted test uses leads to what the test meant. The codemod says
which definition each path has to lead to; rustdoc, which has the compiler resolve both, says whether it does.
A path that rustdoc knows nothing of is not shown to be right.

"Same library": without ``cfg(test)`` each function of a library does what it does with it. An integration
test links the library as everybody gets it, a unit test the one that is built for tests. rustc writes down
what each function does (MIR); whatever the one has, the other has to have.

"Same tests": each promoted test does in the test target what it did beside the code, with every method, field
and trait resolved. The two crates see the library from inside and from outside, so paths to it differ; they
are cut down to their last names: what those lead to is asked already. Of a module that is divided both halves
are looked at: together they have to do what the whole did.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from remediate.codemods.extract_tests.integration.target import TARGET, Promotion, promotions_of
from remediate.edits import Change
from remediate.feedback import Evidence, GateFailure
from remediate.gates import Compiler, CompilerGates, GateResult, Verdict, failed, passed, unverified
from remediate.model import Files
from remediate.rust.mir import Body, bodies, members, standard, within

_DEFINITIONS = "same definitions"
_LIBRARY = "same library"
_TESTS = "same tests"
_PRIMITIVE = r"(?:[iu](?:8|16|32|64|128|size)|f(?:16|32|64|128)|bool|char|str|slice|array|tuple)::"
# Modules in front of what they hold; a type's name stays, a function's own one too, and which trait of the
# standard library a method is of: `fmt::Write` or `io::Write`. Its hidden types have the path of a re-export.
_MODULES = re.compile(rf"(?<![\w:>}}])(?!(?<= as )std::)(?:(?!{_PRIMITIVE})[a-z_]\w*::)+(?=\w)")

_NAMED = re.compile(r"(?:fn|const|static(?: mut)?) (\w+)")


@dataclass(frozen=True, slots=True)
class Compared:
    """What became of the claims: how many hold, and a sentence for each promotion with one that does not."""

    held: int
    wrong: tuple[tuple[Promotion, str], ...] = ()

    def gate(self) -> GateResult:
        """Return the gate."""
        if self.wrong:
            words = "; ".join(f"{p.tests}: {why}" for p, why in self.wrong[:6])
            return failed(_DEFINITIONS, words, self.feedback())
        if not self.held:
            return unverified(_DEFINITIONS, "the promoted tests use no path of the library")
        return passed(
            _DEFINITIONS, f"rustdoc leads {self.held} public paths to the definitions the tests meant"
        )

    def feedback(self) -> tuple[GateFailure, ...]:
        """Return what is wrong as ``refine`` is told of it."""
        return tuple(
            GateFailure(_DEFINITIONS, why, (Evidence(promotion.file),)) for promotion, why in self.wrong
        )


def unproven(promotions: Sequence[Promotion]) -> tuple[GateFailure, ...]:
    """Return what ``refine`` is told where no compiler can say which definitions the paths lead to."""
    why = "nothing compiles here, so that nobody can say what its paths lead to outside of the library"
    return Compared(0, tuple((promotion, why) for promotion in promotions)).feedback()


def compared(compiler: Compiler, promotions: Sequence[Promotion]) -> Compared:
    """Hold the claims against a library's documentation, private items included.

    A path that is not there under the first feature set is looked for under the others.
    """
    documents: list[Mapping[str, Any]] = []
    found = compare_definitions(documents, promotions)
    for configuration in compiler.configurations:
        if documents and not found.wrong:
            break
        document = compiler.documentation(configuration)
        documents += [document] if document else []
        found = compare_definitions(documents, promotions)
    return found


def compare_definitions(documents: Sequence[Mapping[str, Any]], promotions: Sequence[Promotion]) -> Compared:
    """Hold the claims against rustdoc's JSON under some feature sets: one shows each, none differs."""
    names = [_Names(document["index"], str(document["root"])) for document in documents]
    wrong, count = [], 0
    for promotion in promotions:
        bad = [c for c in promotion.claims if {n.same(*c) for n in names} - {None} != {True}]
        count += len(promotion.claims) - len(bad)
        if bad:
            words = f"rustdoc does not lead {promotion.crate}::{bad[0][0]} to {bad[0][1] or 'the crate'}"
            wrong.append((promotion, words))
    return Compared(count, tuple(wrong))


class _Names:
    """Paths in rustdoc's JSON of a library with its private items."""

    def __init__(self, index: Mapping[str, Any], root: str) -> None:
        self.index, self.root = index, root

    def same(self, public: str, definition: str) -> bool | None:
        """Whether a public path leads to what is defined at another path; None where it leads nowhere."""
        found = self._public(self.root, _segments(public))
        return found == self._defined(self.root, _segments(definition)) if found else None

    def _defined(self, identity: str, path: Sequence[str]) -> set[str]:
        """Return what is defined, not imported, at a path; in both namespaces, if there are two."""
        if not path:
            return {identity}
        inner = (m for m in self._members(identity) if self._kind(m) != "use")
        named = [m for m in inner if self.index[m]["name"] == path[0]]
        return {found for m in named for found in self._defined(m, path[1:])}

    def _public(self, identity: str, path: Sequence[str]) -> set[str]:
        """Return what a path leads to from outside: what is named goes before what a glob brings."""
        if not path:
            return {identity}
        found = set(self._named(identity, path[0]))
        found = found or set(self._by_globs(identity, path[0], frozenset()))
        return {end for m in found for end in self._public(m, path[1:])}

    def _named(self, identity: str, name: str) -> Iterator[str]:
        for member in self._members(identity):
            item = self.index[member]
            if item["visibility"] not in ("public", "default"):
                continue
            if self._kind(member) != "use":
                yield from (member,) if item["name"] == name else ()
            elif (use := item["inner"]["use"])["name"] == name and not use["is_glob"]:
                yield from self._target(use)

    def _by_globs(self, identity: str, name: str, seen: frozenset[str]) -> Iterator[str]:
        for member in self._members(identity):
            use = self.index[member]["inner"].get("use")
            public = self.index[member]["visibility"] == "public"
            if not use or not use["is_glob"] or not public:
                continue
            for target in self._target(use):
                if target not in seen:
                    yield from self._named(target, name)
                    yield from self._by_globs(target, name, seen | {target})

    def _target(self, use: Mapping[str, Any]) -> Iterator[str]:
        """Yield what a re-export leads to; nothing where that is another crate's."""
        target = str(use["id"])
        if target in self.index and self._kind(target) == "use":
            yield from self._target(self.index[target]["inner"]["use"])
        elif target in self.index:
            yield target

    def _members(self, identity: str) -> Iterator[str]:
        inner = self.index[identity]["inner"]
        for kind, listed in (("module", "items"), ("enum", "variants")):
            for member in inner.get(kind, {}).get(listed, ()):
                if str(member) in self.index:
                    yield str(member)

    def _kind(self, identity: str) -> str:
        (kind,) = self.index[identity]["inner"]
        return str(kind)


def _segments(path: str) -> list[str]:
    return path.split("::") if path else []


def unjudged(configuration: str) -> GateResult:
    """Return what can be said of a feature set under which the tests did not compile before the change."""
    why = "the library's tests do not compile before the change either"
    return unverified(f"{_LIBRARY} ({configuration})", why)


def compare_library(configuration: str, ordinary: str, for_tests: str) -> GateResult:
    """Hold the MIR of an ordinary build against that of one for tests, which may have more; "" is none."""
    mine, theirs = _counted(bodies(ordinary, {}, standard)), _counted(bodies(for_tests, {}, standard))
    odd = sorted({name for name, _ in mine - theirs})
    wrong = ""
    if not (ordinary and for_tests):
        wrong = "the library does not compile with and without `cfg(test)`"
    elif odd:
        shown = "; ".join(name.partition("(")[0].partition(" {")[0] for name in odd[:3])
        wrong = f"what it does depends on `cfg(test)`: {shown}"
    name = f"{_LIBRARY} ({configuration})"
    if wrong:
        return failed(name, wrong, (GateFailure(_LIBRARY, wrong),))
    return passed(name, f"{mine.total()} bodies are the same with and without `cfg(test)`")


@dataclass(frozen=True, slots=True)
class TestBodies:
    """What the tests of modules do under a feature set, by the module's path, and whether they compile.

    ``seen`` are the paths of what the modules hold, as far as the build has it.
    """

    configuration: str
    modules: tuple[tuple[str, tuple[Body, ...]], ...]
    made: bool = True
    seen: frozenset[str] = frozenset()


def bodies_before(
    configuration: str, mir: str, files: Mapping[str, bytes], promotions: Sequence[Promotion]
) -> TestBodies:
    """Return what the tests to be promoted do, from the MIR of the library's test build."""
    found = ((p.tests, bodies(within(mir, p.tests), files, _last_names)) for p in promotions)
    seen = frozenset(path for p in promotions for path in members(mir, p.tests))
    return TestBodies(configuration, tuple(found), bool(mir), seen)


def bodies_after(
    configuration: str, mir: str, files: Mapping[str, bytes], promotions: Sequence[Promotion], rest: str = ""
) -> TestBodies:
    """Return what promoted tests do, from the MIR of the test target, by the names of the definitions.

    Of a divided module also what stayed in the library does; ``rest`` is the MIR of its test build.
    """
    found = []
    for promotion in promotions:
        moved = bodies(within(mir, promotion.tests), files, _defined(promotion))
        stayed = bodies(within(rest, promotion.tests), files, _last_names) if promotion.parts else ()
        found.append((promotion.tests, (*moved, *stayed)))
    return TestBodies(configuration, tuple(found))


def compare_tests(old: TestBodies, new: TestBodies, promotions: Sequence[Promotion]) -> GateResult:
    """Hold the tests of promoted modules against what they were."""
    were, are, wrong = dict(old.modules), dict(new.modules), list[tuple[Promotion, str]]()
    for promotion in promotions:
        mine, theirs = _counted(were.get(promotion.tests, ())), _counted(are.get(promotion.tests, ()))
        odd = sorted({name for name, _ in (mine - theirs) + (theirs - mine)})
        wrong += [(promotion, f"`{name.partition(' {')[0]}` does something else there") for name in odd]
    if wrong:
        return _different(old.configuration, wrong)
    count = sum(len(found) for found in are.values())
    return passed(f"{_TESTS} ({old.configuration})", f"{count} bodies are the same in the test target")


def unseen(found: Sequence[TestBodies], promotions: Sequence[Promotion]) -> GateResult | None:
    """Return the gate where no feature set has a test of some promotions; None where all are seen."""
    seen = frozenset[str]().union(*(one.seen for one in found))
    why = "no build that is looked at has its tests, so nothing shows that they are the same"
    wrong = [(p, why) for p in promotions if not any(map(p.holds, seen))]
    return _different("any", wrong) if wrong else None


def _different(configuration: str, wrong: Sequence[tuple[Promotion, str]]) -> GateResult:
    failures = tuple(GateFailure(_TESTS, why, (Evidence(p.file, _named(why[1:])),)) for p, why in wrong)
    return failed(f"{_TESTS} ({configuration})", "; ".join(why for _, why in wrong[:6]), failures)


def _named(body: str) -> str:
    """Return the name of the function, constant or static that a body is of; "" for one of an impl."""
    found = _NAMED.match(body)
    return found[1] if found else ""


def _counted(found: Sequence[Body]) -> Counter[tuple[str, str]]:
    return Counter((body.name, body.digest) for body in found)


def _last_names(text: str) -> str:
    return _MODULES.sub("", standard(text))


def _defined(promotion: Promotion) -> Callable[[str], str]:
    """Return what names things by their definitions' last names, where a public path renames them."""
    last = {path.rpartition("::")[2]: definition.rpartition("::")[2] for path, definition in promotion.claims}
    renamed = {name: own for name, own in last.items() if own and own != name}
    if not renamed:
        return _last_names
    said = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, sorted(renamed)))})(?!\w)")
    return lambda text: said.sub(lambda match: renamed[match[0]], _last_names(text))


def _measure(change: Change, compiler: Compiler) -> tuple[TestBodies, ...]:
    """Return what the tests to be promoted do, under each feature set."""
    promotions = promotions_of(change)
    sets = compiler.configurations if promotions else ()
    return tuple(
        bodies_before(name, compiler.mir(name).get("lib test", ""), compiler.files, promotions)
        for name in sets
    )


def _judge(change: Change, measured: object, compiler: Compiler) -> Iterator[GateResult]:
    """Yield the gates; that of definitions even where rustc has news, so that both are answered at once.

    Where no test is promoted any more, nothing links the library from outside that did not before.
    """
    promotions, before = promotions_of(change), cast("tuple[TestBodies, ...]", measured)
    if not promotions:
        return
    definitions = compared(compiler, promotions).gate()
    yield definitions
    if definitions.verdict is not Verdict.FAILED and not compiler.news:
        yield from _same_code(promotions, before, compiler)


def _same_code(
    promotions: Sequence[Promotion], before: Sequence[TestBodies], compiler: Compiler
) -> Iterator[GateResult]:
    """Yield what is the same under each feature set, up to the first where something is not."""
    if (nothing := unseen(before, promotions)) is not None:
        yield nothing
        return
    for old in before:
        if not old.made:
            yield unjudged(old.configuration)
            continue
        for gate in _compared_code(compiler.mir(old.configuration), compiler.files, old, promotions):
            yield gate
            if gate.verdict is Verdict.FAILED:
                return


def _compared_code(
    mir: Mapping[str, str], files: Files, old: TestBodies, promotions: Sequence[Promotion]
) -> Iterator[GateResult]:
    """Yield the library's two builds compared, then the tests with what they were."""
    yield compare_library(old.configuration, mir.get("lib", ""), mir.get("lib test", ""))
    new = bodies_after(old.configuration, mir.get(TARGET, ""), files, promotions, mir.get("lib test", ""))
    yield compare_tests(old, new, promotions)


PROMOTED = CompilerGates(
    covers={
        "same definitions": "each public path of a promoted test leads to what it meant",
        "same library": "a library does without `cfg(test)` what it does with it",
        "same tests": "a promoted test does what it did",
    },
    measure=_measure,
    judge=_judge,
    unproven=lambda change: unproven(promotions_of(change)),
)
