"""What a user may ask of replace-block-on."""

from typing import Annotated

from remediate.options import Options, option


class BlockingOptions(Options, frozen=True):
    """How far async may spread."""

    boundaries: Annotated[
        tuple[str, ...],
        option("A function that stays synchronous: its name, or `Type::name`. May be given several times."),
    ] = ()
    public_api: Annotated[
        bool, option("Also make public functions of published crates async: their users have to follow.")
    ] = False
