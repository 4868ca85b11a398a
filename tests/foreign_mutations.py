# ruff: noqa: E501 - source text of one line each
"""Changes that a program which is no codemod might hand in: some must be refused, the others may pass.

Each is made to a module of its own in one small crate, ``src/NAME.rs``, after the finding's comment has been
taken out. An edit is (path, old text, new text), "" for a new file; ``NAME`` stands for the module.
"""

import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

Edits = tuple[tuple[str, str, str], ...]

MODULE = """//! One part. remediate: no-allocation

use std::num::ParseIntError;

/// What is due.
///
/// ```
/// assert_eq!(mutants::NAME::due(2), 4);
/// ```
pub fn due(amount: i64) -> i64 {
    // TODO: ask for the rate
    twice(amount)
}

fn twice(amount: i64) -> i64 {
    amount * 2
}

/// What is due for an amount in words.
pub fn due_of(text: &str) -> Result<i64, ParseIntError> {
    parse(text).map(due)
}

pub(crate) fn parse(text: &str) -> Result<i64, ParseIntError> {
    text.parse()
}

/// A counter.
pub struct Store {
    pub name: &'static str,
    count: usize,
}

impl Store {
    /// Begins at zero.
    pub fn new(name: &'static str) -> Self {
        Self { name, count: 0 }
    }

    /// Counts one more.
    pub fn next(&mut self) -> usize {
        self.count += 1;
        self.count
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn doubles() {
        assert_eq!(due(2), 4);
    }

    #[test]
    fn reads() {
        assert_eq!(due_of("3"), Ok(6));
    }

    #[test]
    fn counts() {
        assert_eq!(Store::new("a").next(), 1);
    }

    #[test]
    #[ignore = "slow"]
    fn owes() {
        assert_eq!(due(-2), -4);
    }

    #[test]
    #[ignore = "finding 1: `due` is not written yet"]
    fn finding_1_due() -> Result<(), &'static str> {
        let _ = super::due;
        Err("say here what `due` has to give")
    }
}
"""
MARKER = "    // TODO: ask for the rate\n"
FILE = "src/NAME.rs"
LIMIT = 100
WAITS = "finding_1_due"
"""The test that waits for ``due`` and may be enabled."""


@dataclass(frozen=True)
class Mutation:
    """A change.

    Attributes:
        gate: The gate that has to refuse it, or the whole reason code; "" for a good change.
        keeps: Whether the finding's comment stays.
        link, program: A path that becomes a symbolic link, or executable.
    """

    name: str
    gate: str
    edits: Edits = ()
    keeps: bool = False
    link: str = ""
    program: str = ""

    @property
    def module(self) -> str:
        return self.name.replace("-", "_")

    @property
    def needs_cargo(self) -> bool:
        return self.gate in {"check", "test-results", "rescan", "added-tests"}


def _bad(gate: str, *named: tuple[str, str, str], path: str = FILE) -> Iterator[Mutation]:
    for name, old, new in named:
        yield Mutation(name, gate, ((path, old, new),))


_DUE = "    twice(amount)\n}\n\nfn twice"
_TEST = "    #[test]\n    fn doubles() {\n        assert_eq!(due(2), 4);\n    }\n"
_IGNORED = '    #[ignore = "finding 1: `due` is not written yet"]\n'
_HEAD = f"{_IGNORED}    fn finding_1_due() -> Result<(), &'static str> {{\n"
_WAITING = f"""{_HEAD}        let _ = super::due;
        Err("say here what `due` has to give")
"""
_END = "    text.parse()\n}\n"


def _enabled(code: str, head: str = "") -> tuple[str, str]:
    """Return an edit of the test that waits: another body, and a head of its own."""
    return _WAITING, f"{head or _HEAD.replace(_IGNORED, '')}        {code}\n        Ok(())\n"


