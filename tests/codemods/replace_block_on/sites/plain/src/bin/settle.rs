//! Futures that never wait for anything; the last two calls are nested, which panics before.
//~ before: panics

use futures::executor::block_on;

async fn parse(text: &str) -> Result<u32, std::num::ParseIntError> {
    text.trim().parse()
}

async fn doubled(text: &str) -> Result<u32, std::num::ParseIntError> {
    Ok(parse(text).await? * 2)
}

fn read(text: &str) -> u32 {
    block_on(doubled(text)).unwrap_or_default() //~ M1
}

fn total(texts: &[&str]) -> u32 {
    texts.iter().map(|text| read(text)).sum()
}

struct Names(Vec<String>);

impl Names {
    async fn longest(&self) -> usize {
        self.0.iter().map(String::len).max().unwrap_or_default()
    }

    fn width(&self) -> usize {
        pollster::block_on(self.longest()) + 2 //~ M1
    }
}

fn answer() -> u32 {
    block_on(async { 42 }) //~ M0
}

fn steps() -> u32 {
    block_on(async { //~ M0
        let first = answer();
        first + 1
    })
}

fn main() {
    println!("{} {}", read(" 4 "), total(&["1", "x", "3"]));
    println!("{}", Names(vec!["ab".into(), "abcd".into()]).width());
    println!("{} {}", answer(), steps());
}
