"""What a codemod promises of its changes: the proofs that each is held to, by gates that know no codemod.

What is not promised is held to the strictest: text that moves stays as it is, and all else is the same.
"""

from dataclasses import dataclass
from enum import Enum


class Proof(Enum):
    """How a gate compares before and after: all is the same, or all but what the change declares.

    NONE is the absence of a proof: of the code of a program that is no codemod nothing is promised, and other
    gates hold it to more (``verify.foreign``).
    """

    SAME = "same"
    DECLARED = "as declared"
    NONE = "nothing"


@dataclass(frozen=True, slots=True)
class Moves:
    """How text may differ once it has moved: each flag exempts one construct from "each token is there once".

    Attributes:
        uses: ``use`` declarations may be added, altered or dropped (never their comments).
        modules: New ``mod x;``; ``mod x { .. }`` becoming ``mod x;`` and a file; ``#[path]`` on them;
            ``#[cfg(test)] include!("x.rs")``.
        visibility: ``pub(super)`` and its like may be added, and ``pub(..)`` re-anchored.
        path_prefixes: ``super::``, ``self::`` and ``crate::`` may be added or dropped in front of a path.
        impl_headers: One impl block may become several with the same header.
        layout: Blanks between tokens may change (indentation, line breaks), never inside a token.
        targets: Tests that the change names may move to another target: their imports and the beginnings of
            their paths may change, and the target's root may repeat what the library's says.
    """

    uses: bool = False
    modules: bool = False
    visibility: bool = False
    path_prefixes: bool = False
    impl_headers: bool = False
    layout: bool = False
    targets: bool = False


NO_MOVES = Moves()


@dataclass(frozen=True, slots=True)
class Proofs:
    """What is true of every change of a codemod.

    Attributes:
        moves: The text: every token, comment and literal of the input is in the output, once, but for this.
        code: Declared: the spans ``Change.rewrites`` become the tokens that it says. Comments in them stay,
            and all other text is held to ``moves``. None: the text may become any other.
        comments: The comments: each stays, or ``Change.comments`` names it as one that goes with its span.
        api: The public paths: each leads to what it led to, or ``Change.api`` names it.
        functions: What each function does in rustc's MIR, or ``Change.functions`` names it.
        tests: The tests of each target, by name: the same, or ``Change.adds_tests``, ``renamed_tests`` and
            ``moved_tests`` say how they differ. Each ends as it did in any case.
        manifest: Cargo.toml by its values, and nextest's configuration: untouched, or as ``Change.manifest``
            says.
    """

    moves: Moves = NO_MOVES
    code: Proof = Proof.SAME
    comments: Proof = Proof.SAME
    api: Proof = Proof.SAME
    functions: Proof = Proof.SAME
    tests: Proof = Proof.SAME
    manifest: Proof = Proof.SAME

    @property
    def only_tests(self) -> bool:
        """Whether nothing is promised that code outside of tests would need: it has to stay as it is."""
        moves = self.moves
        needed = moves.uses or moves.visibility or moves.path_prefixes or moves.impl_headers
        return not needed and self.code is Proof.SAME
