"""Documentation of the rules about code; the columns are those of ``documentation``."""

_Texts = tuple[str, str, str, str, str, str]

CODE: dict[str, _Texts] = {
    "unwrap": (
        ("`.unwrap()`, `.unwrap_err()` and `.unwrap_unchecked()` outside of tests, benchmarks and examples."),
        (
            "It turns an error the caller could handle into a panic, without a word about why it "
            "cannot happen."
        ),
        "let port: u16 = text.parse().unwrap();",
        ("`?`, a default, or `expect` with the reason why it cannot fail; a person decides."),
        (
            "After `.lock()`, `.join()` and their like it is a note (`poison`): it passes on another "
            "thread's panic."
        ),
        "high",
    ),
    "expect": (
        '`.expect("..")` outside of tests, benchmarks and examples.',
        (
            "It panics with a message. Where the reason holds, that is a documented invariant; where "
            "it does not, a crash."
        ),
        'let home = env::var("HOME").expect("HOME is set");',
        "`?` or a default where the reason does not hold; a person decides.",
        "A parser's own `self.expect(..)` is left out.",
        "medium",
    ),
    "panic": (
        "`panic!` outside of tests.",
        "A library that panics takes the decision from its caller.",
        'panic!("unknown kind {kind}");',
        "an error value; a person decides.",
        "Documented invariants. `unreachable!` and assertions are not reported.",
        "medium",
    ),
    "unimplemented": (
        "`todo!` and `unimplemented!` outside of tests.",
        "Code that is not there, behind a signature that says it is.",
        "fn export(&self) -> Vec<u8> {\n    todo!()\n}",
        "writing it, or a typed error that says it is missing; a person decides.",
        "A trait method that has no meaning for a type may have to be `unimplemented!`.",
        "high",
    ),
    "debug-print": (
        "`println!`, `eprintln!`, `print!`, `eprint!` and `dbg!` in library code.",
        ("Libraries have no terminal: output belongs to the program, logs to a logging facade."),
        'println!("got {response:?}");',
        "the project's logging macros; a person decides.",
        (
            "`main.rs`, `src/bin/` and build scripts print by trade and are left out; a command-line "
            "crate's library part is not known as such."
        ),
        "medium",
    ),
    "unsafe": (
        "`unsafe` blocks, functions, impls, traits and extern blocks outside of tests.",
        (
            "Here the compiler's guarantees are a person's promise. One without a SAFETY comment is a "
            "warning, one with it a note."
        ),
        "let byte = unsafe { *pointer.add(i) };",
        "safe code, or a `// SAFETY:` comment that says why it holds; a person decides.",
        "Types such as `unsafe fn()` are not reported.",
        "very-high",
    ),
    "locking": (
        ("`Mutex`, `RwLock`, `Condvar` and `.lock()` in files for which the configuration forbids locks."),
        ('The project has decided so for these files: `[audit.forbid] locks = ["src/hot/**"]`.'),
        "state: Mutex<State>,",
        "an owner task, atomics or a lock-free structure; a person decides.",
        "Without that configuration the rule says nothing.",
        "high",
    ),
    "allocation": (
        (
            "`Vec::new`, `vec!`, `format!`, `Box::new`, `.to_string()`, `.clone()`, `.collect()` and "
            "their like in files for which the configuration forbids allocation."
        ),
        ('The project has decided so for these files: `[audit.forbid] allocation = ["src/hot/**"]`.'),
        "let key = name.to_string();",
        "borrowing, a buffer that is reused, a fixed capacity; a person decides.",
        (
            "`.clone()` of a reference count or a number allocates nothing; `Vec::new` only when it "
            "grows. Without that configuration the rule says nothing."
        ),
        "low",
    ),
}
