//! A blocking call in an async function (M2).
use heartbeat::{answer, beside};

async fn total() -> u64 {
    let mut total = 0;
    for number in 1..=5 {
        total += pollster::block_on(answer(number));
    }
    total
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    beside(total()).await;
}
