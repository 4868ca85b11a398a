//! What waits for the only thread on which it is waited for: it hangs before, and runs through after.
//~ before: hangs

use std::time::Duration;

async fn later() -> u32 {
    tokio::time::sleep(Duration::from_millis(1)).await;
    4
}

fn total() -> u32 {
    futures_lite::future::block_on(later()) + 1 //~ M3
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    println!("{}", total());
}
