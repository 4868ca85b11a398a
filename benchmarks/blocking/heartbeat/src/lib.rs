//! A task that counts how long a runtime of one thread leaves it waiting, and answers that take their time.

use std::future::Future;
use std::thread;
use std::time::{Duration, Instant};

/// How long each answer takes.
pub const ANSWER: Duration = Duration::from_millis(40);
const BEAT: Duration = Duration::from_millis(1);

/// Runs a future beside a heartbeat, and prints the longest pause of that in microseconds.
pub async fn beside(work: impl Future<Output = u64>) {
    let heart = tokio::spawn(async {
        let mut longest = Duration::ZERO;
        let mut last = Instant::now();
        loop {
            tokio::time::sleep(BEAT).await;
            longest = longest.max(last.elapsed());
            last = Instant::now();
            if STOP.load(std::sync::atomic::Ordering::Relaxed) {
                return longest;
            }
        }
    });
    tokio::time::sleep(BEAT * 5).await;
    let found = work.await;
    STOP.store(true, std::sync::atomic::Ordering::Relaxed);
    println!("{} {found}", heart.await.unwrap().as_micros());
}

static STOP: std::sync::atomic::AtomicBool = std::sync::atomic::AtomicBool::new(false);

/// A number that another thread finds out.
pub async fn answer(number: u64) -> u64 {
    let (sender, receiver) = futures_channel::oneshot::channel();
    thread::spawn(move || {
        thread::sleep(ANSWER);
        sender.send(number)
    });
    receiver.await.unwrap()
}
