pub trait Go {
    const N: usize = 4;
    fn go(&self) -> u32 { Self::N as u32 }
    fn stat() -> u32 where Self: Sized { 1 }
}
impl Go for super::S<u8> {}
impl Go for u8 {}
pub struct Named;
