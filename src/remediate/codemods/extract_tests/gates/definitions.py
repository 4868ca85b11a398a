"""The gate "same definitions": each public path that a promoted test uses leads to what the test meant.

The codemod says which definition each path has to lead to; rustdoc, which has the compiler resolve both, says
whether it does. A path that rustdoc knows nothing of is not shown to be right.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from remediate.codemods.extract_tests.integration.target import Promotion
from remediate.feedback import Evidence, GateFailure
from remediate.gates import Compiler, GateResult, failed, passed, unverified

_GATE = "same definitions"


@dataclass(frozen=True, slots=True)
class Compared:
    """What became of the claims: how many hold, and a sentence for each promotion with one that does not."""

    held: int
    wrong: tuple[tuple[Promotion, str], ...] = ()

    def gate(self) -> GateResult:
        """Return the gate."""
        if self.wrong:
            words = "; ".join(f"{p.tests}: {why}" for p, why in self.wrong[:6])
            return failed(_GATE, words, self.feedback())
        if not self.held:
            return unverified(_GATE, "the promoted tests use no path of the library")
        return passed(_GATE, f"rustdoc leads {self.held} public paths to the definitions the tests meant")

    def feedback(self) -> tuple[GateFailure, ...]:
        """Return what is wrong as ``refine`` is told of it."""
        return tuple(GateFailure(_GATE, why, (Evidence(promotion.file),)) for promotion, why in self.wrong)


def unproven(promotions: Sequence[Promotion]) -> tuple[GateFailure, ...]:
    """Return what ``refine`` is told where no compiler can say which definitions the paths lead to."""
    why = "nothing compiles here, so that nobody can say what its paths lead to outside of the library"
    return Compared(0, tuple((promotion, why) for promotion in promotions)).feedback()


def compared(compiler: Compiler, promotions: Sequence[Promotion]) -> Compared:
    """Hold the claims against a library's documentation, private items included.

    A path that is not there under the first feature set is looked for under the others.
    """
    documents: list[Mapping[str, Any]] = []
    found = compare(documents, promotions)
    for configuration in compiler.configurations:
        if documents and not found.wrong:
            break
        document = compiler.documentation(configuration)
        documents += [document] if document else []
        found = compare(documents, promotions)
    return found


def compare(documents: Sequence[Mapping[str, Any]], promotions: Sequence[Promotion]) -> Compared:
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
        for kind, members in (("module", "items"), ("enum", "variants")):
            for member in inner.get(kind, {}).get(members, ()):
                if str(member) in self.index:
                    yield str(member)

    def _kind(self, identity: str) -> str:
        (kind,) = self.index[identity]["inner"]
        return str(kind)


def _segments(path: str) -> list[str]:
    return path.split("::") if path else []
