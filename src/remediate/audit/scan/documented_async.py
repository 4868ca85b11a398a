"""Documentation of the rules about blocking; the columns are those of ``documentation``."""

_Texts = tuple[str, str, str, str, str, str]

ASYNC: dict[str, _Texts] = {
    "block-on": (
        (
            "A call that waits for a future by blocking the thread: `block_on` of every executor, "
            "`block_in_place`, `LocalPool::run_until`, tokio's `blocking_recv`, `blocking_lock` and "
            "their like, `SyncIoBridge`. Macro bodies are looked into; comments, strings, imports and "
            "definitions are not reported."
        ),
        (
            "In async code it stops a worker of the runtime, and with tokio it may panic or hang. A "
            "call that is certain to panic where it stands is an error and comes first "
            "(`certain-panic`); so is one in async code (`in-async`). In a synchronous function it is "
            "a warning (`sync`): wrong if async code calls it. In `main`, in tests, behind a foreign "
            "interface, on a thread of its own it is by design: a note."
        ),
        (
            "async fn total(&self) -> u64 {\n"
            "    self.runtime.block_on(self.count()) // panics: tokio is running this\n"
            "}"
        ),
        (
            "`remediate replace-block-on`: `async fn` and `.await` up to the callers that are async already, "
            "where the compiler knows every call; else a person."
        ),
        (
            "A method of the same name that takes a closure or two arguments is left out. Whether a "
            "synchronous function is ever called from async code is not known: suppress those that are "
            "not."
        ),
        "high",
    ),
    "blocking-wrapper": (
        (
            "A call of a function of this workspace that does nothing but block on its argument, or a "
            "blocking function imported under another name."
        ),
        ("It blocks exactly as `block_on` does, and a search for `block_on` does not find it."),
        (
            "fn wait<F: Future>(future: F) -> F::Output {\n"
            "    futures::executor::block_on(future)\n"
            "}\n"
            "\n"
            "async fn run() {\n"
            "    wait(load()); // reported\n"
            "}"
        ),
        "as for `block-on`.",
        "A method call is reported only if the workspace has one function of that name.",
        "medium",
    ),
    "spawn-blocking": (
        "`spawn_blocking`: work handed to the runtime's blocking pool.",
        ("Most often this is right: it keeps the workers free. It is listed because audits ask for it."),
        "let hash = tokio::task::spawn_blocking(move || bcrypt(password)).await?;",
        (
            "`remediate replace-block-on` where the closure only waits for a future; else nothing: CPU work "
            "in `tokio::spawn` would be on a worker."
        ),
        "It is a note and fails no check.",
        "low",
    ),
}
