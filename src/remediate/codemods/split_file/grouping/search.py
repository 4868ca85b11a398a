"""The search for a good partition: merge what belongs together, then move families while that helps.

Last, a module that has no good name is no good module: whether its families, or all of it, are worth more
elsewhere is asked with the names' quality in the balance.
"""

from collections.abc import Iterator, Sequence

from remediate.codemods.split_file.grouping.families import Family
from remediate.codemods.split_file.grouping.objective import FACADE, UNNAMED, Naming, State

_Between = dict[int, dict[int, float]]
_Candidate = tuple[float, int, int]

_ROUNDS = 8
_STRANGERS = -0.5
_ENOUGH = 1e-6
"""Gains below this are noise of floating point; nothing may depend on them."""
_GOOD = 0.8
"""A name of this quality is good enough not to be asked about."""
_REPAIRS = 40


def search(state: State, named: Naming | None = None) -> State:
    """Improve a state: no group over the limit if that can be, few smaller than a file should be.

    With a plan, what speaks against a pair counts little: the plan knows better.
    """
    if state.pull:
        state.matrix = [[max(_STRANGERS, value) for value in row] for row in state.matrix]
    _merge(state, _between(state))
    for _ in range(_ROUNDS):
        if not (_improve(state) + _improve_groups(state)):
            break
    _fill(state)
    if named is not None:
        _rename(state, named)
    return state


def _between(state: State) -> _Between:
    """Return the ties of the groups at the start: single families, and planned modules that want them."""
    ties = state.matrix
    alone = [g for g in state.children() if g > FACADE]
    found = {a: {b: ties[a][b] for b in alone if b != a} for a in alone}
    for group, wants in sorted(state.pull.items()):
        found[group] = {family: wants[family] for family in alone}
        for family in alone:
            found[family][group] = wants[family]
    return found


def _merge(state: State, between: _Between) -> None:
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


def _join(state: State, between: _Between, a: int, b: int) -> None:
    state.move(tuple(state.groups[b]), a)
    for other, tie in between.pop(b).items():
        del between[other][b]
        if other in between[a]:
            between[a][other] += tie
            between[other][a] = between[a][other]


def _best(state: State, between: _Between, group: int) -> _Candidate | None:
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
            if (best is None or found > best) and _may_join(state, group, other):
                best = found
    return best


def _candidate(state: State, between: _Between, a: int, b: int) -> _Candidate | None:
    """Return two groups as a candidate, None if nothing ties them or they do not fit together."""
    tie = between[a].get(b, 0.0)
    if tie <= _ENOUGH or state.sizes[a].lines + state.sizes[b].lines > state.limits.max_lines:
        return None
    if not _may_join(state, a, b):
        return None
    return _rated(tie, (len(state.groups[a]) or 1) * (len(state.groups[b]) or 1), a, b)


def _may_join(state: State, a: int, b: int) -> bool:
    """Whether a planned module, if one of the two is one, is meant for the other."""
    kept, joined = min(a, b), max(a, b)
    if kept > FACADE:
        return True
    return joined > FACADE and state.fits(tuple(state.groups[joined]), kept)


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
    """Move whole groups into others."""
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


def _rename(state: State, named: Naming) -> None:
    """Change the groups whose names are bad, as long as names and ties together are worth more."""
    for _ in range(_REPAIRS):
        quality = {g: _quality(state, g, named) for g in state.children() if state.groups[g]}
        bad = sorted((q, g) for g, q in quality.items() if g > FACADE and q < _GOOD)
        if not any(group in state.groups and _repaired(state, group, quality, named) for _, group in bad):
            return


def _quality(state: State, group: int, named: Naming) -> float:
    return 1.0 if group < FACADE else named(state.members(group))


def _repaired(state: State, group: int, quality: dict[int, float], named: Naming) -> bool:
    """Make the change of a badly named group that is worth most: join it, move or part with a family."""
    best, change = _ENOUGH, None
    everything = tuple(state.groups[group])
    for moved in (everything, *((n,) for n in everything if len(everything) > 1)):
        rest = [state.families[n] for n in everything if n not in moved]
        kept = UNNAMED * (named(rest) - quality[group] if rest else 1.0 - quality[group])
        for to in (*state.children(), *moved[:1]):
            value = _worth(state, moved, to, quality, named) if to != group else None
            if value is not None and value + kept > best:
                best, change = value + kept, (moved, to)
    if change is None:
        return False
    state.move(*change)
    return True


def _worth(
    state: State, moved: tuple[int, ...], to: int, quality: dict[int, float], named: Naming
) -> float | None:
    """Return what families are worth elsewhere, that group's name included; None if they cannot go there."""
    families = [state.families[n] for n in moved]
    if to not in state.groups:
        if sum(f.lines for f in families) < state.limits.min_lines:
            return None
        return state.parting(moved) + UNNAMED * (named(families) - 1.0)
    if not state.groups[to] or not state.fits(moved, to):
        return None
    return state.gain(moved, to) + UNNAMED * (
        _quality_with([*state.members(to), *families], to, named) - quality[to]
    )


def _quality_with(members: Sequence[Family], group: int, named: Naming) -> float:
    return 1.0 if group < FACADE else named(sorted(members, key=lambda f: f.number))
