//! block_in_place around the current handle: it works on many workers, and panics on one.
use tokio::runtime::Handle;
use tokio::task::block_in_place;

async fn number(value: u32) -> u32 {
    tokio::task::yield_now().await;
    value
}

async fn direct() -> u32 {
    block_in_place(|| Handle::current().block_on(number(1))) //~ M2 M2
}

fn load(value: u32) -> u32 {
    tokio::task::block_in_place(|| { //~ M3
        Handle::current().block_on(number(value)) //~ M3
    })
}

async fn more_than_that() -> u32 {
    block_in_place(|| { //~ not-simple
        let first = std::fs::read_to_string("/dev/null").map_or(0, |text| text.len());
        first as u32 + Handle::current().block_on(number(2)) //~ not-simple
    })
}

async fn pool() -> u32 {
    let value = tokio::task::spawn_blocking(|| Handle::current().block_on(number(3))).await; //~ M4 M4
    value.unwrap()
}

mod within_tokio {
    use std::future::Future;

    pub fn block_on<F: Future>(future: F) -> F::Output {
        super::block_in_place(|| super::Handle::current().block_on(future)) //~ own-executor own-executor
    }
}

async fn by_the_project() -> u32 {
    within_tokio::block_on(number(6)) //~ M2
}

#[tokio::main]
async fn main() {
    println!("{}", by_the_project().await);
    let kept = tokio::task::spawn_blocking(|| within_tokio::block_on(number(7))); //~ correct-as-it-is correct-as-it-is
    println!("{}", kept.await.unwrap());
    println!("{} {}", direct().await, load(5));
    println!("{} {}", more_than_that().await, pool().await);
}
