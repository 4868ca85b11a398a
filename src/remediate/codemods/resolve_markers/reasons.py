"""Why a marker stays as it is: the stable reason codes, and what a person would do."""

REASONS = {
    "alias-has-users": "Something in the workspace still says the alias's name: it has to move first.",
    "commented-out": "The marker heads code that is commented out: delete it, or restore it.",
    "honest-error": "The code returns an error, which is what an unfinished function should do.",
    "in-documentation": "The marker is part of the documentation: rewrite that by hand.",
    "missing-work": "The marker speaks of work that is not done: somebody has to do it.",
    "named-constant": "The value has a name of its own already.",
    "needs-newer-rust": "What is dead should say `#[expect]`, which its `rust-version` does not have.",
    "no-error-type": "A stub cannot return an error: what it returns has no fitting variant of one.",
    "no-marker": "The finding's file holds no marker at the lines it names.",
    "not-a-marker": "The word is a noun, an identifier or a product's name.",
    "not-simple": "The code around the marker has no simple rewrite: do by hand what the marker says.",
    "not-verified": "The compiler reported something that the codemod has no answer to.",
    "public-api": "The alias is public in a crate that is published: its users may be anywhere.",
    "scaffolded": "A test waits for the function already: write it, then drop the test's `#[ignore]`.",
    "simulation": "The code only imitates its work: somebody has to write the real code.",
    "stub": "The code does nothing, or returns a constant: somebody has to write it.",
    "test-code": "The marker is in test code, which may be as simple as it likes.",
    "used-in-some-builds": "What the attribute allows is used in some builds and dead in others.",
    "working-code": "The code beside it works: delete the comment if it is stale, or do what it says.",
}