def _body(code: str) -> tuple[str, str]:
    """Return an edit of ``due`` that does something before its work."""
    return _DUE, _DUE.replace("    twice", f"    {code}\n    twice", 1)


BAD = [
    *_bad(
        "constraints",
        ("adds-unsafe", *_body("unsafe { std::hint::assert_unchecked(amount < 9) };")),
        ("adds-unwrap", *_body('let amount = parse("1").unwrap() * amount;')),
        ("adds-expect", *_body('let amount = parse("1").expect("a number") * amount;')),
        ("adds-panic", *_body('if amount < 0 { panic!("negative") }')),
        ("adds-unreachable", *_body("if amount < 0 { unreachable!() }")),
        ("adds-todo", *_body("if amount < 0 { todo!() }")),
        ("adds-lock", *_body("let _held = std::sync::Mutex::new(1).lock();")),
    ),
    *_bad(
        "project-constraints",
        ("sleeps", *_body("std::thread::sleep(std::time::Duration::ZERO);")),
        (
            "blocks-in-async",
            _END,
            _END + '\nasync fn load() {\n    std::fs::read("a").ok();\n}\n',
        ),
        ("holds-a-lock", _END, _END + "\nstruct Held(std::sync::RwLock<u8>);\n"),
        ("allocates", *_body("let amount = vec![amount][0];")),
        ("copies", *_body('let amount = amount + "".to_string().len() as i64;')),
        ("says-for-now", *_body("// For now the rate is fixed.")),
        ("says-placeholder", *_body("// Placeholder implementation")),
        ("named-placeholder", _END, _END + "\nstruct PlaceholderRate;\n"),
        ("embeds-a-test", _TEST, _TEST + _TEST.replace("doubles", "doubles_again")),
        ("grows", _END, _END + "\n// One more line.\n" * 40),
        ("drops-a-result", *_body('let _ = parse("1");')),
        ("drops-a-result-too", *_body('parse("1").ok();')),
    ),
    *_bad(
        "tests-kept",
        ("deletes-a-test", _TEST, ""),
        ("ignores-a-test", _TEST, _TEST.replace("#[test]", "#[test]\n    #[ignore]")),
        ("weakens-a-test", "assert_eq!(due(2), 4)", "assert!(due(2) > 0)"),
        ("empties-a-test", "        assert_eq!(due(2), 4);\n", ""),
        (
            "wants-a-panic",
            _TEST,
            _TEST.replace("#[test]", "#[test]\n    #[should_panic]").replace("4)", "5)"),
        ),
        ("renames-a-test", "fn doubles", "fn doubles_two"),
        ("switches-tests-off", "#[cfg(test)]\nmod", '#[cfg(all(test, feature = "none"))]\nmod'),
        (
            "hides-what-is-tested",
            "    use super::*;\n",
            "    use super::*;\n\n    fn due(_: i64) -> i64 {\n        4\n    }\n",
        ),
        (
            "imports-another",
            "    use super::*;\n",
            "    use super::*;\n    use std::convert::identity as due;\n",
        ),
        (
            "own-assertions",
            "    use super::*;\n",
            "    use super::*;\n    macro_rules! assert_eq {\n        ($a:expr, $b:expr) => { let _ = ($a, $b); };\n    }\n",
        ),
        (
            "assertions-for-all",
            "use std::num",
            "macro_rules! assert_eq {\n    ($a:expr, $b:expr) => { let _ = ($a, $b); };\n}\n\nuse std::num",
        ),
        ("enables-without-asserting", *_enabled("let _ = super::due(1);")),
        ("enables-without-calling", *_enabled("let _ = super::due;\n        assert!(true);")),
        ("enables-for-another", *_enabled("assert_eq!(twice(1), 2);")),
        (
            "enables-for-a-panic",
            *_enabled("assert_eq!(due(1), 3);", "    #[should_panic]\n" + _HEAD.replace(_IGNORED, "")),
        ),
        ("writes-and-ignores", *_enabled("assert_eq!(due(1), 2);", _HEAD)),
        (
            "ignores-otherwise",
            *_enabled(
                "assert_eq!(due(1), 2);", _HEAD.replace("finding 1: `due` is not written yet", "later")
            ),
        ),
        ("deletes-what-waits", f"\n    #[test]\n{_WAITING}    }}\n", ""),
        ("renames-what-waits", "fn finding_1_due", "fn dues"),
        ("enables-another", '    #[ignore = "slow"]\n', ""),
        ("rewrites-another-ignored", "due(-2), -4", "due(2), 4"),
        ("drops-an-example", "///\n/// ```\n/// assert_eq!(mutants::NAME::due(2), 4);\n/// ```\n", ""),
        ("ignores-an-example", "/// ```\n/// assert", "/// ```ignore\n/// assert"),
    ),
    *_bad(
        "visibility",
        ("widens-a-function", "\nfn twice", "\npub(crate) fn twice"),
        ("widens-further", "pub(crate) fn parse", "pub fn parse"),
        ("widens-a-field", "    count: usize", "    pub(crate) count: usize"),
    ),
    *_bad(
        "interface",
        ("adds-public", _END, _END + "\n/// More.\npub fn more() {}\n"),
        ("re-exports", "use std::num::ParseIntError;", "pub use std::num::ParseIntError;"),
        (
            "changes-a-type",
            "pub fn next(&mut self) -> usize {\n        self.count += 1;\n        self.count",
            "pub fn next(&mut self) -> u64 {\n        self.count += 1;\n        self.count as u64",
        ),
        ("changes-a-parameter", "pub fn due_of(text: &str)", "pub fn due_of(text: &'static str)"),
        ("makes-async", "    /// Counts one more.\n    pub fn", "    /// Counts one more.\n    pub async fn"),
        (
            "drops-a-field",
            "    pub name: &'static str,\n    count",
            "    pub name: &'static str,\n    pub label: u8,\n    count",
        ),
        ("makes-generic", "pub fn new(name: &'static str)", "pub fn new<const N: usize>(name: &'static str)"),
        ("exports-a-macro", _END, _END + "\n#[macro_export]\nmacro_rules! rate_of {\n    () => {};\n}\n"),
    ),
    *_bad("related-files", ("edits-another", "//! One part.", "//! Another part."), path="src/other.rs"),
    *_bad(
        "related-files",
        ("adds-a-dependency", "[dependencies]", '[dependencies]\ncfg-if = "1"'),
        path="Cargo.toml",
    ),
    *_bad("related-files", ("adds-a-build-script", "", "fn main() {}\n"), path="build.rs"),
    *_bad("related-files", ("adds-a-program", "", "fn main() {}\n"), path="src/bin/tool.rs"),
    *_bad("related-files", ("adds-an-example", "", "fn main() {}\n"), path="examples/tool.rs"),
    *_bad("fixer-not-text", ("edits-a-text", "shop", "ship"), path="README.md"),
    *_bad("related-files", ("sets-cargo", "", "[build]\n"), path=".cargo/config.toml"),
    Mutation("makes-a-link", "fixer-not-text", link="src/NAME_link.rs"),
    Mutation("makes-a-program", "fixer-not-text", program=FILE),
    *_bad(
        "no-evasion",
        ("allows-a-lint", "\nfn twice", "\n#[allow(dead_code)]\nfn twice"),
        ("expects-a-lint", "\nfn twice", "\n#[expect(clippy::all)]\nfn twice"),
        ("asks-for-tests", *_body("if cfg!(test) {\n        return 4;\n    }")),
        ("cfg-for-tests", *_body("#[cfg(not(test))]\n    let amount = amount + 1;")),
        ("asks-the-runner", *_body('if std::env::var_os("NEXTEST").is_some() {\n        return 4;\n    }')),
        ("silences-the-scanner", *_body("// remediate: allow(todo-marker)")),
    ),
    *_bad(
        "check",
        ("does-not-compile", "    amount * 2", "    amount.double()"),
        ("warns", *_body("let rate = 2;")),
        ("leaves-dead-code", _END, _END + "\nfn rate() -> i64 {\n    2\n}\n"),
    ),
    *_bad(
        "test-results",
        ("computes-wrongly", "    amount * 2", "    amount * 3"),
        ("panics-on-index", *_body("let amount = [amount][usize::from(amount > 1)];")),
    ),
    *_bad(
        "added-tests",
        ("adds-a-failing-test", "", "#[test]\nfn fails() {\n    assert_eq!(mutants::NAME::due(1), 3);\n}\n"),
        path="tests/NAME.rs",
    ),
    *_bad("added-tests", ("enables-a-failing-test", *_enabled("assert_eq!(due(1), 3);"))),
    Mutation(
        "rewords-the-finding",
        "rescan",
        ((FILE, "TODO: ask for the rate", "TODO: find the rate"),),
        keeps=True,
    ),
    Mutation("leaves-the-finding", "rescan", ((FILE, "    amount * 2", "    amount + amount"),), keeps=True),
    Mutation(
        "moves-the-finding",
        "rescan",
        ((FILE, "    amount * 2", "    // TODO: ask for the rate\n    amount * 2"),),
    ),
]

