"""What a user may ask of replace-block-on."""

from typing import Annotated, Literal

from remediate.options import Options, option


class BlockingOptions(Options, frozen=True):
    """How far async may spread, and what a function becomes that blocks no more."""

    style: Annotated[
        Literal["await", "stream", "auto"],
        option(
            "What a function that blocks for one value becomes: an `async fn`, one that returns a stream,"
            " or (auto) what the code in the audit returns."
        ),
    ] = "await"
    stream_type: Annotated[
        str, option("The name of the project's own stream type, for `--style stream`.")
    ] = "AsyncStream"
    add_deps: Annotated[
        bool,
        option("Add the crates and features to Cargo.toml that a rewrite needs; without it, it declines."),
    ] = False
    boundaries: Annotated[
        tuple[str, ...],
        option("A function that stays synchronous: its name, or `Type::name`. May be given several times."),
    ] = ()
    public_api: Annotated[
        bool,
        option(
            "Also make public functions of published crates async, whose users have to follow. Synchronous"
            " callers in tests, examples and benchmarks, and `main`, block where they call."
        ),
    ] = False
    callers: Annotated[
        Literal["async", "block"],
        option(
            "What a synchronous caller becomes that cannot be async, or that nobody could wait for: async as"
            " well, or nothing at all is done; or it blocks at its call (block), as what it calls did before."
            " Async code that leads there could wait and, with --public-api, who calls a public function."
        ),
    ] = "async"
