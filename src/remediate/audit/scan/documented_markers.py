"""Documentation of the rules about markers; the columns are those of ``documentation``."""

_Texts = tuple[str, str, str, str, str, str]

MARKERS: dict[str, _Texts] = {
    "todo-marker": (
        (
            "TODO, FIXME and XXX in comments. Its class says what the code beside it does: `stub` (nothing, "
            "a constant, its own input), `simulation`, `honest-error`, `dead-code`, or `remark` "
            "(the code does something; the comment may be stale)."
        ),
        (
            "Each is a promise without a date. Beside a constant result it is a function that does not "
            "do its work."
        ),
        "// TODO: ask the server\nOk(Vec::new())",
        (
            "`remediate resolve-markers` where that is mechanical; else a person writes it, refuses with "
            "a typed error, or deletes it: behaviour is never invented."
        ),
        (
            "Words that are nouns of the trade (a temporary directory, an SQL placeholder, a mock "
            "server, a legacy format), identifiers, code spans, examples in docs and test code are "
            "left out."
        ),
        "high",
    ),
    "placeholder": (
        (
            "Comments and texts that call code a placeholder, stub, mock, fake, dummy, simulation, "
            "hard-coded or not implemented. Its class says what the code beside it does: `stub` (nothing, "
            "a constant, its own input), `simulation`, `honest-error`, `dead-code`, or `remark` "
            "(the code does something; the comment may be stale)."
        ),
        "The code pretends.",
        "// Placeholder implementation\nfn score(&self) -> f64 {\n    0.5\n}",
        (
            "`remediate resolve-markers` where that is mechanical; else a person writes it, refuses with "
            "a typed error, or deletes it: behaviour is never invented."
        ),
        (
            "Words that are nouns of the trade (a temporary directory, an SQL placeholder, a mock "
            "server, a legacy format), identifiers, code spans, examples in docs and test code are "
            "left out."
        ),
        "medium",
    ),
    "temporary-code": (
        (
            'Comments that call code provisional: "for now", "in a real implementation", "in '
            'production this would", "temporary fix", "workaround", "simplified". Its class '
            "says what the code beside it does: `stub` (nothing, a constant, its own input), `simulation`, "
            "`honest-error`, `dead-code`, or `remark` (the code does something; the comment may be "
            "stale)."
        ),
        "What is provisional stays, and the comment is all that tells.",
        "// For now we accept any token.\ntrue",
        (
            "`remediate resolve-markers` where that is mechanical; else a person writes it, refuses with "
            "a typed error, or deletes it: behaviour is never invented."
        ),
        (
            "Words that are nouns of the trade (a temporary directory, an SQL placeholder, a mock "
            "server, a legacy format), identifiers, code spans, examples in docs and test code are "
            "left out."
        ),
        "medium",
    ),
    "hack": (
        (
            "Comments that say HACK, hack or hacky. Its class says what the code beside it does: `stub` "
            "(nothing, a constant, its own input), `simulation`, `honest-error`, `dead-code`, or `remark` "
            "(the code does something; the comment may be stale)."
        ),
        "Its author did not trust it.",
        "// HACK: the order of these two lines matters",
        (
            "`remediate resolve-markers` where that is mechanical; else a person writes it, refuses with "
            "a typed error, or deletes it: behaviour is never invented."
        ),
        "`workspace-hack`, hackathons and identifiers are left out.",
        "medium",
    ),
    "shim": (
        (
            "Comments that call the code at hand a shim. Its class says what the code beside it does: "
            "`stub` (nothing, a constant, its own input), `simulation`, `honest-error`, `dead-code`, or "
            "`remark` (the code does something; the comment may be stale)."
        ),
        "A shim stands where the real thing should be.",
        "// Shim until the new API is stable",
        (
            "`remediate resolve-markers` where that is mechanical; else a person writes it, refuses with "
            "a typed error, or deletes it: behaviour is never invented."
        ),
        ("A shim layer that is the product (compatibility crates, rustup's shims) is a noun and left out."),
        "medium",
    ),
    "legacy": (
        (
            'Comments that keep code for "backward compatibility" or call it legacy code. Its class '
            "says what the code beside it does: `stub` (nothing, a constant, its own input), `simulation`, "
            "`honest-error`, `dead-code`, or `remark` (the code does something; the comment may be "
            "stale)."
        ),
        "It is kept for callers that may be gone.",
        "/// Kept for backward compatibility.\npub use new_name as old_name;",
        (
            "`remediate resolve-markers` where that is mechanical; else a person writes it, refuses with "
            "a typed error, or deletes it: behaviour is never invented."
        ),
        "A legacy format, index or model is a noun and left out.",
        "medium",
    ),
}
