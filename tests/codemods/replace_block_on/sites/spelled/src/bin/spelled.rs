//! The names under which a blocking call goes.
use std::sync::Arc;

use async_channel::{bounded, Receiver, Sender};
use async_lock::{Mutex, RwLock, Semaphore};
use futures::executor::{self, block_on as wait, LocalPool};
use futures_lite::future;

async fn number(value: u32) -> u32 {
    future::yield_now().await;
    value
}

mod glob {
    use futures_lite::future::*;

    pub(crate) async fn number() -> u32 {
        block_on(super::number(1)) //~ M2
    }
}

mod again {
    pub(crate) use futures_lite::future::block_on as finish;
}

async fn executors() -> u32 {
    let first = future::block_on(number(2)); //~ M2
    let second = wait(number(3)); //~ M2
    let third = again::finish(number(4)); //~ M2
    let fourth = executor::block_on::<_>(number(5)); //~ M2
    let fifth = r#future::r#block_on(number(6)); //~ M2
    let sixth = ::futures::executor::block_on(number(7)); //~ M2
    first + second + third + fourth + fifth + sixth
}

async fn other_executors() -> u32 {
    let first = std::thread::spawn(|| LocalPool::new().run_until(number(8))); //~ correct-as-it-is
    let numbers = [9, 10].map(number).map(wait); //~ unknown-call
    let pooled = LocalPool::new().run_until(number(12)); //~ not-simple
    first.join().unwrap() + numbers[0] + numbers[1] + pooled
}

struct Shared {
    count: Mutex<u32>,
    names: RwLock<Vec<&'static str>>,
    tickets: Semaphore,
}

async fn locks(shared: Arc<Shared>) -> u32 {
    *shared.count.lock_blocking() += 1; //~ M2
    shared.names.write_blocking().push("one"); //~ M2
    let length = shared.names.read_blocking().len(); //~ M2
    let _ticket = shared.tickets.acquire_blocking(); //~ M2
    let count = *shared.count.lock_blocking(); //~ M2
    count + length as u32
}

async fn channels(sender: Sender<u32>, receiver: Receiver<u32>) -> u32 {
    sender.send_blocking(11).unwrap(); //~ M2
    let Ok(value) = receiver.recv_blocking() else { return 0 }; //~ M2
    value
}

#[tokio::main]
async fn main() {
    println!("{} {}", glob::number().await, executors().await);
    println!("{}", other_executors().await);
    let shared = Shared { count: Mutex::new(1), names: RwLock::new(vec![]), tickets: Semaphore::new(1) };
    println!("{}", locks(Arc::new(shared)).await);
    let (sender, receiver) = bounded(1);
    println!("{}", channels(sender, receiver).await);
}
