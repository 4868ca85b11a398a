//! A value that is made once, by the first who needs it (M5).
use std::sync::OnceLock;

use heartbeat::{answer, beside};

static SETTING: OnceLock<u64> = OnceLock::new();

async fn setting() -> u64 {
    *SETTING.get_or_init(|| pollster::block_on(answer(7)))
}

async fn total() -> u64 {
    setting().await + setting().await
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    beside(total()).await;
}
