//! Private functions that async code calls.
use std::io;

use futures::executor::block_on;

async fn fetch(number: u32) -> Result<u32, io::Error> {
    tokio::time::sleep(std::time::Duration::from_millis(1)).await;
    Ok(number)
}

fn load(number: u32) -> Result<u32, io::Error> {
    let value = block_on(fetch(number))?; //~ M3
    Ok(value + 1)
}

fn twice(number: u32) -> Result<u32, io::Error> {
    Ok(load(number)? + load(number)?)
}

struct Store {
    base: u32,
}

impl Store {
    fn read(&self, name: &str) -> u32 {
        let length = name.len() as u32;
        block_on(async { fetch(self.base + length).await.unwrap_or_default() }) //~ M3
    }

    fn all<'a>(&self, names: &'a [&'a str]) -> Vec<(&'a str, u32)> {
        let mut found = Vec::new();
        for name in names {
            found.push((*name, self.read(name)));
        }
        found
    }

    fn checked(&self) -> Option<u32> {
        // The answer may be missing.
        let value = futures::executor::block_on(/* at once */ fetch(self.base)).ok()?; //~ M3
        Some(value)
    }
}

#[tokio::main]
async fn main() {
    println!("{:?}", load(1));
    println!("{:?}", twice(2).unwrap());
    let store = Store { base: 10 };
    println!("{:?}", store.all(&["a", "bb"]));
    if let Some(value) = store.checked() {
        println!("{value}");
    }
    let handle = tokio::spawn(async { load(3).unwrap() });
    println!("{}", handle.await.unwrap());
}
