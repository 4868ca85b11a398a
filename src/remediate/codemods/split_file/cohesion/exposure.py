"""Which private names a partition shows to siblings: each is a ``pub(super)`` for a reviewer to read."""

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from remediate.codemods.split_file.cohesion.families import Family
from remediate.codemods.split_file.cohesion.model import Link

FACADE = -1
"""The group that stays. What is private there every child can see."""


@dataclass(frozen=True, slots=True, eq=False)
class Use:
    """``count`` private names of one family that exactly these other families use.

    No two are alike, so each is only itself: that is cheap to look up, which is done very often.
    """

    owner: int
    users: tuple[int, ...]
    count: int

    def exposed(self, group_of: Callable[[int], int]) -> bool:
        """Whether the names need a wider visibility when families are in these groups."""
        home = group_of(self.owner)
        return home != FACADE and any(group_of(user) != home for user in self.users)


def uses(families: Sequence[Family], links: Sequence[Link]) -> tuple[Use, ...]:
    """Return who uses whose private names."""
    home = {part.key: family.number for family in families for part in family.parts}
    users: dict[tuple[int, str, str], set[int]] = defaultdict(set)
    for link in links:
        owner, user = home[link.target], home[link.source]
        if owner != user:
            for name in link.edits:
                users[owner, link.target, name].add(user)
    counts = Counter((owner, tuple(sorted(found))) for (owner, _, _), found in users.items())
    return tuple(Use(owner, found, count) for (owner, found), count in sorted(counts.items()))


def exposed_names(links: Sequence[Link], group_of: Callable[[str], int]) -> tuple[tuple[str, str], ...]:
    """Return (key of the part, private name) of all that needs ``pub(super)``, given each part's group."""
    return tuple(
        sorted(
            {
                (link.target, name)
                for link in links
                for name in link.edits
                if group_of(link.target) not in (FACADE, group_of(link.source))
            }
        )
    )
