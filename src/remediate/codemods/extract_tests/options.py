"""What a user may ask of extract-tests."""

from typing import Annotated, Literal

import msgspec

from remediate.options import Options, option

Tier = Literal["unit", "integration", "auto"]


class ExtractOptions(Options, frozen=True):
    """Where extracted tests go."""

    test_layout: Annotated[
        Literal["tests", "sibling"], option("Under tests/, or in files beside the code.")
    ] = "tests"
    tier: Annotated[
        Tier,
        option(
            "Unit tests; integration tests of what uses public items only; these, and unit tests of the rest."
        ),
    ] = "unit"
    tiers: Annotated[
        dict[str, Tier],
        option("The tier by the file that the tests stand in; the first pattern that matches."),
    ] = msgspec.field(default_factory=dict)
    split_tests: Annotated[
        bool,
        option(
            "With --tier integration or auto: divide a test module of which a part uses public items only.",
            flag="split",
        ),
    ] = False
    adopt: Annotated[
        bool,
        option(
            "Also run the tests that never run: their files become modules, a branch each.", settled=False
        ),
    ] = False
    include_loose: Annotated[
        bool,
        option(
            "Also move test functions that stand beside the code, into files that are read by `include!`: "
            "they keep their names, but `cargo fmt` does not read such files."
        ),
    ] = False
    no_nextest: Annotated[bool, option("Do not add a .config/nextest.toml where there is none.")] = False
