"""What each rule is about, and what to do about it: `--explain RULE`, SARIF, the HTML page, work orders."""

from dataclasses import dataclass

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


@dataclass(frozen=True, slots=True)
class Documentation:
    """One rule's documentation.

    Attributes:
        family: What the rule is one of.
        what: What is reported, one or two sentences.
        why: Why that is bad.
        example: Code that is reported.
        fixed: How it is fixed, by whom.
        not_meant: When the rule is wrong, and what to do then.
        precision: SARIF's word for how often it is right.
    """

    family: str
    what: str
    why: str
    example: str
    fixed: str
    not_meant: str
    precision: str

    def text(self) -> str:
        """Return all of it as plain text."""
        return f"{self.what} {self.why} Fix: {self.fixed} Not meant: {self.not_meant}"

    def markdown(self) -> str:
        """Return all of it as Markdown."""
        return (
            f"{self.what}\n\n**Why:** {self.why}\n\n```rust\n{self.example}\n```\n\n"
            f"**Fixed by:** {self.fixed}\n\n**Not meant:** {self.not_meant}\n"
        )


_CLASSES = (
    "Its class says what the code beside it does: `stub` (nothing, a constant, its own input), "
    "`simulation`, `honest-error`, `dead-code`, or `remark` (the code does something; the comment "
    "may be stale)."
)
_RESOLVED = (
    "`remediate resolve-markers` where that is mechanical; else a person writes it, refuses with a "
    "typed error, or deletes it: behaviour is never invented."
)
_NOUNS = (
    "Words that are nouns of the trade (a temporary directory, an SQL placeholder, a mock server, "
    "a legacy format), identifiers, code spans, examples in docs and test code are left out."
)