GOOD = [
    *_bad(
        "",
        ("drops-the-comment", "    amount * 2", "    amount * 2"),
        ("says-why", *_body("// The rate is two, by contract.")),
        ("computes-otherwise", "    amount * 2", "    amount + amount"),
        ("guards", "    amount * 2", "    amount.checked_mul(2).unwrap_or(i64::MAX)"),
        ("renames-a-parameter", "fn twice(amount: i64) -> i64 {\n    amount * 2", "fn twice(number: i64) -> i64 {\n    number * 2"),
        ("renames-a-public-parameter", "pub fn due_of(text: &str) -> Result<i64, ParseIntError> {\n    parse(text)", "pub fn due_of(words: &str) -> Result<i64, ParseIntError> {\n    parse(words)"),
        ("inlines", "    twice(amount)\n}\n\nfn twice(amount: i64) -> i64 {\n    amount * 2\n}\n", "    amount * 2\n}\n"),
        ("adds-a-function", "    amount * 2\n}\n", "    amount * rate()\n}\n\nfn rate() -> i64 {\n    2\n}\n"),
        ("adds-a-constant", "    amount * 2\n}\n", "    amount * RATE\n}\n\nconst RATE: i64 = 2;\n"),
        ("adds-a-type", "    amount * 2\n}\n", "    Rate(2).of(amount)\n}\n\nstruct Rate(i64);\n\nimpl Rate {\n    fn of(&self, amount: i64) -> i64 {\n        amount * self.0\n    }\n}\n"),
        ("changes-a-private-signature", "    twice(amount)\n}\n\nfn twice(amount: i64) -> i64 {\n    amount * 2", "    twice(amount, 2)\n}\n\nfn twice(amount: i64, rate: i64) -> i64 {\n    amount * rate"),
        ("changes-a-method", "        self.count += 1;\n        self.count", "        self.count = self.count.saturating_add(1);\n        self.count"),
        ("implements-a-trait", "impl Store {", 'impl Default for Store {\n    fn default() -> Self {\n        Self::new("")\n    }\n}\n\nimpl Store {'),
        ("handles-an-error", "    parse(text).map(due)", "    match parse(text) {\n        Ok(amount) => Ok(due(amount)),\n        Err(error) => Err(error),\n    }"),
        ("passes-an-error-on", "    parse(text).map(due)", "    let amount = parse(text)?;\n    Ok(due(amount))"),
        ("documents", "/// What is due for an amount in words.", "/// What is due for an amount in words.\n///\n/// # Errors\n///\n/// Where the text is no number."),
        ("branches", *_body("if amount == 0 {\n        return 0;\n    }")),
        ("adds-for-the-crate", "    amount * 2\n}\n", "    amount * rate()\n}\n\npub(crate) fn rate() -> i64 {\n    2\n}\n"),
        ("enables-its-test", *_enabled("assert_eq!(due(1), 2);")),
        ("loops", "    amount * 2", "    (0..2).map(|_| amount).sum()"),
    ),
    Mutation(
        "adds-a-private-field",
        "",
        (
            (FILE, "    count: usize,\n}", "    count: usize,\n    step: usize,\n}"),
            (FILE, "count: 0 }", "count: 0, step: 1 }"),
            (FILE, "self.count += 1", "self.count += self.step"),
        ),
    ),
    Mutation("adds-a-module", "", ((FILE, "    amount * 2\n}\n", "    amount * rate::RATE\n}\n\nmod rate;\n"), ("src/NAME/rate.rs", "", "//! The rate.\n\npub(super) const RATE: i64 = 2;\n"))),
    Mutation("adds-a-test", "", (("tests/NAME.rs", "", "//! More of it.\n\nuse mutants::NAME::due;\n\n#[test]\nfn nothing_is_due_for_nothing() {\n    assert_eq!(due(0), 0);\n}\n"),)),
]  # fmt: skip


