//! Every kind of argument, and every place of an expression, in code that is async already.
use std::future::Future;
use std::pin::Pin;

use futures::executor::block_on;
use futures::FutureExt as _;

type Boxed<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;

async fn number(value: i64) -> i64 {
    tokio::task::yield_now().await;
    value
}

async fn flag(value: bool) -> bool {
    tokio::task::yield_now().await;
    value
}

async fn words() -> Vec<String> {
    tokio::task::yield_now().await;
    vec!["one".to_owned(), "two".to_owned()]
}

fn made(value: i64) -> impl Future<Output = i64> {
    number(value)
}

unsafe fn raw(value: i64) -> impl Future<Output = i64> {
    number(value)
}

struct Later {
    future: Option<Boxed<'static, i64>>,
}

impl Later {
    fn take(&mut self) -> Boxed<'static, i64> {
        self.future.take().unwrap()
    }
}

async fn arguments(yes: bool) -> Vec<i64> {
    let mut found = Vec::new();
    let plain = number(1);
    found.push(block_on(plain)); //~ M2
    found.push(block_on(if yes { number(2) } else { number(-2) })); //~ M2
    found.push(block_on(match yes { //~ M2
        true => made(3),
        false => made(-3),
    }));
    found.push(block_on({ //~ M2
        let value = 4;
        number(value)
    }));
    found.push(block_on(Box::pin(number(5)) as Boxed<'_, i64>)); //~ M2
    found.push(block_on(number(6).map(|value| value * 2))); //~ M2
    let mut later = Later { future: Some(Box::pin(number(7))) };
    found.push(block_on(later.take())); //~ M2
    let make = |value| number(value);
    found.push(block_on(make(8))); //~ M2
    found.push(block_on((made)(9))); //~ M2
    let mut pinned = Box::pin(number(10));
    found.push(block_on(pinned.as_mut())); //~ M2
    let mut waiting = vec![number(11)];
    found.push(block_on(waiting.remove(0))); //~ M2
    let mut array = [Some(made(12))];
    found.push(block_on(array[0].take().unwrap())); //~ M2
    found.push(block_on(async { number(13).await + number(14).await })); //~ M2
    found.push(block_on(loop { //~ M2
        break number(15);
    }));
    found.push(block_on(unsafe { raw(16) })); //~ M2
    found
}

async fn operators() -> i64 {
    let mut total = -block_on(number(1)); //~ M2
    total += !block_on(number(2)); //~ M2
    total = total * block_on(number(3)) - block_on(number(4)); //~ M2 M2
    if block_on(flag(true)) && !block_on(flag(false)) { //~ M2 M2
        total += 1;
    }
    let reference = &block_on(number(5)); //~ M2
    total += *reference;
    total += block_on(number(6)) as i32 as i64; //~ M2
    total <<= block_on(number(1)); //~ M2
    for value in 0..block_on(number(3)) { //~ M2
        total += value;
    }
    for value in block_on(number(1))..=block_on(number(2)) { //~ M2 M2
        total += value;
    }
    total
}

async fn chains() -> usize {
    let mut total = block_on(words()).len(); //~ M2
    total += block_on(words())[0].len(); //~ M2
    total += block_on(words()).iter().map(String::len).sum::<usize>(); //~ M2
    for word in block_on(words()) { //~ M2
        total += word.len();
    }
    let [first, ..] = &block_on(words())[..] else { return 0 }; //~ M2
    total += first.len();
    total
}

async fn statements() -> i64 {
    let mut count = 0;
    while block_on(flag(count < 3)) { //~ M2
        count += 1;
    }
    while let 1.. = block_on(number(count)) { //~ M2
        count -= 1;
    }
    match block_on(number(count)) { //~ M2
        value if block_on(flag(value == 0)) => count += 10, //~ M2
        _ => count += 100,
    }
    let value = loop {
        break block_on(number(count)); //~ M2
    };
    let pair = (block_on(number(1)), [block_on(number(2)); 2]); //~ M2 M2
    let range = std::ops::Range { start: block_on(number(3)), end: value }; //~ M2
    if value > 100 {
        return block_on(number(5)); //~ M2
    }
    let text = format!("{}{:?}", block_on(number(6)), pair); //~ M2
    assert_eq!(block_on(number(7)), 7); //~ M2
    block_on(number(8)); //~ M2
    let _ = block_on(number(9)); //~ M2
    value + range.start + text.len() as i64
}

async fn nested() -> i64 {
    let outer = async {
        let inner = async || block_on(number(1)); //~ M2
        inner().await + block_on(number(2)) //~ M2
    };
    outer.await
}

#[tokio::main]
async fn main() {
    println!("{:?}", arguments(true).await);
    println!("{} {}", operators().await, chains().await);
    println!("{} {}", statements().await, nested().await);
}
