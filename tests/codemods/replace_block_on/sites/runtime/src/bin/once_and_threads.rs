//! Values that are made once, and threads with a runtime of their own.
use std::sync::OnceLock;

use tokio::runtime::{Handle, Runtime};
use tokio::sync::mpsc;
use tokio::task::block_in_place;

static CONFIGURATION: OnceLock<String> = OnceLock::new();
static SIZE: OnceLock<usize> = OnceLock::new();
static LEVEL: OnceLock<usize> = OnceLock::new();

async fn read(name: &str) -> String {
    tokio::task::yield_now().await;
    name.to_uppercase()
}

async fn size() -> usize {
    tokio::task::yield_now().await;
    5
}

async fn configuration() -> &'static str {
    CONFIGURATION.get_or_init(|| block_in_place(|| Handle::current().block_on(read("release")))) //~ M5 M5
}

async fn measured() -> usize {
    *SIZE.get_or_init(|| block_in_place(|| Handle::current().block_on(size()))) //~ not-simple not-simple
}

async fn level() -> usize {
    *LEVEL.get_or_init(|| block_in_place(|| Handle::current().block_on(size()))) //~ M5 M5
}

fn preset() {
    SIZE.set(7).unwrap();
}

async fn numbers() -> Vec<u32> {
    let (sender, mut receiver) = mpsc::channel(2);
    std::thread::spawn(move || {
        let runtime = Runtime::new().unwrap();
        runtime.block_on(async move { //~ M4
            // One after the other.
            for number in 1..=3 {
                tokio::task::yield_now().await;
                if sender.send(number).await.is_err() {
                    return;
                }
            }
        })
    });
    let mut found = Vec::new();
    while let Some(number) = receiver.recv().await {
        found.push(number);
    }
    found
}

async fn files() -> usize {
    let (sender, mut receiver) = mpsc::channel(1);
    std::thread::spawn(move || {
        let runtime = Runtime::new().unwrap();
        runtime.block_on(async move { //~ correct-as-it-is
            let text = std::fs::read("/dev/null").unwrap();
            sender.send(text.len()).await.unwrap();
        })
    });
    receiver.recv().await.unwrap()
}

async fn joined() -> u32 {
    let thread = std::thread::spawn(|| Runtime::new().unwrap().block_on(async { 3 })); //~ correct-as-it-is
    thread.join().unwrap()
}

#[tokio::main]
async fn main() {
    preset();
    println!("{} {} {}", configuration().await, measured().await, level().await);
    println!("{} {:?}", configuration().await, CONFIGURATION.get());
    println!("{:?} {} {}", numbers().await, files().await, joined().await);
}
