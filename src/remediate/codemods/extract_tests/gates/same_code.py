"""The gates "same library" and "same tests": what rustc writes down of functions (MIR), before and after.

Without ``cfg(test)`` each function of a library does what it does with it: an integration test links the
library as everybody gets it, a unit test the one that is built for tests; whatever the one has, the other has
to have.

Each promoted test does in the test target what it did beside the code, with every method, field and trait
resolved. The two crates see the library from inside and from outside, so paths to it differ; they are cut
down to their last names. What those lead to the gate "same definitions" shows. Of a module that is divided
both halves are looked at: together they have to do what the whole did.
"""

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from remediate.codemods.extract_tests.integration.target import Promotion
from remediate.feedback import Evidence, GateFailure
from remediate.gates import GateResult, failed, passed, unverified
from remediate.rust.mir import Body, bodies, members, standard, within

_LIBRARY = "same library"
_TESTS = "same tests"
_PRIMITIVE = r"(?:[iu](?:8|16|32|64|128|size)|f(?:16|32|64|128)|bool|char|str|slice|array|tuple)::"
# Modules in front of what they hold; a type's name stays, a function's own one too, and which trait of the
# standard library a method is of: `fmt::Write` or `io::Write`. Its hidden types have the path of a re-export.
_MODULES = re.compile(rf"(?<![\w:>}}])(?!(?<= as )std::)(?:(?!{_PRIMITIVE})[a-z_]\w*::)+(?=\w)")

_NAMED = re.compile(r"(?:fn|const|static(?: mut)?) (\w+)")


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


def before(
    configuration: str, mir: str, files: Mapping[str, bytes], promotions: Sequence[Promotion]
) -> TestBodies:
    """Return what the tests to be promoted do, from the MIR of the library's test build."""
    found = ((p.tests, bodies(within(mir, p.tests), files, _last_names)) for p in promotions)
    seen = frozenset(path for p in promotions for path in members(mir, p.tests))
    return TestBodies(configuration, tuple(found), bool(mir), seen)


def after(
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
