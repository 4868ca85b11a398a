//! One cell of the matrix: `matrix OPERATION CONTEXT` ends with 0 (ok) or 101 (a panic), or does not end.

use std::time::Duration;
use tokio::runtime::{Builder, Handle, Runtime};
use tokio::sync::{mpsc, oneshot, Mutex, RwLock};

fn main() {
    let mut words = std::env::args().skip(1);
    let operation = operation(&words.next().expect("an operation"));
    run(&words.next().expect("a context"), operation);
}

type Operation = fn();

fn operation(name: &str) -> Operation {
    match name {
        "futures-ready" => || {
            futures::executor::block_on(async {});
        },
        "futures-timer" => || futures::executor::block_on(pause()),
        "futures-nested" => || futures::executor::block_on(async { futures::executor::block_on(async {}) }),
        "runtime-new" => || Runtime::new().expect("a runtime").block_on(pause()),
        "handle-current" => || Handle::current().block_on(pause()),
        "in-place-handle" => || tokio::task::block_in_place(|| Handle::current().block_on(pause())),
        "in-place" => || tokio::task::block_in_place(|| ()),
        "blocking-recv" => || {
            let (sender, receiver) = oneshot::channel();
            sender.send(1).expect("a receiver");
            assert_eq!(receiver.blocking_recv(), Ok(1));
        },
        "blocking-send" => || {
            let (sender, _receiver) = mpsc::channel(1);
            sender.blocking_send(1).expect("a receiver");
        },
        "blocking-lock" => || assert_eq!(*Mutex::new(1).blocking_lock(), 1),
        "blocking-read" => || assert_eq!(*RwLock::new(1).blocking_read(), 1),
        "drop-runtime" => || drop(Runtime::new().expect("a runtime")),
        other => panic!("no operation {other}"),
    }
}

async fn pause() {
    tokio::time::sleep(Duration::from_millis(5)).await;
}

fn run(context: &str, operation: Operation) {
    match context {
        "thread" => joined(operation),
        "entered" => {
            let runtime = workers(2);
            let _guard = runtime.enter();
            operation();
        }
        "multi-thread" => workers(2).block_on(async { spawned(operation).await }),
        "one-worker" => workers(1).block_on(async { spawned(operation).await }),
        "current-thread" => {
            let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime");
            runtime.block_on(async { operation() });
        }
        "spawn-blocking" => workers(2).block_on(async {
            tokio::task::spawn_blocking(operation).await.expect("no panic");
        }),
        "block-in-place" => workers(2).block_on(async {
            tokio::spawn(async move { tokio::task::block_in_place(operation) }).await.expect("no panic");
        }),
        "thread-from-async" => workers(2).block_on(async {
            tokio::spawn(async move { joined(operation) }).await.expect("no panic");
        }),
        other => panic!("no context {other}"),
    }
}

fn workers(count: usize) -> Runtime {
    Builder::new_multi_thread().worker_threads(count).enable_all().build().expect("a runtime")
}

fn joined(operation: Operation) {
    std::thread::spawn(operation).join().expect("no panic");
}

async fn spawned(operation: Operation) {
    tokio::spawn(async move { operation() }).await.expect("no panic");
}
