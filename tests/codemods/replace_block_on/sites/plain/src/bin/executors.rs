//! Executors of one's own, and what looks like one.
use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{Thread, current, park};

struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

fn polled<T>(mut future: Pin<&mut dyn Future<Output = T>>) -> T {
    let waker = Waker::from(Arc::new(Unpark(current())));
    let mut context = Context::from_waker(&waker);
    loop {
        match future.as_mut().poll(&mut context) {
            Poll::Ready(output) => return output,
            Poll::Pending => park(),
        }
    }
}

async fn number(value: u32) -> u32 {
    tokio::task::yield_now().await;
    value
}

async fn parsed(text: &str) -> Result<u32, std::num::ParseIntError> {
    Ok(number(text.parse()?).await)
}

mod bounded {
    pub fn block_on<F>(future: F) -> <F as std::future::Future>::Output
    where
        F: std::future::Future + Send + 'static,
        F::Output: Send + 'static,
    {
        super::polled(std::pin::pin!(future))
    }
}

mod by_impl {
    pub fn block_on<T: Send>(future: impl Future<Output = T> + Send) -> T {
        futures::executor::block_on(future) //~ own-executor
    }

    use super::Future;
}

struct Executor;

impl Executor {
    fn block_on<T, F: Future<Output = T>>(future: F) -> T {
        polled(pin!(future))
    }
}

mod boxed {
    use super::{Future, Pin};

    pub fn block_on<T>(mut future: Pin<Box<dyn Future<Output = T> + Send + '_>>) -> T {
        super::polled(future.as_mut())
    }
}

mod handed_on {
    use std::num::ParseIntError;

    pub fn block_on(future: impl Future<Output = Result<u32, ParseIntError>>) -> Result<u32, ParseIntError> {
        super::by_impl_alone::block_on(future) //~ own-executor
    }

    use super::Future;
}

mod by_impl_alone {
    pub fn block_on<T>(future: impl super::Future<Output = T>) -> T {
        pollster::block_on(async move { future.await }) //~ own-executor
    }
}

mod told_otherwise {
    pub fn block_on(future: impl super::Future<Output = u32>) -> u32 {
        drop(future);
        7
    }
}

mod default {
    pub fn block_on<F: super::Future>(future: F) -> F::Output
    where
        F::Output: Default,
    {
        drop(future);
        F::Output::default()
    }
}

mod spoken {
    pub fn block_on<F: super::Future>(future: F) -> F::Output {
        println!("blocks");
        super::polled(super::pin!(future))
    }
}

static COUNT: AtomicU32 = AtomicU32::new(0);

mod counted {
    pub fn block_on<F: super::Future>(future: F) -> F::Output {
        super::COUNT.fetch_add(1, super::Ordering::Relaxed);
        super::polled(super::pin!(future))
    }
}

struct Tasks(std::cell::RefCell<Vec<Pin<Box<dyn Future<Output = ()>>>>>);

impl Tasks {
    fn block_on<F: Future>(&self, future: F) -> F::Output {
        let waker = Waker::from(Arc::new(Unpark(current())));
        let mut context = Context::from_waker(&waker);
        let mut future = pin!(future);
        loop {
            if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
                return output;
            }
            self.0.borrow_mut().retain_mut(|task| task.as_mut().poll(&mut context).is_pending());
        }
    }
}

mod timed {
    pub fn block_on<T>(future: impl super::Future<Output = T>) -> Option<T> {
        let future = async { Some(future.await) };
        pollster::block_on(future) //~ M3
    }
}

async fn executed() -> u32 {
    let first = bounded::block_on(number(1)) + by_impl::block_on(number(2)); //~ M2 M2
    let second = Executor::block_on(number(3)) + boxed::block_on(Box::pin(number(4))); //~ M2 M2
    first + second + handed_on::block_on(parsed("5")).unwrap_or(0) //~ M2
}

async fn not_executed() -> u32 {
    let first = told_otherwise::block_on(number(1)) + default::block_on(number(2)); //~ unknown-call unknown-call
    let second = spoken::block_on(number(3)) + counted::block_on(number(4)); //~ unknown-call unknown-call
    let tasks = Tasks(std::cell::RefCell::new(vec![Box::pin(async { println!("a task") })]));
    first + second + tasks.block_on(number(5)) //~ unknown-call
}

async fn sometimes() -> Option<u32> {
    timed::block_on(number(8)) //~ unknown-call
}

#[tokio::main]
async fn main() {
    println!("{}", executed().await);
    println!("{} {}", not_executed().await, COUNT.load(Ordering::Relaxed));
    println!("{:?}", sometimes().await);
    // What nothing calls any more would be left over.
    let kept = std::thread::spawn(|| {
        let first = bounded::block_on(number(1)) + by_impl::block_on(number(1)); //~ correct-as-it-is correct-as-it-is
        let second = Executor::block_on(number(1)) + boxed::block_on(Box::pin(number(1))); //~ correct-as-it-is correct-as-it-is
        first + second + handed_on::block_on(parsed("1")).unwrap_or(0) //~ correct-as-it-is
    });
    println!("{}", kept.join().unwrap_or(0));
}