def crate(mutations: Sequence[Mutation]) -> dict[str, str]:
    """Return the files of a crate, with an audit that has a finding for each mutation."""
    names = [mutation.module for mutation in mutations]
    line = MODULE.splitlines().index(MARKER.rstrip()) + 1
    places = "".join(
        f"## {number}. {name}\n\n- `src/{name}.rs:{line}`: TODO marker\n\n"
        for number, name in enumerate(names, 1)
    )
    return {
        "Cargo.toml": '[package]\nname = "mutants"\nversion = "0.1.0"\nedition = "2024"\n\n[dependencies]\n',
        "README.md": "shop\n",
        ".gitignore": "/target\nCargo.lock\n",
        "src/lib.rs": "//! Parts.\n\n" + "".join(f"pub mod {name};\n" for name in sorted([*names, "other"])),
        "src/other.rs": MODULE.replace("NAME", "other").replace(MARKER, ""),
        **{f"src/{name}.rs": MODULE.replace("NAME", name) for name in names},
        "AUDIT.md": f"# Audit\n\n{places}",
    }


def apply(mutation: Mutation, texts: dict[str, str]) -> dict[str, str]:
    """Return the texts after a mutation's edits, of the files it touches."""
    own = FILE.replace("NAME", mutation.module)
    after = {own: texts[own] if mutation.keeps else texts[own].replace(MARKER, "")}
    for edit in mutation.edits:
        where, old, new = (text.replace("NAME", mutation.module) for text in edit)
        text = after.get(where, texts.get(where, ""))
        assert old in text, (mutation.name, old)
        assert bool(old) == bool(text), (mutation.name, where)
        after[where] = text.replace(old, new, 1)
    return after


def main() -> None:
    """Be the fixer of all findings: make the change that belongs to the module of the work order."""
    order = json.loads(Path(os.environ["REMEDIATE_WORK_ORDER_JSON"]).read_text())
    module = Path(order["finding"]["path"]).stem
    mutation = next(m for m in (*BAD, *GOOD) if m.module == module)
    texts = {
        p.as_posix(): p.read_text() for p in Path().rglob("*") if p.is_file() and ".git/" not in p.as_posix()
    }
    for path, text in apply(mutation, texts).items():
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        Path(path).write_text(text)
    if mutation.link:
        Path(mutation.link.replace("NAME", module)).symlink_to("lib.rs")
    if mutation.program:
        Path(mutation.program.replace("NAME", module)).chmod(0o755)


if __name__ == "__main__":
    main()
