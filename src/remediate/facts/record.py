"""Facts written down for later runs."""

from collections.abc import Sequence

import msgspec

from remediate.facts.model import TargetFacts

_FORMAT = 2


def encode(targets: Sequence[TargetFacts]) -> bytes:
    """Return facts as bytes."""
    return msgspec.msgpack.encode((_FORMAT, targets))


def decode(data: bytes) -> tuple[TargetFacts, ...] | None:
    """Read ``encode``'s bytes; None for what another version of this program wrote, or half of it."""
    try:
        number, raw = msgspec.msgpack.decode(data, type=tuple[int, msgspec.Raw])
        return msgspec.msgpack.decode(raw, type=tuple[TargetFacts, ...]) if number == _FORMAT else None
    except msgspec.DecodeError:
        return None
