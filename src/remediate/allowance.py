"""What a codemod declares it may alter beyond moving text; see ``verify.conservation``."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Allowance:
    """Each flag exempts one construct from "every token of the input is in the output, once".

    Attributes:
        uses: ``use`` declarations may be added, altered or dropped (never their comments).
        modules: New ``mod x;``; ``mod x { .. }`` becoming ``mod x;`` and a file; ``#[path]`` on them;
            ``#[cfg(test)] include!("x.rs")``.
        visibility: ``pub(super)`` and its like may be added, and ``pub(..)`` re-anchored.
        path_prefixes: ``super::``, ``self::`` and ``crate::`` may be added or dropped in front of a path.
        impl_headers: One impl block may become several with the same header.
        layout: Blanks between tokens may change (indentation, line breaks), never inside a token.
        manifest: Cargo.toml may be edited.
        rewrites: The spans that the change declares may become the tokens that it declares; see
            ``edits.Change.rewrites``. The comments in them stay.
        api, functions: Changes may name public paths, and functions, that are not what they were.
        promotion: Test modules that the change names may become integration tests: their imports and the
            beginnings of their paths may change, and a crate's root may repeat what they rest on.
    """

    uses: bool = False
    modules: bool = False
    visibility: bool = False
    path_prefixes: bool = False
    impl_headers: bool = False
    layout: bool = False
    manifest: bool = False
    rewrites: bool = False
    api: bool = False
    functions: bool = False
    promotion: bool = False
