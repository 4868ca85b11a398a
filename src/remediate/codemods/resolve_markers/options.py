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
            "Also let a stub return an error of its own type, which its callers then see, and write an "
            "ignored test that waits for it."
        ),
    ] = False
    public_api: Annotated[
        bool,
        option(
            "Also drop public aliases of published crates that nothing here uses, and give public errors "
            "a variant: others may use them."
        ),
    ] = False
