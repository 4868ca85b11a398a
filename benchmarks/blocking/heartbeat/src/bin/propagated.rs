//! Synchronous functions that only async code calls (M3).
use heartbeat::{answer, beside};

struct Client {
    base: u64,
}

impl Client {
    fn get(&self, number: u64) -> u64 {
        pollster::block_on(answer(self.base + number))
    }

    fn pair(&self, number: u64) -> u64 {
        self.get(number) + self.get(number + 1)
    }
}

async fn total(client: Client) -> u64 {
    let mut total = 0;
    for number in 1..=3 {
        total += client.pair(number);
    }
    total
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    beside(total(Client { base: 10 })).await;
}
