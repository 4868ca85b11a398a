"""What a user may ask of resolve-markers."""

from typing import Annotated

from remediate.options import Options, option


class MarkerOptions(Options, frozen=True):
    """How far a marker may be resolved without a person."""

    stale_comments: Annotated[
        bool,
        option(
            "Also delete the comment where the code beside it works: you have read them, and they are stale."
        ),
    ] = False
    scaffold: Annotated[
        bool,
        option(
            "Also make a stub refuse with its own error type's NotImplemented: its callers then see an error."
        ),
    ] = False
    public_api: Annotated[
        bool,
        option("Also drop public aliases of published crates that nothing here uses: others may use them."),
    ] = False
