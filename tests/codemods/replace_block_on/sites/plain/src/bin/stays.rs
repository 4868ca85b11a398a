//! Calls that must stay: boundaries, guards, closures, look-alikes.
use std::cell::RefCell;
use std::future::Future;
use std::sync::Mutex;

use futures::executor::block_on;

async fn number(value: u32) -> u32 {
    tokio::task::yield_now().await;
    value
}

struct Cache {
    values: Mutex<Vec<u32>>,
    last: RefCell<u32>,
    quick: parking_lot::Mutex<u32>,
}

impl Cache {
    fn held(&self) -> u32 {
        let mut values = self.values.lock().unwrap();
        let value = block_on(number(1)); //~ guard-held
        values.push(value);
        value
    }

    async fn borrowed(&self) -> u32 {
        let mut last = self.last.borrow_mut();
        *last += block_on(number(2)); //~ guard-held
        *last
    }

    async fn quick(&self) -> u32 {
        *self.quick.lock() + block_on(number(3)) //~ guard-held
    }

    async fn matched(&self) -> u32 {
        match self.values.lock().unwrap().first() {
            Some(_) => block_on(number(4)), //~ guard-held
            None => 0,
        }
    }

    async fn released(&self) -> u32 {
        let values = self.values.lock().unwrap();
        let first = values.len() as u32;
        drop(values);
        first + block_on(number(5)) //~ M2
    }
}

impl Drop for Cache {
    fn drop(&mut self) {
        println!("dropped {}", block_on(number(6))); //~ drop
    }
}

trait Source {
    fn next(&mut self) -> u32;
}

struct Counter(u32);

impl Source for Counter {
    fn next(&mut self) -> u32 {
        self.0 += block_on(number(1)); //~ M3
        self.0
    }
}

impl Iterator for Counter {
    type Item = u32;

    fn next(&mut self) -> Option<u32> {
        Some(block_on(number(7))) //~ trait-method
    }
}

fn mapped(values: &[u32]) -> Vec<u32> {
    values.iter().map(|value| block_on(number(*value))).collect() //~ M3
}

fn as_value(value: u32) -> u32 {
    block_on(number(value)) //~ used-as-value
}

fn on_thread() -> u32 {
    std::thread::spawn(|| block_on(number(8))).join().unwrap() //~ correct-as-it-is
}

fn called_on_thread() -> u32 {
    block_on(number(9)) //~ called-on-thread
}

fn called_by_closure(value: u32) -> u32 {
    block_on(number(value)) //~ in-macro
}

fn recursive(depth: u32) -> u32 {
    if depth == 0 {
        return block_on(number(10)); //~ M3
    }
    recursive(depth - 1)
}

fn tested() -> u32 {
    block_on(number(11)) //~ called-from-test
}

/// The project's own: it blocks on what it is given.
fn wait<F: Future>(future: F) -> F::Output {
    block_on(future) //~ main
}

fn from_main() -> u32 {
    block_on(number(12)) //~ main
}

macro_rules! answer {
    () => {
        in_macro(13)
    };
}

fn in_macro(value: u32) -> u32 {
    block_on(number(value)) //~ in-macro
}

extern "C" fn foreign() -> u32 {
    block_on(number(14)) //~ foreign-interface
}

struct Pool;

impl Pool {
    fn block_on<R>(&self, work: impl FnOnce() -> R) -> R {
        work()
    }
}

async fn look_alike() -> u32 {
    Pool.block_on(|| 15)
}

static TABLE: std::sync::LazyLock<u32> = std::sync::LazyLock::new(|| block_on(number(16))); //~ sync-closure

#[allow(clippy::unused_async)]
async fn run() {
    let cache = Cache { values: Mutex::default(), last: RefCell::new(1), quick: parking_lot::Mutex::new(1) };
    println!("{} {}", cache.held(), cache.borrowed().await);
    println!("{} {} {}", cache.quick().await, cache.matched().await, cache.released().await);
    let mut counter = Counter(0);
    println!("{} {:?}", Source::next(&mut counter), Iterator::next(&mut counter));
    println!("{:?}", mapped(&[1, 2]));
    println!("{:?}", Some(1).map(as_value));
    println!("{}", on_thread());
    println!("{}", tokio::task::spawn_blocking(called_on_thread_by).await.unwrap()); //~ correct-as-it-is
    println!("{:?}", Some(3).map(|value| called_by_closure(value)));
    println!("{}", recursive(2));
    println!("{}", tested());
    println!("{}", answer!());
    println!("{}", foreign());
    println!("{}", look_alike().await);
    println!("{}", *TABLE);
}

fn called_on_thread_by() -> u32 {
    std::thread::spawn(|| called_on_thread()).join().unwrap()
}

fn main() {
    println!("{}", wait(number(0)));
    println!("{}", from_main());
    tokio::runtime::Runtime::new().unwrap().block_on(run()); //~ main
}

#[cfg(test)]
mod tests {
    #[test]
    fn works() {
        assert_eq!(super::tested(), 11);
        assert_eq!(futures::executor::block_on(super::number(1)), 1); //~ test
    }
}
