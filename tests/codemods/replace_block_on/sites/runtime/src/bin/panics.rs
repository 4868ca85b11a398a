//! What tokio refuses inside of async code: each of these panics before, and runs through after.
//~ before: panics

use std::time::Duration;

use tokio::runtime::{Handle, Runtime};
use tokio::sync::{mpsc, oneshot, Mutex, RwLock};

async fn number(value: u32) -> u32 {
    tokio::time::sleep(Duration::from_millis(1)).await;
    value
}

async fn own_runtime() -> u32 {
    let runtime = Runtime::new().unwrap();
    runtime.block_on(number(1)) //~ M2
}

async fn current() -> u32 {
    Handle::current().block_on(number(2)) //~ M2
}

fn load(value: u32) -> u32 {
    let runtime = Runtime::new().expect("a runtime");
    let first = runtime.block_on(number(value)); //~ M3
    first + runtime.block_on(number(1)) //~ M3
}

struct Client {
    runtime: Runtime,
}

impl Client {
    async fn get(&self) -> u32 {
        self.runtime.block_on(number(3)) //~ runtime-stays
    }
}

async fn channels() -> u32 {
    let (sender, receiver) = oneshot::channel();
    sender.send(4).unwrap();
    let first: u32 = receiver.blocking_recv().unwrap(); //~ M2
    let (sender, mut receiver) = mpsc::channel(1);
    sender.blocking_send(5).unwrap(); //~ M2
    let second: u32 = receiver.blocking_recv().unwrap(); //~ M2
    first + second
}

async fn locks() -> u32 {
    let mutex = Mutex::new(6);
    let lock = RwLock::new(7);
    *lock.blocking_write() += 1; //~ M2
    let first = *mutex.blocking_lock(); //~ M2
    let second = *lock.blocking_read(); //~ M2
    first + second
}

#[tokio::main]
async fn main() {
    let which = std::env::args().nth(1).unwrap_or_default();
    let value = match which.as_str() {
        "own" => own_runtime().await,
        "current" => current().await,
        "load" => load(8).to_owned(),
        "channels" => channels().await,
        "locks" => locks().await,
        _ => {
            let client = Box::leak(Box::new(Client { runtime: std::thread::spawn(|| Runtime::new().unwrap()).join().unwrap() }));
            client.get().await
        }
    };
    println!("{value}");
}
