"""References, read in one go and written in one transaction; and small texts that are kept in them."""

from collections.abc import Iterable
from dataclasses import dataclass

from remediate.errors import LeaseError, ToolError
from remediate.git.command import Git
from remediate.git.revisions import blobs

ANY = ""
OUTCOMES = "refs/remediate/outcomes/"


@dataclass(frozen=True, slots=True)
class Update:
    """Set a reference to ``new`` (None removes it), if it still is at ``old``.

    None as ``old`` means that it does not exist yet; ``ANY`` that it does not matter.
    """

    name: str
    new: str | None
    old: str | None


def under(git: Git, prefix: str) -> dict[str, str]:
    """Return the object ids of all references below a prefix that ends in a slash, by full name."""
    lines = git.run("for-each-ref", "--format=%(objectname) %(refname)", prefix).text.splitlines()
    return {name: oid for oid, _, name in (line.partition(" ") for line in lines)}


def update(git: Git, updates: Iterable[Update]) -> None:
    """Make all updates, or none.

    Raises:
        LeaseError: A reference is not what it was thought to be.
    """
    commands = b"".join(_command(u) for u in updates)
    try:
        git.run("update-ref", "-z", "--stdin", stdin=commands)
    except ToolError as error:
        raise LeaseError(
            f"a branch or reference is not where it was: {error}",
            "Somebody else works on the same branches; run the command again.",
        ) from error


def _command(u: Update) -> bytes:
    nothing = "0" * len(u.new or u.old or "")
    if u.new is None:
        return f"delete {u.name}\0{u.old}\0".encode()
    return f"update {u.name}\0{u.new}\0{nothing if u.old is None else u.old}\0".encode()


def store(git: Git, text: bytes) -> str:
    """Write a blob and return its id; nothing refers to it yet."""
    return git.run("hash-object", "-w", "--stdin", stdin=text).text


def stored(git: Git) -> dict[str, bytes]:
    """Return every record by its key."""
    names = under(git, OUTCOMES)
    texts = blobs(git, names.values())
    return {name.removeprefix(OUTCOMES): texts[oid] for name, oid in names.items() if oid in texts}
