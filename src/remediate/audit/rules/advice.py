"""What a person would do about a finding that no codemod fixes, by its rule: one imperative sentence each."""

_BEHAVIOUR = (
    "Write the behaviour that the comment promises, or refuse with a typed error of the crate; where the "
    "code does its work already, delete the comment."
)

_ADVICE = {
    "unimplemented": "Write the missing code, or return a typed error that says it is missing.",
    "unwrap": "Pass the error on with `?`, or give a default; where it cannot fail, say why in the code.",
    "expect": "Pass the error on with `?`, or give a default, where the stated reason may not hold.",
    "panic": "Return an error of the crate's own type instead, and let the callers decide.",
    "unsafe": "Write it in safe Rust, or state in a `// SAFETY:` comment the condition that makes it sound.",
    "debug-print": "Log it with the logging crate the project uses, or delete the line.",
    "todo-marker": _BEHAVIOUR,
    "placeholder": _BEHAVIOUR,
    "temporary-code": _BEHAVIOUR,
    "hack": (
        "Say what the code works around, and rewrite it without the detour where the cause is gone; where "
        "it is not, name what it waits for."
    ),
    "shim": "Implement what the shim stands for, or rename it for what it does where it is the design.",
    "legacy": "Move the remaining users to the current interface, then delete the old one.",
    "new-file": "Create the file and declare it as a module; what belongs in it is the audit's to say.",
    "blocking-wrapper": "Make it an `async fn` and await it in its callers, unless none is async.",
    "locking": "Replace the lock by an owner task, atomics or a concurrent structure.",
    "allocation": "Borrow, reuse a buffer, or use a structure of fixed capacity.",
    "parse-health": "Repair the text: nothing else in the file can be judged before rustc reads it.",
    "suppression": 'Give it the rule and a reason: `// remediate: allow(unwrap, reason = "..")`.',
    "unclassified": "Read the audit's words at the place they name: no known rule says what settles them.",
    "spawn-blocking": "Leave it where it keeps blocking work off the async workers; else await.",
    "block-on": "Make the function async and await in it, up to an async caller or a boundary.",
    "large-file": "Cut the file along its concepts, one module after the other.",
    "embedded-tests": "Move the tests after making what they need public, or keep them there.",
    "dead-tests": "Move the test where a target reaches it, or delete it.",
}


def advice(rule: str) -> str:
    """Return what a person would do about a finding of a rule."""
    return _ADVICE.get(rule, _ADVICE["unclassified"])
