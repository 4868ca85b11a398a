"""Documentation of the rules about files and tests; the columns are those of ``documentation``."""

_Texts = tuple[str, str, str, str, str, str]

FILES: dict[str, _Texts] = {
    "large-file": (
        (
            "A `.rs` file with more lines than the limit (300 unless `max-lines` says otherwise). "
            "Files a program wrote are left out; they are known by what their first comment says."
        ),
        (
            "A file of thousands of lines has no outline a reader could hold, and every change to it "
            "conflicts."
        ),
        "// src/search.rs: 2963 lines",
        ("`remediate split-file`: a module with cohesive submodules, all paths and visibilities kept."),
        (
            "One table or one match that cannot be cut: suppress it with `//! remediate: "
            'allow(large-file, reason = "..")`. Under `tests/`, `benches/` and `examples/` it is a '
            "note."
        ),
        "very-high",
    ),
    "embedded-tests": (
        "A `#[cfg(test)]` module with a body, or a test function, in a file under `src/`.",
        (
            "Editing an inline test rebuilds the library and all that depends on it, and production "
            "files are read past their tests."
        ),
        "#[cfg(test)]\nmod tests {\n    #[test]\n    fn adds() {}\n}",
        ("`remediate extract-tests`: the same tests, under `tests/`, with the same names and results."),
        ('Teams that want tests beside the code switch the rule off: `embedded-tests = "off"`.'),
        "very-high",
    ),
    "dead-tests": (
        (
            "Tests that never run: in a file that no target reaches (`orphan`), under `tests/` of a "
            "workspace root that is no package (`virtual-root`), in a target that is not tested "
            "(`untested-target`), or inside the body of another function (`in-function`)."
        ),
        "They look like coverage and check nothing.",
        "fn setup() {\n    #[test]\n    fn never_runs() {}\n}",
        (
            "`remediate extract-tests --adopt` for a file that no target reaches; else a person: move it "
            "into a package, out of the function, or delete it."
        ),
        (
            "Sources that are test data (`tests/ui/`, fixtures) are notes. A file that a build script "
            "or a macro includes under a computed name looks like an orphan."
        ),
        "high",
    ),
    "parse-health": (
        (
            "Delimiters without their partner, merge conflict markers; with `--deep` (or `--only "
            "parse-health`) every place that our parser cannot read."
        ),
        ("Codemods leave such a file alone, and most of the other rules see it only in part."),
        "<<<<<<< HEAD",
        "repairing the text.",
        "Damage inside of a macro body is a note: macros may hold what is no Rust.",
        "high",
    ),
    "suppression": (
        (
            "A `// remediate: allow(..)` that does nothing: no reason, an unknown rule, or a spelling "
            "that is not read."
        ),
        "Its author believes that something is accepted which is not.",
        "// remediate: allow(unwrap)",
        'writing `// remediate: allow(unwrap, reason = "the lock is never poisoned")`.',
        "There is no such case.",
        "very-high",
    ),
}
