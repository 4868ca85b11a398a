"""Removing what runs left: branches and outcomes; worktrees, build results and caches."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from remediate.errors import InputError
from remediate.git import branches
from remediate.git.command import Git
from remediate.git.refs import ANY, OUTCOMES, Update, update
from remediate.git.worktrees import held, home
from remediate.workflow.record import ledger
from remediate.workflow.record.ledger import Ledger
from remediate.workflow.tree.disk import FINISHED, take_back_finished


@dataclass(frozen=True, slots=True)
class Removal:
    """What is to go, and what stays with the reason.

    Attributes:
        branches: Branch names with the commit they are at.
        outcomes: Keys of the ledger.
        kept: Branch names with why they stay.
        in_place: What is reverted in the checkout, the newest first.
        edited: What stays in the checkout, since files of it were edited.
    """

    branches: dict[str, str]
    outcomes: tuple[str, ...]
    kept: dict[str, str]
    in_place: tuple[str, ...] = ()
    edited: tuple[str, ...] = ()


def planned(git: Git, names: Sequence[str] = ()) -> Removal:
    """Return what undoing the named branches, or everything, would remove.

    Raises:
        InputError: A name is no branch of this program.
    """
    known, tips = ledger.read(git), branches.tips(git)
    for name in names:
        if name not in tips:
            raise InputError(f"{name!r} is no branch of remediate", "See `remediate status`.")
    chosen = {name: tip for name, tip in tips.items() if not names or name in names}
    kept = dict(_kept(git, known, chosen))
    going = {name: tip for name, tip in chosen.items() if name not in kept}
    about = {key: {name for name, _ in entry.commits} for key, entry in known.entries.items()}
    keys = [key for key, named in about.items() if not names or named & set(going)]
    outcomes = tuple(sorted(key for key in keys if not about[key] & set(kept)))
    if names:
        return Removal(going, outcomes, kept)
    back, edited = take_back_finished(home(git) / FINISHED, git, only_look=True)
    return Removal(
        going, outcomes, kept, *(tuple(change.about for change in found) for found in (back, edited))
    )


def remove(git: Git, removal: Removal) -> None:
    """Remove it, branches and outcomes in one transaction; then revert what is in the checkout.

    Raises:
        LeaseError: A run is at work, or a branch has moved since.
    """
    with held(home(git) / "lock"):
        updates = [Update(f"refs/heads/{name}", None, tip) for name, tip in removal.branches.items()]
        updates += [Update(OUTCOMES + key, None, ANY) for key in removal.outcomes]
        update(git, updates)
        if removal.in_place:
            take_back_finished(home(git) / FINISHED, git)


def _kept(git: Git, known: Ledger, chosen: dict[str, str]) -> Iterator[tuple[str, str]]:
    made = {commit for entry in known.entries.values() for _, commit in entry.commits}
    stood_on = branches.checked_out(git)
    for name, tip in chosen.items():
        if tip not in made:
            yield name, "it has commits that this program did not make"
        elif name in stood_on:
            yield name, f"it is checked out in {stood_on[name]}"
