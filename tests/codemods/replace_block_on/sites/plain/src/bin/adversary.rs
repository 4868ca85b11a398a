//! Names that are not what they seem, and calls in every position of an expression.
use std::collections::HashMap;
use std::future::Future;

use futures::executor::block_on;

async fn number(value: i64) -> i64 {
    tokio::task::yield_now().await;
    value
}

async fn text(value: i64) -> Result<String, String> {
    tokio::task::yield_now().await;
    if value < 0 { Err(format!("{value} is negative")) } else { Ok("x".repeat(value as usize)) }
}

mod first {
    pub(crate) fn load(value: i64) -> i64 {
        super::block_on(super::number(value)) //~ M3
    }
}

mod second {
    pub(crate) fn load(value: i64) -> i64 {
        value * 2
    }
}

struct Store {
    name: String,
    load: i64,
}

trait Load {
    fn load(&self) -> i64;
}

impl Load for Store {
    fn load(&self) -> i64 {
        self.load
    }
}

impl Store {
    /// Waits, then tells the name.
    #[inline]
    fn name(&self) -> &str {
        block_on(number(0)); //~ M3
        &self.name
    }

    fn sum<I>(&self, values: I, more: impl IntoIterator<Item = i64>) -> i64
    where
        I: Iterator<Item = i64>,
    {
        let mut total = 0;
        for value in values.chain(more) {
            total += block_on( //~ M3
                // One by one.
                number(value),
            );
        }
        total
    }

    pub(crate) unsafe fn raw(&self) -> i64 {
        block_on(number(self.load)) //~ M3
    }

    fn new(name: &str) -> Self {
        Self { name: name.to_owned(), load: Self::size(name) }
    }

    fn size(name: &str) -> i64 {
        block_on(number(name.len() as i64)) //~ M3
    }
}

fn checked(value: i64) -> Result<String, String> {
    let text = block_on(text(value))?; //~ M3
    Ok(text)
}

fn flag(value: i64) -> bool {
    block_on(number(value)) > 0 //~ M3
}

fn retried<F: Fn() -> i64>(work: F) -> i64 {
    let first = work();
    first + block_on(number(1)) //~ M3
}

fn stepped<T: Into<i64>>(value: T) -> i64 {
    'outer: loop {
        let mut count: i64 = value.into();
        loop {
            count += block_on(number(1)); //~ M3
            if count > 3 {
                break 'outer count;
            }
        }
    }
}

fn combined() -> (i64, i64) {
    block_on(futures::future::join(number(1), number(2))) //~ M3
}

fn ready() -> i64 {
    block_on(std::future::ready(3)) + block_on(futures::future::lazy(|_| 4)) //~ M3 M3
}

fn boxed() -> std::pin::Pin<Box<dyn Future<Output = i64> + Send>> {
    Box::pin(number(5))
}

fn of_box() -> i64 {
    -block_on(boxed()) //~ M3
}

fn aliased(value: i64) -> i64 {
    block_on(number(value)) //~ M3
}

fn in_own_macro(value: i64) -> i64 {
    block_on(number(value)) //~ in-macro
}

macro_rules! evaluated {
    ($value:expr) => {
        $value
    };
}

#[cfg(feature = "never")]
fn hidden() -> i64 {
    under_cfg(1)
}

fn under_cfg(value: i64) -> i64 {
    block_on(number(value)) //~ unknown-caller
}

fn joined(value: i64) -> i64 {
    block_on(number(value)) //~ in-macro
}

async fn positions() -> Result<i64, String> {
    use self::aliased as other;
    let store = Store::new("four");
    let load = first::load(2);
    let mut found = HashMap::new();
    found.insert("a", first::load(load) + second::load(load) + store.load());
    let values = [first::load(0), first::load(1)];
    let picked = values[first::load(1) as usize];
    if !flag(1) || checked(2)?.len() > 5 {
        return Err("no".into());
    }
    let range: Vec<i64> = (0..first::load(3)).collect();
    let mut total = picked + range.len() as i64 + -first::load(7);
    total -= store.sum(vec![1, 2].into_iter(), [3]);
    total += match checked(3) {
        Ok(text) => text.len() as i64,
        Err(_) => 0,
    };
    while total < first::load(0) {
        total += stepped(2);
    }
    let closure = |value: i64| value + 1;
    total = closure(retried(|| 4)) + other(5) + <Store>::size("abc");
    total += unsafe { store.raw() };
    let (left, right) = combined();
    total += left + right + ready() + of_box() + first::load(1) as i64;
    total += evaluated!(in_own_macro(1));
    let (both, _) = tokio::join!(async { joined(1) }, number(2));
    total += both + under_cfg(2);
    println!("{} {found:?} {:?} {}", store.name(), vec![first::load(8); 2], first::load(9));
    checked(-1).map(|text| text.len() as i64 + total).or_else(|error| if error.is_empty() { Err(error) } else { Ok(total) })
}

async fn outer(depth: i64) -> i64 {
    if depth == 0 { 0 } else { inner(depth) }
}

fn inner(depth: i64) -> i64 {
    pollster::block_on(async { Box::pin(outer(depth - 1)).await + 1 }) //~ M3
}

#[tokio::main]
async fn main() {
    println!("{:?}", positions().await);
    println!("{}", outer(2).await);
}
