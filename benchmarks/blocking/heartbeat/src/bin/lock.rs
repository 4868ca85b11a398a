//! A lock that another thread holds for a while (M2, the async twin).
use std::sync::Arc;
use std::thread;

use async_lock::Mutex;
use heartbeat::{ANSWER, beside};

async fn total(shared: Arc<Mutex<u64>>) -> u64 {
    let mut total = 0;
    for _ in 0..3 {
        let holder = Arc::clone(&shared);
        let (sender, receiver) = futures_channel::oneshot::channel();
        thread::spawn(move || {
            let mut held = holder.lock_blocking();
            sender.send(()).unwrap();
            thread::sleep(ANSWER);
            *held += 1;
        });
        receiver.await.unwrap();
        let now = *shared.lock_blocking();
        total += now;
    }
    total
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    beside(total(Arc::new(Mutex::new(0)))).await;
}