DOCUMENTATION = {
    "block-on": Documentation(
        family="async",
        what="A call that waits for a future by blocking the thread: `block_on` of every executor, "
        "`block_in_place`, `LocalPool::run_until`, tokio's `blocking_recv`, `blocking_lock` and their "
        "like, `SyncIoBridge`. Macro bodies are looked into; comments, strings, imports and "
        "definitions are not reported.",
        why="In async code it stops a worker of the runtime, and with tokio it may panic or hang. A call "
        "that is certain to panic where it stands is an error and comes first (`certain-panic`); so is "
        "one in async code (`in-async`). In a synchronous function it is a warning (`sync`): wrong if "
        "async code calls it. In `main`, in tests, behind a foreign interface, on a thread of its own "
        "it is by design: a note.",
        example="async fn total(&self) -> u64 {\n"
        "    self.runtime.block_on(self.count()) // panics: tokio is running this\n"
        "}",
        fixed="`remediate replace-block-on`: `async fn` and `.await` up to the callers that are async "
        "already, where the compiler knows every call; else a person.",
        not_meant="A method of the same name that takes a closure or two arguments is left out. Whether a "
        "synchronous function is ever called from async code is not known: suppress those that are not.",
        precision="high",
    ),
    "blocking-wrapper": Documentation(
        family="async",
        what="A call of a function of this workspace that does nothing but block on its argument, or a "
        "blocking function imported under another name.",
        why="It blocks exactly as `block_on` does, and a search for `block_on` does not find it.",
        example="fn wait<F: Future>(future: F) -> F::Output {\n"
        "    futures::executor::block_on(future)\n"
        "}\n"
        "\n"
        "async fn run() {\n"
        "    wait(load()); // reported\n"
        "}",
        fixed="as for `block-on`.",
        not_meant="A method call is reported only if the workspace has one function of that name.",
        precision="medium",
    ),
    "spawn-blocking": Documentation(
        family="async",
        what="`spawn_blocking`: work handed to the runtime's blocking pool.",
        why="Most often this is right: it keeps the workers free. It is listed because audits ask for it.",
        example="let hash = tokio::task::spawn_blocking(move || bcrypt(password)).await?;",
        fixed="`remediate replace-block-on` where the closure only waits for a future; else nothing: CPU "
        "work in `tokio::spawn` would be on a worker.",
        not_meant="It is a note and fails no check.",
        precision="low",
    ),
    "large-file": Documentation(
        family="tests",
        what="A `.rs` file with more lines than the limit (300 unless `max-lines` says otherwise). Files a "
        "program wrote are left out; they are known by what their first comment says.",
        why="A file of thousands of lines has no outline a reader could hold, and every change to it "
        "conflicts.",
        example="// src/search.rs: 2963 lines",
        fixed="`remediate split-file`: a module with cohesive submodules, all paths and visibilities kept.",
        not_meant="One table or one match that cannot be cut: suppress it with `//! remediate: "
        'allow(large-file, reason = "..")`. Under `tests/`, `benches/` and `examples/` it is a note.',
        precision="very-high",
    ),
    "embedded-tests": Documentation(
        family="tests",
        what="A `#[cfg(test)]` module with a body, or a test function, in a file under `src/`.",
        why="Editing an inline test rebuilds the library and all that depends on it, and production files "
        "are read past their tests.",
        example="#[cfg(test)]\nmod tests {\n    #[test]\n    fn adds() {}\n}",
        fixed="`remediate extract-tests`: the same tests, under `tests/`, with the same names and results.",
        not_meant='Teams that want tests beside the code switch the rule off: `embedded-tests = "off"`.',
        precision="very-high",
    ),
    "dead-tests": Documentation(
        family="tests",
        what="Tests that never run: in a file that no target reaches (`orphan`), under `tests/` of a "
        "workspace root that is no package (`virtual-root`), in a target that is not tested "
        "(`untested-target`), or inside the body of another function (`in-function`).",
        why="They look like coverage and check nothing.",
        example="fn setup() {\n    #[test]\n    fn never_runs() {}\n}",
        fixed="`remediate extract-tests --adopt` for a file that no target reaches; else a person: move it "
        "into a package, out of the function, or delete it.",
        not_meant="Sources that are test data (`tests/ui/`, fixtures) are notes. A file that a build script "
        "or a macro includes under a computed name looks like an orphan.",
        precision="high",
    ),
    "parse-health": Documentation(
        family="tests",
        what="Delimiters without their partner, merge conflict markers; with `--deep` (or `--only "
        "parse-health`) every place that our parser cannot read.",
        why="Codemods leave such a file alone, and most of the other rules see it only in part.",
        example="<<<<<<< HEAD",
        fixed="repairing the text.",
        not_meant="Damage inside of a macro body is a note: macros may hold what is no Rust.",
        precision="high",
    ),
    "suppression": Documentation(
        family="tests",
        what="A `// remediate: allow(..)` that does nothing: no reason, an unknown rule, or a spelling that "
        "is not read.",
        why="Its author believes that something is accepted which is not.",
        example="// remediate: allow(unwrap)",
        fixed='writing `// remediate: allow(unwrap, reason = "the lock is never poisoned")`.',
        not_meant="There is no such case.",
        precision="very-high",
    ),
    "unwrap": Documentation(
        family="code",
        what="`.unwrap()`, `.unwrap_err()` and `.unwrap_unchecked()` outside of tests, benchmarks and "
        "examples.",
        why="It turns an error the caller could handle into a panic, without a word about why it cannot "
        "happen.",
        example="let port: u16 = text.parse().unwrap();",
        fixed="`?`, a default, or `expect` with the reason why it cannot fail; a person decides.",
        not_meant="After `.lock()`, `.join()` and their like it is a note (`poison`): it passes on another "
        "thread's panic.",
        precision="high",
    ),
    "expect": Documentation(
        family="code",
        what='`.expect("..")` outside of tests, benchmarks and examples.',
        why="It panics with a message. Where the reason holds, that is a documented invariant; where it "
        "does not, a crash.",
        example='let home = env::var("HOME").expect("HOME is set");',
        fixed="`?` or a default where the reason does not hold; a person decides.",
        not_meant="A parser's own `self.expect(..)` is left out.",
        precision="medium",
    ),
    "panic": Documentation(
        family="code",
        what="`panic!` outside of tests.",
        why="A library that panics takes the decision from its caller.",
        example='panic!("unknown kind {kind}");',
        fixed="an error value; a person decides.",
        not_meant="Documented invariants. `unreachable!` and assertions are not reported.",
        precision="medium",
    ),
    "unimplemented": Documentation(
        family="code",
        what="`todo!` and `unimplemented!` outside of tests.",
        why="Code that is not there, behind a signature that says it is.",
        example="fn export(&self) -> Vec<u8> {\n    todo!()\n}",
        fixed=(
            "`remediate resolve-markers --scaffold`: a typed error that says it is missing, where the "
            "function can return one, and an ignored test that waits; a person writes it."
        ),
        not_meant="A trait method that has no meaning for a type may have to be `unimplemented!`.",
        precision="high",
    ),
    "debug-print": Documentation(
        family="code",
        what="`println!`, `eprintln!`, `print!`, `eprint!` and `dbg!` in library code.",
        why="Libraries have no terminal: output belongs to the program, logs to a logging facade.",
        example='println!("got {response:?}");',
        fixed="the project's logging macros; a person decides.",
        not_meant="`main.rs`, `src/bin/` and build scripts print by trade and are left out; a command-line "
        "crate's library part is not known as such.",
        precision="medium",
    ),
    "unsafe": Documentation(
        family="code",
        what="`unsafe` blocks, functions, impls, traits and extern blocks outside of tests.",
        why="Here the compiler's guarantees are a person's promise. One without a SAFETY comment is a "
        "warning, one with it a note.",
        example="let byte = unsafe { *pointer.add(i) };",
        fixed="safe code, or a `// SAFETY:` comment that says why it holds; a person decides.",
        not_meant="Types such as `unsafe fn()` are not reported.",
        precision="very-high",
    ),
    "locking": Documentation(
        family="code",
        what="`Mutex`, `RwLock`, `Condvar` and `.lock()` in files for which the configuration forbids locks.",
        why='The project has decided so for these files: `[audit.forbid] locks = ["src/hot/**"]`.',
        example="state: Mutex<State>,",
        fixed="an owner task, atomics or a lock-free structure; a person decides.",
        not_meant="Without that configuration the rule says nothing.",
        precision="high",
    ),
    "allocation": Documentation(
        family="code",
        what="`Vec::new`, `vec!`, `format!`, `Box::new`, `.to_string()`, `.clone()`, `.collect()` and their "
        "like in files for which the configuration forbids allocation.",
        why='The project has decided so for these files: `[audit.forbid] allocation = ["src/hot/**"]`.',
        example="let key = name.to_string();",
        fixed="borrowing, a buffer that is reused, a fixed capacity; a person decides.",
        not_meant="`.clone()` of a reference count or a number allocates nothing; `Vec::new` only when it "
        "grows. Without that configuration the rule says nothing.",
        precision="low",
    ),
    "todo-marker": Documentation(
        family="markers",
        what=f"TODO, FIXME and XXX in comments. {_CLASSES}",
        why="Each is a promise without a date. Beside a constant result it is a function that does not do "
        "its work.",
        example="// TODO: ask the server\nOk(Vec::new())",
        fixed=_RESOLVED,
        not_meant=_NOUNS,
        precision="high",
    ),
    "placeholder": Documentation(
        family="markers",
        what="Comments and texts that call code a placeholder, stub, mock, fake, dummy, simulation, "
        "hard-coded or not implemented. "
        f"{_CLASSES}",
        why="The code pretends.",
        example="// Placeholder implementation\nfn score(&self) -> f64 {\n    0.5\n}",
        fixed=_RESOLVED,
        not_meant=_NOUNS,
        precision="medium",
    ),
    "temporary-code": Documentation(
        family="markers",
        what='Comments that call code provisional: "for now", "in a real implementation", "in production '
        'this would", "temporary fix", "workaround", "simplified". '
        f"{_CLASSES}",
        why="What is provisional stays, and the comment is all that tells.",
        example="// For now we accept any token.\ntrue",
        fixed=_RESOLVED,
        not_meant=_NOUNS,
        precision="medium",
    ),
    "hack": Documentation(
        family="markers",
        what=f"Comments that say HACK, hack or hacky. {_CLASSES}",
        why="Its author did not trust it.",
        example="// HACK: the order of these two lines matters",
        fixed=_RESOLVED,
        not_meant="`workspace-hack`, hackathons and identifiers are left out.",
        precision="medium",
    ),
    "shim": Documentation(
        family="markers",
        what=f"Comments that call the code at hand a shim. {_CLASSES}",
        why="A shim stands where the real thing should be.",
        example="// Shim until the new API is stable",
        fixed=_RESOLVED,
        not_meant="A shim layer that is the product (compatibility crates, rustup's shims) is a noun and "
        "left out.",
        precision="medium",
    ),
    "legacy": Documentation(
        family="markers",
        what=f'Comments that keep code for "backward compatibility" or call it legacy code. {_CLASSES}',
        why="It is kept for callers that may be gone.",
        example="/// Kept for backward compatibility.\npub use new_name as old_name;",
        fixed=_RESOLVED,
        not_meant="A legacy format, index or model is a noun and left out.",
        precision="medium",
    ),
}


def advice(rule: str) -> str:
    """Return what a person would do about a finding of a rule."""
    return _ADVICE.get(rule, _ADVICE["unclassified"])
