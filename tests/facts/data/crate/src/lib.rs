//! What the parsers of facts are tried with.

use std::fmt::{self, Write as _};
use std::io::Read as R;
mod inner;
use inner::{Go, Named as Other};

#[derive(Clone)]
pub struct S<T>(T);

impl<T: Clone> S<T> {
    pub fn dup(&self) -> T { self.0.clone() }
    fn new(t: T) -> Self { Self(t) }
}

macro_rules! make {
    ($n:ident) => {
        pub struct $n;
        impl $n { pub fn made(&self) -> u32 { S::new(1u8).go() } }
    };
}
make!(Made);

macro_rules! call { ($x:expr) => { $x.go() }; }

pub fn generic<T: Go>(t: &Box<T>, d: &dyn R) -> u32 { let _ = d; t.go() + T::stat() + u8::N as u32 }

pub fn text(s: &mut String, r: &mut &[u8]) -> fmt::Result {
    let _é = "ä"; s.write_str("é")?;
    let v = vec![1u8];
    let _ = v.iter().map(|x| S::new(*x).go()).count() + r.read(&mut [0; 2]).unwrap();
    write!(s, "{}", call!(S::new(2u8)))
}

pub async fn outer() -> u8 { inner().await }
async fn inner() -> u8 { S::new(7u8).dup() }

pub fn values() -> fn(u8) -> S<u8> { let _ = Other; <S<u8> as Go>::go(&S(1)); S::<u8>::new }

mod named_twice {
    use std::{mem, vec};
    pub fn both() -> Vec<u8> { mem::take(&mut vec![1u8]) }
}

#[cfg(test)]
mod tests {
    #[test]
    fn t() { assert_eq!(super::Made.made(), 1); }
}
