"""The gates "expansion", "location" and "build scripts": what macros and build scripts made of a change.

A difference counts only if it is the same twice, and does not come of a file being touched at all: a build
script that asks git whether the tree is clean, a macro that writes down the time. So it is measured again
with the change, and once without it, with a blank line in one of its files.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from remediate.cargo.command import Cargo
from remediate.cargo.compiler_output import ScriptOutput
from remediate.edits import Change
from remediate.feedback import LOCATION
from remediate.gates import GateResult, failed, passed, unverified
from remediate.proofs import Proof
from remediate.quantities import quantity
from remediate.rust.package import Package, Target
from remediate.verify.baseline import Baseline
from remediate.verify.check_round import Before
from remediate.verify.compiler.expansion import (
    Difference,
    Expanded,
    Expansions,
    Locations,
    difference,
    expand,
    targets_of,
    told,
)
from remediate.verify.report import Level
from remediate.verify.tests import neighbours
from remediate.verify.text.own_expansion import calls, expands_by_itself

EXPANSION, SCRIPTS = "expansion", "build scripts"


def prepared(cargo: Cargo, package: Package, baseline: Baseline, change: Change) -> Baseline:
    """Return a baseline that knows what a change to a package is compared with; the tree is untouched.

    Raises:
        ToolError: cargo is missing.
        BaselineError: cargo cannot begin.
    """
    if baseline.level is Level.QUICK:
        return baseline
    paths = change.originals()
    found = neighbours.measure(cargo, package, baseline, paths)
    known, targets = {one.label for one in baseline.expanded}, targets_of(package, paths)
    determined = _is_determined(package, change, targets)
    missing = [t for t in targets if t.label not in known and not determined]
    made = expand(cargo, baseline.checks[0].configuration, baseline.spec, missing)
    return replace(
        baseline,
        expanded=(*baseline.expanded, *made.targets),
        neighbours=(*baseline.neighbours, *found),
    )


@dataclass(frozen=True)
class Comparison:
    """A change that is on the disk, and what to compare it with.

    Attributes:
        before: The baseline, and how to look back.
        package, after: The package before the change and after it.
        change: The change.
        code: What is promised of its text: where that is nothing, macros may make anything of it.
        expanded: What the build of the last round has expanded, by the target's label.
    """

    cargo: Cargo
    before: Before
    package: Package
    after: Package
    change: Change
    code: Proof = Proof.SAME
    expanded: Mapping[str, str] = field(default_factory=dict)

    def gates(self) -> Iterator[GateResult]:
        """Yield the gates; raises as ``prepared``."""
        baseline = self.before.baseline
        if baseline.level is Level.QUICK:
            yield unverified(EXPANSION, f"not part of level {baseline.level}")
            return
        if self.change.rewrites or self.code is Proof.NONE:
            yield unverified(EXPANSION, "the change rewrites code, and so what macros make of it")
            return
        before = targets_of(self.package, self.change.originals())
        if _is_determined(self.package, self.change, before):
            names = ", ".join(target.label for target in before)
            yield passed(
                EXPANSION, f"tokens that are conserved expand to the same in {names}: no macro asks more"
            )
            return
        targets = self._targets()
        base = {one.label: one for one in baseline.expanded}
        if not targets or any(t.label not in base for t in targets if t in self.package.targets):
            yield unverified(EXPANSION, "no target that was expanded before the change holds the files")
            return
        # A target that the change makes holds what others lose.
        old = [base[t.label] for t in before]
        found = self._expanded(targets, self.expanded)
        unmade = sorted({one.label for one in (*old, *found.targets) if not one.made})
        if unmade:
            yield unverified(f"{EXPANSION}: {', '.join(unmade)}", "rustc could not expand it")
        else:
            yield from self._words(old, found)
        yield from self._scripts(old, found)

    def _targets(self) -> tuple[Target, ...]:
        now = {*self.change.originals(), *self.change.creations, *self.change.moves.values()}
        old = {t.label for t in targets_of(self.package, self.change.originals())}
        new = {t.label for t in targets_of(self.after, now)} | old
        return tuple(t for t in self.after.targets if t.label in new)

    def _expanded(self, targets: Sequence[Target], known: Mapping[str, str] | None = None) -> Expansions:
        baseline = self.before.baseline
        return expand(self.cargo, baseline.checks[0].configuration, baseline.spec, targets, known)

    def _anew(self, targets: Sequence[Target]) -> Expansions:
        """Expand once more, after the build script has been run once more."""
        scripts = [t.root for t in self.package.targets if "custom-build" in t.kinds]
        self.cargo.touch([*scripts, *self.change.originals(), *self.change.creations])
        return self._expanded(targets)

    def _words(self, old: Sequence[Expanded], found: Expansions) -> Iterator[GateResult]:
        seen = self._difference(old, found)
        if seen.sentences:
            again = self._difference(found.targets, self._anew(self._targets()))
            control = self._difference(self._control(old), found)
            yield _judged(EXPANSION, seen.sentences, again.sentences, control.sentences)
            seen = control if not control.sentences else seen
        else:
            count = sum(n for one in found.targets for _, n in one.words)
            yield passed(EXPANSION, f"the same {count} literals and definitions once macros are expanded")
        if seen.located:
            sentences = tuple(dict.fromkeys(map(str, seen.located)))
            words = f"{len(sentences)} depend on where they stand: {'; '.join(sentences[:6])}"
            yield unverified(LOCATION, words, told(seen.located, self.after))

    def _difference(self, old: Sequence[Expanded], found: Expansions) -> Difference:
        locations = Locations.of(self.package, self.after, self.change)
        seen = difference(old, found, locations, self.change.rewritten)
        return replace(seen, added=()) if self.change.adds_tests else seen

    def _scripts(self, old: Sequence[Expanded], found: Expansions) -> Iterator[GateResult]:
        now = _scripts(found.targets)
        if not (_scripts(old) or now):
            return
        seen = _odd_outputs(_scripts(old), now)
        if not seen:
            files = sum(len(one.files) for one in now)
            scripts = quantity(len(now), "script")
            yield passed(SCRIPTS, f"the same {quantity(files, 'file')}, and all that {scripts} tell cargo")
            return
        again = _odd_outputs(now, _scripts(self._anew(self._targets()).targets))
        yield _judged(SCRIPTS, seen, again, _odd_outputs(_scripts(self._control(old)), now))

    def _control(self, old: Sequence[Expanded]) -> Sequence[Expanded]:
        """Expand the tree without the change, but with a blank line more in a file that it touches.

        ``old`` is what it was before, which stands for that where no Rust file is touched.
        """
        path = next((p for p in self.change.originals() if p.endswith(".rs")), None)
        if path is None or self.before.look_back is None:
            return old
        found: list[Expanded] = []
        file = self.cargo.root / path

        def measure(baseline: Baseline) -> Baseline:
            text = file.read_bytes()
            try:
                file.write_bytes(text + b"\n")
                found.extend(self._anew(targets_of(self.package, self.change.originals())).targets)
            finally:
                file.write_bytes(text)
            return baseline

        self.before.look_back(measure)
        return found


def _is_determined(package: Package, change: Change, targets: Sequence[Target]) -> bool:
    """Whether targets expand to what they did, as each macro is the same and is given the same tokens."""
    after = change.result(package.files)
    rust = [path for path in after if path.endswith(".rs")]
    old, new = (calls(files.get(path) or b"" for path in rust) for files in (package.files, after))
    return old == new and expands_by_itself(package, targets)


def _judged(gate: str, seen: Sequence[str], again: Sequence[str], control: Sequence[str]) -> GateResult:
    """Return what a difference comes to, from whether it is there twice, and not without the change."""
    words = f"{len(seen)} differ: {'; '.join(seen[:6])}"
    if again:
        return unverified(gate, f"{words}; it is not the same twice with the change")
    if not control:
        return unverified(gate, f"{words}; so it is without the change as well, once a file is touched")
    return failed(gate, words)


def _scripts(found: Sequence[Expanded]) -> tuple[ScriptOutput, ...]:
    return tuple(sorted({script for one in found for script in one.scripts}))


def _odd_outputs(before: Sequence[ScriptOutput], after: Sequence[ScriptOutput]) -> list[str]:
    """Return a sentence for all that build scripts made on one side only."""
    old, new = {one.package: one for one in before}, {one.package: one for one in after}
    found = [f"the build script of {name} was not run" for name in sorted(old.keys() - new.keys())]
    for name in sorted(old.keys() & new.keys()):
        files, now = dict(old[name].files), dict(new[name].files)
        found += [
            f"{path} in OUT_DIR of {name} "
            + ("is gone" if path not in now else "has another text" if path in files else "is new")
            for path in sorted({*files, *now})
            if files.get(path) != now.get(path)
        ]
        told = {*old[name].directives} ^ {*new[name].directives}
        found += [f"{name}: cargo::{directive}" for directive in sorted(told)]
    return found
