//! Calls in code that is async already.
use futures::executor;
use pollster::FutureExt as _;

async fn number(value: u32) -> u32 {
    tokio::task::yield_now().await;
    value
}

async fn sum() -> u32 {
    let first = executor::block_on(number(1)); //~ M2
    let second = pollster::block_on(number(2)); //~ M2
    let third = number(3).block_on(); //~ M2
    let closure = async move { first + pollster::block_on(number(4)) }; //~ M2
    second + third + closure.await
}

async fn in_macro_of_std() {
    println!("{}", sum().await);
}

async fn boxed(future: std::pin::Pin<Box<dyn std::future::Future<Output = u32> + Send>>) -> u32 {
    executor::block_on(future) //~ M2
}

async fn by_reference() -> u32 {
    let mut future = Box::pin(number(6));
    executor::block_on(&mut future) //~ M2
}

async fn chosen(yes: bool) -> u32 {
    executor::block_on(async move { //~ M2
        if yes {
            return number(7).await;
        }
        number(8).await
    })
}

async fn fallible() -> Result<u32, std::num::ParseIntError> {
    let value = executor::block_on(async { //~ M2
        let parsed: u32 = "9".parse()?;
        Ok::<u32, std::num::ParseIntError>(number(parsed).await)
    })?;
    Ok(value)
}

async fn nothing_to_wait_for() -> u32 {
    executor::block_on(async { 10 }) //~ M0
}

#[tokio::main]
async fn main() {
    in_macro_of_std().await;
    println!("{}", boxed(Box::pin(number(5))).await);
    println!("{}", by_reference().await);
    println!("{} {}", chosen(true).await, chosen(false).await);
    println!("{:?}", fallible().await);
    println!("{}", nothing_to_wait_for().await);
}
