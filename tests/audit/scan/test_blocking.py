"""What counts as a blocking call, and what each is where it stands."""
# ruff: noqa: E501 - a table of one-line sources reads best with one case a line

import pytest

from remediate.audit.scan.inspect import inspect


def _kinds(text: str) -> list[tuple[str, str]]:
    wanted = {"block-on", "blocking-wrapper", "spawn-blocking"}
    return [(p.rule, p.kind) for p in inspect(text.encode()).places if p.rule in wanted]


@pytest.mark.parametrize(
    "call",
    [
        "futures::executor::block_on(x())",
        "futures_executor::block_on(x())",
        "futures_lite::future::block_on(x())",
        "smol::block_on(x())",
        "async_std::task::block_on(x())",
        "async_io::block_on(x())",
        "pollster::block_on(x())",
        "x().block_on()",
        "futures::executor::block_on_stream(s)",
        "LocalPool::new().run_until(x())",
        "self.handle.block_on(x())",
        "tokio::runtime::Builder::new_current_thread().build()?.block_on(x())",
        "Runtime::block_on(&rt, x())",
        "tokio::task::block_in_place(|| 1)",
        "tokio_test::block_on(x())",
        "rx.blocking_recv()",
        "tx.blocking_send(1)",
        "lock.blocking_lock()",
        "SyncIoBridge::new(x)",
        "assert_eq!(block_on(x()), 1)",
        "defer! { rt.block_on(x()); }",
        "y.map(futures::executor::block_on)",
        "rt.block_on::<F>(x())",
        "rt\n    .block_on(\n x())",
        "[block_on(x()); 2]",
        "LocalSet::new().block_on(&mut runtime, x())",
        "block_on(client.get::<Key, Value>(x))",
        "block_on(HashMap::<u8, u8>::load())",
        "block_on(<Map<u8, u8> as Load<u8, u8>>::load())",
        "block_on(x() as Boxed<'_, u8>)",
        "rt.block_on( <A as B<C, D>>::x() )",
    ],
)
def test_every_spelling_is_found_in_a_synchronous_function(call: str) -> None:
    assert _kinds(f"fn f() {{ {call}; }}") == [("block-on", "sync")]
    assert _kinds(f'#[must_use = "kept"]\nfn f() {{ {call}; }}') == [("block-on", "sync")]


@pytest.mark.parametrize(
    "text",
    [
        "// block_on(x)",
        'fn f() { g("block_on(x)"); }',
        "/* rt.block_on(x) */ fn f() {}",
        "use futures::executor::{self, block_on, x};",
        "fn block_on(x: u8) {}",
        "fn f() { self.block_on; }",
        "fn f() { x.block_on(Some(py), fut); }",
        "fn f() { x.block_on(a::<B, C>(), fut); }",
        "#[block_on(x)] fn f() {}",
        "fn f() { x.block_on(|| 1); }",
        "async fn f() { local.run_until(x()).await; }",
        f"async fn f() {{ LocalSet::new().run_until(x())\n{' ' * 60}.await; }}",
        "fn f() -> impl Future { LocalSet::new().run_until(x()) }",
        "fn f() { game.run_until(5); }",
        "fn f() { self.unblock(|| 1); }",
        "fn f() { crate::unblock(|| 1); }",
        "fn unblock_on() { my_block_on(); }",
        "/// ```\n/// rt.block_on(x);\n/// ```\nfn f() {}",
    ],
)
def test_look_alikes_are_none(text: str) -> None:
    assert _kinds(text) == []


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("async fn f() { Runtime::new().unwrap().block_on(x()); }", "certain-panic"),
        ("async fn f() { Handle::current().block_on(x()); }", "certain-panic"),
        ("async fn f() { let rt = Runtime::new()?; rt.block_on(x()); }", "certain-panic"),
        ("async fn f() { rx.blocking_recv(); }", "certain-panic"),
        ("fn f() { g(async move { rx.blocking_recv(); }) }", "certain-panic"),
        ("fn f() { thread::spawn(move || Handle::current().block_on(x())); }", "certain-panic"),
        ("#[tokio::test]\nasync fn t() { block_in_place(|| 1); }", "certain-panic"),
        ('#[tokio::main(flavor = "current_thread")]\nasync fn main() { block_in_place(|| 1); }', "certain-panic"),
        ("fn f() { futures::executor::block_on(async { futures::executor::block_on(x()) }); }", "certain-panic"),
        ("async fn f() { futures::executor::block_on(x()); }", "in-async"),
        ("async fn f() { self.rt.block_on(x()); }", "in-async"),
        ("impl Future for F { fn poll(self: Pin<&mut Self>, c: &mut Context<'_>) { block_on(x()); } }", "in-async"),
        ("async fn f() { spawn_blocking(move || { rx.blocking_recv() }).await; }", "own-thread"),
        ("async fn f() { std::thread::spawn(move || { rx.blocking_recv() }); }", "own-thread"),
        ("async fn f() { let w = move || { rx.blocking_recv() }; pool.spawn_blocking(w); }", "own-thread"),
        ("async fn f() { let w = || rx.blocking_recv(); keep(w); }", "closure"),
        ("fn main() { block_on(run()); }", "main"),
        ("#[test]\nfn t() { block_on(run()); }", "test"),
        ("#[cfg(test)]\nmod tests { fn help() { block_on(run()); } }", "test"),
        ('#[no_mangle]\npub extern "C" fn f() { block_on(run()); }', "ffi"),
        ("#[pymethods]\nimpl P { fn f(&self) { block_on(run()); } }", "ffi"),
        ("impl Drop for G { fn drop(&mut self) { block_on(x()); } }", "drop"),
        ("static X: Lazy<u8> = Lazy::new(|| block_on(x()));", "sync"),
    ],
)  # fmt: skip
def test_a_call_is_classed_by_where_it_runs(text: str, kind: str) -> None:
    assert [found for found in _kinds(text) if found[0] == "block-on"][-1] == ("block-on", kind)


def test_a_closure_on_the_way_makes_nothing_certain() -> None:
    assert _kinds("async fn f() { b.iter(|| Runtime::new().unwrap().block_on(x())); }") == [
        ("block-on", "in-async")
    ]


def test_an_alias_and_a_wrapper_are_told() -> None:
    aliased = "use futures::executor::block_on as wait;\nfn f() { wait(x()); }"
    assert _kinds(aliased) == [("blocking-wrapper", "sync")]
    wrapper = "fn wait<F: Future>(f: F) -> F::Output { futures::executor::block_on(f) }"
    facts = inspect(wrapper.encode())
    assert [p.kind for p in facts.places] == ["wrapper"]
    assert [w.name for w in facts.wrappers] == ["wait"]


@pytest.mark.parametrize(
    "text",
    [
        "async fn f() { tokio::task::spawn_blocking(|| 1).await; }",
        "use blocking::unblock;\nasync fn f() { unblock(|| 1).await; }",
        "async fn f() { smol::unblock(|| 1).await; }",
    ],
)
def test_what_is_given_to_a_pool_is_a_rule_of_its_own(text: str) -> None:
    assert _kinds(text) == [("spawn-blocking", "in-async")]
