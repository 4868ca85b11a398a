"""The search for a good partition: merge what belongs together, then move families while that helps."""

from collections.abc import Iterator, Sequence

from remediate.codemods.split_file.cohesion.affinity import Matrix
from remediate.codemods.split_file.cohesion.exposure import FACADE, Use
from remediate.codemods.split_file.cohesion.families import Family
from remediate.codemods.split_file.cohesion.model import Limits
from remediate.codemods.split_file.cohesion.planning import Fits
from remediate.codemods.split_file.cohesion.state import EDIT, State

Between = dict[int, dict[int, float]]
_Candidate = tuple[float, int, int]

_ROUNDS = 8
_STRANGERS = -0.5
_ENOUGH = 1e-6
"""Gains below this are noise of floating point; nothing may depend on them."""


def partition(
    families: Sequence[Family], matrix: Matrix, uses: Sequence[Use], limits: Limits, fits: Fits = ()
) -> State:
    """Return groups of families: none over the limit if that can be, few smaller than a file should be.

    ``fits`` has a row for each planned module: how well each family fits it. With a plan, what speaks
    against a pair counts little: the plan knows better.
    """
    if fits:
        matrix = [[max(_STRANGERS, value) for value in row] for row in matrix]
    state = State(families, matrix, uses, limits, fits)
    _merge(state, _between(state, _ties(matrix, uses)))
    for _ in range(_ROUNDS):
        if not (_improve(state) + _improve_groups(state)):
            break
    _fill(state)
    return state


def _ties(matrix: Matrix, uses: Sequence[Use]) -> Matrix:
    """Return the affinities with the visibility edits that a pair alone saves, shared among the users."""
    ties = [list(row) for row in matrix]
    for use in uses:
        for user in use.users:
            ties[use.owner][user] += EDIT * use.count / len(use.users)
            ties[user][use.owner] = ties[use.owner][user]
    return ties


def _between(state: State, ties: Matrix) -> Between:
    """Return the ties of the groups at the start: single families, and planned modules that want them."""
    alone = [g for g in state.children() if g > FACADE]
    found = {a: {b: ties[a][b] for b in alone if b != a} for a in alone}
    for group, wants in sorted(state.pull.items()):
        found[group] = {family: wants[family] for family in alone}
        for family in alone:
            found[family][group] = wants[family]
    return found


def _merge(state: State, between: Between) -> None:
    """Merge the two groups with the strongest tie per pair until none has a positive one and room."""
    best = {a: _best(state, between, a) for a in between}
    while best:
        value, a, b = max((found for found in best.values() if found), default=(0.0, 0, 0))
        if value <= _ENOUGH:
            return
        a, b = -a, -b
        _join(state, between, a, b)
        for group in between:
            found = best.get(group)
            if group == a or found is None or -found[1] in (a, b) or -found[2] in (a, b):
                best[group] = _best(state, between, group)
            elif (changed := _candidate(state, between, group, a)) is not None and changed > found:
                best[group] = changed
        best = {group: found for group, found in best.items() if group in between and found}


def _join(state: State, between: Between, a: int, b: int) -> None:
    state.move(tuple(state.groups[b]), a)
    for other, tie in between.pop(b).items():
        del between[other][b]
        if other in between[a]:
            between[a][other] += tie
            between[other][a] = between[a][other]


def _best(state: State, between: Between, group: int) -> _Candidate | None:
    """Return the best candidate of a group; plain loops, because most of the search is spent here."""
    best = None
    room, mine = state.limits.max_lines - state.sizes[group].lines, len(state.groups[group]) or 1
    for other, tie in between[group].items():
        if tie > _ENOUGH and state.sizes[other].lines <= room:
            pairs = mine * (len(state.groups[other]) or 1)
            # Not worth rounding: it could not come up to the best.
            if best is not None and tie / pairs**0.5 < best[0] - _ENOUGH:
                continue
            found = _rated(tie, pairs, group, other)
            if best is None or found > best:
                best = found
    return best


def _candidate(state: State, between: Between, a: int, b: int) -> _Candidate | None:
    """Return two groups as a candidate, None if nothing ties them or they do not fit together."""
    tie = between[a].get(b, 0.0)
    if tie <= _ENOUGH or state.sizes[a].lines + state.sizes[b].lines > state.limits.max_lines:
        return None
    return _rated(tie, (len(state.groups[a]) or 1) * (len(state.groups[b]) or 1), a, b)


def _rated(tie: float, pairs: int, a: int, b: int) -> _Candidate:
    """Return the tie per pair, with both groups named so that the first in the file win a draw."""
    return round(tie / pairs**0.5, 6), -min(a, b), -max(a, b)


def _improve(state: State) -> bool:
    """Move single families to where they are worth most; return whether any moved."""
    changed = False
    for family in state.families:
        if family.movable:
            changed = _move_best(state, (family.number,)) or changed
    return changed


def _improve_groups(state: State) -> bool:
    """Move whole groups into others, the facade included."""
    changed = False
    for group in state.children():
        if group in state.groups and group > FACADE:
            changed = _move_best(state, tuple(state.groups[group])) or changed
    return changed


def _move_best(state: State, moved: tuple[int, ...], least: float = _ENOUGH) -> bool:
    """Move families of one group to where it is worth most, if that is more than ``least``."""
    best, target = least, None
    for bound, other in state.promises(moved):
        if bound < best:
            break
        if state.fits(moved, other):
            value = round(state.gain(moved, other), 6)
            if value > best or (value == best and target is not None and other < target):
                best, target = value, other
    if target is None:
        return False
    state.move(moved, target)
    return True


def _fill(state: State) -> None:
    """Dissolve the groups that are too small to be files, smallest first, where there is room."""
    stuck: set[int] = set()
    while small := [g for g in _small(state) if g not in stuck]:
        group = min(small, key=lambda g: (state.sizes[g].lines, g))
        if not _dissolved(state, group):
            stuck.add(group)


def _small(state: State) -> Iterator[int]:
    """Yield the groups that should not be: too small ones, and planned ones that lost what they were for."""
    for group in state.children():
        members = state.groups[group]
        if (group > FACADE and state.sizes[group].lines < state.limits.min_lines) or (
            group < FACADE and members and not state.suits(members, group)
        ):
            yield group


def _dissolved(state: State, group: int) -> bool:
    """Move a whole group to where it does least harm, or family by family if it fits nowhere as one."""
    if _move_best(state, tuple(state.groups[group]), least=float("-inf")):
        return True
    return all(_move_best(state, (number,), least=float("-inf")) for number in tuple(state.groups[group]))


__all__ = ["FACADE", "partition"]
