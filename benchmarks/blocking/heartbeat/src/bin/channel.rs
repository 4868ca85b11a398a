//! A blocking receive from a channel (M2, the async twin).
use std::thread;

use async_channel::Receiver;
use heartbeat::{ANSWER, beside};

async fn total(numbers: Receiver<u64>) -> u64 {
    let mut total = 0;
    while let Ok(number) = numbers.recv_blocking() {
        total += number;
    }
    total
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let (sender, receiver) = async_channel::bounded(1);
    thread::spawn(move || {
        for number in 1..=5 {
            thread::sleep(ANSWER);
            sender.send_blocking(number).unwrap();
        }
    });
    beside(total(receiver)).await;
}
